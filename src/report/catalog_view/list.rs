//! `grade list` for people: one exercise a line, by track.

use std::io::{self, Write};
use std::sync::Arc;

use unicode_width::UnicodeWidthStr as _;

use crate::catalog::{Exercise, ExerciseId, Track};
use crate::error::{Fault, Result};
use crate::learning::plan::week;
use crate::report::escape::one_line;

/// One exercise of a list.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: ExerciseId,
    /// Its fault when it is broken.
    pub exercise: Result<Arc<Exercise>>,
    /// Whether the learner has begun it.
    pub present: bool,
    /// Whether it has passed here.
    pub passed: bool,
}

impl Row {
    fn track(&self) -> Option<Track> {
        self.exercise.as_ref().ok().map(|exercise| exercise.track)
    }

    /// The track, and in the plan the week.
    fn heading(&self) -> String {
        let Ok(exercise) = &self.exercise else { return "broken".to_owned() };
        let track = exercise.track.name();
        week(exercise).map_or_else(|| track.to_owned(), |week| format!("{track}, {week}"))
    }

    fn mark(&self) -> char {
        match (&self.exercise, self.passed, self.present) {
            (Err(_), ..) => '!',
            (_, true, _) => '+',
            (_, _, true) => '*',
            _ => ' ',
        }
    }

    fn order(&self) -> (i64, &ExerciseId) {
        (self.exercise.as_ref().map_or(0, |exercise| exercise.order), &self.id)
    }
}

/// Writes `rows` by track, wrapped to `columns`; broken ones last.
pub fn list(out: &mut dyn Write, rows: &[Row], columns: usize) -> io::Result<()> {
    let id_width = rows.iter().map(|row| row.id.as_str().width()).max().unwrap_or_default();
    let tracks = Track::ALL.map(Some).into_iter().chain([None]);
    let mut blank = false;
    for track in tracks {
        let mut members: Vec<_> = rows.iter().filter(|row| row.track() == track).collect();
        members.sort_by_key(|row| row.order());
        if members.is_empty() {
            continue;
        }
        if blank {
            writeln!(out)?;
        }
        blank = true;
        let mut heading = None;
        for row in members {
            let wanted = row.heading();
            if heading.as_ref() != Some(&wanted) {
                writeln!(out, "{wanted}")?;
                heading = Some(wanted);
            }
            write_row(out, row, id_width, columns)?;
        }
    }
    legend(out, rows)
}

fn write_row(out: &mut dyn Write, row: &Row, id_width: usize, columns: usize) -> io::Result<()> {
    let text = match &row.exercise {
        Ok(exercise) => exercise.summary.clone(),
        Err(fault) => first_line(fault),
    };
    let first = format!("{} {:id_width$}  ", row.mark(), row.id);
    let rest = " ".repeat(first.width());
    let options =
        textwrap::Options::new(columns.max(first.width() + 20)).initial_indent(&first).subsequent_indent(&rest);
    writeln!(out, "{}", textwrap::fill(&one_line(&text), options).trim_end())
}

/// What is wrong with a broken exercise, and in which line.
fn first_line(fault: &Fault) -> String {
    match &fault.place {
        Some(place) => format!("line {}: {}", place.line, fault.what),
        None => fault.what.clone(),
    }
}

fn legend(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    if rows.is_empty() {
        return writeln!(out, "There are no exercises.");
    }
    let marks = [
        (rows.iter().any(|row| row.mark() == '+'), "+ has passed here."),
        (rows.iter().any(|row| row.mark() == '*'), "* is in your repository."),
        (rows.iter().any(|row| row.mark() == '!'), "! is broken: `grade show ID` tells all that is wrong with it."),
    ];
    let told: Vec<_> = marks.iter().filter(|(is_used, _)| *is_used).map(|(_, text)| *text).collect();
    if told.is_empty() { Ok(()) } else { writeln!(out, "\n{}", told.join("\n")) }
}
