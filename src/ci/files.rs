//! The files that a job leaves: appended to those of the platform, or put in place whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::error::{Fault, IoContext as _, Result};
use crate::placing;

/// How many bytes `file` may still take until it holds `most`.
pub fn room_in(file: &Path, most: u64) -> u64 {
    most.saturating_sub(file.symlink_metadata().map_or(0, |metadata| metadata.len()))
}

/// Appends `text` in one write to a file of the platform's, which is made when it is not there; a link is not followed.
pub fn append(file: &Path, text: &str) -> Result<()> {
    let doing = || format!("write to `{}`", file.display());
    let mut open = open_to_append(file).or_machine(doing)?;
    if !open.metadata().or_machine(doing)?.is_file() {
        return Err(Fault::machine(format!("can't {}: it is not a file", doing())));
    }
    open.write_all(text.as_bytes()).or_machine(doing)
}

fn open_to_append(file: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    // A named pipe without a reader must not hold the job up.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).map_err(|_| io::ErrorKind::InvalidInput)?;
    OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(flags).open(file)
}

/// Puts a report at `file`, whole or not at all, in place of what was there; folders on the way are made.
///
/// Below `root`, the repository that is graded, no link may lead out of it: whoever handed in could have put it there.
pub fn replace(file: &Path, root: &Path, bytes: &[u8]) -> Result<()> {
    let doing = || format!("write `{}`", file.display());
    let target: PathBuf = std::path::absolute(file).or_machine(doing)?;
    if target.starts_with(root) {
        placing::stays_inside(&target, root)?;
    }
    let folder = target.parent().unwrap_or(root);
    fs::create_dir_all(folder).or_machine(doing)?;
    let written = placing::new_file(folder).and_then(|mut new| {
        new.write_all(bytes)?;
        new.persist(&target).map(drop).map_err(|error| error.error)
    });
    written.or_machine(doing)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_was_written_before_stays_and_counts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("summary");
        append(&file, "one\n").unwrap();
        append(&file, "two\n").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "one\ntwo\n");
        assert_eq!((room_in(&file, 10), room_in(&file, 3)), (2, 0));
    }

    #[test]
    fn nothing_is_appended_through_a_link_or_to_a_pipe() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("kept"), "as it was").unwrap();
        symlink(at("kept"), at("link")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, at("pipe"), rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
        for name in ["link", "pipe"] {
            assert_eq!(append(&at(name), "x").unwrap_err().exit_code(), 3, "{name}");
        }
        assert_eq!(fs::read_to_string(at("kept")).unwrap(), "as it was");
    }

    #[test]
    fn a_report_takes_the_place_of_a_link_and_follows_none_out_of_the_repository() {
        let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = inside.path().canonicalize().unwrap();
        fs::write(outside.path().join("kept"), "as it was").unwrap();
        symlink(outside.path().join("kept"), root.join("junit.xml")).unwrap();
        symlink(outside.path(), root.join("reports")).unwrap();
        replace(&root.join("junit.xml"), &root, b"new").unwrap();
        assert_eq!(fs::read_to_string(root.join("junit.xml")).unwrap(), "new");
        assert_eq!(fs::read_to_string(outside.path().join("kept")).unwrap(), "as it was");
        let fault = replace(&root.join("reports/junit.xml"), &root, b"new").unwrap_err();
        assert!(fault.what.contains("leads out"), "{fault}");
        assert_eq!(outside.path().read_dir().unwrap().count(), 1);
    }
}
