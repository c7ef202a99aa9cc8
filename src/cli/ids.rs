//! From what was typed for ids to exercises.

use crate::catalog::{Catalog, Selection};
use crate::error::{Fault, Result};
use crate::suggest::nearest;

/// The exercises that `asked` stands for. A name that stands for none may also have been meant as one of `commands`.
pub(crate) fn select(catalog: &Catalog, asked: &[String], commands: &[&str]) -> Result<Selection> {
    catalog.select(asked).map_err(|fault| match asked {
        [only] => or_command(fault, only, commands),
        _ => fault,
    })
}

fn or_command(fault: Fault, typed: &str, commands: &[&str]) -> Fault {
    match nearest(typed, commands.iter().copied()) {
        Some(command) if !typed.contains('/') => fault.hint(format!("did you mean the command `grade {command}`?")),
        _ => fault,
    }
}
