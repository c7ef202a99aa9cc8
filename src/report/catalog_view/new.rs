//! `grade new`: what was written, and what an author does next.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::catalog::ExerciseId;

/// Writes one line for each file, then the next commands.
pub fn new(out: &mut dyn Write, id: &ExerciseId, root: &Path, files: &[PathBuf]) -> io::Result<()> {
    writeln!(out, "{id}, in {}\n", root.display())?;
    files.iter().try_for_each(|file| writeln!(out, "  written    {}", file.display()))?;
    let catalog = root.display();
    writeln!(out, "\nIt verifies as it is; now change it into yours, and try again after every step:\n")?;
    writeln!(out, "  grade verify {id} --catalog {catalog}")?;
    writeln!(out, "  grade verify {id} --catalog {catalog} --mutants")
}
