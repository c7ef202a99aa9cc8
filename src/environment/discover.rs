//! Finds the Python that grades: the first compatible one, in an order that is written down once, here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::command::Tool;
use super::memory::Memory;
use super::resolve::{Miss, Resolver, base_of_venv};
use super::{Interpreter, Variables};
use crate::error::{Fault, Result};

/// Minor versions that are tried by name, newest first.
const MINORS: [u32; 4] = [14, 13, 12, 11];
/// How long `uv python find` may take.
const UV_LIMIT: Duration = Duration::from_secs(10);

/// What is looked for, and where from.
#[derive(Clone, Debug)]
pub struct Request {
    /// `--python`: a program, a folder that holds one (a prefix, a venv), a name on `PATH`, or a version such as `3.12`.
    pub explicit: Option<PathBuf>,
    /// The oldest version that will do (major, minor).
    pub minimum: (u32, u32),
    /// Relative paths and `.python-version` files count from here.
    pub cwd: PathBuf,
    pub env: Variables,
    /// Where descriptions of interpreters are remembered.
    pub cache_dir: PathBuf,
}

impl Request {
    /// For the process's own folder and environment variables.
    pub fn new(explicit: Option<PathBuf>, minimum: (u32, u32), cache_dir: &Path) -> Self {
        let cwd = std::env::current_dir().unwrap_or_else(|_| "/".into());
        Self { explicit, minimum, cwd, env: Variables::of_this_process(), cache_dir: cache_dir.to_owned() }
    }
}

/// Finds an interpreter, in this order: `--python`, `GRADE_PYTHON`, the base of the active venv, each `python3` on `PATH`, `python3.14` to
/// `python3.11` on `PATH`, `uv python find`, pyenv's versions, newest first.
///
/// One that was asked for by name is used or is an error; of the others the first that works and is new enough is taken, and a broken one is
/// passed over.
///
/// Errors (machine): nothing fits. The causes tell what was looked at.
pub fn discover(request: &Request) -> Result<Interpreter> {
    let resolver = Resolver { variables: &request.env, cwd: &request.cwd, memory: Memory::new(&request.cache_dir) };
    let mut search = Search { request, resolver, tried: BTreeSet::new(), misses: Vec::new() };
    if let Some(asked) = &request.explicit {
        return search.named(asked, "--python");
    }
    if let Some(asked) = request.env.get("GRADE_PYTHON") {
        return search.named(Path::new(asked), "GRADE_PYTHON");
    }
    search.anywhere().ok_or_else(|| search.nothing())
}

/// One search under way.
struct Search<'a> {
    request: &'a Request,
    resolver: Resolver<'a>,
    /// Paths that were looked at already: `/bin` and `/usr/bin` are often the same folder.
    tried: BTreeSet<PathBuf>,
    /// One line for each that did not fit.
    misses: Vec<String>,
}

impl Search<'_> {
    /// The one that the user asked for, and no other.
    fn named(&self, asked: &Path, by: &str) -> Result<Interpreter> {
        let fault = |what: String| {
            Fault::machine(what).hint(format!("name a Python {} or newer, or leave `{by}` out", self.minimum()))
        };
        let Some(program) = self.locate(asked) else {
            return Err(fault(format!("there is no Python at `{}` (given by {by})", asked.display())));
        };
        let shown = program.display();
        match self.resolver.resolve(&program) {
            Ok(found) => match self.objection(&found) {
                None => Ok(found),
                Some(objection) => Err(fault(format!("`{shown}` (given by {by}) {objection}"))),
            },
            Err(Miss::PassedOn) => Err(fault(format!(
                "`{shown}` (given by {by}) is a pyenv shim, and pyenv is set to the system's Python"
            ))),
            Err(Miss::Broken(why)) => Err(fault(format!("`{shown}` (given by {by}) {why}"))),
        }
    }

    /// Where the program is that was asked for: a file, a folder with one, a name on `PATH`, a version.
    fn locate(&self, asked: &Path) -> Option<PathBuf> {
        let here = self.request.cwd.join(asked);
        if here.is_dir() {
            let bin = here.join("bin");
            return ["python3", "python"].iter().map(|name| bin.join(name)).find(|file| file.exists());
        }
        if here.exists() {
            return Some(here);
        }
        let name = asked.to_str().filter(|name| !name.contains('/'))?;
        let versioned = format!("python{name}");
        let name = if name.starts_with(|c: char| c.is_ascii_digit()) { &versioned } else { name };
        self.request
            .env
            .on_path(name)
            .next()
            .or_else(|| pyenv_versions(&self.request.env).find(|file| file.ends_with(name)))
    }

    /// The first that fits, in the order of [`discover`].
    fn anywhere(&mut self) -> Option<Interpreter> {
        let env = &self.request.env;
        let venv = env.get("VIRTUAL_ENV").and_then(|root| base_of_venv(Path::new(root)));
        if let Some(found) = venv.and_then(|base| self.attempt(&base)) {
            return Some(found);
        }
        let names = ["python3".to_owned()].into_iter().chain(MINORS.map(|minor| format!("python3.{minor}")));
        for name in names {
            if let Some(found) = env.on_path(&name).find_map(|program| self.attempt(&program)) {
                return Some(found);
            }
        }
        uv_find(self.request)
            .and_then(|found| self.attempt(&found))
            .or_else(|| pyenv_versions(env).find_map(|found| self.attempt(&found)))
    }

    fn attempt(&mut self, program: &Path) -> Option<Interpreter> {
        // By its folder's real path and its own name: a shim's own real path would be that of all shims.
        let known = program.parent().and_then(|folder| folder.canonicalize().ok()).zip(program.file_name());
        if !self.tried.insert(known.map_or_else(|| program.to_owned(), |(folder, name)| folder.join(name))) {
            return None;
        }
        let why = match self.resolver.resolve(program) {
            Ok(found) => match self.objection(&found) {
                None => return Some(found),
                Some(objection) => objection,
            },
            Err(Miss::PassedOn) => "is a pyenv shim set to the system's Python".into(),
            Err(Miss::Broken(why)) => why,
        };
        self.misses.push(format!("`{}` {why}", program.display()));
        None
    }

    /// Why a working interpreter will not do, to go after its path.
    fn objection(&self, found: &Interpreter) -> Option<String> {
        if !found.is_at_least(self.request.minimum) {
            return Some(format!("is Python {}, but {} or newer is needed", found.version(), self.minimum()));
        }
        // Bytecode, `marshal` and the layout of a venv are CPython's in what we send into the sandbox.
        (found.implementation != "cpython").then(|| format!("is {}, but CPython is needed", found.implementation))
    }

    fn minimum(&self) -> String {
        let (major, minor) = self.request.minimum;
        format!("{major}.{minor}")
    }

    fn nothing(&self) -> Fault {
        let fault = Fault::machine(format!("no Python {} or newer was found", self.minimum())).hint(self.remedies());
        let looked = "looked for `python3`, `python3.14` to `python3.11` on PATH, uv's and pyenv's versions";
        self.misses.iter().fold(fault.because(looked), Fault::because)
    }

    /// The commands that get a Python on this machine, the likeliest first.
    fn remedies(&self) -> String {
        let env = &self.request.env;
        let has = |name: &str| env.on_path(name).next().is_some();
        let managers = [
            ("apt-get", "sudo apt install python3"),
            ("dnf", "sudo dnf install python3"),
            ("apk", "sudo apk add python3"),
        ];
        let too_old = self.misses.iter().any(|miss| miss.contains("/bin/python3` is Python"));
        let mut ways: Vec<String> = managers
            .iter()
            .filter(|(program, _)| !too_old && has(program))
            .map(|(_, command)| format!("`{command}`"))
            .collect();
        ways.push(if has("uv") {
            "`uv python install 3.13`".into()
        } else {
            "`uv python install 3.13` (with uv installed)".into()
        });
        if has("pyenv") {
            ways.push("`pyenv install 3.13`".into());
        }
        format!("run {}, or name one: `grade --python PATH`", ways.join(" or "))
    }
}

/// What uv would use; it is asked not to download anything.
fn uv_find(request: &Request) -> Option<PathBuf> {
    let uv = request.env.on_path("uv").next()?;
    let (major, minor) = request.minimum;
    let variables =
        request.env.clone().with("UV_PYTHON_DOWNLOADS", "never").without("UV_PYTHON").without("VIRTUAL_ENV");
    let tool = Tool::new(uv, &variables, UV_LIMIT).within(Path::new("/"));
    let finished = tool.args(["python", "find", "--no-project", &format!(">={major}.{minor}")]).run(None).ok()?;
    let path = finished.output.lines().map(str::trim).find(|line| line.starts_with('/')).map(PathBuf::from);
    path.filter(|_| finished.succeeded())
}

/// The interpreters below pyenv's `versions`, newest first.
fn pyenv_versions(env: &Variables) -> impl Iterator<Item = PathBuf> + use<> {
    let root = env.get("PYENV_ROOT").map(PathBuf::from).or_else(|| Some(Path::new(env.get("HOME")?).join(".pyenv")));
    let entries = root.and_then(|root| std::fs::read_dir(root.join("versions")).ok());
    let mut found: Vec<(Vec<u32>, PathBuf)> = entries
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let numbers: Vec<u32> =
                entry.file_name().to_str()?.split('.').map_while(|part| part.parse().ok()).collect();
            let minor = numbers.get(1).filter(|_| numbers.first() == Some(&3))?;
            let program = entry.path().join("bin").join(format!("python3.{minor}"));
            super::variables::is_executable(&program).then_some((numbers, program))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, program)| program)
}
