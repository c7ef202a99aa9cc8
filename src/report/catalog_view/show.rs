//! `grade show`: the text of an exercise, and where its files go.

use std::io::{self, Write};

use super::counted;
use crate::catalog::Exercise;
use crate::report::escape::many_lines;

/// Writes the README as it is, then the facts and the next command.
pub fn show(out: &mut dyn Write, exercise: &Exercise, readme: &str, present: bool) -> io::Result<()> {
    writeln!(out, "{}\n", many_lines(readme).trim_end())?;
    for (index, file) in exercise.files.iter().enumerate() {
        let label = if index == 0 { "Files" } else { "" };
        let optional = match exercise.is_optional(file) {
            true if exercise.note.as_ref() == Some(file) => "  (your note)",
            true => "  (can come later)",
            false => "",
        };
        writeln!(out, "{label:<8}{}{optional}", exercise.path_of(file))?;
    }
    for pattern in exercise.include.patterns() {
        writeln!(out, "{:<8}{}  (whatever is there)", "", exercise.path_of(pattern))?;
    }
    let points = exercise.points();
    let points = if (points - 1.0).abs() < f64::EPSILON { "1 point".to_owned() } else { format!("{points} points") };
    writeln!(out, "{:<8}{}, {points}", "Checks", counted(exercise.checks.len(), "check"))?;
    let next = if present { "grade" } else { "grade start" };
    writeln!(out, "{:<8}{next} {}", "Next", exercise.id)
}
