//! A run as `JUnit` XML: a suite for each submission, as the report of one submission has it.

use std::io::Write;

use super::Failed;
use super::book::Book;
use crate::disclosure;
use crate::report::junit::Writer;
use crate::store::State;

/// Of hidden checks it tells no more than learners are told; what has no verdict is an error.
pub(super) fn write(out: &mut dyn Write, book: &Book<'_>) -> Result<(), Failed> {
    let exercise = book.info()?.exercise;
    let mut junit = Writer::default();
    for graded in book.graded()? {
        let graded = graded?;
        let learner = graded.submission.learner();
        match graded.state {
            State::Graded { verdict, .. } => junit.add(&disclosure::for_learner(*verdict, book.moment())),
            State::Ungraded { fault } => junit.add_ungraded(&exercise, &learner, &fault.message),
            State::Waiting => junit.add_ungraded(&exercise, &learner, "not graded yet"),
        }
    }
    Ok(junit.finish(out)?)
}
