//! What may stand for a file, a module or a program in `exercise.toml`.

use std::path::{Component, Path};

/// `a/b.py`: relative, plain, with `/`, leading nowhere else.
pub(super) fn is_relative(path: &str) -> bool {
    !path.contains(['\\', '\0'])
        && path.split('/').all(|part| !part.is_empty())
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
        && !path.split('/').any(|part| part == ".")
}

/// A Python identifier of ASCII letters.
pub(super) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `os` or `os.path`.
pub(super) fn is_module(name: &str) -> bool {
    name.split('.').all(is_identifier)
}

/// A name that Python imports from.
pub(crate) fn is_python_file(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "py")
}

/// A file of a grader that pytest collects.
pub(super) fn is_test(name: &str) -> bool {
    name.starts_with("test_") && is_python_file(name)
}

/// `sh`: found on the host's `PATH`.
pub(super) fn is_program(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leaves_its_folder_is_refused() {
        for path in ["", "/a", "../a", "a/../b", "a//b", "./a", "a/.", "a/", "a\\b", "a\0"] {
            assert!(!is_relative(path), "{path:?}");
        }
        for path in ["a.py", "a/b.py", ".gitignore", "a b/c..py"] {
            assert!(is_relative(path), "{path:?}");
        }
    }

    #[test]
    fn a_program_is_named_without_a_path() {
        assert!(is_program("redis-server") && !is_program("/bin/sh") && !is_program("-c"));
    }
}
