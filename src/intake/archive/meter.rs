//! Readers that count, and stop where an archive takes more than it may.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::intake::limits::{FREE_BYTES, RATIO};

/// What is said of an archive that holds far more than its size.
pub(super) const BOMB: &str = "unpacks to far more than its size";
/// What is said of a tar archive that spends too much on names.
pub(super) const HEADERS: &str = "has names or headers of more than 1 MiB";

/// What is shared between the reader of an archive and who goes through its entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Gauge {
    /// What came out so far.
    out: Rc<Cell<u64>>,
    /// Where it must stop for now.
    stop: Rc<Cell<u64>>,
    tripped: Rc<Cell<Option<&'static str>>>,
}

impl Gauge {
    /// From here on at most `bytes` more.
    pub(super) fn allow(&self, bytes: u64) {
        self.stop.set(self.out.get().saturating_add(bytes));
    }

    pub(super) fn allow_all(&self) {
        self.stop.set(u64::MAX);
    }

    /// Which limit was met, if any.
    pub(super) fn tripped(&self) -> Option<&'static str> {
        self.tripped.get()
    }
}

/// The bytes that come out of an archive of a known size.
#[derive(Debug)]
pub(super) struct Metered<R> {
    inner: R,
    most: u64,
    gauge: Gauge,
}

impl<R> Metered<R> {
    pub(super) fn new(inner: R, size: u64, gauge: Gauge) -> Self {
        Self { inner, most: size.saturating_mul(RATIO).saturating_add(FREE_BYTES), gauge }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        let out = self.gauge.out.get() + length as u64;
        self.gauge.out.set(out);
        let limit = match () {
            () if out > self.most => BOMB,
            () if out > self.gauge.stop.get() => HEADERS,
            () => return Ok(length),
        };
        self.gauge.tripped.set(Some(limit));
        Err(io::Error::other(limit))
    }
}
