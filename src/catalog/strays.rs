//! Files that tools leave behind in a catalogue, and that are no part of it. Also compiled into `build.rs`.

/// Whether a file or folder of this name is left behind by a tool.
pub(crate) fn is_stray(name: &str) -> bool {
    const NAMES: [&str; 6] = ["__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis", ".DS_Store"];
    NAMES.contains(&name) || [".pyc", ".pyo", ".swp", "~"].iter().any(|end| name.ends_with(end))
}
