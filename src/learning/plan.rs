//! What to do next, from what has passed.

use std::sync::Arc;

use super::known::Known;
use crate::catalog::{Exercise, Track};

/// The first exercise of a track that has not passed, and how far the track is.
#[derive(Clone, Debug)]
pub struct Step {
    pub track: Track,
    pub next: Option<Arc<Exercise>>,
    pub passed: usize,
    pub of: usize,
}

/// One step for each track that has exercises, in the order of the tracks. `known` is in the order of the list.
pub fn steps(known: &[Known]) -> Vec<Step> {
    let step = |track: Track| {
        let members: Vec<&Known> = known.iter().filter(|known| known.exercise.track == track).collect();
        let next = members.iter().find(|known| !known.passed).map(|known| Arc::clone(&known.exercise));
        let passed = members.iter().filter(|known| known.passed).count();
        Step { track, next, passed, of: members.len() }
    };
    Track::ALL.into_iter().map(step).filter(|step| step.of > 0).collect()
}

/// `week 1` for an exercise of the plan whose files are in `week1/...`.
pub fn week(exercise: &Exercise) -> Option<String> {
    let number = exercise.folder.split('/').next()?.strip_prefix("week")?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (exercise.track == Track::Plan && is_number).then(|| format!("week {number}"))
}
