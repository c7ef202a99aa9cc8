//! `grade report`: what is made of a run, for the instructor, for learners, and for other programs. The runs are written by hand, so that nothing has to be graded.
#![expect(clippy::unwrap_used, clippy::assigning_clones, reason = "helpers of tests")]

mod anonymous;
mod browser;
mod cast;
mod finals;
mod formats;
mod hidden;
mod pages;
mod sheets;
