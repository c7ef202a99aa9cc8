//! zip archives.

use std::io::{self, Read, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Entry, Kind, Source, Stop};
use crate::intake::names;

const FILE_TYPE: u32 = 0o170_000;

/// Goes through the archive in the order of its directory; what nobody reads is never unpacked.
pub(super) fn read(
    mut source: impl Source,
    most: u64,
    visit: &mut dyn FnMut(Entry<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let too_many = || Stop::broken(format!("holds more than {most} entries"));
    // Before its directory is read into memory.
    if told_entries(&mut source).map_err(|error| Stop::broken(format!("can't be read: {error}")))? > most {
        return Err(too_many());
    }
    let mut archive = ZipArchive::new(source).map_err(|error| Stop::broken(words(&error)))?;
    if archive.has_duplicate_names() {
        return Err(Stop::broken("holds two files of one name"));
    }
    if archive.len() as u64 > most {
        return Err(too_many());
    }
    for index in 0..archive.len() {
        one(&mut archive, index, visit)?;
    }
    Ok(())
}

fn one(
    archive: &mut ZipArchive<impl Source>,
    index: usize,
    visit: &mut dyn FnMut(Entry<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let (raw, kind) = {
        let entry = archive.by_index_raw(index).map_err(|error| Stop::broken(words(&error)))?;
        (entry.name_raw().to_vec(), kind(entry.encrypted(), entry.unix_mode(), entry.name_raw().ends_with(b"/")))
    };
    let path = names::path(&raw, names::code_page_437);
    let shown = names::escaped(&raw);
    if kind != Kind::File {
        return visit(Entry { path, shown, kind, bytes: &mut io::empty() });
    }
    match archive.by_index(index) {
        Ok(mut bytes) => visit(Entry { path, shown, kind, bytes: &mut bytes }),
        Err(error) => visit(Entry { path, shown, kind, bytes: &mut Failing(words(&error)) }),
    }
}

fn kind(encrypted: bool, mode: Option<u32>, is_folder: bool) -> Kind {
    match mode.map(|mode| mode & FILE_TYPE) {
        Some(0o120_000) => Kind::Other("a link"),
        Some(0o010_000) => Kind::Other("a named pipe"),
        Some(0o020_000 | 0o060_000) => Kind::Other("a device"),
        Some(0o140_000) => Kind::Other("a socket"),
        _ if is_folder => Kind::Folder,
        _ if encrypted => Kind::Other("encrypted"),
        _ => Kind::File,
    }
}

/// How many entries the end of the archive promises (APPNOTE 4.3.16 and, for large ones, 4.3.14).
fn told_entries(source: &mut impl Source) -> io::Result<u64> {
    const LONGEST_END: u64 = 22 + 65_535 + 20;
    let size = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(size.saturating_sub(LONGEST_END)))?;
    let mut tail = Vec::new();
    source.take(LONGEST_END).read_to_end(&mut tail)?;
    let mut most = 0;
    for at in 0..tail.len().saturating_sub(21) {
        if tail[at..].starts_with(b"PK\x05\x06") {
            most = most.max(u64::from(u16::from_le_bytes([tail[at + 10], tail[at + 11]])));
        }
        if tail[at..].starts_with(b"PK\x06\x07") {
            let offset = number(&tail[at + 8..at + 16]);
            let mut record = [0; 40];
            source.seek(SeekFrom::Start(offset))?;
            let length = super::fill(source, &mut record)?;
            if length == record.len() && record.starts_with(b"PK\x06\x06") {
                most = most.max(number(&record[32..40]));
            }
        }
    }
    source.seek(SeekFrom::Start(0))?;
    Ok(most)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// An entry whose bytes can't be had.
struct Failing(String);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other(self.0.clone()))
    }
}

fn words(error: &ZipError) -> String {
    match error {
        ZipError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => "is cut short".to_owned(),
        ZipError::UnsupportedArchive(what) => format!("is of a kind that can't be read: {what}"),
        error => format!("is damaged: {error}"),
    }
}
