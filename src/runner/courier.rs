//! Carries the judge's requests: calls to the sandbox, comparisons to `judging`.

use std::path::{Component, Path, PathBuf};

use serde_json::{Value, json};

use super::session::{Outcome, Served, Session};
use crate::error::{Fault, Result};
use crate::judge::{Answered, Courier, Line};
use crate::judging::{OutputOptions, compare_output};
use crate::sandbox::process::{Answer, Ended};
use crate::submission::Submission;
use crate::wire::value::Value as Plain;

/// For one check.
pub(super) struct Carrier<'a, 's> {
    pub(super) session: &'a mut Session<'s>,
    /// Where types are checked, if they are.
    pub(super) types: Option<&'a mut Session<'s>>,
    pub(super) submission: &'a Submission,
    pub(super) fixtures: &'a Path,
}

/// Largest fixture that is read, bytes.
const LARGEST_FIXTURE: u64 = 16 << 20;

impl Courier for Carrier<'_, '_> {
    async fn call(&mut self, header: &Value, body: &[u8], line: &mut Line<'_>) -> Result<Vec<Answered>> {
        if header["op"] == "text" {
            let body = self.text(header["file"].as_str().unwrap_or_default());
            return Ok(vec![Answered { told: Vec::new(), header: json!({ "ok": true }), body }]);
        }
        let (wall, cpu) = (header["wall_ms"].as_u64(), header["cpu_ms"].as_u64());
        if header["op"] == "script" {
            let (served, end) = self.session.program(body, wall, cpu, header["collect"] == true).await?;
            return Ok(vec![answer(served, end.as_ref())]);
        }
        if header["op"] == "tests" {
            return Ok(vec![answer(self.session.apart(body, wall, cpu).await?, None)]);
        }
        if header["op"] == "types" {
            let checker = self.types.as_deref_mut().ok_or_else(no_type_checker)?;
            return Ok(vec![answer(checker.request(b'C', body, wall, cpu, line).await?, None)]);
        }
        if header["op"] == "batch" {
            let calls = header["calls"].as_u64().and_then(|calls| usize::try_from(calls).ok()).unwrap_or(1);
            return Ok(batched(self.session.batch(body, calls, wall).await?));
        }
        if header["own_process"] == true {
            self.session.leave_other_checks().await?;
        }
        let served = self.session.request(b'C', body, wall, cpu, line).await?;
        Ok(vec![answer(served, None)])
    }

    fn compare(&mut self, header: &Value, expected: &str, actual: &str) -> Result<Value> {
        let fixture = header["fixture"].as_str().map(|name| read_fixture(self.fixtures, name)).transpose()?;
        let options = match &header["options"] {
            Value::Null => OutputOptions::default(),
            given => serde_json::from_value(given.clone())
                .map_err(|error| Fault::author("`compare.output` has options that are none").because(error))?,
        };
        let compared = compare_output(fixture.as_deref().unwrap_or(expected), actual, &options).map_err(|problem| {
            let name = header["fixture"].as_str().unwrap_or("the expected text");
            Fault::author(format!("`{name}`, line {}: {}", problem.line, problem.message))
        })?;
        let diff = compared.diff.map(|diff| diff.to_text());
        Ok(json!({ "equal": compared.equal, "reason": compared.reason, "diff": diff }))
    }
}

impl Carrier<'_, '_> {
    /// The observation of a file as it was handed in. It comes from what was read at first: nothing that runs in the sandbox has a say in it.
    fn text(&self, name: &str) -> Vec<u8> {
        let file = self.submission.files.iter().find(|file| file.name == name);
        let bytes = file.map_or(Plain::None, |file| Plain::Bytes(file.bytes.clone()));
        Plain::Tuple(vec![Plain::Str("ok".to_owned()), bytes]).encode()
    }
}

fn no_type_checker() -> Fault {
    Fault::author("a check asks for `learner.types()`, but the exercise has no type checker")
        .hint("write `types = true` below `[sandbox]` in its `exercise.toml`")
}

fn read_fixture(folder: &Path, name: &str) -> Result<String> {
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let path: PathBuf = folder.join(name);
    let missing =
        || Fault::author(format!("there is no fixture `{}`", path.display())).hint("fixtures lie in `fixtures/<id>/`");
    if !plain || path.metadata().map_err(|_| missing())?.len() > LARGEST_FIXTURE {
        return Err(missing());
    }
    std::fs::read_to_string(&path).map_err(|error| missing().because(error))
}

/// One `A` frame a call, or a single one that says that there is no telling.
fn batched(answers: Option<Vec<Answer>>) -> Vec<Answered> {
    let Some(answers) = answers else {
        return vec![Answered { told: Vec::new(), header: json!({ "ok": false }), body: Vec::new() }];
    };
    let answered = |Answer { told, observation }| Answered { told, header: json!({ "ok": true }), body: observation };
    answers.into_iter().map(answered).collect()
}

/// The `A` frame of one call (`docs/protocol.md`).
pub(super) fn answer(served: Served, end: Option<&Ended>) -> Answered {
    let Served { outcome, printed } = served;
    let mut header = json!({ "ok": true });
    if printed.total() > 0 {
        let (stdout, transcript, cut) = printed.told();
        header = json!({ "ok": true, "stdout": stdout, "stderr": printed.stderr.text(), "cut": cut, "transcript": transcript });
    }
    let ended = match &outcome {
        Outcome::Observed(_) => end,
        Outcome::Ended(ended) => Some(ended),
    };
    if let Some(ended) = ended {
        header["exit_code"] = json!(ended.exit_code);
        header["signal"] = json!(ended.signal);
    }
    match outcome {
        Outcome::Observed(answers) => {
            let Answer { told, observation } = answers.into_iter().next().unwrap_or_default();
            Answered { told, header, body: observation }
        }
        Outcome::Ended(ended) => {
            header["ok"] = json!(false);
            header["ending"] = json!(ended.ending);
            header["detail"] = json!(ended.detail);
            header["stack"] = ended.stack.iter().map(|frame| json!([frame.file, frame.line, frame.function])).collect();
            Answered { told: Vec::new(), header, body: Vec::new() }
        }
    }
}
