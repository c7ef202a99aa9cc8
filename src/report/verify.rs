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
    /// The median of what a right sample costs inside the sandbox, in milliseconds of CPU time; none without right samples.
    pub right_cpu_ms: Option<u64>,
}

impl Verified {
    pub fn is_sound(&self) -> bool {
        self.complaints.is_empty() && self.held.iter().all(|held| held.mismatches.is_empty())
    }
}

/// How many exercises are as they should be.
#[derive(Debug, Default)]
pub struct Total {
    exercises: usize,
    sound: usize,
    samples: usize,
}

impl Total {
    pub fn add(&mut self, verified: &Verified) {
        self.exercises += 1;
        self.sound += usize::from(verified.is_sound());
        self.samples += verified.held.len();
    }

    pub const fn is_sound(&self) -> bool {
        self.sound == self.exercises
    }

    pub fn tell(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { exercises, sound, samples } = self;
        writeln!(out, "{sound} of {exercises} exercises verified, {samples} sample submissions")
    }
}

/// Writes what came of the samples of one exercise.
pub fn samples(out: &mut dyn Write, verified: &Verified) -> io::Result<()> {
    let as_expected = verified.held.iter().filter(|held| held.mismatches.is_empty()).count();
    let word = if verified.is_sound() { "ok" } else { "NOT AS EXPECTED" };
    let cost = verified.right_cpu_ms.map_or_else(String::new, |ms| format!("; a right one takes {ms} ms of CPU time"));
    writeln!(out, "{}: {word}, {as_expected} of {} samples as expected{cost}", verified.exercise, verified.held.len())?;
    for held in verified.held.iter().filter(|held| !held.mismatches.is_empty()) {
        writeln!(out, "  {} ({})", held.sample, held.place)?;
        for (seed, mismatch) in &held.mismatches {
            writeln!(out, "    seed {seed}: {}", terminal(mismatch, Breaks::Show))?;
        }
    }
    verified.complaints.iter().try_for_each(|complaint| writeln!(out, "  {}", terminal(complaint, Breaks::Show)))
}
