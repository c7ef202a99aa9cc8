//! Text that came from outside, made harmless for a terminal.

use std::borrow::Cow;

/// One line of text: whatever would move the cursor or turn the direction of text around is shown by its number.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_harmless) { Cow::Borrowed(text) } else { Cow::Owned(text.chars().map(shown).collect()) }
}

/// Many lines of text: line ends and tabs stay.
pub(super) fn many_lines(text: &str) -> Cow<'_, str> {
    let stays = |c: char| is_harmless(c) || matches!(c, '\n' | '\t');
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").chars().map(|c| if stays(c) { c.to_string() } else { shown(c) }).collect())
}

/// As many characters as `text` has, so that columns still count; tabs stay.
pub(super) fn same_width(text: &str) -> String {
    text.chars().map(|c| if is_harmless(c) || c == '\t' { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}')
}

fn shown(c: char) -> String {
    if is_harmless(c) { c.to_string() } else { c.escape_default().to_string() }
}
