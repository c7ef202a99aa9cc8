//! A diff on a terminal: signs at the front, changed words marked by look, or by carets below where there is no colour.

use std::io;

use crate::judging::diff::{Diff, DiffLine, LineKind, Span};
use crate::judging::visible::{NEWLINE_MARK, SPACE_MARK, TAB_MARK};
use crate::judging::words;
use crate::report::escape::{Breaks, terminal};
use crate::report::page::{LABEL, Page, Piece, cut, width};
use crate::report::style::{Role, Style};

/// Writes the diff of a verdict, with a line that says what the signs mean.
pub(super) fn write(page: &mut Page<'_>, indent: usize, text: &str) -> io::Result<()> {
    let diff = Diff::parse(text);
    page.line(indent, &[(Role::Wanted, "- expected"), (Role::Faint, "   "), (Role::Given, "+ yours")])?;
    for line in &diff.lines {
        write_line(page, indent, line)?;
    }
    Ok(())
}

/// Two values, one below the other, with what differs marked when both fit on a line.
pub(super) fn values(
    page: &mut Page<'_>,
    indent: usize,
    expected: Option<&str>,
    actual: Option<&str>,
) -> io::Result<()> {
    let fits = |text: &str| !text.contains('\n') && indent + LABEL + shown_width(text) <= page.style.columns();
    if let (Some(expected), Some(actual)) = (expected, actual)
        && fits(expected)
        && fits(actual)
    {
        let (expected, actual) = words::mark(expected, actual);
        value(page, indent, "expected", &expected, (Role::Wanted, Role::WantedWord))?;
        value(page, indent, "yours", &actual, (Role::Given, Role::GivenWord))?;
        let spans: Vec<(bool, String)> = actual.into_iter().map(|span| (span.emphasized, span.text)).collect();
        return if page.style.color { Ok(()) } else { carets(page, indent + LABEL, &spans) };
    }
    expected.map_or(Ok(()), |text| page.field(indent, "expected", Role::Wanted, text))?;
    actual.map_or(Ok(()), |text| page.field(indent, "yours", Role::Given, text))
}

fn value(
    page: &mut Page<'_>,
    indent: usize,
    label: &str,
    spans: &[Span],
    (whole, word): (Role, Role),
) -> io::Result<()> {
    let label = format!("{label:LABEL$}");
    let mut pieces: Vec<Piece<'_>> = vec![(Role::Faint, &label)];
    pieces.extend(spans.iter().map(|span| (if span.emphasized { word } else { whole }, span.text.as_str())));
    page.line(indent, &pieces)
}

fn write_line(page: &mut Page<'_>, indent: usize, line: &DiffLine) -> io::Result<()> {
    let (whole, word) = match line.kind {
        LineKind::Same | LineKind::Note => (Role::Faint, Role::Faint),
        LineKind::Expected => (Role::Wanted, Role::WantedWord),
        LineKind::Actual => (Role::Given, Role::GivenWord),
    };
    let room = page.style.columns().saturating_sub(indent + 2).max(20);
    let sign = match line.kind {
        LineKind::Note => page.style.either("… ", "..."),
        other => other.prefix(),
    };
    let spans: Vec<(bool, String)> =
        line.spans.iter().map(|span| (span.emphasized, marks(&span.text, page.style))).collect();
    let mut pieces: Vec<Piece<'_>> = vec![(whole, sign)];
    let total: usize = spans.iter().map(|(_, text)| shown_width(text)).sum();
    if total > room {
        let text = spans.iter().map(|(_, text)| text.as_str()).collect::<String>();
        return page.line(indent, &[(whole, sign), (whole, &cut(&terminal(&text, Breaks::Show), room, page.style))]);
    }
    pieces.extend(spans.iter().map(|(emphasized, text)| (if *emphasized { word } else { whole }, text.as_str())));
    page.line(indent, &pieces)?;
    if page.style.color { Ok(()) } else { carets(page, indent + 2, &spans) }
}

/// A line of carets below what is emphasized, when that is a part of the line.
fn carets(page: &mut Page<'_>, indent: usize, spans: &[(bool, String)]) -> io::Result<()> {
    if spans.iter().all(|(emphasized, _)| *emphasized) || !spans.iter().any(|(emphasized, _)| *emphasized) {
        return Ok(());
    }
    let line: String =
        spans.iter().map(|(emphasized, text)| if *emphasized { "^" } else { " " }.repeat(shown_width(text))).collect();
    page.line(indent, &[(Role::Faint, line.trim_end())])
}

fn shown_width(text: &str) -> usize {
    width(&terminal(text, Breaks::Show))
}

/// Without Unicode the marks for what can't be seen are words.
pub(in crate::report) fn marks(text: &str, style: &Style) -> String {
    if style.unicode && !style.plain {
        return text.to_owned();
    }
    text.replace(SPACE_MARK, "<space>")
        .replace(TAB_MARK, "<tab>")
        .replace(NEWLINE_MARK, "<newline>")
        .replace('…', "...")
}
