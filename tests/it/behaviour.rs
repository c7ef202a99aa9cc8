//! What a learner's file can be and do: the outcome of each check, whose fault it is, and that it ends in time with nothing left.

mod authors;
mod channel;
mod collected;
mod endings;
mod files;
mod floods;
mod interruptions;
mod levels;
mod lies;
mod processes;
mod repetition;
mod types;
mod warm;
