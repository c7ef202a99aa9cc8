//! The starter files of an exercise, put into a repository.

use crate::catalog::Exercise;
use crate::error::Result;
use crate::placing::{self, Existing, Placed};
use crate::repository::Repository;

/// Puts all starter files of `exercise` in their places.
pub fn place(exercise: &Exercise, repository: &Repository, existing: Existing) -> Result<Vec<Placed>> {
    let files = exercise.starter_files()?;
    files
        .into_iter()
        .map(|(name, bytes)| placing::place(repository, &exercise.path_of(&name), &bytes, existing))
        .collect()
}
