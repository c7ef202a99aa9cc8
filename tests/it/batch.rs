//! `grade batch`, `regrade` and `report`: the real binary on many submissions.

mod archives;
mod hall;
mod interrupted;
mod regrading;
mod running;
mod sources;
