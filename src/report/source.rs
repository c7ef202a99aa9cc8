//! Where the report finds the lines of the learner's files that it shows.

use std::path::{Path, PathBuf};

/// Largest file that is read for its lines.
const LARGEST_FILE: u64 = 4 << 20;

/// Lines of the learner's files, by the names that verdicts use.
pub trait SourceLines {
    /// The text of a line, counted from 1, without its line end.
    fn line(&self, file: &str, line: u32) -> Option<String>;

    /// The whole of a file; what is not UTF-8 is replaced.
    fn text(&self, file: &str) -> Option<String>;

    /// Where the file is on this machine, for links.
    fn path(&self, file: &str) -> Option<PathBuf>;
}

/// Knows no file; reports then name places without showing them.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSource;

impl SourceLines for NoSource {
    fn line(&self, _: &str, _: u32) -> Option<String> {
        None
    }

    fn text(&self, _: &str) -> Option<String> {
        None
    }

    fn path(&self, _: &str) -> Option<PathBuf> {
        None
    }
}

/// Reads files below a repository when they are asked for.
#[derive(Clone, Debug)]
pub struct RepositorySource {
    root: PathBuf,
}

impl RepositorySource {
    /// `root` is the folder that names in verdicts are relative to.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn bytes(&self, file: &str) -> Option<Vec<u8>> {
        let path = self.path(file)?;
        if path.metadata().ok()?.len() > LARGEST_FILE { None } else { std::fs::read(path).ok() }
    }
}

impl SourceLines for RepositorySource {
    fn line(&self, file: &str, line: u32) -> Option<String> {
        let bytes = self.bytes(file)?;
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        let text = bytes.split(|byte| *byte == b'\n').nth(index)?;
        Some(String::from_utf8_lossy(text).trim_end_matches('\r').to_owned())
    }

    fn text(&self, file: &str) -> Option<String> {
        self.bytes(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Names come out of a sandbox: only plain files below the root are looked at.
    fn path(&self, file: &str) -> Option<PathBuf> {
        let root = self.root.canonicalize().ok()?;
        let path = root.join(Path::new(file)).canonicalize().ok()?;
        (path.starts_with(&root) && path.is_file()).then_some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_root_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("repo");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(root.join("a.py"), "one\r\ntwo\n").unwrap();
        std::fs::write(folder.path().join("secret"), "x\n").unwrap();
        std::os::unix::fs::symlink(folder.path().join("secret"), root.join("link.py")).unwrap();
        let source = RepositorySource::new(&root);
        assert_eq!(source.line("a.py", 1).as_deref(), Some("one"));
        assert_eq!(source.line("a.py", 2).as_deref(), Some("two"));
        for (file, line) in [("a.py", 0), ("a.py", 9), ("../secret", 1), ("link.py", 1), ("/etc/passwd", 1), (".", 1)] {
            assert_eq!(source.line(file, line), None, "{file}:{line}");
        }
    }
}
