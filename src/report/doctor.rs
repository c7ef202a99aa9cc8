//! What `grade doctor` found, for people.

use std::io::{self, Write};

use serde::Serialize;

use crate::doctor::{Attempt, LevelReport};
use crate::verdict::Level;

/// The whole examination.
#[derive(Debug, Serialize)]
pub struct Examination {
    pub version: &'static str,
    /// `3.11.7`
    pub python: String,
    pub interpreter: String,
    pub kernel: String,
    pub user: String,
    pub cache: String,
    pub levels: Vec<LevelReport>,
}

impl Examination {
    /// The strongest level that came up and held.
    pub fn strongest(&self) -> Level {
        let sound = |report: &&LevelReport| {
            report.failed_step.is_none() && promised(report.level).iter().all(|name| held(report, name))
        };
        self.levels.iter().find(sound).map_or(Level::None, |report| report.level)
    }
}

/// What a level promises to withstand; the names of attempts.
pub const fn promised(level: Level) -> &'static [&'static str] {
    const FULL: &[&str] = &[
        "write to the system",
        "read the host's files",
        "reach the network (TCP)",
        "reach the network (UDP)",
        "open a vsock",
        "see other processes",
        "signal its parent",
        "make namespaces",
        "use 8 GiB of memory",
        "start 200 processes",
        "write 512 MiB",
        "read the caller's environment",
    ];
    const LIMITS: &[&str] = &["use 8 GiB of memory", "write 512 MiB", "read the caller's environment"];
    match level {
        Level::Full | Level::Landlock => FULL,
        Level::Limits => LIMITS,
        Level::None => &[],
    }
}

fn held(report: &LevelReport, name: &str) -> bool {
    report.attempts.iter().any(|attempt| attempt.name == name && attempt.held)
}

pub fn json(examination: &Examination, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, examination)?;
    writeln!(out)
}

pub fn human(examination: &Examination, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "grade {}", examination.version)?;
    writeln!(out, "python     {}  {}", examination.python, examination.interpreter)?;
    writeln!(out, "kernel     {}", examination.kernel)?;
    writeln!(out, "user       {}", examination.user)?;
    writeln!(out, "cache      {}", examination.cache)?;
    for report in &examination.levels {
        level(report, out)?;
    }
    let strongest = examination.strongest();
    writeln!(out)?;
    match strongest {
        Level::Full => writeln!(out, "This machine gives `full`: learner code is graded in complete isolation."),
        Level::None => writeln!(out, "This machine gives no isolation that holds; grade only code that you trust."),
        weaker => writeln!(
            out,
            "This machine gives `{}`. `grade ci` and `grade batch` ask for `full`; see above for how to get it.",
            weaker.name()
        ),
    }
}

fn level(report: &LevelReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    if let Some(step) = &report.failed_step {
        writeln!(out, "{:<10} not available: {step}: {}", report.level.name(), report.error.as_deref().unwrap_or(""))?;
        return report.advice.iter().try_for_each(|line| writeln!(out, "           {line}"));
    }
    writeln!(out, "{:<10} available, ready in {} ms", report.level.name(), report.ready_ms)?;
    for line in textwrap::wrap(&report.mechanisms.join(", "), 84) {
        writeln!(out, "           {line}")?;
    }
    report.attempts.iter().try_for_each(|tried| attempt(report.level, tried, out))
}

fn attempt(level: Level, attempt: &Attempt, out: &mut dyn Write) -> io::Result<()> {
    let promised = promised(level).contains(&attempt.name.as_str());
    let word = match (attempt.held, promised) {
        (true, _) => "held",
        (false, true) => "NOT HELD",
        (false, false) => "not promised",
    };
    if attempt.held {
        return writeln!(out, "           {word:<12} {}", attempt.name);
    }
    writeln!(out, "           {word:<12} {}: {}", attempt.name, attempt.detail.chars().take(60).collect::<String>())
}
