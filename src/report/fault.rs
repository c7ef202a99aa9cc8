//! How a fault is told: `error:` first, where it is, why, and what to do next after a blank line.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::escape::{one_line, same_width};
use crate::error::{Fault, Place};

/// Writes `fault` and all that it joins.
pub fn write(out: &mut dyn Write, fault: &Fault, color: bool, columns: usize) -> io::Result<()> {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(columns);
    write_one(out, fault, &renderer)?;
    for other in &fault.also {
        writeln!(out)?;
        write_one(out, other, &renderer)?;
    }
    Ok(())
}

fn write_one(out: &mut dyn Write, fault: &Fault, renderer: &Renderer) -> io::Result<()> {
    let what = one_line(&fault.what);
    let title = Level::ERROR.primary_title(what.as_ref());
    match &fault.place {
        Some(place) => {
            let (path, line) = (shown_path(place), same_width(&place.source_line));
            let span = bytes_of(&line, place);
            let snippet = Snippet::source(line.as_str())
                .line_start(place.line)
                .path(path.as_str())
                .annotation(AnnotationKind::Primary.span(span));
            writeln!(out, "{}", renderer.render(&[title.element(snippet)]))?;
        }
        None => writeln!(out, "{}", renderer.render(&[annotate_snippets::Group::with_title(title)]))?,
    }
    for cause in &fault.causes {
        writeln!(out, "  caused by: {}", one_line(cause))?;
    }
    match &fault.hint {
        Some(hint) => writeln!(out, "\nhint: {}", one_line(hint)),
        None => Ok(()),
    }
}

/// From here, where that is shorter: an author reads it beside the command they typed.
fn shown_path(place: &Place) -> String {
    let here = std::env::current_dir().ok();
    let path = here.and_then(|here| place.file.strip_prefix(here).ok()).unwrap_or(&place.file);
    one_line(&path.display().to_string()).into_owned()
}

/// The place's columns as bytes of its line.
fn bytes_of(line: &str, place: &Place) -> std::ops::Range<usize> {
    let at = |column: usize| line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte);
    let start = at(place.column.saturating_sub(1));
    start..at(place.column.saturating_sub(1) + place.width).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(fault: &Fault) -> String {
        let mut out = Vec::new();
        write(&mut out, fault, false, 80).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn place(source_line: &str, column: usize, width: usize) -> Place {
        Place {
            file: "/exercises/a/exercise.toml".into(),
            line: 12,
            column,
            source_line: source_line.to_owned(),
            width,
        }
    }

    #[test]
    fn a_fault_with_a_place_shows_its_line() {
        let fault = Fault::author("`weight` must be more than 0").at(place("wéight = -1", 10, 2)).hint("try 1");
        insta::assert_snapshot!(told(&fault));
    }

    #[test]
    fn causes_and_a_hint_follow_what_happened() {
        let fault = Fault::machine("can't write `/x`").because("no space left on device").hint("free some disk space");
        insta::assert_snapshot!(told(&fault));
    }

    #[test]
    fn a_place_at_the_end_of_its_line_is_shown() {
        insta::assert_snapshot!(told(&Fault::author("a value is missing").at(place("weight = ", 10, 1))));
    }

    #[test]
    fn what_comes_from_outside_controls_no_terminal() {
        let fault =
            Fault::usage("`\x1b[2Jx\u{202e}`").at(place("a = \"\x1b]0;x\x07\u{9b}31m\"", 5, 3)).hint("\x07\r\nx");
        assert!(told(&fault).chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')), "{:?}", told(&fault));
    }
}
