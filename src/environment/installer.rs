//! The ways to fill an environment with packages, tried in order: `uv`, then `venv --without-pip` with a `pip` from outside.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::command::{Finished, Tool};
use super::failure::Failure;
use super::{Interpreter, Interrupt, Variables, venv};

/// How long one installation may take.
const LIMIT: Duration = Duration::from_mins(5);
/// How long a tool may take to say its version.
const ASK_LIMIT: Duration = Duration::from_secs(20);
/// The first pip that installs into another Python's environment (`--python`).
const OLDEST_PIP: (u32, u32) = (22, 3);

/// Settings of the user's own pip and uv that would send packages elsewhere or change what is installed. Those that say where packages come
/// from (indexes, proxies, certificates, wheel folders) are kept.
const MISLEADING: &[&str] = &[
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONUSERBASE",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_PYTHON",
    "PIP_REQUIREMENT",
    "PIP_CONSTRAINT",
    "PIP_NO_BINARY",
    "PIP_DRY_RUN",
    "PIP_NO_DEPS",
    "PIP_PLATFORM",
    "PIP_ABI",
    "UV_PYTHON",
    "UV_SYSTEM_PYTHON",
    "UV_CONSTRAINT",
    "UV_OVERRIDE",
    "UV_NO_BINARY",
    "UV_PROJECT",
    "UV_PROJECT_ENVIRONMENT",
    "UV_EXCLUDE_NEWER",
    "UV_WORKING_DIRECTORY",
    "UV_TARGET",
];

/// One way to install.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Installer {
    Uv(PathBuf),
    /// A program and the arguments that make it a pip.
    Pip {
        program: PathBuf,
        args: &'static [&'static str],
    },
}

/// What is to be made: an environment for this interpreter, here, with what this lock file names.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    pub(crate) interpreter: &'a Interpreter,
    /// Does not exist yet; its parent does.
    pub(crate) root: &'a Path,
    pub(crate) lock_file: &'a Path,
    pub(crate) variables: &'a Variables,
    pub(crate) interrupt: Option<&'a Interrupt>,
}

impl Installer {
    /// The ways that this machine may offer, best first. A pip that is not there or too old is found out when its turn comes.
    pub(crate) fn ladder(interpreter: &Interpreter, variables: &Variables) -> Vec<Self> {
        let as_module: &[&str] = &["-I", "-m", "pip"];
        let uv = variables.on_path("uv").take(1).map(Self::Uv);
        let own = std::iter::once(interpreter.executable.clone());
        let pythons = own.chain(variables.on_path("python3"));
        let modules = pythons.map(|program| Self::Pip { program, args: as_module });
        let scripts = ["pip3", "pip"]
            .into_iter()
            .flat_map(|name| variables.on_path(name))
            .map(|program| Self::Pip { program, args: &[] });
        let mut ladder: Vec<Self> = Vec::new();
        for rung in uv.chain(modules).chain(scripts) {
            if !ladder.iter().any(|known| known.is_same_as(&rung)) {
                ladder.push(rung);
            }
        }
        ladder
    }

    /// Whether both are one program, links resolved: `/bin` is often `/usr/bin`, and `python3` a name of `python3.11`.
    fn is_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Uv(_), Self::Uv(_)) => true,
            (Self::Pip { program, args }, Self::Pip { program: other, args: other_args }) => {
                args == other_args && program.canonicalize().ok() == other.canonicalize().ok()
            }
            _ => false,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Uv(_) => "uv",
            Self::Pip { .. } => "pip",
        }
    }

    /// Whether it can be tried at all; asks pip for its version.
    pub(crate) fn is_usable(&self, variables: &Variables) -> bool {
        let Self::Pip { program, args } = self else { return true };
        let tool = Tool::new(program, &suitable(variables), ASK_LIMIT).within(Path::new("/"));
        let answer = tool.args(*args).args(["--version"]).run(None).ok().filter(Finished::succeeded);
        answer.is_some_and(|finished| pip_version(&finished.output).is_some_and(|version| version >= OLDEST_PIP))
    }

    /// Makes the environment and installs the packages, without bytecode.
    pub(crate) fn install(&self, job: &Job<'_>) -> Result<(), Failure> {
        match self {
            Self::Uv(uv) => uv_install(uv, job),
            Self::Pip { program, args } => pip_install(program, args, job),
        }
    }
}

fn uv_install(uv: &Path, job: &Job<'_>) -> Result<(), Failure> {
    let make = ["venv", "--quiet", "--no-project", "--python"].map(OsStr::new).into_iter();
    job.run("uv venv", uv, make.chain([job.interpreter.executable.as_os_str(), job.root.as_os_str()]))?;
    // Copies, not links into uv's cache: a file of ours changes only with ours.
    let options = ["--quiet", "--link-mode", "copy", "--require-hashes", "--only-binary", ":all:"];
    let install = |more: &[&str]| {
        let python = venv::python(job.root);
        let words = ["pip", "install"].iter().chain(&options).chain(more).map(OsStr::new);
        let words = words.chain([
            OsStr::new("--python"),
            python.as_os_str(),
            OsStr::new("--requirement"),
            job.lock_file.as_os_str(),
        ]);
        job.run("uv pip install", uv, words)
    };
    // What uv has in its cache needs no network, and asking the cache costs a few milliseconds.
    install(&["--offline"]).or_else(|failure| if failure.may_pass_elsewhere() { install(&[]) } else { Err(failure) })
}

fn pip_install(program: &Path, args: &[&str], job: &Job<'_>) -> Result<(), Failure> {
    let make = ["-I", "-m", "venv", "--without-pip"].map(OsStr::new).into_iter();
    job.run("python -m venv", &job.interpreter.executable, make.chain([job.root.as_os_str()]))?;
    let python = venv::python(job.root);
    let options = [
        "install",
        "--quiet",
        "--no-input",
        "--no-compile",
        "--no-warn-script-location",
        "--require-hashes",
        "--only-binary",
        ":all:",
    ];
    let words = args.iter().map(OsStr::new).chain([OsStr::new("--python"), python.as_os_str()]);
    let words = words.chain(options.map(OsStr::new)).chain([OsStr::new("--requirement"), job.lock_file.as_os_str()]);
    job.run("pip install", program, words)
}

impl Job<'_> {
    fn run<'s>(&self, shown: &str, program: &Path, args: impl Iterator<Item = &'s OsStr>) -> Result<(), Failure> {
        // In the cache, not where the learner stands: uv reads a `uv.toml` of the folder it runs in.
        let folder = self.root.parent().unwrap_or(Path::new("/"));
        let tool = Tool::new(program, &suitable(self.variables), LIMIT).within(folder).args(args.map(OsString::from));
        let finished = tool.run(self.interrupt).map_err(|error| Failure::unstartable(shown, &error))?;
        if finished.succeeded() { Ok(()) } else { Err(Failure::of(shown, &finished)) }
    }

    /// Compiles everything that was installed, as it will be called in its final place, to bytecode that is never checked against its source.
    pub(crate) fn compile(&self, site_packages: &Path, place: &Path) -> Result<(), Failure> {
        let options =
            ["-I", "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s"].map(OsStr::new);
        let words = options.into_iter().chain([
            self.root.as_os_str(),
            OsStr::new("-p"),
            place.as_os_str(),
            site_packages.as_os_str(),
        ]);
        self.run("python -m compileall", &venv::python(self.root), words)
    }

    /// Runs a script of ours that puts more beside the packages.
    pub(crate) fn finish(&self, script: &Path, site_packages: &Path) -> Result<(), Failure> {
        let options = ["-I", "-B"].map(OsStr::new).into_iter();
        let words = options.chain([script.as_os_str(), site_packages.as_os_str()]);
        self.run("finishing the environment", &venv::python(self.root), words)
    }
}

/// The user's variables without those that would mislead an installer, and with patience for a slow index but little for an absent one.
fn suitable(variables: &Variables) -> Variables {
    let mut suitable = MISLEADING.iter().fold(variables.clone(), |kept, name| kept.without(name));
    if suitable.get("PIP_DEFAULT_TIMEOUT").is_none() {
        suitable = suitable.with("PIP_DEFAULT_TIMEOUT", "15");
    }
    if suitable.get("UV_HTTP_RETRIES").is_none() {
        suitable = suitable.with("UV_HTTP_RETRIES", "1");
    }
    // Without a second try pip says nothing of a connection that failed, only that it found no such package.
    if suitable.get("PIP_RETRIES").is_none_or(|retries| retries == "0") {
        suitable = suitable.with("PIP_RETRIES", "2");
    }
    let fixed = [
        ("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
        ("PIP_USER", "0"),
        ("PIP_REQUIRE_VIRTUALENV", "0"),
        ("UV_PYTHON_DOWNLOADS", "never"),
        ("LC_ALL", "C.UTF-8"),
    ];
    fixed.into_iter().fold(suitable, |kept, (name, value)| kept.with(name, value))
}

/// The version in "pip 23.0.1 from /usr/lib/…".
fn pip_version(output: &str) -> Option<(u32, u32)> {
    let version = output.lines().find_map(|line| line.strip_prefix("pip "))?.split(' ').next()?;
    let mut parts = version.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next().flatten().unwrap_or(0)))
}
