//! Text that a learner could have made, for terminals and XML: whatever could do something other than be read is shown by its name.
//! JSON needs no function here: `serde_json` escapes.

use std::borrow::Cow;

use unicode_general_category::{GeneralCategory, get_general_category};

use crate::judging::visible::{is_invisible, name};

/// What becomes of newlines and tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaks {
    /// Newlines stay; tabs become four spaces in [`terminal`] and stay in [`xml`].
    Keep,
    /// The text stays on one line: `\n`, and tabs become spaces.
    Show,
}

/// For a terminal: no control character, no escape sequence, nothing that turns the direction of text around or can't be seen.
pub fn terminal(text: &str, breaks: Breaks) -> Cow<'_, str> {
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

/// For XML 1.0: only characters that it allows, and none that [`terminal`] would not show. Markup is escaped by who writes it.
pub fn xml(text: &str) -> Cow<'_, str> {
    replaced(text, |c| if matches!(c, '\n' | '\t') { None } else { named(c) })
}

fn named(c: char) -> Option<String> {
    use GeneralCategory as G;
    match c {
        '\r' => Some("\\r".to_owned()),
        ' '..='~' => None,
        _ if is_invisible(c) || matches!(get_general_category(c), G::PrivateUse | G::Unassigned) => Some(name(c)),
        _ => None,
    }
}

fn replaced(text: &str, replacement: impl Fn(char) -> Option<String>) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match replacement(c) {
            Some(name) => shown.push_str(&name),
            None => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_bidi(c: char) -> bool {
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    }

    fn nasty() -> impl Strategy<Value = String> {
        let special = prop_oneof![
            any::<char>(),
            (0u32..0xa0).prop_filter_map("char", char::from_u32),
            (0x2000u32..0x2070).prop_filter_map("char", char::from_u32),
            (0xfe00u32..0x1_0000).prop_filter_map("char", char::from_u32),
        ];
        proptest::collection::vec(special, 0..60).prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn terminal_text_holds_no_control_and_no_direction_mark(text in nasty()) {
            for breaks in [Breaks::Keep, Breaks::Show] {
                let shown = terminal(&text, breaks);
                let allowed = |c: char| !c.is_control() || (c == '\n' && breaks == Breaks::Keep);
                prop_assert!(shown.chars().all(|c| allowed(c) && !is_bidi(c)), "{shown:?}");
            }
        }

        #[test]
        fn xml_text_holds_only_what_xml_1_0_allows(text in nasty()) {
            let allowed = |c: char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..) ;
            let shown = xml(&text);
            prop_assert!(shown.chars().all(|c| allowed(c) && !is_bidi(c)), "{shown:?}");
        }

        #[test]
        fn printable_ascii_is_left_alone(text in "[ -~]{0,40}") {
            prop_assert_eq!(terminal(&text, Breaks::Show), text.as_str());
            prop_assert_eq!(xml(&text), text.as_str());
        }
    }

    #[test]
    fn what_is_hidden_is_named() {
        assert_eq!(
            terminal("\u{1b}[2J\u{9b}1m\u{202e}a\u{200b}\r\u{7f}", Breaks::Keep),
            "\\x1b[2J<U+009B>1m<U+202E>a<U+200B>\\r\\x7f"
        );
        assert_eq!(terminal("a\tb\nc", Breaks::Show), "a    b\\nc");
        assert_eq!(xml("a\0b\u{ffff}\u{fffe}"), "a\\x00b<U+FFFF><U+FFFE>");
    }
}
