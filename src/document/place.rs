//! From bytes of a text to its line and column.

use std::ops::Range;
use std::path::Path;

use crate::error::Place;

/// The place of `span` (bytes of `text`); what lies beyond the end of its first line is cut off.
pub fn place(file: &Path, text: &str, span: Range<usize>) -> Place {
    let start = floor(text, span.start);
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let line = text[line_start..line_end].trim_end_matches('\r');
    let end = floor(text, span.end).clamp(start, (line_start + line.len()).max(start));
    Place {
        file: file.to_owned(),
        line: text[..start].matches('\n').count() + 1,
        column: text[line_start..start].chars().count() + 1,
        source_line: line.to_owned(),
        width: text[start..end].chars().count().max(1),
    }
}

/// The nearest character boundary at or before `offset`.
fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_line_ends_are_left_out() {
        let found = place(Path::new("x"), "a\r\nüß = 1\r\nb", 5..7);
        assert_eq!((found.line, found.column, found.width, found.source_line.as_str()), (2, 2, 1, "üß = 1"));
    }

    #[test]
    fn a_span_over_lines_is_cut_at_the_first() {
        let found = place(Path::new("x"), "abc\ndef", 1..6);
        assert_eq!((found.line, found.column, found.width), (1, 2, 2));
    }

    #[test]
    fn the_end_of_the_text_is_a_place() {
        let found = place(Path::new("x"), "abc\n", 4..9);
        assert_eq!((found.line, found.column, found.width, found.source_line.as_str()), (2, 1, 1, ""));
    }
}
