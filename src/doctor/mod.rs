//! What this machine gives, found out by trying it: each level is built to the end, and a submission that tries to get out is run in it.

mod advice;
mod machine;

use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::environment::Variables;
use crate::error::{Fault, Result};
use crate::sandbox::process::{Oracles, Process, RequestLimits, Told};
use crate::sandbox::slot::{Slot, SlotSpec};
use crate::sandbox::stage_protocol::ProcessLimits;
use crate::verdict::Level;

use advice::advice;
use machine::Machine;

const SELF_TEST: &str = include_str!("selftest.py");

/// One thing that a submission was not to be able to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    pub name: String,
    /// Whether the sandbox held.
    pub held: bool,
    pub detail: String,
}

/// What became of one level.
#[derive(Clone, Debug, Serialize)]
pub struct LevelReport {
    pub level: Level,
    /// `None` when it came up.
    pub failed_step: Option<String>,
    pub error: Option<String>,
    pub mechanisms: Vec<String>,
    pub attempts: Vec<Attempt>,
    /// From the start of the stage to a zygote that waits, milliseconds.
    pub ready_ms: u64,
    /// What to do to get it.
    pub advice: Vec<String>,
}

/// Tries the three levels, strongest first.
pub async fn examine(spec: &SlotSpec) -> Vec<LevelReport> {
    let mut reports = Vec::new();
    for level in [Level::Full, Level::Landlock, Level::Limits] {
        reports.push(examine_level(spec, level).await);
    }
    reports
}

async fn examine_level(spec: &SlotSpec, level: Level) -> LevelReport {
    let started = Instant::now();
    let mut report = LevelReport {
        level,
        failed_step: None,
        error: None,
        mechanisms: Vec::new(),
        attempts: Vec::new(),
        ready_ms: 0,
        advice: Vec::new(),
    };
    match Slot::start(spec, level).await {
        Err(failure) => {
            let program = std::env::current_exe().unwrap_or_else(|_| "/path/to/grade".into());
            let machine = Machine::read(Path::new("/"), &Variables::of_this_process(), program);
            report.advice = advice(level, &failure.step, &machine);
            (report.failed_step, report.error) = (Some(failure.step), Some(failure.error));
        }
        Ok(mut slot) => {
            report.ready_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            report.mechanisms.clone_from(&slot.isolation.mechanisms);
            match attempts(&mut slot).await {
                Ok(attempts) => report.attempts = attempts,
                Err(fault) => {
                    (report.failed_step, report.error) = (Some("self test".to_owned()), Some(fault.to_string()));
                }
            }
            slot.shut_down().await;
        }
    }
    report
}

async fn attempts(slot: &mut Slot) -> Result<Vec<Attempt>> {
    let failed = |error: String| Fault::machine("the self test can't be run").because(error);
    let mut content = tempfile::tempfile().map_err(|error| failed(error.to_string()))?;
    content.write_all(SELF_TEST.as_bytes()).map_err(|error| failed(error.to_string()))?;
    let files = vec![("selftest.py".to_owned(), SELF_TEST.len() as u64)];
    let instance =
        slot.open(files, content.as_fd(), false, 16 << 20).await.map_err(|error| failed(error.to_string()))?;
    let limits =
        ProcessLimits { cpu_s: 20, memory_bytes: 256 << 20, processes: 32, open_files: 128, file_bytes: 16 << 20 };
    let mut process =
        Process::start(slot, instance, limits, 1 << 20).await.map_err(|error| failed(error.to_string()))?;
    let begin = br#"{"module":"selftest","file":"selftest.py","observation_bytes":100000}"#;
    process.begin(begin).await.map_err(|error| failed(error.to_string()))?;
    let limits = RequestLimits {
        wall: Duration::from_secs(20),
        cpu: Duration::from_secs(20),
        output_bytes: 1 << 20,
        // As for learners: forks that share their pages are counted in full here.
        resident_bytes: if slot.isolation.has("cgroup_memory") { u64::MAX } else { 512 << 20 },
        answers: 1,
    };
    let served = process.request(slot, b'L', b"", &limits, &mut Nobody).await;
    let _ = slot.close(instance).await;
    let (_, printed) = served.map_err(|error| failed(error.to_string()))?;
    let told = parse(&printed.stdout.text());
    if told.is_empty() {
        return Err(failed(format!("it said nothing{}", printed.stderr.text())));
    }
    Ok(told)
}

fn parse(text: &str) -> Vec<Attempt> {
    let attempt = |line: &str| {
        let mut fields = line.splitn(3, '\t');
        let (name, held, detail) = (fields.next()?, fields.next()?, fields.next()?);
        Some(Attempt { name: name.to_owned(), held: held == "held", detail: detail.to_owned() })
    };
    text.lines().filter_map(attempt).collect()
}

struct Nobody;

impl Oracles for Nobody {
    async fn call(&mut self, _: &str, _: &[u8], _: &[Told]) -> Result<Vec<u8>> {
        Err(Fault::ourselves("the self test asks for an oracle"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_report_are_passed_over() {
        let told = parse("a\theld\tx\nnonsense\nb\topen\ty\tz\n");
        assert_eq!(told.len(), 2);
        assert!(told[0].held && !told[1].held);
        assert_eq!(told[1].detail, "y\tz");
    }
}
