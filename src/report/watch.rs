//! The screen of `grade watch`.

use std::io::{self, Write};

use super::style::Style;

/// Clears the screen, and what has scrolled out of it.
pub fn clear(out: &mut dyn Write) -> io::Result<()> {
    write!(out, "\x1b[H\x1b[2J\x1b[3J")
}

/// Says that the next save is waited for.
pub fn waiting(out: &mut dyn Write, style: &Style) -> io::Result<()> {
    if !style.plain {
        writeln!(out)?;
    }
    writeln!(out, "Waiting for the next save. Ctrl-C ends the watch.")
}
