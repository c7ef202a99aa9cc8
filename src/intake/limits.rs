//! How much of what was handed in is read. Counted while reading: what an archive says about itself is not believed.

/// Entries of one archive, or files and folders of one source.
pub(super) const ENTRIES: u64 = 1_000_000;
/// Entries of an archive inside an archive: that of one learner.
pub(super) const NESTED_ENTRIES: u64 = 20_000;
/// An archive inside an archive, bytes: it is held in memory.
pub(super) const NESTED_BYTES: u64 = 32 << 20;
/// Archives inside one another.
pub(super) const NESTING: usize = 3;
/// Bytes that come out of an archive for each that went in; source code is far below, a bomb far above.
pub(super) const RATIO: u64 = 200;
/// Bytes that may come out of any archive, however small it is.
pub(super) const FREE_BYTES: u64 = 64 << 20;
/// What a tar archive may say between two entries (long names and the like), bytes.
pub(super) const HEADER_BYTES: u64 = 1 << 20;
/// Memory that a decompressor may ask for, bytes.
pub(super) const WINDOW_BYTES: u64 = 64 << 20;
/// Folders inside one another.
pub(super) const DEPTH: usize = 64;
/// One part of a path, bytes.
pub(super) const NAME_BYTES: usize = 255;
/// A manifest of an LMS, bytes.
pub(super) const MANIFEST_BYTES: u64 = 64 << 20;
/// Files that are told by name though they are not read.
pub(super) const TOLD: usize = 20_000;
