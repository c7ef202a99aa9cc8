//! The report for people: calm, the first thing to mend in full, everything else short.

mod check;
mod difference;
mod place;
mod printed;
mod submission;
mod summary;

use std::io::{self, Write};

use crate::verdict::Verdict;

use super::page::Page;
use super::plain;
use super::source::SourceLines;
use super::style::{Role, Style};

pub(super) use check::shows_output;
pub(super) use difference::marks;
pub(super) use printed::{Shown, amount, excerpt};
pub(super) use submission::MOST_RIGHT;

/// Of several exercises, how many that are not right are told in detail.
const MOST_DETAILED: usize = 3;

/// Writes the report of all verdicts.
///
/// # Errors
/// When `out` can't be written to.
pub fn human(out: &mut dyn Write, verdicts: &[Verdict], source: &dyn SourceLines, style: &Style) -> io::Result<()> {
    if style.plain {
        return plain::write(out, verdicts, source, style);
    }
    let mut page = Page::new(out, style);
    match verdicts {
        [] => page.line(0, &[(Role::Text, "There is nothing to check here.")]),
        [only] => submission::write(&mut page, source, only),
        several => write_several(&mut page, source, several),
    }
}

fn write_several(page: &mut Page<'_>, source: &dyn SourceLines, verdicts: &[Verdict]) -> io::Result<()> {
    let mut detailed = 0;
    for verdict in verdicts {
        let is_one_line = verdict.passed() || verdict.is_missing() || (verdict.is_unbegun() && !page.style.all);
        if !is_one_line && (detailed < MOST_DETAILED || page.style.all) {
            detailed += 1;
            submission::write_short(page, source, verdict)?;
            page.gap();
        }
    }
    summary::write(page, verdicts)?;
    next(page, verdicts)
}

/// After several exercises: the first one that is worth looking at again.
fn next(page: &mut Page<'_>, verdicts: &[Verdict]) -> io::Result<()> {
    let Some(first) = verdicts.iter().find(|verdict| !verdict.passed()) else { return Ok(()) };
    page.gap();
    let command = match first {
        first if first.is_missing() => "start ",
        first if first.is_unbegun() => "show ",
        _ => "",
    };
    page.line(0, &[(Role::Faint, "go on with:  "), (Role::Command, &format!("grade {command}{}", first.exercise))])
}
