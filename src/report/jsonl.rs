//! One line for each verdict (`--format jsonl`), written as soon as there is one.

use std::io::{self, Write};

use serde::Serialize;

use crate::verdict::{SCHEMA, Verdict};

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    #[serde(flatten)]
    verdict: &'a Verdict,
}

/// Writes a verdict, its schema first, as one line.
///
/// # Errors
/// When `out` can't be written to.
pub fn jsonl(out: &mut dyn Write, verdict: &Verdict) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Line { schema: SCHEMA, verdict })?;
    writeln!(out)
}
