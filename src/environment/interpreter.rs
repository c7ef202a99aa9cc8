//! What is known about one Python interpreter, and how it is asked.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Variables;
use super::command::{Ended, Finished, Tool, shown};

/// How long an interpreter may take to describe itself.
const PROBE_LIMIT: Duration = Duration::from_secs(10);
/// What the probe's answer begins with, so that a warning printed before it does no harm.
const MARKER: &str = "grade-interpreter ";

/// A Python interpreter, described by itself. All paths are absolute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one interpreter")]
pub struct Interpreter {
    /// The real binary, links resolved: neither a shim nor a venv's.
    pub executable: PathBuf,
    pub version: (u32, u32, u32),
    /// `sys.implementation.name`: "cpython".
    pub implementation: String,
    /// As in the names of `.pyc` files: "cpython-312".
    pub cache_tag: String,
    /// `importlib.util.MAGIC_NUMBER`, lower-case hex; bytecode is valid for this number only.
    pub magic: String,
    pub base_prefix: PathBuf,
    pub base_exec_prefix: PathBuf,
    /// The standard library's Python files, and its platform-dependent ones (the same folder nearly everywhere).
    pub stdlib: PathBuf,
    pub platstdlib: PathBuf,
    /// `lib-dynload`: extension modules of the standard library.
    pub dynload: Vec<PathBuf>,
    /// `libpython3.x.so…`, when there is one in its `LIBDIR`; the executable need not use it.
    pub shared_library: Option<PathBuf>,
    /// `sysconfig.get_platform()`: "linux-x86_64".
    pub platform_tag: String,
    /// What extension modules are called: ".cpython-312-x86_64-linux-gnu.so".
    pub extension_suffix: String,
    /// "glibc 2.36" or "musl".
    pub libc: Option<String>,
    /// Where this interpreter's own packages would be.
    pub package_folders: Vec<PathBuf>,
    pub has_ctypes: bool,
    pub has_venv: bool,
    /// Whether `pip` is in one of the package folders.
    pub has_pip: bool,
    pub has_ensurepip: bool,
    pub gil_enabled: bool,
}

/// `3.12.1`, for showing.
#[derive(Clone, Copy, Debug)]
pub struct Version(pub (u32, u32, u32));

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, patch) = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl Interpreter {
    pub fn version(&self) -> Version {
        Version(self.version)
    }

    /// Whether it is at least `minimum` (major, minor).
    pub fn is_at_least(&self, minimum: (u32, u32)) -> bool {
        (self.version.0, self.version.1) >= minimum
    }

    /// Runs `program` once and asks. The error is one line that says why it is no interpreter for us.
    pub(crate) fn probe(program: &Path, variables: &Variables, cwd: &Path) -> Result<Self, String> {
        let finished = Tool::new(program, variables, PROBE_LIMIT)
            .within(cwd)
            .args(["-I", "-S", "-c", include_str!("probe.py")])
            .run(None)
            .map_err(|error| format!("can't be started: {error}"))?;
        match finished.ended {
            Ended::Exited(0) => parse(&finished.output),
            Ended::Exited(_) if finished.output.contains("nknown option") => Err(python_2(program, variables, cwd)),
            Ended::Exited(code) => Err(format!("ends with exit code {code}{}", last_words(&finished.output))),
            Ended::Signalled(signal) => Err(format!("is ended by signal {signal}{}", last_words(&finished.output))),
            Ended::TimedOut => Err(format!("does not answer within {} s", PROBE_LIMIT.as_secs())),
            Ended::Interrupted => Err("was interrupted".into()),
        }
    }
}

fn parse(output: &str) -> Result<Interpreter, String> {
    let answer = output.lines().find_map(|line| line.strip_prefix(MARKER)).ok_or("does not answer as a Python does")?;
    serde_json::from_str(answer).map_err(|error| format!("describes itself in a way that can't be understood: {error}"))
}

/// A Python that does not know `-I` is older than 3.4; its `-V` is all that is asked.
fn python_2(program: &Path, variables: &Variables, cwd: &Path) -> String {
    let answer = Tool::new(program, variables, PROBE_LIMIT).within(cwd).args(["-V"]).run(None);
    let version = answer.ok().filter(Finished::succeeded).map(|finished| finished.output);
    match version.as_deref().map(str::trim) {
        Some(version) if version.starts_with("Python ") => format!("is {}", shown(version, 80)),
        _ => "is not a Python 3".into(),
    }
}

/// The last line of some output, made safe to show: ": No module named 'json'".
fn last_words(output: &str) -> String {
    let line = output.lines().rev().map(str::trim).find(|line| !line.is_empty());
    line.map_or_else(String::new, |line| format!(": {}", shown(line, 200)))
}
