//! Runs a script of ours that reads files and writes one JSON document.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::command::{Tool, shown};
use super::{Interpreter, Interrupt, Variables};
use crate::error::{Fault, IoContext as _, Result};

/// How long one script may take, on a machine that is busy.
const LIMIT: Duration = Duration::from_mins(5);

/// What `script` writes about `files`, which it gets by their paths; the standard library is all that it can import.
///
/// # Errors
///
/// The interpreter can't be run (machine), the script fails (author: it could not read what an author wrote), or what it wrote is no such document
/// (our own).
pub fn run<T: DeserializeOwned>(
    interpreter: &Interpreter,
    script: &Path,
    files: &[PathBuf],
    interrupt: Option<&Interrupt>,
) -> Result<T> {
    let doing = || format!("run `{}`", script.display());
    let folder = tempfile::tempdir().or_machine(doing)?;
    let out = folder.path().join("out.json");
    let options = ["-I", "-S", "-B"].map(OsString::from);
    let finished = Tool::new(&interpreter.executable, &Variables::of_this_process(), LIMIT)
        .args(options)
        .args([script, &out])
        .args(files)
        .run(interrupt)
        .or_machine(doing)?;
    if interrupt.is_some_and(Interrupt::is_raised) {
        return Err(Fault::interrupted());
    }
    if !finished.succeeded() {
        let last = finished.output.trim().lines().last().unwrap_or_default().to_owned();
        return Err(Fault::author("the files of an exercise can't be read as Python").because(shown(&last, 400)));
    }
    let text = fs::read(&out).or_machine(doing)?;
    serde_json::from_slice(&text).map_err(|error| Fault::ourselves("a script of ours wrote nonsense").because(error))
}
