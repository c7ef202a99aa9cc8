//! A hall: a folder with submissions to `probe/square`, a run, and the binary at work on them.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use rusqlite::{Connection, OpenFlags};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::schema::assert_valid;
use crate::trial::{RIGHT, cache};

pub(crate) const CATALOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/catalog");

pub(crate) struct Hall {
    folder: tempfile::TempDir,
    pub(crate) catalog: PathBuf,
}

pub(crate) struct Told {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A line of the CSV report, by column.
pub(crate) type Line = BTreeMap<String, String>;

impl Hall {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("subs")).unwrap();
        Self { folder, catalog: CATALOG.into() }
    }

    /// One learner's folder with `square.py`.
    pub(crate) fn submit(self, learner: &str, source: &str) -> Self {
        self.file(&format!("subs/{learner}/square.py"), source.as_bytes())
    }

    /// So many right submissions, each a little different from the others.
    pub(crate) fn submit_many(mut self, number: usize) -> Self {
        for each in 0..number {
            self = self.submit(&format!("learner{each:03}"), &format!("# {each}\n{RIGHT}"));
        }
        self
    }

    pub(crate) fn file(self, path: &str, bytes: &[u8]) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        #[expect(clippy::disallowed_methods, reason = "the tests run the binary itself")]
        let mut command = Command::new(env!("CARGO_BIN_EXE_grade"));
        command.args(arguments).arg("--catalog").arg(&self.catalog).current_dir(self.folder.path());
        if let (Ok(level), false) = (std::env::var("GRADE_TEST_LEVEL"), arguments.contains(&"--isolation")) {
            command.args(["--isolation", &level]);
        }
        command.env("GRADE_CACHE_DIR", cache()).env_remove("GRADE_ISOLATION").stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn grade(&self, arguments: &[&str]) -> Told {
        self.command(arguments).output().unwrap().into()
    }

    /// `grade batch probe/square subs --out run`, and more.
    pub(crate) fn batch(&self, more: &[&str]) -> Told {
        self.grade(&[&["batch", "probe/square", "subs", "--out", "run"], more].concat())
    }

    pub(crate) fn start(&self, more: &[&str]) -> Child {
        self.command(&[&["batch", "probe/square", "subs", "--out", "run"], more].concat()).spawn().unwrap()
    }

    /// The CSV report of a run, by learner.
    pub(crate) fn csv(&self, run: &str) -> BTreeMap<String, Line> {
        let told = self.grade(&["report", run, "--format", "csv"]);
        assert_eq!(told.code, Some(0), "{}", told.stderr);
        let mut reader = csv::Reader::from_reader(told.stdout.as_bytes());
        let lines = reader.deserialize::<Line>().map(Result::unwrap);
        lines.map(|line| (line["learner"].clone(), line)).collect()
    }

    /// The JSON report of a run; it fits the schema.
    pub(crate) fn json(&self, run: &str) -> Value {
        let told = self.grade(&["report", run, "--format", "json"]);
        let document = serde_json::from_str(&told.stdout).unwrap();
        assert_valid(&document);
        document
    }

    /// All verdicts of a run, without what is different each time: how long things took, and where a loop was when its time was over.
    pub(crate) fn verdicts(&self, run: &str) -> Vec<Value> {
        let mut document = self.json(run);
        let verdicts = document["verdicts"].as_array_mut().unwrap();
        for verdict in verdicts.iter_mut() {
            verdict["duration_ms"].take();
            verdict["usage"].take();
            for check in verdict["checks"].as_array_mut().unwrap() {
                check["duration_ms"].take();
                if check["outcome"] == "timeout" {
                    for field in ["ending", "location", "message", "traceback"] {
                        check[field].take();
                    }
                }
            }
        }
        std::mem::take(verdicts)
    }

    /// A number from the run's own tables.
    pub(crate) fn ask(&self, run: &str, sql: &str) -> i64 {
        self.try_ask(run, sql).unwrap()
    }

    /// The same; nothing where there is no run yet.
    pub(crate) fn try_ask(&self, run: &str, sql: &str) -> Option<i64> {
        let connection = Connection::open_with_flags(self.path(run), OpenFlags::SQLITE_OPEN_READ_WRITE).ok()?;
        connection.query_row(sql, [], |row| row.get(0)).ok()
    }
}

impl From<Output> for Told {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub(crate) fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// Processes started by `parent` whose command line holds `words`.
pub(crate) fn children(parent: u32, words: &str) -> Vec<u32> {
    let found = |entry: fs::DirEntry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        let of: u32 = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
        let line = String::from_utf8_lossy(&fs::read(entry.path().join("cmdline")).ok()?).into_owned();
        (of == parent && line.contains(words)).then_some(pid)
    };
    fs::read_dir(Path::new("/proc")).unwrap().flatten().filter_map(found).collect()
}
