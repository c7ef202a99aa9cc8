//! `grade batch`, `regrade` and `report`: the real binary on many submissions.

mod archives;
mod class;
pub(crate) mod hall;
mod interrupted;
mod policies;
mod regrading;
mod running;
mod sources;
