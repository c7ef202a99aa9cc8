//! `--levels`: what a warm submission costs at each level of isolation, and at `full` without the filter of system calls, in turn.

use std::fs;
use std::os::unix::fs::symlink;

use grade::catalog::embedded;
use tempfile::TempDir;

use crate::Outcome;
use crate::ground::{self, Ground, told};
use crate::meter::Meter;
use crate::table::{Spread, ms};
use crate::warm::{Place, Warm};

/// The step of `graders/sandboxed/confinement.py` that installs the filter, and what stands there instead when it is left out.
const FILTERED: &str = "        if self._filter:\n";
const UNFILTERED: &str = "        if False:\n";

#[expect(clippy::print_stdout, reason = "the table is what the benchmark is for")]
pub(crate) fn run(ground: &Ground, meter: &Meter, rounds: usize, many: usize) -> Outcome<()> {
    let unfiltered = without_filter()?;
    let places = [
        ("limits", Place::at("limits")),
        ("landlock", Place::at("landlock")),
        ("full, no filter", Place { cache: unfiltered.path().to_owned(), ..Place::at("full") }),
        ("full", Place::at("full")),
    ];
    let mut workers = Vec::new();
    for (name, place) in places {
        let mut warm = Warm::start_at(ground, place)?;
        warm.run(&ground.take(0, many))?;
        workers.push((name, warm, Vec::new()));
    }
    for round in 0..rounds {
        let samples = ground.take(round * many, many);
        for (_, warm, spent) in &mut workers {
            spent.push(ms(meter.measure(many, || warm.run(&samples))?.cpu));
        }
    }
    println!("CPU ms of a warm submission, {rounds} rounds of {many}; {}\n", meter.name());
    let first: Vec<f64> = workers.first().map(|(.., spent)| spent.clone()).unwrap_or_default();
    for (name, _, spent) in &workers {
        let ratios = Spread::of(spent.iter().zip(&first).map(|(own, other)| own / other));
        println!("{name:<20}{:>26}   {:.3} of the first", Spread::of(spent.iter().copied()).show(1), ratios.median);
    }
    Ok(())
}

/// A cache in which the kit of the sandbox lacks one step; everything else is that of the others.
fn without_filter() -> Outcome<TempDir> {
    let cache = TempDir::with_prefix("grade-compare-")?;
    let catalog = embedded::root(cache.path()).map_err(told)?;
    for shared in ["venvs", "interpreters"] {
        symlink(ground::cache_dir().join(shared), cache.path().join(shared))?;
    }
    let path = catalog.join("graders/sandboxed/confinement.py");
    let source = fs::read_to_string(&path)?;
    if source.matches(FILTERED).count() != 1 {
        return Err("confinement.py has another way to install the filter".into());
    }
    fs::write(path, source.replace(FILTERED, UNFILTERED))?;
    Ok(cache)
}
