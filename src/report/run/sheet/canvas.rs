//! Canvas' gradebook: what it exported, with one assignment filled in and the others left out, so that importing it changes that one only.
//!
//! Columns as Canvas' importer reads them: `Student`, `ID`, some of `SIS User ID`, `SIS Login ID`, `Integration ID`, `Root Account`, and `Section` last; then
//! `Title (id)` for each assignment. An unknown title would make a new assignment, so titles are taken from the sheet and never written by us.

use std::io::Write;

use super::{Leftover, Sheet, fill, read_number, scaled};
use crate::error::{Fault, Result};
use crate::report::escape::cell;
use crate::report::run::Failed;
use crate::report::run::book::Book;

/// Columns that say who a row is about.
const IDS: [&str; 4] = ["ID", "SIS User ID", "SIS Login ID", "Integration ID"];

/// `column`: the assignment's, when there are several.
pub(in crate::report::run) fn canvas(
    out: &mut dyn Write,
    book: &Book<'_>,
    sheet: &mut Sheet,
    column: Option<&str>,
) -> Result<Leftover, Failed> {
    let student = sheet.column(|name| name.contains("Student")).filter(|at| *at == 0).ok_or_else(no_gradebook)?;
    let section = sheet.column(|name| name == "Section").ok_or_else(no_gradebook)?;
    let grade = assignment(sheet, section, column)?;
    let points = sheet.rows.iter().find(|row| is_points(row)).and_then(|row| read_number(&row[grade]));
    let ids: Vec<usize> = IDS.iter().filter_map(|id| sheet.column(|name| name == *id)).collect();
    // Rows of Canvas' own (points, `Student, Test`) stay as they are.
    let own: Vec<Vec<String>> = sheet.rows.extract_if(.., |row| is_points(row)).collect();
    let left = fill(sheet, book, (&ids, Some(student)), |row, entry| {
        let (text, scaled) = scaled(entry.score, points);
        row[grade] = text;
        scaled
    })?;
    for row in &mut sheet.rows {
        row[student] = cell(&row[student]).into_owned();
    }
    sheet.rows.splice(0..0, own);
    let columns: Vec<usize> = (0..=section).chain([grade]).collect();
    sheet.write(out, &columns)?;
    Ok(left)
}

fn is_points(row: &[String]) -> bool {
    row.first().is_some_and(|cell| cell.contains("Points Possible"))
}

fn assignment(sheet: &Sheet, section: usize, asked: Option<&str>) -> Result<usize> {
    if let Some(name) = asked {
        return sheet.named(name);
    }
    let is_assignment = |name: &str| {
        name.strip_suffix(')')
            .and_then(|name| name.rsplit_once(" ("))
            .is_some_and(|(_, id)| id.bytes().all(|b| b.is_ascii_digit()))
    };
    let found: Vec<usize> =
        (section + 1..sheet.header.len()).filter(|at| is_assignment(sheet.header[*at].trim())).collect();
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(Fault::usage("the sheet has no assignment")
            .hint("make the assignment in Canvas, and export the gradebook again")),
        several => {
            let names: Vec<String> = several.iter().map(|at| format!("`{}`", sheet.header[*at])).collect();
            Err(Fault::usage("the sheet has several assignments")
                .hint(format!("say which one is to be filled in with `--column`: {}", names.join(", "))))
        }
    }
}

fn no_gradebook() -> Fault {
    Fault::usage("the sheet is no gradebook of Canvas: it has no `Student` first and no `Section`")
        .hint("in Canvas: Grades, Export, Export Entire Gradebook")
}
