//! tar archives, plain or compressed.

use std::io::{self, BufReader, Read};

use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::StreamingDecoder;
use tar::EntryType;

use super::meter::{Gauge, Metered};
use super::{Entry, Kind, Source, Stop};
use crate::intake::limits::{HEADER_BYTES, WINDOW_BYTES};
use crate::intake::names;

/// Goes through the archive, which begins with `head`.
pub(super) fn read(
    source: impl Source,
    head: &[u8],
    size: u64,
    most: u64,
    visit: &mut dyn FnMut(Entry<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let source = BufReader::new(source);
    match head {
        [0x1f, 0x8b, ..] => entries(MultiGzDecoder::new(source), size, most, visit),
        [b'B', b'Z', b'h', ..] => entries(bzip2::read::MultiBzDecoder::new(source), size, most, visit),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => {
            let kib = u32::try_from(WINDOW_BYTES / 1024).unwrap_or(u32::MAX);
            entries(XzReader::new_mem_limit(source, true, kib), size, most, visit)
        }
        [0x28, 0xb5, 0x2f, 0xfd, ..] => match StreamingDecoder::new_with_max_window_size(source, WINDOW_BYTES) {
            Ok(decoder) => entries(decoder, size, most, visit),
            Err(error) => Err(Stop::broken(format!("can't be unpacked: {error}"))),
        },
        head if looks_like_tar(head) => entries(source, size, most, visit),
        _ => Err(Stop::broken("is not an archive, whatever its name says")),
    }
}

/// By its magic number, or, for the oldest, by the header's checksum.
fn looks_like_tar(head: &[u8]) -> bool {
    let Some(header) = head.first_chunk::<512>() else { return false };
    let told = tar::Header::from_byte_slice(header).cksum().unwrap_or(0);
    let sum: u32 = header
        .iter()
        .enumerate()
        .map(|(at, byte)| u32::from(if (148..156).contains(&at) { b' ' } else { *byte }))
        .sum();
    header.iter().all(|byte| *byte == 0) || told == sum
}

fn entries(
    inner: impl Read,
    size: u64,
    most: u64,
    visit: &mut dyn FnMut(Entry<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let gauge = Gauge::default();
    gauge.allow(HEADER_BYTES);
    let mut archive = tar::Archive::new(Metered::new(inner, size, gauge.clone()));
    let broken = |error: &io::Error| Stop::broken(gauge.tripped().map_or_else(|| words(error), str::to_owned));
    let mut count = 0;
    for entry in archive.entries().map_err(|error| broken(&error))? {
        let mut entry = entry.map_err(|error| broken(&error))?;
        count += 1;
        if count > most {
            return Err(Stop::broken(format!("holds more than {most} entries")));
        }
        gauge.allow_all();
        let mut counted = Counted { left: entry.size(), inner: &mut entry };
        visit_one(&mut counted, visit)?;
        // What was not read is passed over here, so that the next step reads nothing but a header.
        io::copy(&mut counted, &mut io::sink()).map_err(|error| broken(&error))?;
        if counted.left > 0 {
            return Err(Stop::broken("is cut short"));
        }
        gauge.allow(HEADER_BYTES);
    }
    // The checksum of a compressed archive comes after the end of what it holds.
    gauge.allow_all();
    io::copy(&mut archive.into_inner(), &mut io::sink()).map(|_| ()).map_err(|error| broken(&error))
}

fn visit_one<R: Read>(
    entry: &mut Counted<'_, tar::Entry<'_, R>>,
    visit: &mut dyn FnMut(Entry<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let raw = entry.inner.path_bytes().into_owned();
    let kind = match entry.inner.header().entry_type() {
        EntryType::Regular | EntryType::Continuous if raw.ends_with(b"/") => Kind::Folder,
        EntryType::Regular | EntryType::Continuous => Kind::File,
        EntryType::Directory => Kind::Folder,
        EntryType::Symlink => Kind::Other("a link"),
        EntryType::Link => Kind::Other("a hard link"),
        EntryType::Char | EntryType::Block => Kind::Other("a device"),
        EntryType::Fifo => Kind::Other("a named pipe"),
        EntryType::GNUSparse => Kind::Other("a sparse file"),
        // Says something about the whole archive, and holds no file.
        EntryType::XGlobalHeader => return Ok(()),
        _ => Kind::Other("of a kind that is not known"),
    };
    visit(Entry { path: names::path(&raw, names::escaped), shown: names::escaped(&raw), kind, bytes: entry })
}

/// Counts down to the end that the header promised: `tar` takes an early end for the end.
struct Counted<'a, R> {
    left: u64,
    inner: &'a mut R,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(length as u64);
        Ok(length)
    }
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "is cut short".to_owned(),
        io::ErrorKind::OutOfMemory => "needs too much memory to be unpacked".to_owned(),
        _ => format!("is damaged: {error}"),
    }
}
