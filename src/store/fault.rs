//! What goes wrong with the file of a run.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::error::{Fault, Result};

/// Turns an error of `SQLite` into a fault that names what was being done.
pub(super) trait StoreContext<T> {
    /// `doing` completes "can't ...".
    fn or_store(self, doing: &str) -> Result<T>;
}

impl<T> StoreContext<T> for rusqlite::Result<T> {
    fn or_store(self, doing: &str) -> Result<T> {
        self.map_err(|error| {
            let fault = Fault::machine(format!("can't {doing}")).because(&error);
            match error.sqlite_error_code() {
                Some(ErrorCode::DiskFull) => {
                    fault.hint("free some disk space; what was graded is kept, and `--resume` goes on")
                }
                Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => fault.hint(
                    "the file of the run is damaged: use the copy that you have, or grade anew with another `--out`",
                ),
                _ => fault,
            }
        })
    }
}

impl<T> StoreContext<T> for serde_json::Result<T> {
    fn or_store(self, doing: &str) -> Result<T> {
        self.map_err(|error| Fault::machine(format!("can't {doing}")).because(error))
    }
}

pub(super) fn no_run(path: &Path) -> Fault {
    Fault::usage(format!("there is no run at `{}`", path.display()))
        .hint("`grade batch ID PATH... --out RUN` makes one")
}

pub(super) fn is_no_run(path: &Path) -> Fault {
    Fault::usage(format!("`{}` is not a run of `grade batch`", path.display()))
}
