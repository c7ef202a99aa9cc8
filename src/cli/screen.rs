//! Where output goes, and what can be shown there.

use std::io::{self, IsTerminal as _, Write};

use crate::error::{Fault, Result};
use crate::report::fault;
use crate::settings::ColorWhen;

/// Columns where there is no terminal to ask.
const COLUMNS: usize = 80;

/// stdout and stderr of this process.
#[derive(Clone, Debug)]
pub(crate) struct Screen {
    color: ColorWhen,
    /// Columns of the terminal, at least 40.
    columns: usize,
}

impl Screen {
    pub(super) fn new(color: ColorWhen) -> Self {
        let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self { color, columns: asked.or_else(measured).unwrap_or(COLUMNS).max(40) }
    }

    /// Columns of the terminal.
    pub(super) const fn columns(&self) -> usize {
        self.columns
    }

    /// Writes results to stdout; `write` also gets the columns of the terminal. A reader that has seen enough (`| head`) is no fault.
    pub(crate) fn results(&self, write: impl FnOnce(&mut dyn Write, usize) -> io::Result<()>) -> Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match write(&mut out, self.columns).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Fault::machine("can't write the results").because(error))
            }
            _ => Ok(()),
        }
    }

    /// Writes something beside the results to stderr, where `write` also gets the columns; where that is closed there is nobody left to tell.
    pub(crate) fn aside(&self, write: impl FnOnce(&mut dyn Write, usize) -> io::Result<()>) {
        let mut out = io::BufWriter::new(io::stderr().lock());
        let _ = write(&mut out, self.columns).and_then(|()| out.flush());
    }

    /// Tells something worth knowing on stderr.
    pub(crate) fn note(&self, text: &str) {
        self.aside(|out, columns| writeln!(out, "{}", textwrap::fill(&format!("note: {text}"), columns)));
    }

    /// Tells a fault on stderr.
    pub(crate) fn tell(&self, told: &Fault) {
        let color = self.color.applies(io::stderr().is_terminal());
        // Where stderr is closed there is nobody left to tell.
        let _ = fault::write(&mut io::stderr().lock(), told, color, self.columns);
    }
}
