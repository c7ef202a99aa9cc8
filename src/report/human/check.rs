//! One check in full: what was called, what was expected, what came, why they differ, where.

use std::io;

use crate::report::page::Page;
use crate::report::source::SourceLines;
use crate::report::style::Role;
use crate::report::words;
use crate::verdict::{CheckResult, Ending, Outcome};

use super::printed::{self, Shown};
use super::{difference, place};

const INDENT: usize = 2;
/// Lines of what was written to stderr.
const STDERR_LINES: usize = 8;

/// Writes everything there is to know about a check that did not pass.
pub(super) fn write(page: &mut Page<'_>, source: &dyn SourceLines, check: &CheckResult) -> io::Result<()> {
    let symbol = words::symbol(check.outcome, page.style);
    let state = format!("{}: ", words::outcome(check.outcome));
    page.line(0, &[symbol, (Role::Text, " "), (symbol.0, &state), (Role::Title, &check.title)])?;
    page.gap();
    let message = words::message(check);
    if !message.is_empty() && !words::is_said_by_values(check, &message) {
        page.paragraph(INDENT, Role::Text, &message)?;
        page.gap();
    }
    comparison(page, check)?;
    places(page, source, check)?;
    output(page, check)?;
    if let Some(hint) = &check.hint {
        page.gap();
        page.field(INDENT, "hint", Role::Text, hint)?;
    }
    Ok(())
}

fn comparison(page: &mut Page<'_>, check: &CheckResult) -> io::Result<()> {
    if let Some(called) = &check.called {
        page.field(INDENT, "called", Role::Text, called)?;
    }
    if let Some(diff) = &check.diff {
        if let Some(reason) = &check.reason {
            page.field(INDENT, "because", Role::Title, reason)?;
        }
        page.gap();
        return difference::write(page, INDENT, diff);
    }
    difference::values(page, INDENT, check.expected.as_deref(), check.actual.as_deref())?;
    match &check.reason {
        Some(reason) => page.field(INDENT, "because", Role::Title, reason),
        None => Ok(()),
    }
}

fn places(page: &mut Page<'_>, source: &dyn SourceLines, check: &CheckResult) -> io::Result<()> {
    if check.traceback.is_empty() && check.location.is_none() {
        return Ok(());
    }
    if has_comparison(check) {
        page.gap();
    }
    let label = if check.outcome == Outcome::Timeout { "was at" } else { "at" };
    if check.traceback.is_empty() {
        return check.location.iter().try_for_each(|location| place::location(page, source, INDENT, label, location));
    }
    place::traceback(page, source, INDENT, label, &check.traceback)
}

fn has_comparison(check: &CheckResult) -> bool {
    [&check.called, &check.expected, &check.actual, &check.reason, &check.diff].into_iter().any(Option::is_some)
}

/// Whether something was printed that the comparison has not shown already.
pub(in crate::report) fn shows_output(check: &CheckResult) -> bool {
    let printed = check.stdout.trim();
    let is_compared = check.actual.as_deref().map_or(check.diff.is_some(), |actual| actual.trim() == printed);
    !printed.is_empty() && !is_compared
}

/// What was printed, unless the comparison has shown it already.
fn output(page: &mut Page<'_>, check: &CheckResult) -> io::Result<()> {
    if shows_output(check) {
        page.gap();
        let amount = printed::amount(check).unwrap_or_else(|| "It printed:".to_owned());
        page.paragraph(INDENT, Role::Text, &amount)?;
        for shown in printed::excerpt(check) {
            match shown {
                Shown::Line(line) => page.quoted(INDENT, line)?,
                Shown::LeftOut(lines) => {
                    page.line(INDENT, &[(Role::Faint, &format!("({})", Shown::left_out(lines)))])?;
                }
            }
        }
    }
    let tells = check.traceback.is_empty() && matches!(check.ending, Some(Ending::Exited | Ending::Signalled));
    let said = check.stderr.trim_end();
    if tells && !said.is_empty() {
        page.gap();
        page.paragraph(INDENT, Role::Text, "It wrote to stderr:")?;
        let lines: Vec<&str> = said.lines().collect();
        for line in &lines[lines.len().saturating_sub(STDERR_LINES)..] {
            page.quoted(INDENT, line)?;
        }
    }
    Ok(())
}
