//! What `grade batch` tells: what was recognised, what it will cost, how far it is, how it ended.

use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::escape::one_line;
use super::page::Page;
use super::run::totals;
use super::style::{Role, Style};
use super::words::{count, grouped};
use crate::events::{Tally, TallyListener};
use crate::intake::Summary;
use crate::store::{Counts, Learner};

/// How many names a list shows.
const LISTED: usize = 10;
/// How often a log is told how far it is.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// What was recognised.
pub fn taken_in(out: &mut dyn Write, style: &Style, exercise: &str, summary: &Summary) -> io::Result<()> {
    let mut page = Page::new(out, style);
    let all: usize = summary.origins.iter().map(|(_, number)| number).sum();
    let heading = format!(": {} by {}", count(all, "submission"), count(summary.learners, "learner"));
    page.line(0, &[(Role::Title, exercise), (Role::Text, &heading)])?;
    for (origin, number) in &summary.origins {
        page.line(
            2,
            &[(Role::Text, &format!("{:<12}", origin.name())), (Role::Text, &format!("{:>7}", grouped(*number)))],
        )?;
    }
    let people = |names: &[String]| listed(names);
    let unknown: Vec<String> = summary.unknown.iter().map(|(key, source)| format!("{key} ({source})")).collect();
    let repeated: Vec<String> =
        summary.repeated.iter().map(|(key, number)| format!("{key} ({number} times)")).collect();
    let lists = [
        ("on the roster, nothing handed in", &summary.missing),
        ("not on the roster", &unknown),
        ("handed in more than once", &repeated),
    ];
    page.gap();
    for (what, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
        page.hanging(2, (Role::Odd, &format!("{what} ({}): ", names.len())), (Role::Text, &people(names)))?;
    }
    if summary.superseded > 0 {
        page.line(
            2,
            &[(
                Role::Text,
                &format!(
                    "{} counts for nothing: a later one by the same learner is graded",
                    count(summary.superseded, "attempt")
                ),
            )],
        )?;
    }
    if summary.late > 0 {
        page.line(2, &[(Role::Text, &format!("late: {}", grouped(summary.late)))])?;
    }
    page.gap();
    for (source, note) in summary.notes.iter().take(LISTED) {
        page.hanging(2, (Role::Odd, "note  "), (Role::Text, &format!("{source}: {note}")))?;
    }
    more(&mut page, summary.notes.len())?;
    page.gap();
    if !summary.problems.is_empty() {
        let heading = format!("{} can't be run, and is told why:", count(summary.problems.len(), "submission"));
        page.line(2, &[(Role::Odd, &heading)])?;
    }
    for (learner, why) in summary.problems.iter().take(LISTED) {
        page.hanging(4, (Role::Text, &format!("{learner}  ")), (Role::Text, why))?;
    }
    more(&mut page, summary.problems.len())
}

fn more(page: &mut Page<'_>, number: usize) -> io::Result<()> {
    let left = number.saturating_sub(LISTED);
    if left == 0 {
        Ok(())
    } else {
        page.line(4, &[(Role::Faint, &format!("and {} more: `grade report` has them", grouped(left)))])
    }
}

fn listed(names: &[String]) -> String {
    let shown = names.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => shown,
        more => format!("{shown} and {} more", grouped(more)),
    }
}

/// What is known about the time that grading takes.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Submissions at once.
    pub workers: usize,
    /// Of one submission, as measured on this machine.
    pub usual: Option<Duration>,
    /// What one submission may take.
    pub most: Duration,
}

/// What grading it will cost.
pub fn cost(out: &mut dyn Write, style: &Style, summary: &Summary, cost: &Cost) -> io::Result<()> {
    let mut page = Page::new(out, style);
    page.gap();
    let runs = summary.selected.len() - summary.problems.len();
    let different = summary.hashes.len();
    let what = format!("to grade: {}, {} different", grouped(runs), grouped(different));
    let turns = u32::try_from(different.div_ceil(cost.workers.max(1))).unwrap_or(u32::MAX);
    let time = match cost.usual {
        Some(usual) => format!(
            "about {} with {} at once (earlier submissions took {} ms each)",
            rounded(usual.saturating_mul(turns)),
            cost.workers,
            usual.as_millis()
        ),
        None => format!(
            "it was never graded here, so the time is not known; the limits allow {} for each submission",
            rounded(cost.most)
        ),
    };
    page.line(0, &[(Role::Title, &what)])?;
    page.paragraph(0, Role::Text, &time)
}

/// `12 s`, `3 min`, `2 h`: no more digits than are known.
fn rounded(time: Duration) -> String {
    match time.as_secs() {
        0 => "a second".to_owned(),
        seconds @ 1..=119 => format!("{seconds} s"),
        seconds @ 120..=7199 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h", seconds.div_ceil(3600)),
    }
}

/// How it ended.
pub fn ended(out: &mut dyn Write, style: &Style, tally: &Tally, missing: &[Learner], run: &Path) -> io::Result<()> {
    let mut page = Page::new(out, style);
    page.line(0, &[(Role::Title, &totals(&counts(tally)))])?;
    if tally.reused > 0 {
        let text = format!(
            "{} not run again: the same files were graded before, and nothing has changed",
            grouped(tally.reused)
        );
        page.line(0, &[(Role::Text, &text)])?;
    }
    if tally.retried > 0 {
        let times = if tally.retried == 1 { "once".to_owned() } else { format!("{} times", grouped(tally.retried)) };
        page.line(0, &[(Role::Text, &format!("{times} something was tried again, because the machine failed"))])?;
    }
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|learner| learner.key.clone()).collect();
        page.hanging(0, (Role::Text, "nothing handed in: "), (Role::Text, &listed(&names)))?;
    }
    page.gap();
    page.line(0, &[(Role::Text, "next: "), (Role::Command, &format!("grade report {}", run.display()))])
}

fn counts(tally: &Tally) -> Counts {
    Counts {
        passed: tally.passed,
        failed: tally.failed,
        error: tally.error,
        missing: tally.missing,
        ungraded: tally.ungraded,
        waiting: tally.of.saturating_sub(tally.done()),
        reused: tally.reused,
    }
}

/// The same for machines: one object on one line.
pub fn ended_json(out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
    serde_json::to_writer(&mut *out, tally)?;
    writeln!(out)
}

/// How far a round is, on stderr: a bar on a terminal, a line now and then in a log.
#[derive(Debug)]
pub struct BatchProgress {
    bar: ProgressBar,
    /// When a log was last told; `None` on a terminal.
    told: Option<Mutex<Instant>>,
}

impl BatchProgress {
    pub fn on_stderr(style: &Style) -> Self {
        let moves = !style.plain && io::stderr().is_terminal();
        let target = if moves { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let ascii = if style.unicode { "━━ " } else { "=> " };
        if let Ok(look) = ProgressStyle::with_template("{bar:24} {human_pos}/{human_len}  {per_sec}, {eta} left  {msg}")
        {
            bar.set_style(look.progress_chars(ascii));
        }
        Self { bar, told: (!moves).then(|| Mutex::new(Instant::now())) }
    }

    /// Takes it off the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl TallyListener for BatchProgress {
    fn on(&self, tally: &Tally) {
        let done = tally.done();
        if self.bar.length().is_none() {
            // What was done before this process began says nothing about its speed.
            self.bar.set_length(tally.of as u64);
            self.bar.set_position(done as u64);
            self.bar.reset_eta();
        }
        self.bar.set_position(done as u64);
        self.bar.set_message(one_line(&standing(tally)).into_owned());
        let Some(told) = &self.told else { return };
        let mut told = told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if told.elapsed() >= LOG_INTERVAL {
            *told = Instant::now();
            let line = format!("{} of {} done: {}", grouped(done), grouped(tally.of), standing(tally));
            // Where stderr is closed there is nobody left to tell.
            let _ = writeln!(io::stderr(), "{line}");
        }
    }
}

fn standing(tally: &Tally) -> String {
    let mut parts = vec![
        format!("{} passed", grouped(tally.passed)),
        format!("{} not", grouped(tally.failed + tally.missing + tally.error)),
    ];
    if tally.ungraded > 0 {
        parts.push(format!("{} could not be graded", grouped(tally.ungraded)));
    }
    if tally.reused > 0 {
        parts.push(format!("{} known", grouped(tally.reused)));
    }
    parts.join(", ")
}
