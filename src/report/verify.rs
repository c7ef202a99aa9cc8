//! What `grade verify` found, for authors.

mod mutants;

use std::io::{self, Write};

pub use mutants::mutants;

use super::escape::{Breaks, terminal};

/// One sample submission, held against what its author expects.
#[derive(Debug)]
pub struct Held {
    pub sample: String,
    /// With the seed that showed each.
    pub mismatches: Vec<(u64, String)>,
    /// Where the expectation is stated: `path:line`.
    pub place: String,
}

/// One exercise and all its samples.
#[derive(Debug)]
pub struct Verified {
    pub exercise: String,
    pub held: Vec<Held>,
    /// What is not right about the exercise as a whole, a sentence each.
    pub complaints: Vec<String>,
    pub cpu_ms: u64,
}

impl Verified {
    pub fn is_sound(&self) -> bool {
        self.complaints.is_empty() && self.held.iter().all(|held| held.mismatches.is_empty())
    }
}

/// Writes what came of all samples.
pub fn samples(out: &mut dyn Write, all: &[Verified]) -> io::Result<()> {
    for verified in all {
        exercise(verified, out)?;
    }
    let sound = all.iter().filter(|verified| verified.is_sound()).count();
    let samples: usize = all.iter().map(|verified| verified.held.len()).sum();
    writeln!(out, "{sound} of {} exercises verified, {samples} sample submissions", all.len())
}

fn exercise(verified: &Verified, out: &mut dyn Write) -> io::Result<()> {
    let as_expected = verified.held.iter().filter(|held| held.mismatches.is_empty()).count();
    let word = if verified.is_sound() { "ok" } else { "NOT AS EXPECTED" };
    writeln!(out, "{}: {word}, {as_expected} of {} samples as expected", verified.exercise, verified.held.len())?;
    for held in verified.held.iter().filter(|held| !held.mismatches.is_empty()) {
        writeln!(out, "  {} ({})", held.sample, held.place)?;
        for (seed, mismatch) in &held.mismatches {
            writeln!(out, "    seed {seed}: {}", terminal(mismatch, Breaks::Show))?;
        }
    }
    verified.complaints.iter().try_for_each(|complaint| writeln!(out, "  {}", terminal(complaint, Breaks::Show)))
}
