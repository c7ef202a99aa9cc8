//! One document with all verdicts (`--format json`, `docs/verdict.schema.json`).

use std::io::{self, Write};

use crate::verdict::{Document, Verdict};

/// Writes the document, indented, with a newline at the end.
///
/// # Errors
/// When `out` can't be written to.
pub fn json(out: &mut dyn Write, verdicts: &[Verdict]) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::new(verdicts.to_vec()))?;
    writeln!(out)
}
