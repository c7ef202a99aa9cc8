//! What one learner gets: the formats that make a file for each write one of these.

use crate::policy::Final;
use crate::report::words;
use crate::store::{Graded, Learner};
use crate::verdict::{CheckResult, Verdict};

/// A submission as one of its learners gets it.
#[derive(Debug)]
pub struct Handout<'a> {
    pub exercise: &'a str,
    /// When the run was begun; UTC, RFC 3339.
    pub created_at: &'a str,
    pub learner: &'a Learner,
    pub graded: &'a Graded,
    /// Everything, for services that hide from learners what they are not to see.
    pub verdict: &'a Verdict,
    /// What the learner is told.
    pub told: Verdict,
    /// What rules make of the score, where there are any.
    pub last: Option<Final>,
}

/// Everything that is told of a check that does not pass, and its hint, as plain text.
pub(super) fn advice(check: &CheckResult) -> String {
    let hint = check.hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
    format!("{}{hint}", words::explanation(check))
}
