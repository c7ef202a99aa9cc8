//! `grade list --format json`.

use std::io::{self, Write};

use serde::Serialize;

use super::Row;
use crate::catalog::Exercise;
use crate::error::Fault;

/// Version of the document; fields are added, never renamed, within it.
const SCHEMA: &str = "grade-list/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    exercises: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    present: bool,
    passed: bool,
    #[serde(flatten)]
    about: Option<About<'a>>,
    /// Empty unless the exercise is broken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mistakes: Vec<Mistake<'a>>,
}

#[derive(Serialize)]
struct About<'a> {
    title: &'a str,
    summary: &'a str,
    track: &'a str,
    folder: &'a str,
    files: &'a [String],
    optional: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    include: &'a [String],
    checks: usize,
    /// Sum of the checks' weights.
    points: f64,
}

#[derive(Serialize)]
struct Mistake<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Option<Where>,
    hint: Option<&'a str>,
}

#[derive(Serialize)]
struct Where {
    file: String,
    line: usize,
    column: usize,
}

/// Writes `rows` as one document, in their order.
pub fn list_json(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let document = Document { schema: SCHEMA, exercises: rows.iter().map(entry).collect() };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn entry(row: &Row) -> Entry<'_> {
    let (about, mistakes) = match &row.exercise {
        Ok(exercise) => (Some(about(exercise)), Vec::new()),
        Err(fault) => (None, std::iter::once(fault).chain(&fault.also).map(mistake).collect()),
    };
    Entry { id: row.id.as_str(), present: row.present, passed: row.passed, about, mistakes }
}

fn about(exercise: &Exercise) -> About<'_> {
    About {
        title: &exercise.title,
        summary: &exercise.summary,
        track: exercise.track.name(),
        folder: &exercise.folder,
        files: &exercise.files,
        optional: &exercise.optional,
        include: exercise.include.patterns(),
        checks: exercise.checks.len(),
        points: exercise.points(),
    }
}

fn mistake(fault: &Fault) -> Mistake<'_> {
    let place = fault.place.as_ref().map(|place| Where {
        file: place.file.display().to_string(),
        line: place.line,
        column: place.column,
    });
    Mistake { message: &fault.what, place, hint: fault.hint.as_deref() }
}
