//! What is being checked right now, on stderr: one line that comes and goes on a terminal, nothing elsewhere.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use crate::events::{Event, Listener};

use super::escape::{Breaks, terminal};
use super::page::cut;
use super::style::Style;

/// Back to the first column and clear to the end of the line.
const CLEAR: &str = "\r\x1b[K";

/// Tells what is being checked.
pub struct Progress {
    style: Style,
    screen: Mutex<Box<dyn Write + Send>>,
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Progress").field("style", &self.style).finish_non_exhaustive()
    }
}

impl Progress {
    /// On stderr, when that is a terminal and the style has lines that move; `None` otherwise.
    pub fn on_stderr(style: &Style) -> Option<Self> {
        let moves = !style.plain && io::stderr().is_terminal();
        moves.then(|| Self::new(style, Box::new(io::stderr())))
    }

    /// On any screen.
    pub fn new(style: &Style, screen: Box<dyn Write + Send>) -> Self {
        Self { style: *style, screen: Mutex::new(screen) }
    }

    fn show(&self, text: &str) {
        let mut screen = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        let text = cut(&terminal(text, Breaks::Show), self.style.columns().saturating_sub(1), &self.style);
        // A screen that can't be written to shows no progress; the report will say what matters.
        let _ = write!(screen, "{CLEAR}{text}").and_then(|()| screen.flush());
    }
}

impl Listener for Progress {
    fn on(&self, event: &Event) {
        let dots = self.style.either("…", "...");
        match event {
            Event::SubmissionStarted { exercise, learner } => {
                let learner = learner.as_deref().map(|name| format!(" of {name}")).unwrap_or_default();
                self.show(&format!("checking {exercise}{learner}{dots}"));
            }
            Event::CheckFinished { exercise, done, of, .. } => {
                self.show(&format!("checking {exercise}{dots} {done} of {of}"));
            }
            Event::SubmissionFinished { .. } => self.show(""),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::verdict::SubmissionOutcome;

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_line_says_what_is_checked_and_is_gone_at_the_end() {
        let screen = Screen::default();
        let progress = Progress::new(&Style::default(), Box::new(screen.clone()));
        let (exercise, learner) = ("day4/decorators".to_owned(), Some("A\u{1b}[2Jda".to_owned()));
        progress.on(&Event::SubmissionStarted { exercise: exercise.clone(), learner: learner.clone() });
        progress.on(&Event::SubmissionFinished { exercise, learner, outcome: SubmissionOutcome::Passed });
        let shown = String::from_utf8(screen.0.lock().unwrap().clone()).unwrap();
        assert_eq!(shown, "\r\x1b[Kchecking day4/decorators of A\\x1b[2Jda…\r\x1b[K");
    }
}
