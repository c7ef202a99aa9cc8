//! What an exercise gives evidence for: sections of the mastery checklist, each at a level, by `[evidence]`.

use std::fmt;

use super::checklist;
use crate::document::Section;

/// How well something is known; ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mastery {
    /// L1
    Use,
    /// L2
    Explain,
    /// L3
    Debug,
    /// L4
    Predict,
}

impl Mastery {
    pub const ALL: [Self; 4] = [Self::Use, Self::Explain, Self::Debug, Self::Predict];

    /// `L1`
    pub const fn name(self) -> &'static str {
        match self {
            Self::Use => "L1",
            Self::Explain => "L2",
            Self::Debug => "L3",
            Self::Predict => "L4",
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Use => "use",
            Self::Explain => "explain",
            Self::Debug => "debug",
            Self::Predict => "predict",
        }
    }
}

impl fmt::Display for Mastery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One section, and the level that the exercise shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Number of a section of the checklist: `3.1`.
    pub section: String,
    pub level: Mastery,
}

const KEYS: &[&str] = &["L1", "L2", "L3", "L4"];

/// Reads `[evidence]` below `root`.
pub(super) fn read(root: &Section) -> Vec<Evidence> {
    let Some(section) = root.section("evidence", KEYS) else { return Vec::new() };
    let mut found: Vec<Evidence> = Vec::new();
    for level in Mastery::ALL {
        for number in section.texts(level.name()) {
            if checklist::section(number.get_ref()).is_none() {
                let what = format!("the mastery checklist has no section `{}`", number.get_ref());
                section.mistake(number.span(), what);
            } else if found.iter().any(|known| known.section == *number.get_ref()) {
                section.mistake(number.span(), format!("section `{}` is named twice", number.get_ref()));
            } else {
                found.push(Evidence { section: number.into_inner(), level });
            }
        }
    }
    found
}
