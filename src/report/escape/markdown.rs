//! For Markdown as GitHub, GitLab and `CommonMark` read it.
//!
//! A backslash stops what the parser would take for markup. What a site does afterwards with the finished text (people who are mentioned, issues, links) is stopped by an
//! empty comment in its middle.

use super::{named, named_but_breaks, replaced};

/// Splits a word for whoever looks for mentions, references and addresses in it; shows nothing.
const SPLIT: &str = "<!-- -->";

/// Part of a sentence, a heading or a cell of a table: one line, no markup, no link, no image, no mention.
pub fn markdown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    let mut left = text.chars().peekable();
    while let Some(c) = left.next() {
        let next = left.peek().copied();
        let before_word = next.is_some_and(char::is_alphanumeric);
        let is_numbering = shown.chars().all(|c| c.is_ascii_digit());
        match c {
            '\n' => shown.push_str("\\\\n"),
            // A line that begins with spaces is code, one that ends with spaces a break.
            ' ' | '\t' if shown.is_empty() || next.is_none() => shown.push_str("&#32;"),
            '\t' => shown.push(' '),
            // Also in code a bar ends the cell of a table.
            '|' => shown.push_str("&#124;"),
            '@' if before_word => push_all(&mut shown, &["@", SPLIT]),
            '#' if before_word => push_all(&mut shown, &["\\#", SPLIT]),
            ':' if next == Some('/') => push_all(&mut shown, &[":", SPLIT]),
            '.' if shown.to_ascii_lowercase().ends_with("www") => push_all(&mut shown, &[".", SPLIT]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '$' | '#' => {
                push_all(&mut shown, &["\\", c.encode_utf8(&mut [0; 4])]);
            }
            // At the start of a line it would be a list, or make a heading of the line above.
            '+' | '-' | '=' if shown.is_empty() => push_all(&mut shown, &["\\", c.encode_utf8(&mut [0; 4])]),
            '.' | ')' if is_numbering => push_all(&mut shown, &["\\", c.encode_utf8(&mut [0; 4])]),
            _ => match named(c) {
                Some(name) => shown.push_str(&name.replace('\\', "\\\\").replace('<', "\\<").replace('>', "\\>")),
                None => shown.push(c),
            },
        }
    }
    shown
}

fn push_all(shown: &mut String, parts: &[&str]) {
    for part in parts {
        shown.push_str(part);
    }
}

/// Many lines as a block of code, behind a fence that is longer than any in the text; begins and ends at the beginning of a line.
///
/// `language` is for colours and not escaped: a word of ours, or nothing.
pub fn markdown_block(text: &str, language: &str) -> String {
    let shown = replaced(text.trim_end_matches('\n'), named_but_breaks);
    let fence = "`".repeat((longest_run(&shown, '`') + 1).max(3));
    format!("{fence}{language}\n{shown}\n{fence}\n")
}

fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|c| c != wanted).map(str::len).max().unwrap_or(0)
}
