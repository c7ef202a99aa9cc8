//! From what was typed for ids to exercises.

use crate::catalog::{Catalog, Selection};
use crate::error::{Fault, Result};
use crate::suggest::nearest;

/// The exercises that `asked` stands for. What stands for none may have been meant as one of `commands`.
pub(crate) fn select(catalog: &Catalog, asked: &[String], commands: &[&str]) -> Result<Selection> {
    catalog.select(asked).map_err(|fault| {
        let first_is_known = asked.len() > 1 && catalog.select(&asked[..1]).is_ok();
        if first_is_known { after_ids(fault, asked, commands) } else { or_command(fault, asked, commands) }
    })
}

/// `grade wach x`
fn or_command(fault: Fault, asked: &[String], commands: &[&str]) -> Fault {
    let Some((first, rest)) = asked.split_first() else { return fault };
    match nearest(first, commands.iter().copied()).filter(|_| !first.contains('/')) {
        Some(command) => {
            let meant = std::iter::once(command).chain(rest.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
            fault.hint(format!("did you mean the command `grade {meant}`?"))
        }
        None => after_ids(fault, asked, commands),
    }
}

/// `grade x watch`
fn after_ids(fault: Fault, asked: &[String], commands: &[&str]) -> Fault {
    match asked {
        [first, .., last] if commands.contains(&last.as_str()) => {
            fault.hint(format!("a command comes first: `grade {last} {first}`"))
        }
        _ => fault,
    }
}
