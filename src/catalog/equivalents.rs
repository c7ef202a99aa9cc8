//! Mutants that mean the same as the original, each with the reason: `fixtures/<id>/mutants.toml`.

use super::Exercise;
use crate::document::{Document, Section};
use crate::error::{Blame, Place, Result};

/// A mutant is known by its sample and by the line that it changes: both stay when lines come and go around it.
#[derive(Clone, Debug)]
pub struct Equivalent {
    /// Name of the sample submission.
    pub sample: String,
    /// The line as it is, and as the mutant has it; without white space around them.
    pub line: String,
    pub mutant: String,
    pub why: String,
    pub place: Place,
}

const KEYS: &[&str] = &["equivalent"];
const ENTRY_KEYS: &[&str] = &["sample", "line", "mutant", "why"];

/// All of an exercise; none when it has no such file.
pub(super) fn load_all(exercise: &Exercise) -> Result<Vec<Equivalent>> {
    let file = exercise.fixtures_dir().join("mutants.toml");
    if !file.is_file() {
        return Ok(Vec::new());
    }
    Document::open(&file, Blame::Author)?
        .read(KEYS, |root| Some(root.sections("equivalent", ENTRY_KEYS).iter().filter_map(read).collect()))
}

fn read(section: &Section) -> Option<Equivalent> {
    let text = |key| section.required_text(key).map(toml::Spanned::into_inner);
    let (sample, line, why) = (text("sample"), text("line"), text("why"));
    // A removed decorator leaves an empty line.
    let mutant = if section.has("mutant") { text("mutant") } else { Some(String::new()) };
    let place = section.document().place(section.span_of("line"));
    Some(Equivalent { sample: sample?, line: line?, mutant: mutant?, why: why?, place })
}
