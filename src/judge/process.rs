//! The judge as the supervisor sees it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStderr};

use super::confined::Confined;
use crate::error::{Fault, Result};
use crate::sandbox::process::{Oracles, Told};
use crate::verdict::Level;
use crate::wire::frame::{FrameBuffer, JudgeFrame, parts};

/// How a judge is started.
#[derive(Clone, Debug)]
pub struct JudgeSpec {
    /// This program, to be executed again.
    pub program: PathBuf,
    pub python: PathBuf,
    /// `graders/grader/judge.py` of the materialised catalogue.
    pub script: PathBuf,
    /// `site-packages` of the judge's environment.
    pub site_packages: PathBuf,
    /// Where bytecode of graders is kept between runs.
    pub bytecode: PathBuf,
    /// Everything that Python and graders are read from.
    pub readable: Vec<PathBuf>,
    pub level: Level,
}

/// A grader to be collected.
#[derive(Clone, Debug)]
pub struct Load {
    pub exercise: String,
    pub tests: Vec<PathBuf>,
    pub fixtures: PathBuf,
    /// Names of the files handed in.
    pub files: Vec<String>,
    pub note: Option<String>,
    pub module: Option<String>,
    pub checks: Vec<String>,
}

/// A suite to be collected: the learner's modules are asked for meanwhile.
#[derive(Clone, Debug)]
pub struct SuiteLoad {
    pub tests: Vec<PathBuf>,
    /// Import names of the learner's.
    pub modules: Vec<String>,
    /// Whether the folder of the tests is the author's: then its helpers and `conftest.py` count.
    pub own: bool,
}

/// A test function that the judge has found; `id` without `test_`.
#[derive(Clone, Debug, Deserialize)]
pub struct LoadedFunction {
    pub id: String,
    pub file: PathBuf,
    pub line: usize,
}

/// Why a grader can't be used; the author's fault.
#[derive(Clone, Debug, Deserialize)]
pub struct LoadProblem {
    pub file: Option<PathBuf>,
    pub line: Option<usize>,
    pub message: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Loaded {
    pub functions: Vec<LoadedFunction>,
    pub problems: Vec<LoadProblem>,
}

/// What the judge says of one check, as it says it (`docs/protocol.md`, `c`).
#[derive(Clone, Debug, Deserialize)]
pub struct CheckReport {
    pub check: String,
    pub outcome: crate::verdict::Outcome,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub called: Option<String>,
    /// Place in the grader, of an author's error.
    #[serde(default)]
    pub file: Option<String>,
    #[serde(default)]
    pub line: Option<usize>,
    /// Place in the learner's file.
    #[serde(default)]
    pub location: Option<(String, u32)>,
    #[serde(default)]
    pub traceback: Vec<(String, u32, String)>,
    #[serde(default)]
    pub ending: Option<crate::verdict::Ending>,
    #[serde(default)]
    pub stdout: String,
    #[serde(default)]
    pub stderr: String,
    /// Of a suite: why the test can't be judged from outside; then nothing else is said.
    #[serde(default)]
    pub inside: String,
    /// Of a suite: the learner's process is of no more use.
    #[serde(default)]
    pub restart: bool,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub diff: Option<String>,
    /// It was judged by what a batch brought: other calls had been made in the same process.
    #[serde(default)]
    pub prefetched: bool,
    /// What a person is to review.
    #[serde(default)]
    pub review: Option<String>,
    /// Encoded plain data, empty when the check did not fail by a comparison.
    #[serde(skip)]
    pub actual: Vec<u8>,
    #[serde(skip)]
    pub expected: Vec<u8>,
}

/// One `A` frame, and the `T` frames before it.
#[derive(Debug)]
pub struct Answered {
    pub told: Vec<Told>,
    pub header: Value,
    pub body: Vec<u8>,
}

/// Who carries the judge's requests to a sandbox, and compares texts for it.
pub trait Courier {
    /// The answers to a request: one, or as many as a batch has calls. Calls of oracles go to `line` meanwhile.
    fn call(&mut self, header: &Value, body: &[u8], line: &mut Line<'_>)
    -> impl Future<Output = Result<Vec<Answered>>>;

    /// The header of `m`.
    fn compare(&mut self, header: &Value, expected: &str, actual: &str) -> Result<Value>;
}

/// Largest frame of the judge, bytes.
const LARGEST: usize = 16 << 20;
/// How long collecting a grader may take: it includes the start of pytest on a busy machine.
const LOAD_TIME: Duration = Duration::from_mins(1);
/// How long a test's own code may think between two requests.
const THINK_TIME: Duration = Duration::from_mins(1);

#[derive(Debug)]
pub struct Judge {
    child: Child,
    stream: UnixStream,
    frames: FrameBuffer,
    complaint: Option<ChildStderr>,
}

impl Judge {
    pub fn start(spec: &JudgeSpec) -> Result<Self> {
        let failed = |error: std::io::Error| Fault::machine("can't start the judge").because(error);
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().map_err(failed)?;
        ours.set_nonblocking(true).map_err(failed)?;
        let stream = UnixStream::from_std(ours).map_err(failed)?;
        let mut child = spawn(spec, theirs.into()).map_err(failed)?;
        let complaint = child.stderr.take();
        Ok(Self { child, stream, frames: FrameBuffer::new(JudgeFrame::OVERHEAD, LARGEST), complaint })
    }

    /// Collects a grader; a second time costs next to nothing.
    pub async fn load(&mut self, load: &Load) -> Result<Loaded> {
        let header = json!({
            "exercise": load.exercise, "tests": load.tests, "fixtures": load.fixtures,
            "files": load.files, "note": load.note, "module": load.module, "checks": load.checks,
        });
        self.send(b'L', &header, &[]).await?;
        let frame = self.receive(LOAD_TIME).await?;
        if frame.kind != b'l' {
            return Err(nonsense(&frame));
        }
        serde_json::from_value(frame.header)
            .map_err(|error| Fault::ourselves("the judge's list of tests can't be read").because(error))
    }

    /// Collects a suite. The second part is why the learner's code can't be imported, as an observation; empty when it can.
    pub async fn load_suite(&mut self, load: &SuiteLoad, courier: &mut impl Courier) -> Result<(Loaded, Vec<u8>)> {
        self.send(b'L', &json!({ "tests": load.tests, "suite": load.modules, "own": load.own }), &[]).await?;
        loop {
            let frame = self.receive(LOAD_TIME).await?;
            match frame.kind {
                b'C' => self.carry(&frame, courier).await?,
                b'l' => {
                    let loaded = serde_json::from_value(frame.header)
                        .map_err(|error| Fault::ourselves("the judge's list of tests can't be read").because(error))?;
                    return Ok((loaded, frame.body));
                }
                _ => return Err(nonsense(&frame)),
            }
        }
    }

    /// Has it run these tests of the suite inside the sandbox; a result comes for each, whatever came of those before.
    pub async fn run_inside(&mut self, checks: &[&str], seed: u64) -> Result<()> {
        self.send(b'R', &json!({ "checks": checks, "seed": seed, "inside": true }), &[]).await
    }

    /// Has it run these checks, one after the other as long as they pass. The result of each is fetched with [`Self::result`].
    pub async fn run(&mut self, checks: &[&str], seed: u64) -> Result<()> {
        self.send(b'R', &json!({ "checks": checks, "seed": seed }), &[]).await
    }

    /// Serves the check that runs until its result is there.
    pub async fn result(&mut self, check: &str, courier: &mut impl Courier) -> Result<CheckReport> {
        loop {
            let frame = self.receive(THINK_TIME).await?;
            match frame.kind {
                b'C' => self.carry(&frame, courier).await?,
                b'M' => {
                    let Some([expected, actual]) = parts::<2>(&frame.body) else { return Err(nonsense(&frame)) };
                    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    let header = courier.compare(&frame.header, &text(expected), &text(actual))?;
                    self.send(b'm', &header, &[]).await?;
                }
                b'c' => return Self::report(check, frame),
                _ => return Err(nonsense(&frame)),
            }
        }
    }

    async fn carry(&mut self, frame: &JudgeFrame, courier: &mut impl Courier) -> Result<()> {
        let answers = courier.call(&frame.header, &frame.body, &mut Line { judge: self }).await?;
        let mut bytes = Vec::new();
        for answer in &answers {
            append_told(&mut bytes, &answer.told);
            JudgeFrame::append(&mut bytes, b'A', &answer.header, &answer.body);
        }
        self.write(&bytes).await
    }

    fn report(check: &str, frame: JudgeFrame) -> Result<CheckReport> {
        let Some([actual, expected]) = parts::<2>(&frame.body) else { return Err(nonsense(&frame)) };
        let (actual, expected) = (actual.to_vec(), expected.to_vec());
        let mut report: CheckReport = serde_json::from_value(frame.header)
            .map_err(|error| Fault::ourselves("the judge's result can't be read").because(error))?;
        if report.check != check {
            return Err(Fault::ourselves(format!("the judge was asked for `{check}` and answered `{}`", report.check)));
        }
        (report.actual, report.expected) = (actual, expected);
        Ok(report)
    }

    async fn send(&mut self, kind: u8, header: &Value, body: &[u8]) -> Result<()> {
        self.write(&JudgeFrame::to_bytes(kind, header, body)).await
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match self.stream.write_all(bytes).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.died().await),
        }
    }

    async fn receive(&mut self, time: Duration) -> Result<JudgeFrame> {
        match tokio::time::timeout(time, read(&mut self.stream, &mut self.frames)).await {
            Ok(Some(frame)) => Ok(frame),
            Ok(None) => Err(self.died().await),
            Err(_) => Err(Fault::author(format!(
                "a check does not come to an end: its own code ran for {} s",
                time.as_secs()
            ))
            .hint("look for an endless loop in the grader; limits of the learner's code are not meant by this")),
        }
    }

    async fn died(&mut self) -> Fault {
        let mut text = Vec::new();
        if let Some(stderr) = self.complaint.take() {
            let mut bounded = stderr.take(16_384);
            let _ = tokio::time::timeout(Duration::from_millis(500), bounded.read_to_end(&mut text)).await;
        }
        let text = String::from_utf8_lossy(&text);
        let status = self.child.try_wait().ok().flatten().map_or_else(String::new, |status| format!(" ({status})"));
        let fault = Fault::ourselves(format!("the judge ended{status}"));
        text.lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .map_or_else(|| Fault::ourselves("the judge ended"), |line| fault.because(line.trim()))
    }

    /// Keeps it on one processor; only faster, never needed.
    pub fn pin(&self, processor: usize) {
        let pid = self.child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(rustix::process::Pid::from_raw);
        if pid.is_some() {
            let _ = crate::sandbox::placement::pin(pid, processor);
        }
    }

    /// The pid, for measuring.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Hangs up, and waits for it to be gone.
    pub async fn shut_down(self) {
        let Self { mut child, stream, .. } = self;
        drop(stream);
        if tokio::time::timeout(Duration::from_millis(500), child.wait()).await.is_err() {
            let _ = child.kill().await;
        }
    }
}

/// The judge while one of its calls is under way: answers oracles.
#[derive(Debug)]
pub struct Line<'a> {
    judge: &'a mut Judge,
}

impl Oracles for Line<'_> {
    async fn call(&mut self, name: &str, arguments: &[u8], told: &[Told]) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        append_told(&mut bytes, told);
        JudgeFrame::append(&mut bytes, b'O', &json!({ "name": name }), arguments);
        self.judge.write(&bytes).await?;
        let frame = self.judge.receive(THINK_TIME).await?;
        if frame.kind != b'o' {
            return Err(nonsense(&frame));
        }
        let raised = frame.header["raise"].as_str().unwrap_or_default();
        let mut answer = vec![u8::try_from(raised.len()).unwrap_or(0)];
        answer.extend_from_slice(raised.as_bytes());
        answer.extend_from_slice(&frame.body);
        Ok(answer)
    }
}

fn append_told(bytes: &mut Vec<u8>, told: &[Told]) {
    for Told { name, arguments } in told {
        JudgeFrame::append(bytes, b'T', &json!({ "name": name }), arguments);
    }
}

fn nonsense(frame: &JudgeFrame) -> Fault {
    Fault::ourselves(format!("the judge said `{}` out of turn", char::from(frame.kind).escape_default()))
}

/// Read at once, bytes.
const CHUNK: usize = 8192;

async fn read(stream: &mut UnixStream, frames: &mut FrameBuffer) -> Option<JudgeFrame> {
    loop {
        if let Some(bytes) = frames.take().ok()? {
            return JudgeFrame::parse(&bytes).ok();
        }
        if stream.read_buf(frames.space(CHUNK)).await.ok()? == 0 {
            return None;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the judge confines itself and never runs learner code")]
fn spawn(spec: &JudgeSpec, socket: std::os::fd::OwnedFd) -> std::io::Result<Child> {
    let path = |path: &PathBuf| path.display().to_string();
    let confined = Confined {
        python: spec.python.clone(),
        arguments: ["-S", "-s", "-P"]
            .map(str::to_owned)
            .into_iter()
            .chain([
                path(&spec.script),
                "--site".to_owned(),
                path(&spec.site_packages),
                "--pycache".to_owned(),
                path(&spec.bytecode),
            ])
            .collect(),
        environment: vec![
            ("LANG".to_owned(), "C.UTF-8".to_owned()),
            ("PYTHONHASHSEED".to_owned(), "0".to_owned()),
            ("PYTHONUTF8".to_owned(), "1".to_owned()),
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ("HOME".to_owned(), "/nonexistent".to_owned()),
            ("TMPDIR".to_owned(), path(&spec.bytecode)),
        ],
        readable: spec.readable.clone(),
        writable: vec![spec.bytecode.clone()],
        level: spec.level,
    };
    let mut command = tokio::process::Command::new(&spec.program);
    command.arg0("grade").arg("__judge").arg(serde_json::to_string(&confined)?).env_clear().kill_on_drop(true);
    command.stdin(Stdio::from(socket)).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()
}
