//! Everything that is printed or written for people and machines.

pub mod cache;
pub mod environment;
