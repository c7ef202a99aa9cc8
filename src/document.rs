//! A TOML file read strictly: every mistake in it is collected, each with its line and column.

use std::cell::RefCell;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use crate::error::{Blame, Fault, IoContext as _, Place, Result};

mod moment;
mod place;
mod section;
mod table;

pub use moment::Moment;
pub use place::place;
pub use section::Section;
pub use table::{Row, Table, delimiter};

/// Larger files are no settings; bounds memory.
const MAX_BYTES: u64 = 1024 * 1024;

/// The text of one file, and what was found wrong with it so far.
#[derive(Debug)]
pub struct Document {
    file: PathBuf,
    text: String,
    /// Whose fault a mistake in this file is.
    blame: Blame,
    /// Where in the text (byte offset), and what.
    mistakes: RefCell<Vec<(usize, Fault)>>,
}

impl Document {
    /// Reads `file`; mistakes in it will be the fault of `blame`.
    pub fn open(file: &Path, blame: Blame) -> Result<Self> {
        let shown = file.display();
        let size = file.metadata().or_machine(|| format!("read `{shown}`"))?.len();
        if size > MAX_BYTES {
            return Err(Fault::new(blame, format!("`{shown}` is larger than 1 MiB")));
        }
        let bytes = std::fs::read(file).or_machine(|| format!("read `{shown}`"))?;
        let text = String::from_utf8(bytes)
            .map_err(|error| Fault::new(blame, format!("`{shown}` is not UTF-8 text")).because(error.utf8_error()))?;
        Ok(Self::of(file, text, blame))
    }

    /// A document whose text is already at hand.
    pub fn of(file: &Path, text: String, blame: Blame) -> Self {
        Self { file: file.to_owned(), text, blame, mistakes: RefCell::default() }
    }

    /// Hands the root table to `read`, and its answer out if neither TOML nor `read` found a mistake.
    ///
    /// `keys` are all keys that the root may have. The fault tells all mistakes, in the order of the file.
    pub fn read<T>(&self, keys: &'static [&'static str], read: impl FnOnce(&Section) -> Option<T>) -> Result<T> {
        let (root, errors) = DeTable::parse_recoverable(&self.text);
        for error in &errors {
            self.mistake(error.span().unwrap_or(0..0), sentence(error.message()), None);
        }
        // What is left of a file that is no TOML would only yield mistakes that nobody made.
        let value =
            if errors.is_empty() { read(&Section::new(self, String::new(), root.get_ref(), 0..0, keys)) } else { None };
        let mut mistakes = self.mistakes.take();
        mistakes.sort_by_key(|(offset, _)| *offset);
        match (Fault::join(mistakes.into_iter().map(|(_, fault)| fault)), value) {
            (Some(fault), _) => Err(fault),
            (None, Some(value)) => Ok(value),
            (None, None) => Err(Fault::ourselves(format!("`{}` was refused without a reason", self.file.display()))),
        }
    }

    /// Notes a mistake at `span` (bytes of the text).
    pub fn mistake(&self, span: Range<usize>, what: impl Into<String>, hint: Option<String>) {
        let mut fault = Fault::new(self.blame, what).at(self.place(span.clone()));
        fault.hint = hint;
        self.mistakes.borrow_mut().push((span.start, fault));
    }

    /// The line of a byte of the text, from 1; cheaper than its whole place.
    pub fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
    }

    /// The place of `span` (bytes of the text).
    pub fn place(&self, span: Range<usize>) -> Place {
        place(&self.file, &self.text, span)
    }
}

/// The parser's words on one line.
fn sentence(message: &str) -> String {
    message.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes_of(text: &str) -> Vec<(String, usize, usize)> {
        let document = Document::of(Path::new("a.toml"), text.to_owned(), Blame::Author);
        let fault = document
            .read(&["name", "size", "part"], |root| {
                root.required_text("name")?;
                let _ = root.sections("part", &["weight"]).iter().filter_map(|part| part.number("weight")).count();
                let _ = root.integer("size");
                Some(())
            })
            .unwrap_err();
        let mut all = vec![fault];
        all.append(&mut all[0].also.clone());
        all.into_iter()
            .map(|fault| {
                let place = fault.place.unwrap();
                (fault.what, place.line, place.column)
            })
            .collect()
    }

    #[test]
    fn all_mistakes_are_told_in_the_order_of_the_file() {
        let found = mistakes_of("name = \"é\"\nsize = true\n\n[[part]]\nweight = \"1\"\n[[part]]\nwait = 1\n");
        insta::assert_debug_snapshot!(found);
    }

    #[test]
    fn a_mistyped_key_is_not_missing_as_well() {
        assert_eq!(mistakes_of("nane = \"x\"\n"), [("unknown key `nane`".to_owned(), 1, 1)]);
    }

    #[test]
    fn a_missing_key_of_a_file_is_shown_at_its_first_line() {
        assert_eq!(mistakes_of("size = 3\n"), [("`name` is missing".to_owned(), 1, 1)]);
    }

    #[test]
    fn broken_toml_yields_the_parsers_mistakes_only() {
        insta::assert_debug_snapshot!(mistakes_of("nane = \"x\"\nname = \n= 3\nname = \"twice\"\n"));
    }
}
