//! The exercises of a catalogue, each with what a repository tells of it.

use std::sync::Arc;

use super::passed::Passed;
use super::reviews::Reviews;
use crate::catalog::{Catalog, Exercise, list_order};
use crate::error::Result;
use crate::repository::Repository;

/// An exercise and what is known of it in a repository.
#[derive(Clone, Debug)]
pub struct Known {
    pub exercise: Arc<Exercise>,
    pub passed: bool,
    /// The explanation was accepted by a person; true where none is asked for.
    pub reviewed: bool,
}

/// The sound exercises that `of` stands for (ids, groups, tracks), or all of them where it is empty; in the order of the list.
pub fn known(catalog: &Catalog, repository: &Repository, of: &[String]) -> Result<Vec<Known>> {
    let passed = Passed::open(repository)?;
    let mut exercises = catalog.select(of)?.exercises;
    if of.is_empty() {
        exercises = catalog.all().filter_map(|(_, exercise)| exercise.ok()).collect();
    }
    let mut all = Vec::new();
    for exercise in exercises {
        let asks_for_review = exercise.checks.iter().any(|check| check.review);
        let reviewed =
            !asks_for_review || Reviews::open(&exercise, repository)?.is_none_or(|reviews| reviews.is_accepted());
        all.push(Known { passed: passed.has(exercise.id.as_str()), reviewed, exercise });
    }
    all.sort_by(|a, b| list_order(&a.exercise).cmp(&list_order(&b.exercise)));
    Ok(all)
}
