//! Reads one file of a learner without trusting anything about it.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, fstat, openat, statat};
use rustix::io::Errno;

use crate::error::{IoContext as _, Result};

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Missing,
    /// It, or a folder on the way to it, is a link.
    Link(String),
    /// What it is instead of a file: "a folder".
    NotAFile(&'static str),
    TooLarge(u64),
    /// All files together hold more bytes than this.
    TooMuch(u64),
    /// There are more files than this.
    TooMany(usize),
    /// Folders are nested deeper than this.
    TooDeep(usize),
    Unreadable(String),
}

impl Refusal {
    /// The kind of problem in a verdict.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLarge(_) | Self::TooMuch(_) | Self::TooMany(_) | Self::TooDeep(_) => "too_large",
            Self::Link(_) | Self::NotAFile(_) | Self::Unreadable(_) => "unreadable",
        }
    }

    /// One or two sentences about the file at `path`.
    pub(super) fn message(&self, path: &str) -> String {
        match self {
            Self::Missing => format!("`{path}` is not there."),
            Self::Link(part) if part == path => {
                format!("`{path}` is a link to another file, and links are not followed. Put the file itself there.")
            }
            Self::Link(part) => {
                format!("`{path}` is not read, because `{part}` is a link. Put the folder itself there.")
            }
            Self::NotAFile(what) => format!("`{path}` is {what}, not a file."),
            Self::TooLarge(most) => {
                format!("`{path}` is larger than {} KiB, which is as much as is read.", most / 1024)
            }
            Self::TooMuch(most) => format!(
                "the files in `{path}` are larger than {} MiB together, which is as much as is read. Move what does not \
                 belong to the exercise somewhere else.",
                most / 1024 / 1024
            ),
            Self::TooMany(most) => format!(
                "`{path}` holds more than {most} files, which is as much as is read. Move what does not belong to the \
                 exercise somewhere else."
            ),
            Self::TooDeep(most) => {
                format!("`{path}` is nested deeper than {most} folders, which is as deep as is read.")
            }
            Self::Unreadable(why) => format!("`{path}` can't be read: {why}."),
        }
    }
}

/// Opens the folder that files are looked for in; it may itself be named by a link.
pub(crate) fn open_base(base: &Path) -> Result<OwnedFd> {
    openat(CWD, base, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
        .map_err(std::io::Error::from)
        .or_machine(|| format!("open the folder `{}`", base.display()))
}

/// Reads the regular file at `path` (relative, with `/`) below `base`, at most `most` bytes of it.
pub(crate) fn read_file(base: &OwnedFd, path: &str, most: u64) -> std::result::Result<Vec<u8>, Refusal> {
    let parts: Vec<_> = path.split('/').collect();
    let Some((name, folders)) = parts.split_last() else { return Err(Refusal::Missing) };
    let mut folder: Option<OwnedFd> = None;
    for depth in 0..folders.len() {
        let walked = folders[..=depth].join("/");
        folder = Some(open_folder(folder.as_ref().unwrap_or(base), folders[depth], &walked)?);
    }
    let file = open_regular(folder.as_ref().unwrap_or(base), name, path)?;
    let mut bytes = Vec::new();
    // One byte more than allowed tells "too large" from "just fits", even while the file still grows.
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| Refusal::Unreadable(error.to_string()))?;
    if bytes.len() as u64 > most { Err(Refusal::TooLarge(most)) } else { Ok(bytes) }
}

pub(super) fn open_folder(parent: &OwnedFd, name: &str, walked: &str) -> std::result::Result<OwnedFd, Refusal> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(parent, name, flags, Mode::empty()).map_err(|errno| match errno {
        // With O_DIRECTORY a link yields ENOTDIR, which is also what a plain file in the way yields.
        Errno::LOOP | Errno::NOTDIR if is_link(parent, name) => Refusal::Link(walked.to_owned()),
        Errno::NOENT | Errno::NOTDIR => Refusal::Missing,
        errno => unreadable(errno),
    })
}

fn open_regular(parent: &OwnedFd, name: &str, path: &str) -> std::result::Result<File, Refusal> {
    // A look before the open: opening a device or a pipe can already have an effect.
    let stat = statat(parent, name, AtFlags::SYMLINK_NOFOLLOW).map_err(|errno| match errno {
        Errno::NOENT => Refusal::Missing,
        errno => unreadable(errno),
    })?;
    require_regular(FileType::from_raw_mode(stat.st_mode), path)?;
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = openat(parent, name, flags, Mode::empty()).map_err(unreadable)?;
    // A second look at what was really opened: the name may mean something else by now.
    let stat = fstat(&file).map_err(unreadable)?;
    require_regular(FileType::from_raw_mode(stat.st_mode), path)?;
    Ok(File::from(file))
}

fn require_regular(kind: FileType, path: &str) -> std::result::Result<(), Refusal> {
    match kind {
        FileType::RegularFile => Ok(()),
        FileType::Symlink => Err(Refusal::Link(path.to_owned())),
        FileType::Directory => Err(Refusal::NotAFile("a folder")),
        FileType::Fifo => Err(Refusal::NotAFile("a named pipe")),
        FileType::Socket => Err(Refusal::NotAFile("a socket")),
        _ => Err(Refusal::NotAFile("a device")),
    }
}

fn is_link(parent: &OwnedFd, name: &str) -> bool {
    statat(parent, name, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink)
}

pub(super) fn unreadable(errno: Errno) -> Refusal {
    Refusal::Unreadable(std::io::Error::from(errno).to_string())
}
