//! Reports of hand-made verdicts: what people and machines read.

mod human;
mod machines;
mod repr;
mod verdicts;
