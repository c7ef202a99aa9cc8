//! Places in the learner's files: `file:line`, the line itself, the frames of a traceback.

use std::io;

use crate::report::escape::{Breaks, terminal};
use crate::report::page::{Page, width};
use crate::report::source::SourceLines;
use crate::report::style::Role;
use crate::report::words::grouped;
use crate::verdict::{Frame, Location};

/// Frames shown of a traceback; more are cut in the middle.
const MOST_FRAMES: usize = 6;

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

/// The learner's frames, outermost first; a frame that repeats is shown once and counted.
pub(super) fn traceback(
    page: &mut Page<'_>,
    source: &dyn SourceLines,
    indent: usize,
    label: &str,
    frames: &[Frame],
) -> io::Result<()> {
    let groups = grouped_frames(frames);
    let (head, tail) = if groups.len() > MOST_FRAMES { (MOST_FRAMES / 2, MOST_FRAMES / 2) } else { (groups.len(), 0) };
    let mut label = label;
    for (frame, times) in &groups[..head] {
        one_frame(page, source, indent, label, frame, *times)?;
        label = "";
    }
    let left_out: usize = groups[head..groups.len() - tail].iter().map(|(_, times)| times).sum();
    if left_out > 0 {
        page.line(indent + 10, &[(Role::Faint, &format!("({} more calls in between)", grouped(left_out)))])?;
    }
    for (frame, times) in &groups[groups.len() - tail..] {
        one_frame(page, source, indent, "", frame, *times)?;
    }
    Ok(())
}

fn one_frame(
    page: &mut Page<'_>,
    source: &dyn SourceLines,
    indent: usize,
    label: &str,
    frame: &Frame,
    times: usize,
) -> io::Result<()> {
    let within = if frame.function == "<module>" { String::new() } else { format!("  in {}", frame.function) };
    let text = format!("{}:{}{within}", frame.file, frame.line);
    page.place(indent, label, &text, source.path(&frame.file).as_deref())?;
    if let Some(line) = source.line(&frame.file, frame.line).filter(|line| !line.trim().is_empty()) {
        page.quoted(indent + 10, line.trim())?;
    }
    if times > 1 {
        page.line(indent + 10, &[(Role::Faint, &format!("(the same call {} times in a row)", grouped(times)))])?;
    }
    Ok(())
}

pub(in crate::report) fn grouped_frames(frames: &[Frame]) -> Vec<(&Frame, usize)> {
    let mut groups: Vec<(&Frame, usize)> = Vec::new();
    for frame in frames {
        match groups.last_mut() {
            Some((last, times)) if *last == frame => *times += 1,
            _ => groups.push((frame, 1)),
        }
    }
    groups
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
