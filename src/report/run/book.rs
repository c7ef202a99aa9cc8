//! A run as reports tell it: with names or with codes, and to each learner only what they are to know.

use crate::class::{self, Class, Starter};
use crate::disclosure::{self, Moment};
use crate::error::Result;
use crate::report::anonymity::Anonymity;
use crate::report::source::HandedSource;
use crate::store::{Counts, Graded, Learner, Note, Round, Run, RunInfo};
use crate::submission::Handed;
use crate::verdict::Verdict;

/// Every report reads the run through this, so that none can forget who may know what.
#[derive(Debug)]
pub struct Book<'r> {
    run: &'r Run,
    anonymity: Option<Anonymity>,
    moment: Moment,
}

impl<'r> Book<'r> {
    /// `moment`: whether learners are told what is told after the due date.
    pub fn new(run: &'r Run, anonymity: Option<Anonymity>, moment: Moment) -> Self {
        Self { run, anonymity, moment }
    }

    pub fn info(&self) -> Result<RunInfo> {
        self.run.info()
    }

    pub fn rounds(&self) -> Result<Vec<Round>> {
        self.run.rounds()
    }

    pub fn counts(&self) -> Result<Counts> {
        self.run.counts()
    }

    /// Whether names are left out.
    pub const fn is_anonymous(&self) -> bool {
        self.anonymity.is_some()
    }

    /// The submissions that count, in the order of what learners are called here; one in memory at a time.
    pub fn graded(&self) -> Result<Box<dyn Iterator<Item = Result<Graded>> + '_>> {
        let Some(anonymity) = &self.anonymity else { return Ok(Box::new(self.run.graded()?)) };
        // The order of names would tell whose code is whose.
        let mut order = Vec::new();
        for submission in self.run.submissions()? {
            let submission = submission?;
            let code = submission.learners.iter().map(|learner| anonymity.code(learner)).min().unwrap_or_default();
            if submission.selected {
                order.push((code.to_owned(), submission.attempt, submission.id));
            }
        }
        order.sort();
        let ids = order.into_iter().map(|(_, _, id)| id).collect();
        Ok(Box::new(self.run.graded_of(ids).map(|graded| anonymity.graded(graded?))))
    }

    /// Those on the roster who handed nothing in.
    pub fn missing(&self) -> Result<Vec<Learner>> {
        let missing = self.run.missing()?;
        let Some(anonymity) = &self.anonymity else { return Ok(missing) };
        let mut missing: Vec<Learner> = missing.iter().map(|learner| anonymity.learner(learner)).collect();
        missing.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(missing)
    }

    /// What the intake noted about sources and the roster, which is full of names.
    pub fn notes(&self) -> Result<Vec<Note>> {
        if self.is_anonymous() { Ok(Vec::new()) } else { self.run.notes() }
    }

    /// What was handed in, for lines of it; nothing where names are left out, for a learner may have written theirs anywhere.
    pub(in crate::report) fn source(&self, submission: i64) -> Result<Option<HandedSource>> {
        if self.is_anonymous() {
            return Ok(None);
        }
        Ok(match self.run.handed(submission)? {
            Handed::Files(submission) => Some(HandedSource::new(submission.files)),
            Handed::Unusable { .. } => None,
        })
    }

    /// What the run says about the class, and names whom this book names.
    pub fn class(&self, starter: Option<&Starter>) -> Result<Class> {
        class::look(self.run, self.graded()?, starter)
    }

    pub const fn moment(&self) -> Moment {
        self.moment
    }

    /// A verdict as this learner is told it; the others of a group are not named.
    pub fn told(&self, verdict: &Verdict, learner: &Learner) -> Verdict {
        let mut told = disclosure::for_learner(verdict.clone(), self.moment);
        told.submission.learner = Some(learner.key.clone());
        told
    }
}
