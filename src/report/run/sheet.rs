//! A gradebook that the instructor downloaded, filled in: rows are found by who they are about, and every row stays.

mod canvas;
mod moodle;
mod people;

pub(super) use canvas::canvas;
pub(super) use moodle::moodle;

use std::io::Write;
use std::path::Path;

use super::Failed;
use super::book::Book;
use crate::disclosure;
use crate::error::{Fault, IoContext as _, Result};
use crate::report::words::number;
use crate::store::Graded;
use crate::verdict::Score;
use people::{Finding, People};

/// A table of text, as a program exported it.
#[derive(Debug)]
pub struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    delimiter: u8,
}

/// What did not fit together, for a person to look at.
#[derive(Debug, Default)]
pub struct Leftover {
    /// Rows that nothing was handed in for, or that could not be told apart.
    pub rows: Vec<String>,
    /// Learners with a verdict whom no row is about.
    pub learners: Vec<String>,
    /// `(points here, points there)` where they differ, so that scores were scaled.
    pub scaled: Option<(f64, f64)>,
}

impl Sheet {
    /// Reads the sheet at `path`: UTF-8, columns parted by commas or semicolons.
    ///
    /// # Errors
    /// Usage: it is no such table.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).or_machine(|| format!("read the sheet `{}`", path.display()))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            Fault::usage(format!("`{}` is not UTF-8 text", path.display())).hint("export it again as CSV in UTF-8")
        })?;
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default();
        let delimiter = if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let rows: std::result::Result<Vec<Vec<String>>, _> =
            reader.records().map(|row| row.map(|row| row.iter().map(str::to_owned).collect())).collect();
        let mut rows =
            rows.map_err(|error| Fault::usage(format!("`{}` is no table", path.display())).because(error))?;
        if rows.is_empty() {
            return Err(Fault::usage(format!("`{}` is empty", path.display())));
        }
        let header = rows.remove(0);
        for row in &mut rows {
            row.resize(header.len().max(row.len()), String::new());
        }
        Ok(Self { header, rows, delimiter })
    }

    fn column(&self, is: impl Fn(&str) -> bool) -> Option<usize> {
        self.header.iter().position(|name| is(name.trim()))
    }

    /// The column that is called so, else a fault that lists those that there are.
    fn named(&self, name: &str) -> Result<usize> {
        self.column(|header| header == name).ok_or_else(|| {
            let all: Vec<String> = self.header.iter().map(|name| format!("`{name}`")).collect();
            Fault::usage(format!("the sheet has no column `{name}`")).hint(format!("it has {}", all.join(", ")))
        })
    }

    /// Writes some of its columns; `cell` may change what is in them.
    fn write(&self, out: &mut dyn Write, columns: &[usize]) -> Result<(), Failed> {
        let mut writer = csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(out);
        for row in std::iter::once(&self.header).chain(&self.rows) {
            let cells = columns.iter().map(|column| row.get(*column).map_or("", String::as_str));
            writer.write_record(cells).map_err(|error| Failed::Write(error.into()))?;
        }
        writer.flush().map_err(Failed::Write)
    }
}

/// What fills a row.
struct Entry {
    learner: String,
    score: Score,
    /// What the learner is told, in a sentence.
    words: String,
}

/// Everybody with a verdict; and what they are called by.
fn entries(book: &Book<'_>) -> Result<(Vec<Entry>, People)> {
    let (mut entries, mut people) = (Vec::new(), People::default());
    for graded in book.graded()? {
        let graded = graded?;
        let Some(verdict) = graded.verdict() else { continue };
        for learner in &graded.submission.learners {
            people.add(entries.len(), learner);
            entries.push(Entry { learner: learner.key.clone(), score: verdict.score, words: words(book, &graded) });
        }
    }
    Ok((entries, people))
}

fn words(book: &Book<'_>, graded: &Graded) -> String {
    let mut told = graded.clone();
    if let crate::store::State::Graded { verdict, .. } = &mut told.state {
        **verdict = disclosure::for_learner((**verdict).clone(), book.moment());
    }
    super::reason(&told)
}

/// Fills column `grade` of each row with the points of who it is about, as a share of `most`.
///
/// `ids` and `name` are the columns that tell who that is.
fn fill(
    sheet: &mut Sheet,
    book: &Book<'_>,
    (ids, name): (&[usize], Option<usize>),
    mut put: impl FnMut(&mut Vec<String>, &Entry) -> Option<(f64, f64)>,
) -> Result<Leftover> {
    let (entries, people) = entries(book)?;
    let mut used = vec![false; entries.len()];
    let mut left = Leftover::default();
    for row in &mut sheet.rows {
        let cell = |column: &usize| row.get(*column).map_or("", |cell| cell.trim());
        let called = name.as_ref().map_or("", cell).to_owned();
        let ids: Vec<&str> = ids.iter().map(cell).collect();
        match people.find(&ids, &called) {
            Finding::One(at) => {
                used[at] = true;
                left.scaled = left.scaled.or(put(row, &entries[at]));
            }
            Finding::Nobody => left.rows.push(format!("{called} ({})", ids.join(", "))),
            Finding::Several => left.rows.push(format!("{called} ({}): several have this name", ids.join(", "))),
        }
    }
    left.learners = entries.into_iter().zip(used).filter(|(_, used)| !used).map(|(entry, _)| entry.learner).collect();
    Ok(left)
}

/// Points as a share of what the sheet says is possible; also tells when that is another number than ours.
fn scaled(score: Score, most: Option<f64>) -> (String, Option<(f64, f64)>) {
    match most {
        Some(most) if score.possible > 0.0 && (most - score.possible).abs() > 1e-9 => {
            (number(score.earned / score.possible * most), Some((score.possible, most)))
        }
        _ => (number(score.earned), None),
    }
}

/// A number as sheets write it, with a point or a comma.
fn read_number(cell: &str) -> Option<f64> {
    cell.trim().replace(',', ".").parse().ok()
}
