//! A CSV table of an instructor's, read strictly: its columns are known, and every mistake has its line and column.

use std::cell::RefCell;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::place;
use crate::error::{Blame, Fault, IoContext as _, Result};
use crate::suggest::nearest;

/// Larger files are no tables that somebody wrote; bounds memory.
const MAX_BYTES: u64 = 16 << 20;

/// A table, and what was found wrong with it so far.
#[derive(Debug)]
pub struct Table {
    file: PathBuf,
    text: String,
    /// The column of each known header that is there.
    columns: Vec<(&'static str, usize)>,
    /// Each with the byte at which it starts.
    rows: Vec<(usize, csv::StringRecord)>,
    mistakes: RefCell<Vec<Fault>>,
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'t> {
    table: &'t Table,
    place: usize,
}

impl Table {
    /// Reads `file`, which must have the columns `required` and may have `optional`; headers in any order, in small or capital letters.
    ///
    /// # Errors
    /// Usage: it can't be read, is no table, lacks a column, or has one that nobody knows.
    pub fn open(file: &Path, required: &[&'static str], optional: &[&'static str]) -> Result<Self> {
        let shown = file.display();
        let size = file.metadata().map_err(|error| Fault::usage(format!("can't read `{shown}`")).because(error))?.len();
        if size > MAX_BYTES {
            return Err(Fault::usage(format!("`{shown}` is larger than {} MiB", MAX_BYTES >> 20)));
        }
        let bytes = std::fs::read(file).or_machine(|| format!("read `{shown}`"))?;
        let text = String::from_utf8(bytes)
            .map_err(|error| Fault::usage(format!("`{shown}` is not UTF-8 text")).because(error.utf8_error()))?;
        Self::of(file, text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text), required, optional)
    }

    fn of(file: &Path, text: String, required: &[&'static str], optional: &[&'static str]) -> Result<Self> {
        let mut table =
            Self { file: file.to_owned(), text, columns: Vec::new(), rows: Vec::new(), mistakes: RefCell::default() };
        let text = table.text.clone();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(text.as_bytes()))
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| table.broken(&error))?.clone();
        table.read_headers(&headers, required, optional);
        for record in reader.into_records() {
            let record = record.map_err(|error| table.broken(&error))?;
            let start = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
            if record.iter().any(|cell| !cell.is_empty()) {
                table.rows.push((start, record));
            }
        }
        table.check().map(|()| table)
    }

    fn read_headers(&mut self, headers: &csv::StringRecord, required: &[&'static str], optional: &[&'static str]) {
        let known: Vec<&'static str> = required.iter().chain(optional).copied().collect();
        for (column, header) in headers.iter().enumerate() {
            let small = header.to_lowercase();
            match known.iter().find(|known| **known == small) {
                Some(known) if self.columns.iter().any(|(there, _)| there == known) => {
                    self.mistake(self.cell_span(0, headers, column), format!("there are two columns `{known}`"), None);
                }
                Some(known) => self.columns.push((known, column)),
                None => {
                    let hint = nearest(&small, known.iter().copied()).map_or_else(
                        || format!("known columns: {}", known.join(", ")),
                        |near| format!("did you mean `{near}`?"),
                    );
                    self.mistake(self.cell_span(0, headers, column), format!("unknown column `{header}`"), Some(hint));
                }
            }
        }
        let is_mistaken = !self.mistakes.borrow().is_empty();
        for wanted in required.iter().filter(|wanted| self.columns.iter().all(|(there, _)| there != *wanted)) {
            // A mistyped header is not missing as well.
            if !is_mistaken {
                self.mistake(
                    0..0,
                    format!("the column `{wanted}` is missing"),
                    Some(format!("known columns: {}", known.join(", "))),
                );
            }
        }
    }

    /// The rows that are not empty, from the first.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).map(|place| Row { table: self, place })
    }

    /// A fault that tells all mistakes that were noted so far, in the order of the file.
    pub fn check(&self) -> Result<()> {
        let mut mistakes = self.mistakes.take();
        mistakes.sort_by_key(|fault| fault.place.as_ref().map(|place| (place.line, place.column)));
        Fault::join(mistakes).map_or(Ok(()), Err)
    }

    fn mistake(&self, span: Range<usize>, what: impl Into<String>, hint: Option<String>) {
        let mut fault = Fault::new(Blame::Usage, what).at(place(&self.file, &self.text, span));
        fault.hint = hint;
        self.mistakes.borrow_mut().push(fault);
    }

    fn broken(&self, error: &csv::Error) -> Fault {
        Fault::usage(format!("`{}` is no CSV table", self.file.display())).because(error)
    }

    /// Where a cell is in the text; cells are looked for one after the other, since the reader does not tell.
    fn cell_span(&self, start: usize, record: &csv::StringRecord, column: usize) -> Range<usize> {
        let mut span = start..start;
        for cell in record.iter().take(column + 1) {
            let found = self.text[span.end..].find(cell).map_or(span.end, |at| span.end + at);
            span = found..found + cell.len();
        }
        span
    }
}

impl<'t> Row<'t> {
    /// What stands in a column; nothing where it is empty or not there.
    pub fn cell(&self, header: &str) -> Option<&'t str> {
        let (_, column) = self.table.columns.iter().find(|(there, _)| *there == header)?;
        self.table.rows[self.place].1.get(*column).filter(|cell| !cell.is_empty())
    }

    /// From 1.
    pub fn line(&self) -> usize {
        self.table.rows[self.place].1.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0))
    }

    /// Notes a mistake in a cell, or in the row where the cell is empty.
    pub fn mistake(&self, header: &str, what: impl Into<String>, hint: Option<String>) {
        let (start, record) = &self.table.rows[self.place];
        let column = self.table.columns.iter().find(|(there, _)| *there == header).map_or(0, |(_, column)| *column);
        self.table.mistake(self.table.cell_span(*start, record, column), what, hint);
    }
}

/// Semicolons or tabs where the headers have more of them than commas.
pub fn delimiter(bytes: &[u8]) -> u8 {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.split(|byte| *byte == wanted).count();
    [b';', b'\t'].into_iter().find(|other| count(*other) > count(b',')).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<Table> {
        Table::of(Path::new("a.csv"), text.to_owned(), &["learner"], &["due", "reason"])
    }

    fn told(fault: &Fault) -> Vec<(String, usize, usize)> {
        std::iter::once(fault)
            .chain(&fault.also)
            .map(|fault| {
                let place = fault.place.as_ref().expect("it has a place");
                (fault.what.clone(), place.line, place.column)
            })
            .collect()
    }

    #[test]
    fn columns_are_found_by_their_headers() {
        let table = table("Reason;LEARNER;due\nill; ada ;\n;;\n\"a; b\";bob;tomorrow\n").expect("it is right");
        let cells: Vec<_> = table.rows().map(|row| (row.line(), row.cell("learner"), row.cell("due"))).collect();
        assert_eq!(cells, [(2, Some("ada"), None), (4, Some("bob"), Some("tomorrow"))]);
    }

    #[test]
    fn mistakes_have_their_places() {
        let table = table("learner,due,reason\nada,ada,x\nbob,,y\n").expect("it is right");
        for row in table.rows() {
            row.mistake("due", "no date", None);
        }
        let fault = table.check().expect_err("two mistakes");
        assert_eq!(told(&fault), [("no date".to_owned(), 2, 5), ("no date".to_owned(), 3, 4)]);
    }

    #[test]
    fn unknown_and_missing_columns_are_told() {
        let fault = table("lerner,due\nada,x\n").expect_err("mistyped");
        assert_eq!(told(&fault), [("unknown column `lerner`".to_owned(), 1, 1)]);
        assert_eq!(fault.hint.as_deref(), Some("did you mean `learner`?"));
        let fault = table("due\nx\n").expect_err("missing");
        assert_eq!(told(&fault), [("the column `learner` is missing".to_owned(), 1, 1)]);
    }
}
