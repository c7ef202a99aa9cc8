//! Characters that look like others: enough of Unicode's confusables to explain what a keyboard layout or a word processor does.

/// Pairs of a character and the plain one that it looks like, with where it is from.
const TABLE: &[(&str, &str, &str)] = &[
    ("Cyrillic", "аеорсухіјѕԁһԛԝвкмнт", "aeopcyxijsdhqwвкмнт"),
    ("Cyrillic", "АВЕЅІЈКМНОРСТХУԚԜ", "ABESIJKMHOPCTXYQW"),
    ("Greek", "οανιρυκ", "oavipuk"),
    ("Greek", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("a typographic quote", "‘’‚‛′", "'''''"),
    ("a typographic quote", "“”„‟″", "\"\"\"\"\""),
    ("a typographic dash", "‐‑‒–—―−", "-------"),
    ("a typographic sign", "∗×⁄∕∶ː", "*x//::"),
    ("fullwidth", "（）［］｛｝，．：；！？＝＋＊／＜＞", "()[]{},.:;!?=+*/<>"),
];

/// The plain character that `c` looks like, and where `c` is from.
pub(super) fn plain(c: char) -> Option<(char, &'static str)> {
    if c.is_ascii() {
        return None;
    }
    if let Some(ascii) = fullwidth(c) {
        return Some((ascii, "fullwidth"));
    }
    TABLE.iter().find_map(|(origin, odd, plain)| {
        let at = odd.chars().position(|candidate| candidate == c)?;
        plain.chars().nth(at).filter(char::is_ascii).map(|plain| (plain, *origin))
    })
}

fn fullwidth(c: char) -> Option<char> {
    let offset = u32::from(c).checked_sub(0xff01)?;
    char::from_u32(0x21 + offset).filter(char::is_ascii_graphic)
}

/// A sentence when the two texts differ in nothing but look-alikes.
pub(super) fn difference(expected: &str, actual: &str) -> Option<String> {
    if expected == actual || expected.chars().count() != actual.chars().count() {
        return None;
    }
    let mut first = None;
    for (expected, actual) in expected.chars().zip(actual.chars()) {
        if expected == actual {
            continue;
        }
        let looks = |c: char| plain(c).map_or(c, |(plain, _)| plain);
        if looks(expected) != looks(actual) {
            return None;
        }
        first = first.or(Some((expected, actual)));
    }
    let (expected, actual) = first?;
    Some(match plain(actual) {
        Some((_, origin)) => format!(
            "'{actual}' looks like '{expected}' but is another character ({origin}, U+{:04X})",
            u32::from(actual)
        ),
        None => format!(
            "'{actual}' looks like the expected '{expected}' (U+{:04X}) but is another character",
            u32::from(expected)
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_pairs_as_many_characters() {
        for (_, odd, plain) in TABLE {
            assert_eq!(odd.chars().count(), plain.chars().count(), "{odd} {plain}");
        }
    }

    #[test]
    fn a_look_alike_is_named_only_when_it_is_the_whole_difference() {
        let reason = difference("Saldo: ok", "Sаldo: ok").unwrap();
        assert_eq!(reason, "'а' looks like 'a' but is another character (Cyrillic, U+0430)");
        assert_eq!(difference("Saldo", "Sаldi"), None);
        assert_eq!(difference("same", "same"), None);
        assert_eq!(
            difference("don't", "don’t").unwrap(),
            "'’' looks like ''' but is another character (a typographic quote, U+2019)"
        );
    }
}
