//! Length-prefixed frames, decoded strictly from a stream of bytes that may come from learner code.

use std::fmt;

/// Why bytes are no frame. The sender is broken or hostile; nothing after it can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// Announces more bytes than the limit.
    TooLarge { announced: usize, limit: usize },
    /// Announces fewer bytes than the smallest frame has.
    TooSmall { announced: usize },
    /// The header of a judge's frame is cut short or no JSON object.
    Header,
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { announced, limit } => write!(f, "a frame of {announced} bytes, where {limit} are allowed"),
            Self::TooSmall { announced } => write!(f, "a frame of {announced} bytes is too short to be one"),
            Self::Header => f.write_str("a frame without a readable header"),
        }
    }
}

impl std::error::Error for FrameError {}

/// Bytes that have arrived and are not yet a whole frame.
#[derive(Debug)]
pub struct FrameBuffer {
    bytes: Vec<u8>,
    /// Start of what has not been taken yet.
    at: usize,
    smallest: usize,
    largest: usize,
}

const PREFIX: usize = 4;

impl FrameBuffer {
    /// `smallest` and `largest` are lengths as announced, without the prefix.
    pub const fn new(smallest: usize, largest: usize) -> Self {
        Self { bytes: Vec::new(), at: 0, smallest, largest }
    }

    pub fn push(&mut self, bytes: &[u8]) {
        if self.at > 0 && self.at == self.bytes.len() {
            self.bytes.clear();
            self.at = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Where the next bytes can be read to directly, with room for at least `room` of them behind what is there.
    pub fn space(&mut self, room: usize) -> &mut Vec<u8> {
        self.push(&[]);
        self.bytes.reserve(room);
        &mut self.bytes
    }

    /// The next whole frame, without its prefix; `None` until more bytes come.
    pub fn take(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        let rest = &self.bytes[self.at..];
        let Some((prefix, rest)) = rest.split_first_chunk::<PREFIX>() else { return Ok(None) };
        let announced = u32::from_be_bytes(*prefix) as usize;
        if announced > self.largest {
            return Err(FrameError::TooLarge { announced, limit: self.largest });
        }
        if announced < self.smallest {
            return Err(FrameError::TooSmall { announced });
        }
        let Some(frame) = rest.get(..announced) else { return Ok(None) };
        let frame = frame.to_vec();
        self.at += PREFIX + announced;
        if self.at > 65536 {
            self.bytes.drain(..self.at);
            self.at = 0;
        }
        Ok(Some(frame))
    }

    /// Whether bytes are left that nobody asked for.
    pub fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }
}

/// Known only to the sender of a request until the request has arrived.
pub type Nonce = [u8; 8];

/// A frame to or from a sandboxed process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxFrame {
    pub kind: u8,
    pub nonce: Nonce,
    pub body: Vec<u8>,
}

impl SandboxFrame {
    /// Kind and nonce: the smallest frame.
    pub const OVERHEAD: usize = 9;

    /// From the bytes that [`FrameBuffer::take`] gave; they are at least [`Self::OVERHEAD`] long.
    pub fn parse(mut bytes: Vec<u8>) -> Result<Self, FrameError> {
        let announced = bytes.len();
        let head: [u8; Self::OVERHEAD] = bytes.first_chunk().copied().ok_or(FrameError::TooSmall { announced })?;
        bytes.drain(..Self::OVERHEAD);
        let [kind, nonce @ ..] = head;
        Ok(Self { kind, nonce, body: bytes })
    }

    pub fn to_bytes(kind: u8, nonce: Nonce, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(Self::OVERHEAD + body.len()).unwrap_or(u32::MAX);
        let mut bytes = Vec::with_capacity(PREFIX + Self::OVERHEAD + body.len());
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.push(kind);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(body);
        bytes
    }
}

/// A frame to or from the judge: a JSON object and opaque bytes.
#[derive(Clone, Debug)]
pub struct JudgeFrame {
    pub kind: u8,
    pub header: serde_json::Value,
    pub body: Vec<u8>,
}

impl JudgeFrame {
    pub const OVERHEAD: usize = 5;

    pub fn parse(bytes: &[u8]) -> Result<Self, FrameError> {
        let (kind, rest) = bytes.split_first().ok_or(FrameError::Header)?;
        let (length, rest) = rest.split_first_chunk::<PREFIX>().ok_or(FrameError::Header)?;
        let (header, body) = rest.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or(FrameError::Header)?;
        let header: serde_json::Value = serde_json::from_slice(header).map_err(|_| FrameError::Header)?;
        if !header.is_object() {
            return Err(FrameError::Header);
        }
        Ok(Self { kind: *kind, header, body: body.to_vec() })
    }

    pub fn to_bytes(kind: u8, header: &serde_json::Value, body: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        Self::append(&mut bytes, kind, header, body);
        bytes
    }

    /// Behind what is there: several frames travel in one write.
    pub fn append(bytes: &mut Vec<u8>, kind: u8, header: &serde_json::Value, body: &[u8]) {
        let header = header.to_string();
        let length = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes();
        bytes.reserve(PREFIX + Self::OVERHEAD + header.len() + body.len());
        bytes.extend_from_slice(&length(Self::OVERHEAD + header.len() + body.len()));
        bytes.push(kind);
        bytes.extend_from_slice(&length(header.len()));
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(body);
    }
}

/// Splits a body of `u32`-length-prefixed parts; `None` when it does not add up.
pub fn parts<const N: usize>(mut body: &[u8]) -> Option<[&[u8]; N]> {
    let mut found: [&[u8]; N] = [&[]; N];
    for part in &mut found {
        let (length, rest) = body.split_first_chunk::<PREFIX>()?;
        (*part, body) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    }
    body.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_frame_comes_out_whole_however_it_is_cut() {
        let bytes = SandboxFrame::to_bytes(b'A', [7; 8], b"body");
        for cut in 0..bytes.len() {
            let mut buffer = FrameBuffer::new(SandboxFrame::OVERHEAD, 100);
            buffer.push(&bytes[..cut]);
            assert_eq!(buffer.take(), Ok(None));
            buffer.push(&bytes[cut..]);
            let frame = SandboxFrame::parse(buffer.take().unwrap().unwrap()).unwrap();
            assert_eq!(frame, SandboxFrame { kind: b'A', nonce: [7; 8], body: b"body".to_vec() });
            assert!(buffer.is_empty());
        }
    }

    #[test]
    fn a_frame_that_announces_too_much_is_refused_before_it_is_read() {
        let mut buffer = FrameBuffer::new(9, 100);
        buffer.push(&u32::MAX.to_be_bytes());
        assert_eq!(buffer.take(), Err(FrameError::TooLarge { announced: u32::MAX as usize, limit: 100 }));
    }

    #[test]
    fn a_frame_too_short_for_its_nonce_is_refused() {
        let mut buffer = FrameBuffer::new(9, 100);
        buffer.push(&[0, 0, 0, 8]);
        assert_eq!(buffer.take(), Err(FrameError::TooSmall { announced: 8 }));
    }

    proptest! {
        #[test]
        fn any_bytes_are_frames_or_an_error_never_a_panic(chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..50), 0..20)) {
            let mut buffer = FrameBuffer::new(SandboxFrame::OVERHEAD, 1000);
            'outer: for chunk in chunks {
                buffer.push(&chunk);
                loop {
                    match buffer.take() {
                        Ok(Some(frame)) => { let _ = SandboxFrame::parse(frame); }
                        Ok(None) => break,
                        Err(_) => break 'outer,
                    }
                }
            }
        }

        #[test]
        fn any_bytes_are_a_judge_frame_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = JudgeFrame::parse(&bytes);
        }

        #[test]
        fn judge_frames_round_trip(kind in any::<u8>(), text in ".*", body in proptest::collection::vec(any::<u8>(), 0..100)) {
            let bytes = JudgeFrame::to_bytes(kind, &serde_json::json!({ "text": text }), &body);
            let frame = JudgeFrame::parse(&bytes[4..]).unwrap();
            prop_assert_eq!(frame.kind, kind);
            prop_assert_eq!(frame.header["text"].as_str(), Some(text.as_str()));
            prop_assert_eq!(frame.body, body);
        }

        #[test]
        fn parts_never_read_past_the_end(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = parts::<2>(&bytes);
        }
    }
}
