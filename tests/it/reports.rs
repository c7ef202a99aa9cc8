//! Reports of hand-made verdicts: what people and machines read.
#![expect(clippy::unwrap_used, clippy::format_collect, clippy::assigning_clones, reason = "helpers of tests")]

mod human;
mod machines;
pub(crate) mod repr;
pub(crate) mod verdicts;
