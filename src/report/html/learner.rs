//! The page of one learner: what to mend first, then the rest. It names nobody else and links to nothing.

use askama::Template;

use super::assets;
use super::check::{Check, Standing};
use crate::policy::Final;
use crate::report::run::{Book, finals};
use crate::report::source::{NoSource, SourceLines};
use crate::report::words::{self, number};
use crate::store::{Graded, Learner, RunInfo, State};
use crate::verdict::{Outcome, SubmissionOutcome, Verdict};

#[derive(Debug, Template)]
#[template(path = "learner.html")]
pub(super) struct Page {
    style: &'static str,
    policy: &'static str,
    exercise: String,
    /// What the learner is called.
    name: String,
    standing: Standing,
    /// `7 of 10 points`; absent without a verdict.
    score: Option<String>,
    /// Set where rules make a final score of it.
    last: Option<Last>,
    /// Label and text.
    facts: Vec<(&'static str, String)>,
    /// Set where nothing could be checked.
    problem: Option<Problem>,
    withheld: Option<String>,
    /// Rendered by a template of their own.
    open: Vec<String>,
    others: Vec<Other>,
}

/// What rules make of the score.
#[derive(Debug)]
struct Last {
    /// `6 of 10 points`, or why it is not told.
    told: String,
    /// The arithmetic; empty where there is nothing to it.
    steps: Vec<String>,
}

#[derive(Debug)]
struct Problem {
    message: String,
    at: Option<String>,
    line: Option<String>,
}

/// A check in one line.
#[derive(Debug)]
struct Other {
    title: String,
    standing: Standing,
    points: String,
}

#[derive(Template)]
#[template(path = "check.html")]
struct CheckView<'a> {
    check: Check<'a>,
}

impl Page {
    pub(super) fn new(
        info: &RunInfo,
        book: &Book<'_>,
        (learner, found): (&Learner, Option<&Final>),
        graded: &Graded,
        source: Option<&impl SourceLines>,
    ) -> Self {
        let told = graded.verdict().map(|verdict| book.told(verdict, learner));
        let source: &dyn SourceLines = source.map_or(&NoSource, |source| source);
        let mut page = Self {
            style: assets::STYLE,
            policy: &assets::STILL,
            exercise: info.exercise.clone(),
            name: learner.name.clone().unwrap_or_else(|| learner.key.clone()),
            standing: standing(told.as_ref(), &graded.state),
            score: told.as_ref().map(|verdict| words::score(verdict.score)),
            last: found.and_then(|found| last(found, told.as_ref())),
            facts: facts(graded, told.as_ref()),
            problem: None,
            withheld: None,
            open: Vec::new(),
            others: Vec::new(),
        };
        if let Some(verdict) = &told {
            page.fill(verdict, source);
        }
        page
    }

    fn fill(&mut self, verdict: &Verdict, source: &dyn SourceLines) {
        self.withheld = verdict.withheld.as_ref().map(words::withheld);
        self.problem = verdict.problem.as_ref().map(|problem| Problem {
            message: problem.message.clone(),
            at: problem.location.as_ref().map(|at| format!("{}:{}", at.file, at.line)),
            line: problem.location.as_ref().and_then(|at| source.line(&at.file, at.line)),
        });
        let (open, others): (Vec<_>, Vec<_>) = verdict.checks.iter().partition(|check| check.outcome.is_to_mend());
        // Rendering writes to a string, which does not fail.
        self.open =
            open.iter().filter_map(|check| CheckView { check: Check::new(check, source) }.render().ok()).collect();
        self.others = others
            .iter()
            .map(|check| Other {
                title: check.title.clone(),
                standing: Standing::of(check.outcome),
                points: if check.outcome.is_judged() {
                    format!("{} of {}", number(check.earned), number(check.weight))
                } else {
                    String::new()
                },
            })
            .collect();
    }
}

fn standing(told: Option<&Verdict>, state: &State) -> Standing {
    let Some(verdict) = told else {
        let words = if matches!(state, State::Waiting) {
            "not graded yet"
        } else {
            "could not be graded, by no fault of yours"
        };
        return Standing { class: "odd", symbol: "!", words };
    };
    match verdict.outcome {
        SubmissionOutcome::Passed => Standing { words: "everything here is right", ..Standing::of(Outcome::Passed) },
        SubmissionOutcome::Failed => Standing { words: "not yet", ..Standing::of(Outcome::Failed) },
        SubmissionOutcome::Missing => {
            Standing { words: "nothing to grade was found", ..Standing::of(Outcome::Skipped) }
        }
        SubmissionOutcome::Error => {
            Standing { words: "a check is broken, which is not your fault", ..Standing::of(Outcome::Error) }
        }
    }
}

/// The final score gives away what a hidden check said, and so it is told when that is.
fn last(found: &Final, told: Option<&Verdict>) -> Option<Last> {
    if let Some(withheld) = told.and_then(|verdict| verdict.withheld.as_ref()) {
        let when = if withheld.until_due { "told after the due date" } else { "not told here" };
        return Some(Last { told: when.to_owned(), steps: Vec::new() });
    }
    let told = match (found.points(), found.score) {
        (Some(score), _) => words::score(score),
        (None, Some(points)) => count_points(points),
        (None, None) => return None,
    };
    let has_more = found.steps.len() > 1 || found.by_hand;
    Some(Last { told, steps: if has_more { found.steps.iter().map(finals::step).collect() } else { Vec::new() } })
}

fn count_points(points: f64) -> String {
    format!("{} point{}", number(points), if (points - 1.0).abs() < f64::EPSILON { "" } else { "s" })
}

fn facts(graded: &Graded, told: Option<&Verdict>) -> Vec<(&'static str, String)> {
    let submission = &graded.submission;
    let of_group = (submission.learners.len() > 1).then(|| format!("a group of {}", submission.learners.len()));
    let facts = [
        ("handed in by", of_group),
        ("attempt", (submission.attempt > 1).then(|| submission.attempt.to_string())),
        ("handed in", submission.submitted_at.clone()),
        ("late", (submission.late == Some(true)).then(|| "yes".to_owned())),
        ("file", told.map(|verdict| verdict.submission.path.clone())),
        ("Python", told.map(|verdict| verdict.python.clone())),
    ];
    facts.into_iter().filter_map(|(label, text)| text.map(|text| (label, text))).collect()
}
