//! One thing that is judged: a `[[check]]` of an exercise.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use crate::document::Section;
use crate::verdict::{Told, Visibility};

#[derive(Clone, Debug, PartialEq)]
pub struct CheckSpec {
    /// The grader has `def test_<id>`.
    pub id: String,
    /// One line for the learner, unique within the exercise.
    pub title: String,
    /// Positive and finite; 0 for what a person reviews.
    pub weight: f64,
    /// A person decides, and the machine gives no points for it.
    pub review: bool,
    pub hint: Option<String>,
    /// What of it a learner is told.
    pub visibility: Visibility,
    /// Line of the check's id in `exercise.toml`, from 1.
    pub line: usize,
}

const KEYS: &[&str] = &["id", "title", "weight", "review", "hint", "visibility", "after_due"];

/// Reads all `[[check]]` below `root`.
pub(super) fn read_all(root: &Section) -> Vec<CheckSpec> {
    let sections = root.sections("check", KEYS);
    if sections.is_empty() {
        root.missing("check");
    }
    let mut seen = Seen::default();
    sections.iter().filter_map(|section| read(section, &mut seen)).collect()
}

fn read(section: &Section, seen: &mut Seen) -> Option<CheckSpec> {
    let id = section.required_text("id");
    let title = section.required_text("title");
    let review = section.boolean("review").unwrap_or_default();
    let weight = read_weight(section, review);
    let hint = section.text("hint").map(toml::Spanned::into_inner);
    let visibility = read_visibility(section);
    let (id, title) = (id?, title?);
    refuse_bad_id(section, id.get_ref(), id.span());
    seen.once(section, "id", id.get_ref(), id.span());
    seen.once(section, "title", title.get_ref(), title.span());
    let line = section.document().line(id.span().start);
    let (id, title) = (id.into_inner(), title.into_inner());
    Some(CheckSpec { id, title, weight: weight?, review, hint, visibility: visibility?, line })
}

fn read_weight(section: &Section, review: bool) -> Option<f64> {
    let Some(weight) = section.number("weight") else { return Some(if review { 0.0 } else { 1.0 }) };
    if review {
        section.mistake(weight.span(), "what a person reviews has no `weight`: the machine gives no points for it");
        return None;
    }
    if *weight.get_ref() > 0.0 {
        return Some(weight.into_inner());
    }
    section.mistake(weight.span(), "`weight` must be more than 0");
    None
}

/// What a learner is told before and after the due date; later never less.
fn read_visibility(section: &Section) -> Option<Visibility> {
    let now = read_told(section, "visibility")?.unwrap_or_default();
    let after_due = read_told(section, "after_due")?.unwrap_or(now);
    if after_due < now {
        let what = format!("after the due date at least `{}` must be told, as before", now.name());
        section.mistake(section.span_of("after_due"), what);
        return None;
    }
    Some(Visibility { now, after_due })
}

/// `None`: a mistake. `Some(None)`: not said.
#[expect(clippy::option_option, reason = "what is wrong is not the same as what is absent")]
fn read_told(section: &Section, key: &'static str) -> Option<Option<Told>> {
    let Some(text) = section.text(key) else { return Some(None) };
    let told = Told::ALL.into_iter().find(|told| told.name() == text.get_ref());
    if told.is_none() {
        let known = Told::ALL.map(Told::name);
        let what = format!("`{key}` must be one of {}", known.join(", "));
        section.unknown(text.span(), what, text.get_ref(), known);
    }
    told.map(Some)
}

fn refuse_bad_id(section: &Section, id: &str, span: Range<usize>) {
    if !super::names::is_identifier(id) {
        section.mistake(span, format!("`{id}` can't be the id of a check: it must be the name of a Python function"));
    } else if let Some(rest) = id.strip_prefix("test_") {
        section.mistake(span, format!("the id of a check goes without `test_`: `{rest}` stands for `def test_{rest}`"));
    }
}

/// Ids and titles that were used, and where in the text.
#[derive(Default)]
struct Seen(HashMap<(&'static str, String), usize>);

impl Seen {
    fn once(&mut self, section: &Section, key: &'static str, value: &str, span: Range<usize>) {
        match self.0.entry((key, value.to_owned())) {
            Entry::Occupied(first) => {
                let line = section.document().line(*first.get());
                section.mistake(span, format!("another check has this {key}, on line {line}"));
            }
            Entry::Vacant(free) => drop(free.insert_entry(span.start)),
        }
    }
}
