//! Frames and plain data: what crosses between processes (`docs/protocol.md`).

pub mod frame;
pub mod value;
