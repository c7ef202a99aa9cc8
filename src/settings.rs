//! Flags, environment and `grade.toml`, resolved once.
