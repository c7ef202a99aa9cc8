//! The line that says that Python is being prepared: a spinner on a terminal, one plain line elsewhere, always on stderr.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::environment::{Event, Progress};

/// How often the spinner turns.
const TURN: Duration = Duration::from_millis(100);

/// Tells on stderr what the making of an environment does. Says nothing when there is nothing to make.
#[derive(Debug)]
pub struct EnvironmentProgress {
    moving: bool,
    spinner: Mutex<Option<ProgressBar>>,
}

impl EnvironmentProgress {
    /// `plain` asks for whole lines even on a terminal (`--plain`).
    pub fn new(plain: bool) -> Self {
        Self { moving: !plain && io::stderr().is_terminal(), spinner: Mutex::new(None) }
    }

    fn begin(&self, line: &str) {
        if !self.moving {
            say(line);
            return;
        }
        let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        spinner.set_style(style);
        spinner.set_message(line.to_owned());
        spinner.enable_steady_tick(TURN);
        self.replace(Some(spinner));
    }

    /// The spinner disappears without a trace: what was prepared stays prepared, and the results are what counts.
    fn end(&self, line: Option<&str>) {
        self.replace(None);
        if let (false, Some(line)) = (self.moving, line) {
            say(line);
        }
    }

    fn replace(&self, new: Option<ProgressBar>) {
        let mut spinner = self.spinner.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(old) = std::mem::replace(&mut *spinner, new) {
            old.finish_and_clear();
        }
    }
}

impl Progress for EnvironmentProgress {
    fn event(&self, event: Event) {
        match event {
            Event::Waiting { what } => {
                self.begin(&format!("waiting for another grade that prepares Python for {what}"));
            }
            Event::Building { what, python } => self.begin(&format!("preparing Python {python} for {what} (once)")),
            Event::Built { what, ms } => self.end(Some(&format!("prepared Python for {what} in {}", seconds(ms)))),
            Event::Failed { .. } | Event::Waited => self.end(None),
        }
    }
}

/// A stderr that is closed or full is no reason to stop grading.
fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// `1.5 s`.
fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}
