//! The four tracks of the catalogue.

use std::fmt;

/// A row of exercises that belong together; in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Track {
    Plan,
    Proof,
    Project,
    Drill,
}

impl Track {
    pub const ALL: [Self; 4] = [Self::Plan, Self::Proof, Self::Project, Self::Drill];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Proof => "proof",
            Self::Project => "project",
            Self::Drill => "drill",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|track| track.name() == name)
    }
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
