//! From a path that somebody calls a Python to the real interpreter behind it: through links, venvs and shims.

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::memory::Memory;
use super::shim::{self, Target};
use super::{Interpreter, Variables};

/// How many shims may stand in front of each other.
const DEPTH: u32 = 4;

/// Resolves paths for one user in one folder.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    pub(crate) variables: &'a Variables,
    pub(crate) cwd: &'a Path,
    pub(crate) memory: Memory,
}

/// Why a path gives no interpreter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    /// A shim that leaves the choice to whatever comes later on `PATH`.
    PassedOn,
    /// One line, to go after the path.
    Broken(String),
}

impl Resolver<'_> {
    pub(crate) fn resolve(&self, program: &Path) -> Result<Interpreter, Miss> {
        self.resolve_within(program, DEPTH)
    }

    fn resolve_within(&self, program: &Path, depth: u32) -> Result<Interpreter, Miss> {
        let Some(depth) = depth.checked_sub(1) else { return Err(Miss::Broken("leads from shim to shim".into())) };
        let real = program.canonicalize().map_err(|error| Miss::Broken(error.to_string()))?;
        if is_interpreter_file(&real) {
            return self.describe(&real, depth);
        }
        match shim::target(program, self.variables, self.cwd) {
            Target::Program(target) => self.resolve_within(&target, depth),
            Target::System => Err(Miss::PassedOn),
            Target::Unknown => self.run(program, depth),
        }
    }

    /// A real binary: remembered, or asked once.
    fn describe(&self, real: &Path, depth: u32) -> Result<Interpreter, Miss> {
        if let Some(interpreter) = self.memory.recall(real) {
            return Ok(interpreter);
        }
        if let Some(base) = base_of_copied_venv(real) {
            return self.resolve_within(&base, depth);
        }
        let mut interpreter = Interpreter::probe(real, self.variables, self.cwd).map_err(Miss::Broken)?;
        real.clone_into(&mut interpreter.executable);
        // A cache that can't be written costs the next run some milliseconds; it is no reason to stop here.
        let _ = self.memory.remember(real, &interpreter);
        Ok(interpreter)
    }

    /// A script or an unknown launcher: it depends on the folder and the environment, so it is asked each time, for the binary behind it.
    fn run(&self, program: &Path, depth: u32) -> Result<Interpreter, Miss> {
        let told = Interpreter::probe(program, self.variables, self.cwd).map_err(Miss::Broken)?;
        let behind = told.executable.canonicalize().ok().filter(|real| is_interpreter_file(real));
        match behind {
            Some(real) => self.describe(&real, depth),
            None => Ok(told),
        }
    }
}

/// Whether a path without links is an interpreter's own binary: ELF, and called like one. A launcher of many names (mise's shims are links
/// to `mise`) is not.
fn is_interpreter_file(real: &Path) -> bool {
    let named = real.file_name().is_some_and(|name| {
        let name = name.as_encoded_bytes();
        name.starts_with(b"python") || name.starts_with(b"pypy")
    });
    named && is_elf(real)
}

fn is_elf(file: &Path) -> bool {
    let mut magic = [0; 4];
    fs::File::open(file).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *b"\x7fELF"
}

/// The base interpreter of a venv made with `--copies`, whose `bin/python` is no link.
fn base_of_copied_venv(real: &Path) -> Option<PathBuf> {
    let bin = real.parent()?;
    base_of_venv(bin.parent()?).filter(|base| base != real)
}

/// The base interpreter of the venv in `root` (PEP 405: `home` in its `pyvenv.cfg` is the folder of the base's binary).
pub(crate) fn base_of_venv(root: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(root.join("pyvenv.cfg")).ok()?;
    let setting = |key: &str| {
        text.lines()
            .filter_map(|line| line.split_once('='))
            .find(|(name, _)| name.trim() == key)
            .map(|(_, value)| value.trim().to_owned())
    };
    let home = PathBuf::from(setting("home")?);
    // `python3` in that folder may be another version by now: the exact name is better where it is known.
    let version = setting("version").or_else(|| setting("version_info"))?;
    let mut parts = version.split('.');
    let exact = format!("python{}.{}", parts.next()?, parts.next()?);
    let names = [OsString::from(exact), "python3".into(), "python".into()];
    names.iter().map(|name| home.join(name)).find(|file| super::variables::is_executable(file))
}
