//! From what `grade.toml` asks for to exercises.

use std::path::Path;
use std::sync::Arc;

use crate::catalog::{Catalog, Exercise};
use crate::configuration::Entry;
use crate::document::Moment;
use crate::error::{Blame, Fault, Result};

/// An exercise that is asked for.
#[derive(Clone, Debug)]
pub struct Planned {
    pub exercise: Arc<Exercise>,
    /// Whether the job fails without it.
    pub required: bool,
    /// Not looked at before.
    pub from: Option<Moment>,
}

/// What a job looks at.
#[derive(Debug, Default)]
pub struct Plan {
    /// Each exercise once, in the order in which it is asked for first.
    pub planned: Vec<Planned>,
    /// Exercises that were meant but are broken.
    pub broken: Vec<Fault>,
    /// Exercises that are in the repository and not asked for.
    pub others: usize,
}

/// What `entries` ask for; without any, what is in the repository at `root`.
///
/// Of two entries about one exercise the later counts: a group first, then its exceptions.
///
/// # Errors
/// Names that stand for nothing, each with its place (wrong usage).
pub fn plan(catalog: &Catalog, entries: &[Entry], root: &Path) -> Result<Plan> {
    let present = catalog.present(root);
    if entries.is_empty() {
        let planned = |exercise| Planned { exercise, required: true, from: None };
        let planned = present.exercises.into_iter().map(planned).collect();
        return Ok(Plan { planned, broken: present.broken, others: 0 });
    }
    let mut plan = Plan::default();
    let mut mistakes = Vec::new();
    for entry in entries {
        match catalog.select(std::slice::from_ref(&entry.name)) {
            Ok(selection) => {
                plan.broken.extend(selection.broken);
                selection.exercises.into_iter().for_each(|exercise| plan.add(exercise, entry));
            }
            Err(fault) if fault.blame == Blame::Usage => mistakes.push(fault.at(entry.place.clone())),
            Err(fault) => plan.broken.push(fault),
        }
    }
    let is_planned = |exercise: &Arc<Exercise>| plan.planned.iter().any(|planned| planned.exercise.id == exercise.id);
    plan.others = present.exercises.iter().filter(|exercise| !is_planned(exercise)).count();
    Fault::join(mistakes).map_or(Ok(plan), Err)
}

impl Plan {
    fn add(&mut self, exercise: Arc<Exercise>, entry: &Entry) {
        let planned = Planned { exercise, required: entry.required, from: entry.from.clone() };
        match self.planned.iter_mut().find(|known| known.exercise.id == planned.exercise.id) {
            Some(known) => *known = planned,
            None => self.planned.push(planned),
        }
    }
}
