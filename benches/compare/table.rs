//! The table: medians over the rounds, and ratios to plain pytest round by round.

use std::time::Duration;

use crate::ground::Ground;
use crate::meter::Spent;
use crate::tree::Resident;
use crate::warm::{Memory, Told};

/// What is compared, in the order in which each round runs it.
const NAMES: [&str; 5] = [
    "A plain pytest",
    "B grade, cold",
    "C grade, warm",
    "D floor (plain calls in a fork)",
    "E grade watch, save to verdict",
];

#[derive(Debug)]
pub(crate) struct Table {
    rounds: Vec<[Spent; 5]>,
    meter: &'static str,
    interpreter: String,
    memory: Option<(Memory, Memory)>,
}

impl Table {
    pub(crate) fn new(ground: &Ground, meter: &'static str) -> Self {
        let interpreter = ground.judge.interpreter.version().to_string();
        Self { rounds: Vec::new(), meter, interpreter, memory: None }
    }

    pub(crate) fn add(&mut self, round: [Spent; 5]) {
        self.rounds.push(round);
    }

    pub(crate) fn memory(&mut self, warm: Memory, watch: Memory) {
        self.memory = Some((warm, watch));
    }

    #[expect(clippy::print_stdout, reason = "the table is what the benchmark is for")]
    pub(crate) fn print(&self, told: &Told) {
        println!(
            "day4/decorators: {} checks a submission, Python {}, isolation `{}`, {} rounds",
            told.checks,
            self.interpreter,
            told.level,
            self.rounds.len()
        );
        println!("a submission: median (lowest–highest) of the rounds; CPU from {}\n", self.meter);
        println!("{:<32}{:>26}{:>26}{:>18}{:>18}", "", "wall ms", "CPU ms", "wall / pytest", "CPU / pytest");
        for (column, name) in NAMES.iter().enumerate() {
            let wall = Spread::of(self.rounds.iter().map(|round| ms(round[column].wall)));
            let cpu = Spread::of(self.rounds.iter().map(|round| ms(round[column].cpu)));
            let walls = Spread::of(self.rounds.iter().map(|round| ms(round[column].wall) / ms(round[0].wall)));
            let cpus = Spread::of(self.rounds.iter().map(|round| ms(round[column].cpu) / ms(round[0].cpu)));
            println!(
                "{name:<32}{:>26}{:>26}{:>18}{:>18}",
                wall.show(1),
                cpu.show(1),
                format!("{:.3}", walls.median),
                format!("{:.3}", cpus.median)
            );
        }
        if let Some((warm, watch)) = self.memory {
            println!("\nresident memory, MiB: now (highest)");
            line("supervisor (the benchmark itself)", warm.supervisor);
            line("`grade watch`", watch.supervisor);
            line("judge", warm.judge);
            line("zygote", warm.zygote);
        }
    }
}

#[expect(clippy::print_stdout, reason = "the table is what the benchmark is for")]
fn line(name: &str, resident: Resident) {
    println!("{name:<36}{:>8.1} ({:.1})", mib(resident.now), mib(resident.peak));
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub(crate) fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

pub(crate) fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

pub(crate) struct Spread {
    lowest: f64,
    pub(crate) median: f64,
    highest: f64,
}

impl Spread {
    pub(crate) fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        let last = values.len().saturating_sub(1);
        Self { lowest: at(0), median: f64::midpoint(at(last / 2), at(last.div_ceil(2))), highest: at(last) }
    }

    pub(crate) fn show(&self, digits: usize) -> String {
        format!("{:.digits$} ({:.digits$}–{:.digits$})", self.median, self.lowest, self.highest)
    }
}
