//! For HTML: text between tags, and attributes in double or single quotes.

use std::borrow::Cow;
use std::fmt;

use super::{named_but_breaks, replaced};

/// No markup and nothing hidden; newlines and tabs stay.
pub fn html(text: &str) -> Cow<'_, str> {
    // Names of characters have angle brackets of their own, so that they come first.
    match replaced(text, named_but_breaks) {
        Cow::Borrowed(text) => replaced(text, |c| entity(c).map(str::to_owned)),
        Cow::Owned(named) => Cow::Owned(replaced(&named, |c| entity(c).map(str::to_owned)).into_owned()),
    }
}

/// A finished JSON text for a `<script type="application/json">`: no tag ends it and no comment begins in it.
pub fn json_in_html(json: &str) -> Cow<'_, str> {
    // Outside of its strings JSON has none of these characters.
    replaced(json, |c| matches!(c, '<' | '>' | '&').then(|| format!("\\u{:04x}", u32::from(c))))
}

fn entity(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    }
}

/// [`html`] for templates: `askama.toml` names it, so that every `{{ … }}` of an `.html` file goes through it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Html;

impl askama::filters::Escaper for Html {
    fn write_escaped_str<W: fmt::Write>(&self, mut dest: W, string: &str) -> fmt::Result {
        dest.write_str(&html(string))
    }
}
