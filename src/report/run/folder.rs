//! The folder that a report is written into, whole or not at all; and the names of what is in it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Failed;
use crate::error::{Fault, IoContext as _, Result};
use crate::store::{Learner, Submission};

/// Marks a folder as one of ours, which may be written anew.
const MARK: &str = ".grade-report";
/// Characters of a learner's key in a name.
const LONGEST: usize = 60;

/// A folder that is being written; nobody sees it before [`Folder::finish`].
#[derive(Debug)]
pub(in crate::report) struct Folder {
    hidden: TempDir,
    place: PathBuf,
}

impl Folder {
    /// # Errors
    /// Usage: there is something else at `place`.
    pub(in crate::report) fn begin(place: &Path) -> Result<Self> {
        if place.exists() && !place.join(MARK).is_file() && !is_empty_folder(place) {
            return Err(Fault::usage(format!("`{}` is there already, and no report", place.display()))
                .hint("name a folder that does not exist yet; a report that is there is replaced"));
        }
        let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let hidden = tempfile::Builder::new()
            .prefix(".report-")
            .tempdir_in(parent)
            .or_machine(|| format!("make a folder in `{}`", parent.display()))?;
        std::fs::write(hidden.path().join(MARK), "").or_machine(|| format!("write into `{}`", parent.display()))?;
        Ok(Self { hidden, place: place.to_owned() })
    }

    /// Writes a file at `path`, which has `/` and is new.
    pub(in crate::report) fn write(
        &self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Failed>,
    ) -> Result<()> {
        let whole = self.hidden.path().join(path);
        let doing = || format!("write `{}`", self.place.join(path).display());
        if let Some(folder) = whole.parent() {
            std::fs::create_dir_all(folder).or_machine(doing)?;
        }
        let mut out = BufWriter::new(File::create_new(&whole).or_machine(doing)?);
        match write(&mut out).and_then(|()| Ok(out.flush()?)) {
            Ok(()) => Ok(()),
            Err(Failed::Write(error)) => Err(error).or_machine(doing),
            Err(Failed::Read(fault)) => Err(fault),
        }
    }

    /// Puts it in its place, instead of an older report.
    pub(in crate::report) fn finish(self) -> Result<()> {
        let doing = || format!("put the report into `{}`", self.place.display());
        if self.place.exists() {
            std::fs::remove_dir_all(&self.place).or_machine(doing)?;
        }
        std::fs::rename(self.hidden.keep(), &self.place).or_machine(doing)
    }
}

fn is_empty_folder(place: &Path) -> bool {
    place.read_dir().is_ok_and(|mut entries| entries.next().is_none())
}

/// Names for what learners get, each once, also where the file system takes `Ada` and `ada` for one.
#[derive(Debug, Default)]
pub(in crate::report) struct Names(HashMap<String, u32>);

impl Names {
    /// The name for one learner's submission: `ada`, and for further attempts `ada.2`.
    pub(in crate::report) fn of(&mut self, learner: &Learner, submission: &Submission) -> String {
        let name = name(&learner.key);
        let times = self.0.entry(name.clone()).or_default();
        *times += 1;
        if *times == 1 { name } else { format!("{name}.{}", submission.attempt.max(*times)) }
    }
}

/// A key as a name that every file system and address can hold; a digest tells apart what would come out the same.
fn name(key: &str) -> String {
    let plain: String =
        key.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let plain = plain.trim_matches('-');
    // A key that looks like a name with a digest could be made to be another's.
    let has_digest =
        plain.rsplit_once('-').is_some_and(|(_, end)| end.len() == 12 && end.bytes().all(|b| b.is_ascii_hexdigit()));
    if plain == key && key.len() <= LONGEST && !has_digest && !plain.is_empty() {
        return key.to_owned();
    }
    let digest = blake3::hash(key.as_bytes()).to_hex();
    let short: String = plain.chars().take(LONGEST).collect();
    format!("{}-{}", if short.is_empty() { "learner" } else { &short }, &digest[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_different() {
        assert_eq!(name("ada_lovelace-2"), "ada_lovelace-2");
        let mut seen = std::collections::HashSet::new();
        for key in [
            "Ada",
            "ada",
            "ADA",
            "../../etc",
            "a/b",
            "a\\b",
            "",
            "..",
            "żółw",
            "con.py",
            &name("Ada"),
            &"x".repeat(300),
        ] {
            let name = name(key);
            assert!(
                name.len() <= 80
                    && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b)),
                "{name}"
            );
            assert!(seen.insert(name), "{key}");
        }
    }

    #[test]
    fn only_a_report_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("report");
        let write = |text: &'static str| {
            let folder = Folder::begin(&place)?;
            folder.write("a/b.txt", |out| Ok(out.write_all(text.as_bytes())?))?;
            folder.finish()
        };
        write("one").unwrap();
        write("two").unwrap();
        assert_eq!(std::fs::read_to_string(place.join("a/b.txt")).unwrap(), "two");
        std::fs::remove_file(place.join(MARK)).unwrap();
        assert!(write("three").unwrap_err().what.contains("no report"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }
}
