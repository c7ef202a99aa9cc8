//! Invisible differences made visible: what a changed line of a diff shows for spaces at its end, tabs, and characters without a shape.

use unicode_general_category::{GeneralCategory, get_general_category};

/// Stands for a space that ends a line.
pub const SPACE_MARK: char = '·';
/// Stands for a tab.
pub const TAB_MARK: char = '→';
/// Stands for a line end where one line has it and the other has not.
pub const NEWLINE_MARK: char = '⏎';

/// The line with spaces at its end as `·`, tabs as `→`, and every character without a shape named, as `<U+200B>` or `\r`.
pub fn visible_line(line: &str) -> String {
    let ends_at = line.trim_end_matches([' ', '\t', '\r']).len();
    line.char_indices()
        .map(|(at, c)| match c {
            ' ' if at >= ends_at => SPACE_MARK.to_string(),
            '\t' => TAB_MARK.to_string(),
            '\r' => "\\r".to_owned(),
            _ if is_invisible(c) => name(c),
            _ => c.to_string(),
        })
        .collect()
}

/// Whether a character has no shape of its own, or looks like the plain space without being it; the space itself and tabs do not count.
pub fn is_invisible(c: char) -> bool {
    use GeneralCategory as G;
    if c.is_ascii() {
        return c.is_ascii_control() && c != '\t';
    }
    // Fillers and selectors are letters and marks by category, and show nothing all the same.
    let filler = matches!(
        c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'
            ..='\u{180f}' | '\u{3164}' | '\u{ffa0}'
    ) || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    filler
        || matches!(
            get_general_category(c),
            G::Control | G::Format | G::LineSeparator | G::ParagraphSeparator | G::SpaceSeparator
        )
}

/// `<U+200B>`, or `\x1b` for ASCII controls.
pub fn name(c: char) -> String {
    if c.is_ascii() { format!("\\x{:02x}", u32::from(c)) } else { format!("<U+{:04X}>", u32::from(c)) }
}

/// What the character is called, for a sentence.
pub fn spoken(c: char) -> String {
    let known = match c {
        '\u{a0}' => "no-break space",
        '\u{200b}' => "zero-width space",
        '\u{200c}' => "zero-width non-joiner",
        '\u{200d}' => "zero-width joiner",
        '\u{2060}' => "word joiner",
        '\u{feff}' => "byte order mark",
        '\u{ad}' => "soft hyphen",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => "text direction mark",
        '\u{fe0e}' | '\u{fe0f}' => "emoji style mark",
        '\u{0}' => "null character",
        '\u{7}' => "bell character",
        '\u{8}' => "backspace",
        '\u{1b}' => "escape character",
        '\r' => "carriage return",
        _ if get_general_category(c) == GeneralCategory::SpaceSeparator => "unusual space",
        _ => "invisible character",
    };
    format!("{known} ({})", name(c).trim_matches(['<', '>']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_spaces_at_the_end_are_marked() {
        assert_eq!(visible_line("a b  "), "a b··");
        assert_eq!(visible_line("  a"), "  a");
    }

    #[test]
    fn tabs_carriage_returns_and_shapeless_characters_are_named() {
        assert_eq!(visible_line("a\tb\r"), "a→b\\r");
        assert_eq!(visible_line("a\u{a0}b\u{200b}\u{1b}[2J"), "a<U+00A0>b<U+200B>\\x1b[2J");
    }

    #[test]
    fn letters_of_any_script_stay_as_they_are() {
        for text in ["żółw", "日本", "привет", "naïve", "👍"] {
            assert_eq!(visible_line(text), text);
        }
    }
}
