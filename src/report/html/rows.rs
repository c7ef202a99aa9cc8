//! The table of everybody: its first rows as HTML, all of them as JSON for the script that sorts and filters.

use serde::Serialize;

use super::check::Standing;
use crate::policy::Final;
use crate::report::escape::{json_in_html, one_line};
use crate::report::run::{finals, reason, word};
use crate::store::{Graded, Learner};
use crate::verdict::{Outcome, Verdict};

/// Rows of one screen; so many are there without a script, too.
pub(super) const SHOWN: usize = 200;

/// Everybody, in the order of the run.
#[derive(Debug, Default, Serialize)]
pub(super) struct Rows {
    /// Titles of checks, which rows name by their places.
    checks: Vec<String>,
    /// Whether there are rules that make final scores.
    ruled: bool,
    #[serde(rename = "rows")]
    all: Vec<Row>,
}

/// Its text shows what could not be seen, for the script puts it into the page as text.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// Who handed it in together.
    pub(super) members: Vec<Member>,
    pub(super) section: String,
    /// `passed`, `failed`, `error`, `missing`, `ungraded`, `waiting`.
    pub(super) outcome: &'static str,
    /// `None` without a verdict.
    pub(super) earned: Option<f64>,
    pub(super) possible: Option<f64>,
    /// What rules make of it; members whose scores differ have one each. Empty without rules.
    pub(super) told_final: String,
    /// The least of the members', to sort by.
    final_points: Option<f64>,
    pub(super) attempt: u32,
    pub(super) late: bool,
    pub(super) reason: String,
    /// Places in `checks` of those that did not pass.
    open: Vec<usize>,
}

/// One of those who handed something in.
#[derive(Debug, Serialize)]
pub(super) struct Member {
    /// Their own page; empty where there is none.
    pub(super) page: String,
    pub(super) learner: String,
    /// Empty where it is not known, or tells nothing more.
    pub(super) name: String,
}

impl Member {
    fn new(learner: &Learner, page: String) -> Self {
        let name = learner.name.as_deref().filter(|name| *name != learner.key).unwrap_or_default();
        Self { page, learner: text(&learner.key), name: text(name) }
    }
}

impl Rows {
    pub(super) fn new(ruled: bool) -> Self {
        Self { ruled, ..Self::default() }
    }

    /// `pages`: those of the learners, in their order.
    pub(super) fn add(&mut self, graded: &Graded, finals: &[Final], pages: Vec<String>) {
        let submission = &graded.submission;
        let mut sections: Vec<&str> =
            submission.learners.iter().filter_map(|learner| learner.section.as_deref()).collect();
        sections.dedup();
        let open = graded.verdict().map(|verdict| self.open(verdict)).unwrap_or_default();
        self.all.push(Row {
            members: submission.learners.iter().zip(pages).map(|(learner, page)| Member::new(learner, page)).collect(),
            section: text(&sections.join(", ")),
            outcome: word(graded),
            earned: graded.verdict().map(|verdict| verdict.score.earned),
            possible: graded.verdict().map(|verdict| verdict.score.possible),
            told_final: text(&finals::short(&submission.learners, finals)),
            final_points: finals.iter().filter_map(|found| found.score).min_by(f64::total_cmp),
            attempt: submission.attempt,
            late: submission.late == Some(true),
            reason: text(&reason(graded)),
            open,
        });
    }

    pub(super) fn add_missing(&mut self, learner: &Learner, finals: &[Final]) {
        self.all.push(Row {
            members: vec![Member::new(learner, String::new())],
            section: text(learner.section.as_deref().unwrap_or_default()),
            outcome: "missing",
            earned: None,
            possible: None,
            told_final: text(&finals::short(std::slice::from_ref(learner), finals)),
            final_points: finals.iter().find_map(|found| found.score),
            attempt: 0,
            late: false,
            reason: "nothing was handed in".to_owned(),
            open: Vec::new(),
        });
    }

    fn open(&mut self, verdict: &Verdict) -> Vec<usize> {
        let to_mend = verdict.checks.iter().filter(|check| check.outcome.is_to_mend());
        to_mend.map(|check| self.place(&check.title)).collect()
    }

    fn place(&mut self, title: &str) -> usize {
        let title = text(title);
        self.checks.iter().position(|known| *known == title).unwrap_or_else(|| {
            self.checks.push(title);
            self.checks.len() - 1
        })
    }

    /// Whether there is a column for final scores.
    pub(super) const fn is_ruled(&self) -> bool {
        self.ruled
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn first(&self) -> &[Row] {
        &self.all[..self.all.len().min(SHOWN)]
    }

    /// Checks that somebody did not pass.
    pub(super) fn checks(&self) -> &[String] {
        &self.checks
    }

    /// For the inside of a script element.
    pub(super) fn json(&self) -> serde_json::Result<String> {
        Ok(json_in_html(&serde_json::to_string(self)?).into_owned())
    }
}

impl Row {
    pub(super) fn standing(&self) -> Standing {
        standing(self.outcome)
    }

    /// `7`, or a dash without a verdict.
    pub(super) fn points(&self) -> String {
        self.earned.map_or_else(|| "–".to_owned(), crate::report::words::number)
    }

    pub(super) fn share(&self) -> String {
        match (self.earned, self.possible) {
            (Some(earned), Some(possible)) if possible > 0.0 => format!("{:.0} %", earned / possible * 100.0),
            _ => "–".to_owned(),
        }
    }
}

/// How one of the words for an outcome looks; the script has the same list from the page's filter.
fn standing(outcome: &str) -> Standing {
    let of = |outcome, words| Standing { words, ..Standing::of(outcome) };
    match outcome {
        "passed" => of(Outcome::Passed, "passed"),
        "failed" => of(Outcome::Failed, "not yet"),
        "error" => of(Outcome::Error, "check broken"),
        "missing" => of(Outcome::Skipped, "missing"),
        "ungraded" => of(Outcome::Error, "no verdict"),
        _ => of(Outcome::Skipped, "waiting"),
    }
}

/// Every outcome with how it looks, for the filter.
pub(super) fn outcomes() -> Vec<(&'static str, Standing)> {
    ["passed", "failed", "error", "missing", "ungraded", "waiting"].map(|word| (word, standing(word))).to_vec()
}

fn text(text: &str) -> String {
    one_line(text).into_owned()
}
