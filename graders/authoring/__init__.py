"""What `grade verify` asks Python about an exercise's own files. Standard library only; it parses, and runs nothing."""
