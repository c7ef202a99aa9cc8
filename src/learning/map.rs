//! The mastery map: what the exercises that passed show of the checklist, phase by phase.

use std::collections::BTreeSet;

use super::known::Known;
use crate::catalog::Mastery;
use crate::catalog::checklist::{ChecklistSection, Phase, phases};

/// What is shown of one section.
#[derive(Clone, Debug)]
pub struct SectionShown {
    pub section: ChecklistSection,
    /// The highest level that was shown, and the exercises that did.
    pub shown: Option<(Mastery, Vec<String>)>,
    /// An explanation of it is still to be reviewed.
    pub to_review: bool,
    /// Exercises that would show it, or show more.
    pub open: Vec<(Mastery, String)>,
}

/// One phase, with those of its sections that exercises give evidence for.
#[derive(Clone, Debug)]
pub struct PhaseShown {
    pub phase: &'static Phase,
    pub sections: Vec<SectionShown>,
}

/// All phases about which there is any exercise.
pub fn map(known: &[Known]) -> Vec<PhaseShown> {
    let shown = |phase: &'static Phase| PhaseShown {
        phase,
        sections: phase.sections.iter().filter_map(|section| section_shown(*section, known)).collect(),
    };
    phases().iter().map(shown).filter(|phase| !phase.sections.is_empty()).collect()
}

fn section_shown(section: ChecklistSection, known: &[Known]) -> Option<SectionShown> {
    let evidence: Vec<(&Known, Mastery)> = known
        .iter()
        .flat_map(|known| known.exercise.evidence.iter().map(move |evidence| (known, evidence)))
        .filter(|(_, evidence)| evidence.section == section.number)
        .map(|(known, evidence)| (known, evidence.level))
        .collect();
    if evidence.is_empty() {
        return None;
    }
    // To explain something is more than the machine can see: until a person has read it, it is shown to be used.
    let shows = |known: &Known, level: Mastery| match level {
        Mastery::Explain if !known.reviewed => Mastery::Use,
        level => level,
    };
    let passed = || evidence.iter().filter(|(known, _)| known.passed);
    let highest = passed().map(|(known, level)| shows(known, *level)).max();
    let by = |highest: Mastery| -> BTreeSet<String> {
        passed()
            .filter(|(known, level)| shows(known, *level) == highest)
            .map(|(known, _)| known.exercise.id.to_string())
            .collect()
    };
    let open = evidence.iter().filter(|(known, level)| !known.passed && Some(*level) > highest);
    Some(SectionShown {
        section,
        shown: highest.map(|highest| (highest, by(highest).into_iter().collect())),
        to_review: passed().any(|(known, level)| *level == Mastery::Explain && !known.reviewed),
        open: open.map(|(known, level)| (*level, known.exercise.id.to_string())).collect(),
    })
}
