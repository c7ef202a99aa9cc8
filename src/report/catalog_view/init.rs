//! `grade init`: what was put where, and what to do next.

use std::io::{self, Write};
use std::path::Path;

use super::start;
use crate::placing::{Done, Placed};

/// Writes one line for the workflow, then what is left to do.
pub fn init(out: &mut dyn Write, repository: &Path, workflow: &Placed) -> io::Result<()> {
    writeln!(out, "The workflow, in {}\n", repository.display())?;
    start::one(out, workflow)?;
    if workflow.done == Done::Kept {
        return writeln!(out, "\nYours is as before; `--force` puts the new one there and keeps a backup.");
    }
    writeln!(out, "\nCommit it and push; `grade ci` shows here what it will say there.")
}
