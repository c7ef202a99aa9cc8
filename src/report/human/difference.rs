//! A diff on a terminal: signs at the front, changed words marked by look, or by carets below where there is no colour.

use std::io;

use crate::judging::diff::{Diff, DiffLine, LineKind};
use crate::judging::visible::{NEWLINE_MARK, SPACE_MARK, TAB_MARK};
use crate::report::escape::{Breaks, terminal};
use crate::report::page::{Page, Piece, cut, width};
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
    if page.style.color { Ok(()) } else { carets(page, indent, &spans) }
}

/// A line of carets below what is emphasized, when that is a part of the line.
fn carets(page: &mut Page<'_>, indent: usize, spans: &[(bool, String)]) -> io::Result<()> {
    if spans.iter().all(|(emphasized, _)| *emphasized) || !spans.iter().any(|(emphasized, _)| *emphasized) {
        return Ok(());
    }
    let line: String =
        spans.iter().map(|(emphasized, text)| if *emphasized { "^" } else { " " }.repeat(shown_width(text))).collect();
    page.line(indent + 2, &[(Role::Faint, line.trim_end())])
}

fn shown_width(text: &str) -> usize {
    width(&terminal(text, Breaks::Show))
}

/// Without Unicode the marks for what can't be seen are words.
fn marks(text: &str, style: &Style) -> String {
    if style.unicode && !style.plain {
        return text.to_owned();
    }
    text.replace(SPACE_MARK, "<space>")
        .replace(TAB_MARK, "<tab>")
        .replace(NEWLINE_MARK, "<newline>")
        .replace('…', "...")
}
