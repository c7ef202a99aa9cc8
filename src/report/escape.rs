//! Text that somebody else made (learners, their programs, file names), for whatever it is written into: one function a format.
//!
//! | written into | function |
//! |---|---|
//! | a terminal | [`terminal`], [`one_line`], [`many_lines`], [`same_width`] |
//! | XML | [`xml`]; markup is escaped by who writes it |
//! | HTML, text and quoted attributes | [`html`], and [`Html`] for templates |
//! | JSON inside HTML | [`json_in_html`] |
//! | a cell of a sheet (CSV) | [`cell`] |
//! | Markdown | [`markdown()`] in a sentence or a table, [`markdown_block`] for many lines |
//! | GitHub's log | [`workflow_message`], [`workflow_property`] inside a command, [`workflow_log`] outside of one |
//!
//! All of them show what could not be seen, or would turn the direction of text around, by its name: `\x1b`, `<U+202E>`. JSON by itself needs no function:
//! `serde_json` escapes.

mod html;
mod markdown;
mod sheet;
mod terminal;
#[cfg(test)]
mod tests;
mod workflow;
mod xml;

use std::borrow::Cow;

use unicode_general_category::{GeneralCategory, get_general_category};

use crate::judging::visible::{is_invisible, name};

pub use html::{Html, html, json_in_html};
pub use markdown::{markdown, markdown_block};
pub use sheet::cell;
pub use terminal::{Breaks, many_lines, one_line, same_width, terminal};
pub use workflow::{workflow_log, workflow_message, workflow_property};
pub use xml::xml;

/// The name of a character that nobody would see, or that does something instead of being read.
fn named(c: char) -> Option<String> {
    use GeneralCategory as G;
    match c {
        '\r' => Some("\\r".to_owned()),
        ' '..='~' => None,
        _ if is_invisible(c) || matches!(get_general_category(c), G::PrivateUse | G::Unassigned) => Some(name(c)),
        _ => None,
    }
}

/// The same, where lines and tabs may stay.
fn named_but_breaks(c: char) -> Option<String> {
    if matches!(c, '\n' | '\t') { None } else { named(c) }
}

fn replaced(text: &str, replacement: impl Fn(char) -> Option<String>) -> Cow<'_, str> {
    let mut shown: Option<String> = None;
    for (at, c) in text.char_indices() {
        match (replacement(c), &mut shown) {
            (Some(name), Some(shown)) => shown.push_str(&name),
            (Some(name), None) => shown = Some(format!("{}{name}", &text[..at])),
            (None, Some(shown)) => shown.push(c),
            (None, None) => {}
        }
    }
    shown.map_or(Cow::Borrowed(text), Cow::Owned)
}
