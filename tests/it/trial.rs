//! A trial: one submission to the exercise `probe/square`, graded by the real binary in the real sandbox, under watch.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::schema::assert_valid;

const WARDEN: &str = include_str!("warden.py");
/// Longer than any verdict may take, whatever the learner does and however busy the machine is.
const LIMIT_S: u32 = 45;
/// An id that no account has.
const PLAIN: &str = "4711";

/// A submission that is as it should be.
pub(crate) const RIGHT: &str = r#"def square(n):
    return n * n


def double(n):
    return 2 * n


def total(ask):
    return ask() + ask()


if __name__ == "__main__":
    n = int(input("n? "))
    print(n * n)
"#;

/// What is graded, and how.
#[derive(Clone, Debug)]
pub(crate) struct Trial<'a> {
    /// `None`: nothing is handed in.
    pub(crate) source: Option<&'a [u8]>,
    pub(crate) exercise: &'a str,
    pub(crate) catalog: PathBuf,
    pub(crate) level: Option<&'a str>,
    /// By somebody without any rights, when the tests are run by root.
    pub(crate) plain_user: bool,
    /// (`grade` | `judge` | `stage`, signal): sent once learner code runs.
    pub(crate) hit: Option<(&'a str, i32)>,
    pub(crate) seed: &'a str,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Tried {
    /// Negative: the signal that ended `grade`.
    pub(crate) code: i64,
    pub(crate) took_ms: u64,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    document: Value,
}

/// Grades a source as it is.
pub(crate) fn submit(source: impl AsRef<[u8]>) -> Tried {
    Trial::of(source.as_ref()).run()
}

/// The right submission, but for the body of `square`.
pub(crate) fn squaring(body: &str) -> String {
    let indented = format!("    {}\n", body.replace('\n', "\n    "));
    RIGHT.replacen("    return n * n\n", &indented, 1)
}

/// The right submission with something before it.
pub(crate) fn preceded_by(code: &str) -> String {
    format!("{code}\n\n\n{RIGHT}")
}

impl<'a> Trial<'a> {
    pub(crate) fn of(source: &'a [u8]) -> Self {
        Self {
            source: Some(source),
            exercise: "probe/square",
            catalog: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalog"),
            level: None,
            plain_user: false,
            hit: None,
            seed: "7",
        }
    }

    /// Panics when it hangs, leaves something behind, or tells something that is no verdict.
    pub(crate) fn run(&self) -> Tried {
        let desk = tempfile::tempdir().unwrap();
        let at = |name: &str| desk.path().join(name);
        for folder in ["repo/.git", "repo/week1/lab", "temporary", "home"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        fs::set_permissions(desk.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(at("temporary"), fs::Permissions::from_mode(0o1777)).unwrap();
        if let Some(source) = self.source {
            fs::write(at("repo/week1/lab/square.py"), source).unwrap();
        }
        let user = self.plain_user.then(|| PLAIN_USER.as_ref().expect("`can_be_plain` was asked before"));
        let mut command = user.map(|_| PlainUser::prefix()).unwrap_or_default();
        let program = user.map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_grade")), |user| user.program.clone());
        command.extend([program.display().to_string(), self.exercise.to_owned()]);
        command.extend(["--format", "json", "--seed", self.seed, "--catalog"].map(str::to_owned));
        command.push(self.catalog.display().to_string());
        command.extend(self.level.iter().flat_map(|level| ["--isolation".to_owned(), (*level).to_owned()]));
        command.extend(user.iter().flat_map(|user| ["--python".to_owned(), user.python.clone()]));
        let cache = user.map_or_else(cache, |user| user.folder.join("cache"));
        let order = json!({
            "command": command, "cwd": at("repo"), "limit_s": LIMIT_S, "hit": self.hit, "temporary": at("temporary"),
            "stdout": at("stdout"), "stderr": at("stderr"),
            "env": {
                "PATH": std::env::var("PATH").unwrap(), "TMPDIR": at("temporary"), "GRADE_CACHE_DIR": cache,
                "HOME": user.map_or_else(|| at("home"), |user| user.folder.clone()), "GRADE_TEST_SECRET": "hunter2",
            },
        });
        let warden = run(&["python3".to_owned(), "-c".to_owned(), WARDEN.to_owned(), order.to_string()]);
        let report: Value = serde_json::from_slice(&warden.stdout)
            .unwrap_or_else(|_| panic!("the warden failed:\n{}", String::from_utf8_lossy(&warden.stderr)));
        let read = |name: &str| String::from_utf8(fs::read(at(name)).unwrap()).unwrap();
        Tried::new(&report, read("stdout"), read("stderr"))
    }
}

impl Tried {
    fn new(report: &Value, stdout: String, stderr: String) -> Self {
        let code = report["code"].as_i64();
        assert!(code.is_some(), "no verdict within {LIMIT_S} s\n{stderr}");
        assert_eq!(report["left"], json!([]), "something is left behind\n{stderr}");
        assert_eq!(report["not_hit"], json!(false), "learner code never ran\n{stderr}");
        let document = serde_json::from_str(&stdout).unwrap_or(Value::Null);
        if !document.is_null() {
            assert_valid(&document);
        }
        Self { code: code.unwrap_or_default(), took_ms: report["took_ms"].as_u64().unwrap(), stdout, stderr, document }
    }

    /// The only verdict; there must be one, so nothing of it was our fault, the machine's or the author's.
    pub(crate) fn verdict(&self) -> &Value {
        assert!(matches!(self.code, 0 | 1), "exit code {}\n{}\n{}", self.code, self.stdout, self.stderr);
        let verdict = &self.document["verdicts"][0];
        assert_eq!(verdict["outcome"] == "passed", self.code == 0, "{verdict:#}");
        verdict
    }

    /// The verdict that a failed run told all the same, if any.
    pub(crate) fn passed(&self) -> bool {
        self.document["verdicts"].as_array().is_some_and(|all| all.iter().any(|each| each["outcome"] == "passed"))
    }

    pub(crate) fn checks(&self) -> &[Value] {
        self.verdict()["checks"].as_array().unwrap()
    }

    /// Of `square`, `double`, `total`, and the program.
    pub(crate) fn outcomes(&self) -> Vec<&str> {
        self.checks().iter().map(|check| check["outcome"].as_str().unwrap()).collect()
    }

    /// The check of `square`.
    pub(crate) fn first(&self) -> &Value {
        &self.checks()[0]
    }

    /// Panics, showing the check, unless it is that outcome, by that ending, and the message holds these words.
    pub(crate) fn assert_first(&self, outcome: &str, ending: Option<&str>, words: &str) {
        let first = self.first();
        assert_eq!(first["outcome"], outcome, "{first:#}");
        assert_eq!(first["ending"].as_str(), ending, "{first:#}");
        assert!(first["message"].as_str().unwrap().contains(words), "{first:#}");
    }

    /// That everything but `square` is as it should be.
    pub(crate) fn assert_others_pass(&self) {
        assert_eq!(self.outcomes()[1..], ["passed"; 3], "{:#}", self.verdict());
    }

    /// The learner's line that the first check names.
    pub(crate) fn line(&self) -> Option<u64> {
        self.first()["location"]["line"].as_u64()
    }

    /// Kind and message of why nothing could be checked.
    pub(crate) fn problem(&self) -> (&str, &str) {
        let problem = &self.verdict()["problem"];
        (problem["kind"].as_str().unwrap_or(""), problem["message"].as_str().unwrap_or(""))
    }
}

/// Somebody without rights, their own cache, and a Python that they can read.
#[derive(Debug)]
struct PlainUser {
    folder: PathBuf,
    program: PathBuf,
    python: String,
}

static PLAIN_USER: LazyLock<Option<PlainUser>> = LazyLock::new(|| PlainUser::find(&std::env::temp_dir()));

/// Whether trials can be run by a plain user while the tests are run by root; said aloud when not.
pub(crate) fn can_be_plain() -> bool {
    if !is_root() {
        // Then every trial is a plain user's.
        return false;
    }
    let can = PLAIN_USER.is_some();
    if !can {
        say("NOT TESTED as a plain user: `setpriv` or a Python 3.11 that everybody can read is missing");
    }
    can
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Past the capture of the test harness: what was not tested should be seen in any log.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

impl PlainUser {
    fn find(parent: &Path) -> Option<Self> {
        let folder = parent.join("grade-tests-of-a-plain-user");
        fs::create_dir_all(&folder).ok()?;
        let id = PLAIN.parse().ok();
        std::os::unix::fs::chown(&folder, id, id).ok()?;
        let mut found = Self { folder, program: env!("CARGO_BIN_EXE_grade").into(), python: String::new() };
        let version = [Self::prefix(), vec![env!("CARGO_BIN_EXE_grade").to_owned(), "--version".to_owned()]].concat();
        which("setpriv")?;
        if !run(&version).status.success() {
            // Built below a home folder: a copy that everybody can run.
            found.program = found.folder.join("grade");
            fs::copy(env!("CARGO_BIN_EXE_grade"), &found.program).ok()?;
        }
        let code = "import sys; assert sys.version_info >= (3, 11); print(sys.executable)";
        for python in ["python3", "/usr/bin/python3", "/usr/local/bin/python3"] {
            let mut asked = Self::prefix();
            asked.extend([python, "-I", "-c", code].map(str::to_owned));
            let told = run(&asked);
            if told.status.success() {
                String::from_utf8(told.stdout).ok()?.trim().clone_into(&mut found.python);
                return Some(found);
            }
        }
        None
    }

    fn prefix() -> Vec<String> {
        ["setpriv", "--reuid", PLAIN, "--regid", PLAIN, "--clear-groups"].map(str::to_owned).into()
    }
}

/// One for all trials: preparing the judge takes seconds.
pub(crate) fn cache() -> PathBuf {
    std::env::var_os("GRADE_CACHE_DIR")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("grade-cache"), PathBuf::from)
}

fn which(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn run(command: &[String]) -> Output {
    #[expect(clippy::disallowed_methods, reason = "the tests run the binary itself")]
    Command::new(&command[0]).args(&command[1..]).stdin(Stdio::null()).output().unwrap()
}
