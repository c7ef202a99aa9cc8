//! What a process prints: read as it comes, kept at both ends, counted in full.

use std::collections::VecDeque;

/// Kept of the beginning and of the end, bytes each.
const KEPT: usize = 64 * 1024;

/// A bounded record of a stream.
#[derive(Debug, Default)]
pub struct Capture {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    total: u64,
}

impl Capture {
    pub fn push(&mut self, mut bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let room = KEPT - self.head.len();
        let (first, rest) = bytes.split_at(room.min(bytes.len()));
        self.head.extend_from_slice(first);
        bytes = &rest[rest.len().saturating_sub(KEPT)..];
        let overflow = (self.tail.len() + bytes.len()).saturating_sub(KEPT);
        self.tail.drain(..overflow.min(self.tail.len()));
        self.tail.extend(bytes);
    }

    /// Bytes seen, kept or not.
    pub const fn total(&self) -> u64 {
        self.total
    }

    pub fn is_cut(&self) -> bool {
        self.total > (self.head.len() + self.tail.len()) as u64
    }

    /// What was kept, undecodable bytes replaced, with a line that says how much was left out.
    pub fn text(&self) -> String {
        let (front, back) = self.tail.as_slices();
        if !self.is_cut() {
            return String::from_utf8_lossy(&[&self.head, front, back].concat()).into_owned();
        }
        let left_out = self.total - (self.head.len() + self.tail.len()) as u64;
        let tail = [front, back].concat();
        format!(
            "{}\n[… {left_out} bytes left out …]\n{}",
            String::from_utf8_lossy(&self.head),
            String::from_utf8_lossy(&tail)
        )
    }

    /// Takes the record and starts a new one.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_output_is_kept_whole() {
        let mut capture = Capture::default();
        capture.push(b"one ");
        capture.push(b"two");
        assert_eq!((capture.text().as_str(), capture.total(), capture.is_cut()), ("one two", 7, false));
    }

    #[test]
    fn endless_output_keeps_its_ends_and_its_count() {
        let mut capture = Capture::default();
        capture.push(b"begin");
        for _ in 0..100 {
            capture.push(&[b'x'; 10_000]);
        }
        capture.push(b"end");
        let text = capture.text();
        assert!(text.starts_with("begin") && text.ends_with("end") && text.contains("bytes left out"));
        assert_eq!(capture.total(), 1_000_008);
        assert!(text.len() < 3 * KEPT);
    }

    #[test]
    fn one_push_larger_than_everything_is_bounded() {
        let mut capture = Capture::default();
        capture.push(&vec![b'a'; 10 * KEPT]);
        assert!(capture.is_cut() && capture.text().len() < 3 * KEPT);
    }
}
