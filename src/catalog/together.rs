//! Checks that fail together by their nature: a `[[together]]` of an exercise, with the author's reason.

use super::CheckSpec;
use crate::document::Section;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// Ids, at least two.
    pub checks: Vec<String>,
    pub why: String,
    /// Line of the list in `exercise.toml`, from 1.
    pub line: usize,
}

const KEYS: &[&str] = &["checks", "why"];

/// Reads all `[[together]]` below `root`.
pub(super) fn read_all(root: &Section, checks: &[CheckSpec]) -> Vec<Together> {
    root.sections("together", KEYS).iter().filter_map(|section| read(section, checks)).collect()
}

fn read(section: &Section, checks: &[CheckSpec]) -> Option<Together> {
    let named = section.texts("checks");
    let why = section.required_text("why");
    let known = || checks.iter().map(|check| check.id.as_str());
    for name in named.iter().filter(|name| !known().any(|id| id == name.get_ref())) {
        section.unknown(name.span(), format!("`{}` is no check", name.get_ref()), name.get_ref(), known());
    }
    if named.len() < 2 {
        section.mistake(section.span_of("checks"), "`checks` must name two checks at least");
    }
    let line = section.document().line(section.span_of("checks").start);
    let checks = named.into_iter().map(toml::Spanned::into_inner).collect();
    Some(Together { checks, why: why?.into_inner(), line })
}
