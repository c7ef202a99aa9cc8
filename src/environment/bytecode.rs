//! Compiles our own Python files once per interpreter, so that a cold start never does.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::command::{Tool, shown};
use super::{Environment, Interrupt, Variables};
use crate::error::{Fault, IoContext, Result};

/// How long the compilation of one set of folders may take.
const LIMIT: Duration = Duration::from_mins(1);

/// Compiles every Python file in and below the folders, to bytecode that is **never checked against its source**: the folders must be copies of
/// ours that are not edited in place. The second time costs one look at the disk for each folder. Concurrent runs are harmless: `compileall`
/// replaces each file atomically.
///
/// A folder that can't be written is left as it is: Python then compiles at each start. Errors (machine): the compiler can't be run, a file of
/// ours does not compile.
pub fn compile(environment: &Environment, folders: &[&Path], interrupt: Option<&Interrupt>) -> Result<()> {
    let pending: Vec<&Path> = folders.iter().copied().filter(|folder| !marker(environment, folder).exists()).collect();
    let pending: Vec<&Path> = pending.into_iter().filter(|folder| is_writable(folder)).collect();
    if pending.is_empty() {
        return Ok(());
    }
    let options = ["-I", "-S", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"].map(OsStr::new);
    // With our variables: an interpreter may need its LD_LIBRARY_PATH.
    let variables = Variables::of_this_process();
    let tool = Tool::new(&environment.interpreter.executable, &variables, LIMIT).within(Path::new("/"));
    let finished = tool
        .args(options)
        .args(&pending)
        .run(interrupt)
        .or_machine(|| format!("start `{}`", environment.interpreter.executable.display()))?;
    if interrupt.is_some_and(Interrupt::is_raised) {
        return Err(Fault::interrupted());
    }
    if !finished.succeeded() {
        return Err(Fault::machine("grade's own Python files can't be compiled")
            .because(shown(finished.output.trim(), 400))
            .hint("run `grade cache clear`, then try again"));
    }
    for folder in pending {
        let marker = marker(environment, folder);
        fs::write(&marker, "").or_machine(|| format!("write `{}`", marker.display()))?;
    }
    Ok(())
}

/// The file that says that everything below `folder` is compiled, for this kind of bytecode.
fn marker(environment: &Environment, folder: &Path) -> PathBuf {
    let interpreter = &environment.interpreter;
    folder.join("__pycache__").join(format!("compiled-{}-{}", interpreter.cache_tag, interpreter.magic))
}

/// Whether `__pycache__` can be made in it, which is also made.
fn is_writable(folder: &Path) -> bool {
    let cache = folder.join("__pycache__");
    fs::create_dir_all(&cache).is_ok() && tempfile::tempfile_in(&cache).is_ok()
}
