//! The Pythons and tools that this machine has, and stand-ins for those it has not.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use grade::environment::{Interpreter, Request, Variables, discover};
use tempfile::TempDir;

/// Says loudly (past the capture of test output) that something could not be tested; `GRADE_TEST_ALL=1` makes that a failure.
#[expect(clippy::explicit_write, reason = "`eprintln!` is captured in a test that passes")]
pub(crate) fn absent(what: &str) {
    assert!(std::env::var_os("GRADE_TEST_ALL").is_none(), "GRADE_TEST_ALL is set, but {what}");
    writeln!(std::io::stderr(), "NOT TESTED: {what}").unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the one place where these tests start processes")]
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    Command::new(program)
}

pub(crate) fn run(program: &Path, args: &[&str]) -> Output {
    command(program).args(args).output().unwrap()
}

/// Every `CPython` on this machine that is found by name, oldest first, links resolved; those that are too old included.
pub(crate) fn all() -> &'static [(PathBuf, (u32, u32))] {
    static FOUND: OnceLock<Vec<(PathBuf, (u32, u32))>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let folders = std::env::split_paths(&std::env::var_os("PATH").unwrap()).collect::<Vec<_>>();
        let home = PathBuf::from(std::env::var_os("HOME").unwrap());
        let pyenv = fs::read_dir(home.join(".pyenv/versions")).into_iter().flatten().flatten();
        let folders = folders
            .into_iter()
            .filter(|folder| !folder.ends_with("shims"))
            .chain(pyenv.map(|entry| entry.path().join("bin")));
        let mut found: Vec<_> = folders
            .flat_map(|folder| (6..20).map(move |minor| (folder.join(format!("python3.{minor}")), (3, minor))))
            .filter_map(|(file, version)| Some((file.canonicalize().ok()?, version)))
            .filter(|(file, _)| run(file, &["-V"]).status.success())
            .collect();
        found.sort_by_key(|(file, version)| (*version, file.clone()));
        found.dedup();
        for minor in 11..=14 {
            if !found.iter().any(|(_, version)| *version == (3, minor)) {
                absent(&format!("there is no Python 3.{minor} here"));
            }
        }
        found
    })
}

/// One that grade can use.
pub(crate) fn usable() -> PathBuf {
    all().iter().find(|(_, version)| *version >= (3, 11)).expect("these tests need a Python 3.11 or newer").0.clone()
}

/// One that is too old, where there is one.
pub(crate) fn too_old() -> Option<PathBuf> {
    let found = all().iter().find(|(_, version)| *version < (3, 11)).map(|(file, _)| file.clone());
    if found.is_none() {
        absent("there is no Python older than 3.11 here");
    }
    found
}

/// A machine made of a temporary folder: its `bin` is the whole `PATH`.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) root: TempDir,
    pub(crate) variables: Variables,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["bin", "work", "home"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        let variables =
            Variables::default().with("PATH", root.path().join("bin")).with("HOME", root.path().join("home"));
        Self { root, variables }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.path().join(relative)
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.path("cache")
    }

    /// A link at `relative` to `target`.
    pub(crate) fn link(&self, relative: &str, target: &Path) -> PathBuf {
        let link = self.path(relative);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(target, &link).unwrap();
        link
    }

    /// A shell script at `relative`.
    pub(crate) fn script(&self, relative: &str, body: &str) -> PathBuf {
        let file = self.path(relative);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file
    }

    pub(crate) fn write(&self, relative: &str, text: &str) {
        let file = self.path(relative);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<std::ffi::OsString>) -> Self {
        self.variables = self.variables.with(name, value);
        self
    }

    pub(crate) fn request(&self) -> Request {
        Request {
            explicit: None,
            minimum: (3, 11),
            cwd: self.path("work"),
            env: self.variables.clone(),
            cache_dir: self.cache(),
        }
    }

    pub(crate) fn discover(&self) -> grade::error::Result<Interpreter> {
        discover(&self.request())
    }

    pub(crate) fn discover_explicit(&self, asked: impl Into<PathBuf>) -> grade::error::Result<Interpreter> {
        discover(&Request { explicit: Some(asked.into()), ..self.request() })
    }
}

/// uv: the one on `PATH`, or one installed once into the target folder; `None`, said loudly, when neither can be had.
pub(crate) fn uv() -> Option<PathBuf> {
    static UV: OnceLock<Option<PathBuf>> = OnceLock::new();
    UV.get_or_init(|| {
        let on_path = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|folder| folder.join("uv"))
            // Not a version manager's shim, which works under its own name and in its own surroundings only.
            .find(|file| std::fs::read(file).is_ok_and(|bytes| bytes.starts_with(b"\x7fELF")));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("uv");
        let installed = folder.join("bin/uv");
        if on_path.is_some() || installed.is_file() {
            return on_path.or(Some(installed));
        }
        let made = run(&usable(), &["-m", "venv", folder.to_str().unwrap()]).status.success();
        let got = made && run(&folder.join("bin/python"), &["-m", "pip", "install", "--quiet", "uv"]).status.success();
        if !got {
            absent("uv is not here and can't be installed (no network?)");
        }
        got.then_some(installed)
    })
    .clone()
}
