//! Mutants that are no mistakes, each with the reason: `fixtures/<id>/mutants.toml`.

use super::Exercise;
use crate::document::{Document, Section};
use crate::error::{Blame, Place, Result};

/// What an author has on record about mutants.
#[derive(Clone, Debug, Default)]
pub struct MutantRecords {
    /// Files of which no mutants are made: what they do is the learner's own choice.
    pub left_open: Vec<String>,
    pub equivalent: Vec<Equivalent>,
}

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

pub(super) const FILE: &str = "mutants.toml";

const KEYS: &[&str] = &["left_open", "equivalent"];
const OPEN_KEYS: &[&str] = &["file", "why"];
const ENTRY_KEYS: &[&str] = &["sample", "line", "mutant", "why"];

/// All of an exercise; none when it has no such file.
pub(super) fn load_all(exercise: &Exercise) -> Result<MutantRecords> {
    let file = exercise.fixtures_dir().join(FILE);
    if !file.is_file() {
        return Ok(MutantRecords::default());
    }
    Document::open(&file, Blame::Author)?.read(KEYS, |root| {
        let left_open = root.sections("left_open", OPEN_KEYS);
        Some(MutantRecords {
            left_open: left_open.iter().filter_map(|section| read_open(section, exercise)).collect(),
            equivalent: root.sections("equivalent", ENTRY_KEYS).iter().filter_map(read).collect(),
        })
    })
}

fn read_open(section: &Section, exercise: &Exercise) -> Option<String> {
    let (file, why) = (section.required_text("file"), section.required_text("why"));
    let (file, _) = (file?, why?);
    if !exercise.files.contains(file.get_ref()) {
        let known = exercise.files.iter().map(String::as_str);
        section.unknown(file.span(), format!("`{}` is no file of it", file.get_ref()), file.get_ref(), known);
    }
    Some(file.into_inner())
}

fn read(section: &Section) -> Option<Equivalent> {
    let text = |key| section.required_text(key).map(toml::Spanned::into_inner);
    let (sample, line, why) = (text("sample"), text("line"), text("why"));
    // A removed decorator leaves an empty line.
    let mutant = if section.has("mutant") { text("mutant") } else { Some(String::new()) };
    let place = section.document().place(section.span_of("line"));
    Some(Equivalent { sample: sample?, line: line?, mutant: mutant?, why: why?, place })
}
