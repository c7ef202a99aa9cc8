//! For XML 1.0, which can't hold every character even when it is escaped (<https://www.w3.org/TR/xml/#charsets>).

use std::borrow::Cow;

use super::{named_but_breaks, replaced};

/// Only characters that XML allows and that can be seen; newlines and tabs stay. Markup is escaped by who writes it.
pub fn xml(text: &str) -> Cow<'_, str> {
    replaced(text, named_but_breaks)
}
