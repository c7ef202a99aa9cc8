//! Places in the learner's files: `file:line`, the line itself, the frames of a traceback.

use std::io;

use crate::report::escape::{Breaks, terminal};
use crate::report::page::{Page, width};
use crate::report::source::SourceLines;
use crate::report::style::Role;
use crate::report::traceback::{Step, steps};
use crate::verdict::{Frame, Location};

/// `at  file:line` and the source line below.
pub(super) fn location(
    page: &mut Page<'_>,
    source: &dyn SourceLines,
    indent: usize,
    label: &str,
    place: &Location,
) -> io::Result<()> {
    let text = format!("{}:{}", place.file, place.line);
    page.place(indent, label, &text, source.path(&place.file).as_deref())?;
    match source.line(&place.file, place.line) {
        Some(line) if !line.trim().is_empty() => page.quoted(indent + 10, line.trim()),
        _ => Ok(()),
    }
}

/// The learner's frames, outermost first.
pub(super) fn traceback(
    page: &mut Page<'_>,
    source: &dyn SourceLines,
    indent: usize,
    label: &str,
    frames: &[Frame],
) -> io::Result<()> {
    let mut label = label;
    for step in steps(frames) {
        match step {
            Step::Call(frame) => one_frame(page, source, indent, std::mem::take(&mut label), frame)?,
            Step::Note(note) => page.line(indent + 10, &[(Role::Faint, &format!("({note})"))])?,
        }
    }
    Ok(())
}

fn one_frame(
    page: &mut Page<'_>,
    source: &dyn SourceLines,
    indent: usize,
    label: &str,
    frame: &Frame,
) -> io::Result<()> {
    let within = if frame.function == "<module>" { String::new() } else { format!("  in {}", frame.function) };
    let text = format!("{}:{}{within}", frame.file, frame.line);
    page.place(indent, label, &text, source.path(&frame.file).as_deref())?;
    match source.line(&frame.file, frame.line) {
        Some(line) if !line.trim().is_empty() => page.quoted(indent + 10, line.trim()),
        _ => Ok(()),
    }
}

/// The place of a problem in a file, its whole line, and a caret below the column.
pub(super) fn problem(
    page: &mut Page<'_>,
    source: &dyn SourceLines,
    indent: usize,
    place: &Location,
    column: Option<u32>,
) -> io::Result<()> {
    let suffix = column.map(|column| format!(":{column}")).unwrap_or_default();
    let text = format!("{}:{}{suffix}", place.file, place.line);
    page.place(indent, "at", &text, source.path(&place.file).as_deref())?;
    let Some(line) = source.line(&place.file, place.line).filter(|line| !line.trim().is_empty()) else { return Ok(()) };
    let start = line.len() - line.trim_start().len();
    page.quoted(indent + 10, line.trim())?;
    let Some(before) = column.and_then(|column| usize::try_from(column).ok()?.checked_sub(1)) else { return Ok(()) };
    let before: String = line[start..].chars().take(before.saturating_sub(line[..start].chars().count())).collect();
    let offset = width(&terminal(&before, Breaks::Show));
    if indent + 12 + offset < page.style.columns() {
        page.quoted(indent + 10, &format!("{}^", " ".repeat(offset)))?;
    }
    Ok(())
}
