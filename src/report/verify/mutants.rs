//! What became of the mutants of an exercise.

use std::io::{self, Write};

use crate::report::escape::{Breaks, terminal};
use crate::verify::mutants::{Fate, Harvest, LEAST_KILLED, Mutant};

/// Writes the count, every mutant that is not found, and how many each check finds.
pub fn mutants(out: &mut dyn Write, harvest: &Harvest) -> io::Result<()> {
    let word = if harvest.is_sound() { "ok" } else { "NOT ENOUGH" };
    writeln!(
        out,
        "{}: {word}, {} of {} mutants found, {} equivalent: {} % (at least {LEAST_KILLED} are needed)",
        harvest.exercise,
        harvest.killed(),
        harvest.mutants.len(),
        harvest.equivalent(),
        harvest.percent(),
    )?;
    for (mutant, fate) in &harvest.mutants {
        match fate {
            Fate::Survived => told(out, "survives", mutant, None)?,
            Fate::BrokeTheGrader(what) => told(out, "breaks the grader", mutant, Some(what))?,
            Fate::Killed(_) | Fate::Equivalent => {}
        }
    }
    for stale in &harvest.stale {
        writeln!(out, "  stale record: {}", terminal(stale, Breaks::Show))?;
    }
    writeln!(out, "  found by each check:")?;
    harvest.kills.iter().try_for_each(|(check, kills)| writeln!(out, "  {kills:6}  {check}"))
}

fn told(out: &mut dyn Write, what: &str, mutant: &Mutant, why: Option<&str>) -> io::Result<()> {
    let mutation = &mutant.mutation;
    writeln!(out, "  {what} ({}): {}/{}:{}", mutation.operator, mutant.sample, mutant.file, mutation.line)?;
    if let Some(why) = why {
        writeln!(out, "      {}", terminal(why, Breaks::Show))?;
    }
    writeln!(out, "    - {}", terminal(&mutation.original, Breaks::Show))?;
    writeln!(out, "    + {}", terminal(&mutation.mutated, Breaks::Show))
}
