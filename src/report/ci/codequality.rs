//! GitLab's code quality report: what is to be mended, beside the lines of a merge request.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::io::{self, Write};

use serde::Serialize;

use super::finding::Finding;
use crate::ci::{Account, Row};
use crate::report::escape::one_line;
use crate::report::source::SourceLines;

/// Characters of one description.
const LONGEST: usize = 1000;

#[derive(Serialize)]
struct Entry {
    description: String,
    check_name: String,
    /// The same for the same check of the same exercise in the same file, so that GitLab can tell what is new.
    fingerprint: String,
    severity: &'static str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// Writes one entry for each exercise that is not right, as a JSON array.
///
/// # Errors
/// When `out` can't be written to.
pub fn codequality(out: &mut dyn Write, account: &Account, source: &dyn SourceLines) -> io::Result<()> {
    let entries: Vec<Entry> = account.rows.iter().filter_map(|row| entry(row, &account.prefix, source)).collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    writeln!(out)
}

fn entry(row: &Row, prefix: &str, source: &dyn SourceLines) -> Option<Entry> {
    let verdict = row.verdict()?;
    let finding = Finding::of(verdict, source)?;
    let file = finding.location.as_ref().map_or(&verdict.submission.path, |location| &location.file);
    let path = format!("{prefix}{file}");
    let mut print = blake3::Hasher::new();
    for part in [&row.exercise, &finding.title, &path] {
        print.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    let description: String =
        format!("{}: {}: {}", row.exercise, finding.title, finding.details).chars().take(LONGEST).collect();
    Some(Entry {
        description: one_line(&description.replace('\n', " ")).into_owned(),
        check_name: row.exercise.clone(),
        fingerprint: print.finalize().to_hex().to_string(),
        severity: if row.required { "major" } else { "minor" },
        location: Place { path, lines: Lines { begin: finding.location.map_or(1, |location| location.line) } },
    })
}
