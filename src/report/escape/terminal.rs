//! For a terminal: nothing moves the cursor, sets a title, reaches the clipboard or hides text.

use std::borrow::Cow;

use super::{named, replaced};

/// What becomes of newlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaks {
    /// They stay.
    Keep,
    /// The text stays on one line: `\n`.
    Show,
}

/// No control character, no escape sequence, nothing that turns the direction of text around or can't be seen; tabs become four spaces.
pub fn terminal(text: &str, breaks: Breaks) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    replaced(text, |c| match c {
        '\n' if breaks == Breaks::Keep => None,
        '\n' => Some("\\n".to_owned()),
        '\t' => Some("    ".to_owned()),
        _ => named(c),
    })
}

/// One line for a terminal.
pub fn one_line(text: &str) -> Cow<'_, str> {
    terminal(text, Breaks::Show)
}

/// Several lines for a terminal.
pub fn many_lines(text: &str) -> Cow<'_, str> {
    terminal(text, Breaks::Keep)
}

/// As many characters as `text` has, so that columns still count; tabs stay.
pub fn same_width(text: &str) -> String {
    text.chars().map(|c| if c == '\t' || named(c).is_none() { c } else { char::REPLACEMENT_CHARACTER }).collect()
}
