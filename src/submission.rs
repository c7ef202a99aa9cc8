//! The files one learner hands in, read once.
