//! `grade report`: what is made of a run, for the instructor, for learners, and for other programs. The runs are written by hand, so that nothing has to be graded.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod anonymous;
mod browser;
mod cast;
mod formats;
mod hidden;
mod pages;
mod sheets;
