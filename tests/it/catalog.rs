//! The catalogue on the command line: what is found, what is refused, and what a learner is shown.

use std::fs;

use insta::assert_snapshot;

use crate::support::{Desk, EXERCISE};

mod authors;
mod learners;
mod lists;
mod projects;
mod submissions;
