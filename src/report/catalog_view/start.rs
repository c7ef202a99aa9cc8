//! `grade start`: what was put where, and what to do next.

use std::io::{self, Write};
use std::path::Path;

use super::counted;
use crate::catalog::Exercise;
use crate::placing::{Done, Placed};

/// Writes one line for each file, then the next commands.
pub fn start(out: &mut dyn Write, exercise: &Exercise, repository: &Path, placed: &[Placed]) -> io::Result<()> {
    writeln!(out, "{}, in {}\n", exercise.title, repository.display())?;
    placed.iter().try_for_each(|file| one(out, file))?;
    let kept = placed.iter().filter(|file| file.done == Done::Kept).count();
    if kept > 0 {
        let are = if kept == 1 { "is" } else { "are" };
        writeln!(
            out,
            "\n{} of yours {are} as before; `--force` puts the starter there and keeps a backup.",
            counted(kept, "file")
        )?;
    }
    writeln!(out, "\n`grade show {id}` tells what to do, `grade {id}` how far you are.", id = exercise.id)
}

/// What became of one file.
pub(super) fn one(out: &mut dyn Write, file: &Placed) -> io::Result<()> {
    match &file.done {
        Done::Written => writeln!(out, "  written    {}", file.path),
        Done::Unchanged => writeln!(out, "  there      {}", file.path),
        Done::Kept => writeln!(out, "  kept       {}", file.path),
        Done::Replaced(backup) => writeln!(out, "  written    {}  (yours is now {backup})", file.path),
    }
}
