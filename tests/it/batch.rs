//! `grade batch`, `regrade` and `report`: the real binary on many submissions.

mod archives;
pub(crate) mod hall;
mod interrupted;
mod regrading;
mod running;
mod sources;
