//! The mastery checklist: its phases and their sections, by number.

use std::sync::LazyLock;

/// A section, as `3.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChecklistSection {
    pub number: &'static str,
    pub title: &'static str,
}

/// A phase, as `3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    pub number: &'static str,
    pub title: &'static str,
    pub sections: Vec<ChecklistSection>,
}

/// All phases, in their order.
pub fn phases() -> &'static [Phase] {
    &PHASES
}

/// The section of that number.
pub fn section(number: &str) -> Option<ChecklistSection> {
    phases().iter().flat_map(|phase| &phase.sections).copied().find(|section| section.number == number)
}

static PHASES: LazyLock<Vec<Phase>> = LazyLock::new(|| {
    let mut phases: Vec<Phase> = Vec::new();
    for (number, title) in include_str!("checklist.tsv").lines().filter_map(|line| line.split_once('\t')) {
        match phases.last_mut() {
            Some(phase) if number.contains('.') => phase.sections.push(ChecklistSection { number, title }),
            _ => phases.push(Phase { number, title, sections: Vec::new() }),
        }
    }
    phases
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_in_its_phase() {
        assert!(phases().len() > 20);
        for phase in phases() {
            assert!(!phase.sections.is_empty(), "{phase:?}");
            assert!(phase.sections.iter().all(|section| section.number.split_once('.').unwrap().0 == phase.number));
        }
        assert_eq!(section("6.6").map(|section| section.title), Some("Decorators"));
        assert_eq!(section("6.66"), None);
    }
}
