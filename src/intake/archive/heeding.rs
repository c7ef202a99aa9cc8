//! A reader that gives nothing more once somebody wants to stop.

use std::io::{self, Read, Seek, SeekFrom};

use crate::environment::Interrupt;

/// Every way through an archive, also one that is passed over or listed only, reads from it.
#[derive(Debug)]
pub(in crate::intake) struct Heeding<'i, R> {
    inner: R,
    interrupt: &'i Interrupt,
}

impl<'i, R> Heeding<'i, R> {
    pub(in crate::intake) fn new(inner: R, interrupt: &'i Interrupt) -> Self {
        Self { inner, interrupt }
    }
}

impl<R: Read> Read for Heeding<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // Not `ErrorKind::Interrupted`: that is tried again.
        if self.interrupt.is_raised() { Err(io::Error::other("interrupted")) } else { self.inner.read(buffer) }
    }
}

impl<R: Seek> Seek for Heeding<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
