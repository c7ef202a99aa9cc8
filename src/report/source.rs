//! Where the report finds the lines of the learner's files that it shows.

use std::path::{Path, PathBuf};

use crate::submission::HandedFile;

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
        line_of(&self.bytes(file)?, line)
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

/// The files of one submission, as a run keeps them.
#[derive(Clone, Debug)]
pub struct HandedSource {
    files: Vec<HandedFile>,
}

impl HandedSource {
    pub fn new(files: Vec<HandedFile>) -> Self {
        Self { files }
    }
}

impl HandedSource {
    /// Names in verdicts have the exercise's folder before the name of the file.
    fn bytes(&self, file: &str) -> Option<&[u8]> {
        let is_named =
            |name: &str| file.strip_suffix(name).is_some_and(|folder| folder.is_empty() || folder.ends_with('/'));
        let found = self.files.iter().filter(|file| is_named(&file.name)).max_by_key(|file| file.name.len())?;
        Some(&found.bytes)
    }
}

impl SourceLines for HandedSource {
    fn line(&self, file: &str, line: u32) -> Option<String> {
        line_of(self.bytes(file)?, line)
    }

    fn text(&self, file: &str) -> Option<String> {
        self.bytes(file).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    fn path(&self, _: &str) -> Option<PathBuf> {
        None
    }
}

/// A line of a text, counted from 1, without its line end.
fn line_of(text: &[u8], line: u32) -> Option<String> {
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    let text = text.split(|byte| *byte == b'\n').nth(index)?;
    Some(String::from_utf8_lossy(text).trim_end_matches('\r').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_run_are_found_below_the_folder_of_the_exercise() {
        let file = |name: &str, text: &str| HandedFile { name: name.to_owned(), bytes: text.into() };
        let source = HandedSource::new(vec![file("main.py", "outer"), file("src/main.py", "inner\r\nsecond")]);
        assert_eq!(source.line("week1/main.py", 1).as_deref(), Some("outer"));
        assert_eq!(source.line("week1/src/main.py", 1).as_deref(), Some("inner"));
        assert_eq!(source.line("week1/domain.py", 1), None);
    }

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
