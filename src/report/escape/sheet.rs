//! For a cell of a sheet: programs take text that begins so for a formula, and run it (<https://owasp.org/www-community/attacks/CSV_Injection>).

use std::borrow::Cow;

use super::{named_but_breaks, replaced};

/// Beginnings of a formula, also in the wide letters that some sheets take for the same.
const BEGINNINGS: [char; 10] = ['=', '+', '-', '@', '\t', '\n', '＝', '＋', '－', '＠'];

/// No formula and nothing hidden; a plain number stays a number. Quoting is done by who writes the file.
pub fn cell(text: &str) -> Cow<'_, str> {
    let shown = replaced(text, named_but_breaks);
    let begins = |text: &str| text.starts_with(BEGINNINGS) || text.trim_start().starts_with(BEGINNINGS);
    if begins(&shown) && !is_number(&shown) { Cow::Owned(format!("'{shown}")) } else { shown }
}

/// Whether it is written as `-1.5` is: `-inf` is a number to Rust, and a name to a sheet.
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+')) && text.parse::<f64>().is_ok()
}
