//! Archives, read entry by entry; nothing is ever unpacked.

mod heeding;
mod meter;
mod tarball;
mod zipped;

use std::io::{Read, Seek, SeekFrom};

pub(super) use heeding::Heeding;

use crate::error::Fault;

/// One thing in an archive.
pub(super) struct Entry<'a> {
    /// Where it is; the error says what is wrong with its name.
    pub(super) path: Result<String, &'static str>,
    /// Its name for people, when the path is refused.
    pub(super) shown: String,
    pub(super) kind: Kind,
    /// Its bytes; those of a zip can fail one by one.
    pub(super) bytes: &'a mut dyn Read,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    /// What it is instead: "a link".
    Other(&'static str),
}

/// Why reading an archive came to an end before its end.
pub(super) enum Stop {
    /// The archive can't be read; the words complete "it ...".
    Broken(String),
    /// Not the archive's fault.
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Stop {
    fn broken(why: impl Into<String>) -> Self {
        Self::Broken(why.into())
    }
}

/// What is read from.
pub(super) trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// Calls `visit` with every entry of an archive of `size` bytes, at most `most` of them.
pub(super) fn read(
    mut source: impl Source,
    size: u64,
    most: u64,
    visit: &mut dyn FnMut(Entry<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut head = [0; 512];
    let length = fill(&mut source, &mut head).map_err(|error| Stop::broken(format!("can't be read: {error}")))?;
    source.seek(SeekFrom::Start(0)).map_err(|error| Stop::broken(format!("can't be read: {error}")))?;
    match &head[..length] {
        [] => Err(Stop::broken("is empty")),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => zipped::read(source, most, visit),
        [b'P', b'K', 7, 8, ..] => Err(Stop::broken("is one part of an archive in several parts")),
        [b'R', b'a', b'r', b'!', ..] => {
            Err(Stop::broken("is a RAR archive, which can't be read: hand in a zip or tar archive"))
        }
        [b'7', b'z', 0xbc, 0xaf, ..] => {
            Err(Stop::broken("is a 7z archive, which can't be read: hand in a zip or tar archive"))
        }
        head => tarball::read(source, head, size, most, visit),
    }
}

fn fill(source: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match source.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
