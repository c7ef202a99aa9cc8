//! What people said of a note: `<note>.review.toml` beside it. Grading never touches it, and every review is added to the others.

use std::fs;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::day::Day;
use crate::catalog::Exercise;
use crate::error::{Fault, IoContext as _, Result};
use crate::repository::Repository;

const HEAD: &str = "# What people said of the note, by `grade review`. Grading never changes it.\n";

/// A reviewer's mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Accepted,
    /// Something has to be mended first.
    Again,
}

/// One review of one version of a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub mark: Mark,
    pub by: String,
    pub day: String,
    /// The first 16 digits of the blake3 of the note that was read.
    pub note: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    #[serde(default)]
    review: Vec<Review>,
}

/// A note in a repository and its reviews, the oldest first.
#[derive(Debug)]
pub struct Reviews {
    path: PathBuf,
    /// Of the note as it is now; `None` where there is none.
    now: Option<String>,
    pub all: Vec<Review>,
}

impl Reviews {
    /// Reads the reviews of the exercise's note; `None` where the exercise has no note.
    pub fn open(exercise: &Exercise, repository: &Repository) -> Result<Option<Self>> {
        let Some(note) = &exercise.note else { return Ok(None) };
        let file = repository.root().join(exercise.path_of(note));
        let now = match fs::read(&file) {
            Ok(bytes) => Some(digest(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).or_machine(|| format!("read `{}`", file.display())),
        };
        let path = file.with_extension("review.toml");
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            other => other.or_machine(|| format!("read `{}`", path.display()))?,
        };
        let kept: Kept = toml::from_str(&text).map_err(|error| {
            Fault::usage(format!("`{}` can't be read", path.display()))
                .because(error.message())
                .hint("mend the file by hand; every `[[review]]` in it is one review")
        })?;
        Ok(Some(Self { path, now, all: kept.review }))
    }

    /// Whether there is a note to be reviewed.
    pub fn has_note(&self) -> bool {
        self.now.is_some()
    }

    /// The last review, and whether it is about the note as it is now.
    pub fn last(&self) -> Option<(&Review, bool)> {
        self.all.last().map(|review| (review, self.now.as_ref() == Some(&review.note)))
    }

    /// Whether the note as it is now has been accepted.
    pub fn is_accepted(&self) -> bool {
        self.last().is_some_and(|(review, is_of_now)| is_of_now && review.mark == Mark::Accepted)
    }

    /// Adds a review of the note as it is now; gives the file that it is in.
    pub fn add(&mut self, mark: Mark, by: &str, words: &str, day: Day) -> Result<&PathBuf> {
        let note = self.now.clone().ok_or_else(|| Fault::usage("there is no note to review yet"))?;
        self.all.push(Review { mark, by: by.to_owned(), day: day.to_string(), note, words: words.to_owned() });
        let doing = || format!("write `{}`", self.path.display());
        let kept = Kept { review: self.all.clone() };
        let text = toml::to_string(&kept).map_err(io::Error::other).or_machine(doing)?;
        super::replace(&self.path, &format!("{HEAD}{text}")).or_machine(doing)?;
        Ok(&self.path)
    }
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_owned()
}
