//! From what was typed for ids to exercises.

use crate::catalog::{Catalog, Selection};
use crate::error::{Fault, Result};
use crate::suggest::nearest;

/// The exercises that `asked` stands for. What stands for none may have been meant as one of `commands`.
pub(crate) fn select(catalog: &Catalog, asked: &[String], commands: &[&str]) -> Result<Selection> {
    catalog.select(asked).map_err(|fault| or_command(fault, asked, commands))
}

fn or_command(fault: Fault, asked: &[String], commands: &[&str]) -> Fault {
    let near = |typed: &String| nearest(typed, commands.iter().copied()).filter(|_| !typed.contains('/'));
    match asked {
        [first, .., last] if commands.contains(&last.as_str()) => {
            fault.hint(format!("a command comes first: `grade {last} {first}`"))
        }
        [only] => match near(only) {
            Some(command) => fault.hint(format!("did you mean the command `grade {command}`?")),
            None => fault,
        },
        _ => fault,
    }
}
