//! Final scores beside the raw ones, as a policy makes them.

use std::io;

use serde::Serialize;

use crate::policy::{Final, Lateness};
use crate::report::page::Page;
use crate::report::style::Role;
use crate::report::words::number;
use crate::store::Learner;

/// What a table has more with a policy.
pub(super) const COLUMNS: [&str; 5] = ["final", "final_possible", "late_by", "steps", "open"];

/// A learner's final score, by name.
#[derive(Debug, Serialize)]
pub(super) struct Told<'a> {
    learner: &'a str,
    #[serde(flatten)]
    found: &'a Final,
}

/// Final scores with the names of their learners.
pub(super) fn told<'a>(learners: &'a [Learner], finals: &'a [Final]) -> Vec<Told<'a>> {
    finals.iter().map(|found| Told { learner: name(learners, found), found }).collect()
}

fn name<'a>(learners: &'a [Learner], found: &Final) -> &'a str {
    learners.iter().find(|learner| learner.id == found.learner).map_or("", |learner| &learner.key)
}

/// The cells of [`COLUMNS`] for one learner.
pub(super) fn cells(learner: &Learner, finals: &[Final]) -> [String; 5] {
    let Some(found) = finals.iter().find(|found| found.learner == learner.id) else { return Default::default() };
    let points = |points: Option<f64>| points.map_or_else(String::new, |points| points.to_string());
    let late_by = match &found.lateness {
        Lateness::Late { seconds, .. } => seconds.to_string(),
        Lateness::InTime { .. } => "0".to_owned(),
        _ => String::new(),
    };
    let steps = found.steps.iter().map(step).collect::<Vec<_>>().join("; ");
    [points(found.score), points(found.possible), late_by, steps, found.open.clone().unwrap_or_default()]
}

/// What was done, and why a person did it.
pub(in crate::report) fn step(step: &crate::policy::Step) -> String {
    let reason = step.reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
    format!("{}{reason}", step.text)
}

/// `4`, or each member's where they differ; empty where there is none.
pub(in crate::report) fn short(learners: &[Learner], finals: &[Final]) -> String {
    let is_one = finals.windows(2).all(|pair| pair[0].score == pair[1].score);
    let points = |found: &Final| found.score.map_or_else(|| "no score".to_owned(), number);
    match finals {
        [] => String::new(),
        [first, ..] if is_one => points(first),
        several => several
            .iter()
            .map(|found| format!("{} {}", name(learners, found), points(found)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// How each came about, where there is more to it than what was graded.
pub(super) fn explain(page: &mut Page<'_>, learners: &[Learner], finals: &[Final]) -> io::Result<()> {
    for found in finals.iter().filter(|found| found.steps.len() > 1 || found.open.is_some() || found.by_hand) {
        if finals.len() > 1 {
            page.line(4, &[(Role::Text, name(learners, found)), (Role::Text, ":")])?;
        }
        for each in &found.steps {
            page.hanging(6, (Role::Faint, ""), (Role::Faint, &step(each)))?;
        }
        if let Some(open) = &found.open {
            page.hanging(6, (Role::Odd, "open  "), (Role::Odd, open))?;
        }
    }
    Ok(())
}
