//! Moodle's offline grading worksheet, filled in; every other column stays, since importing it finds them by their names.
//!
//! Columns as Moodle's importer reads them: `Identifier` (`Participant 12`), `Grade`, `Last modified (grade)`, and `Feedback comments` where the assignment has them. Their
//! names are those of the site's language, so that of the grade can be said with `--column`.

use std::io::Write;

use super::{Leftover, Sheet, fill, read_number, scaled};
use crate::error::{Fault, Result};
use crate::report::escape::{cell, html};
use crate::report::run::Failed;
use crate::report::run::book::Book;

/// `column`: the grade's, where it is not called `Grade`.
pub(in crate::report::run) fn moodle(
    out: &mut dyn Write,
    book: &Book<'_>,
    sheet: &mut Sheet,
    column: Option<&str>,
) -> Result<Leftover, Failed> {
    let identifier = identifier(sheet)?;
    let grade = sheet.named(column.unwrap_or("Grade"))?;
    let most = sheet.column(|name| name == "Maximum Grade");
    let feedback = sheet.column(|name| name == "Feedback comments");
    let names = ["Full name", "Name"].iter().find_map(|wanted| sheet.column(|name| name == *wanted));
    let mut ids: Vec<usize> =
        ["ID number", "Username", "Email address"].iter().filter_map(|id| sheet.column(|name| name == *id)).collect();
    let number = sheet.header.len();
    // `Participant 12`: the download has the number only.
    for row in &mut sheet.rows {
        let participant = row[identifier].rsplit(' ').next().unwrap_or_default().to_owned();
        row.resize(number, String::new());
        row.push(participant);
    }
    ids.insert(0, number);
    let left = fill(sheet, book, (&ids, names.or(Some(identifier))), |row, entry| {
        let (text, scaled) = scaled(entry.score, most.and_then(|most| read_number(&row[most])));
        row[grade] = text;
        if let Some(comment) = feedback.filter(|at| row[*at].trim().is_empty() && !entry.words.is_empty()) {
            // Moodle shows it as HTML.
            row[comment] = cell(&html(&entry.words)).into_owned();
        }
        scaled
    })?;
    let columns: Vec<usize> = (0..number).collect();
    sheet.write(out, &columns)?;
    Ok(left)
}

/// The first column, whatever it is called: each cell ends with the participant's number.
fn identifier(sheet: &Sheet) -> Result<usize> {
    let is_participant = |row: &Vec<String>| {
        row.first()
            .and_then(|cell| cell.rsplit_once(' '))
            .is_some_and(|(_, end)| !end.is_empty() && end.bytes().all(|b| b.is_ascii_digit()))
    };
    if sheet.rows.iter().all(is_participant) {
        return Ok(0);
    }
    Err(Fault::usage("the sheet is no grading worksheet of Moodle: its first column does not say `Participant 12`")
        .hint("in Moodle: the assignment, Submissions, Download grading worksheet (needs \"Offline grading worksheet\" in the assignment's feedback types)"))
}
