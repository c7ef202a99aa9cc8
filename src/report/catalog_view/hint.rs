//! `grade hint`: some hints, and which of how many they are.

use std::io::{self, Write};
use std::ops::Range;

use super::counted;
use crate::catalog::{Exercise, Hint};
use crate::report::escape::{many_lines, one_line};

/// Writes those of `hints` that are in `shown`, counted from 0.
pub fn hints(out: &mut dyn Write, exercise: &Exercise, hints: &[Hint], shown: Range<usize>) -> io::Result<()> {
    let (all, last) = (hints.len(), shown.end);
    for (number, hint) in hints.iter().enumerate().take(shown.end).skip(shown.start) {
        writeln!(out, "hint {} of {all}: {}\n", number + 1, one_line(&hint.title))?;
        writeln!(out, "{}\n", many_lines(&hint.text))?;
    }
    if last < all {
        writeln!(out, "`grade hint {}` shows the next one.", exercise.id)
    } else {
        writeln!(out, "That was the last hint; `grade hint {} --reset` begins again.", exercise.id)
    }
}

/// Says that the first hint comes next.
pub fn hints_reset(out: &mut dyn Write, exercise: &Exercise, count: usize) -> io::Result<()> {
    writeln!(out, "`grade hint {}` begins again with the first of {}.", exercise.id, counted(count, "hint"))
}
