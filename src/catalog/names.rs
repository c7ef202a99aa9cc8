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

/// Whether `file` is a package, or a module of one: Python finds such a file by its place and not only by its name.
pub(super) fn is_in_package(module: &str, file: &str) -> bool {
    module.contains('.') || file == "__init__.py" || file.ends_with("/__init__.py")
}

/// The folder (with `/`, may be empty) that has to be on `sys.path` so that `import module` finds `file`; nothing where none does.
pub(super) fn import_root<'f>(module: &str, file: &'f str) -> Option<&'f str> {
    let path = module.replace('.', "/");
    let stem = file.strip_suffix("/__init__.py").or_else(|| file.strip_suffix(".py"))?;
    let above = stem.strip_suffix(&path)?;
    if above.is_empty() { Some("") } else { above.strip_suffix('/') }
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
    fn a_module_of_a_package_is_found_from_the_folder_above_the_package() {
        assert_eq!(import_root("tool", "src/tool/__init__.py"), Some("src"));
        assert_eq!(import_root("tool.cli", "tool/cli.py"), Some(""));
        assert_eq!(import_root("tool", "mytool/__init__.py"), None);
        assert_eq!(import_root("other.cli", "tool/cli.py"), None);
        assert!(is_in_package("tool", "tool/__init__.py") && !is_in_package("tool", "src/tool.py"));
    }

    #[test]
    fn a_program_is_named_without_a_path() {
        assert!(is_program("redis-server") && !is_program("/bin/sh") && !is_program("-c"));
    }
}
