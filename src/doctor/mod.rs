//! What this machine gives, found out by trying it: each level is built to the end, and a submission that tries to get out is run in it.

use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::error::{Fault, Result};
use crate::sandbox::process::{Oracles, Process, RequestLimits, Told};
use crate::sandbox::slot::{Slot, SlotError, SlotSpec};
use crate::sandbox::stage_protocol::ProcessLimits;
use crate::verdict::Level;

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
            report.advice = advice(level, &failure);
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

/// What to do about a step that this machine refuses; each line is one thing to do.
fn advice(level: Level, failure: &SlotError) -> Vec<String> {
    if level != Level::Full {
        return vec!["a newer kernel: Landlock is in Linux 5.13 and later, and must be among the `lsm=` of the kernel's command line".to_owned()];
    }
    let mut lines = Vec::new();
    let read = |path: &str| std::fs::read_to_string(path).map(|text| text.trim().to_owned()).unwrap_or_default();
    if read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1" {
        let program =
            std::env::current_exe().map_or_else(|_| "/path/to/grade".to_owned(), |path| path.display().to_string());
        lines.push(
            "Ubuntu 23.10 and later let only programs with an AppArmor profile use user namespaces. Give `grade` one:"
                .to_owned(),
        );
        lines.push(format!("  printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile grade {program} flags=(unconfined) {{ userns, }}\\n' | sudo tee /etc/apparmor.d/grade"));
        lines.push("  sudo apparmor_parser -r /etc/apparmor.d/grade".to_owned());
        lines.push("on a CI runner instead: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0".to_owned());
    }
    if read("/proc/sys/kernel/unprivileged_userns_clone") == "0" {
        lines.push(
            "this kernel lets only root use user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1"
                .to_owned(),
        );
    }
    if read("/proc/sys/user/max_user_namespaces") == "0" {
        lines.push("user namespaces are switched off: sudo sysctl -w user.max_user_namespaces=10000".to_owned());
    }
    if std::path::Path::new("/.dockerenv").exists() || std::path::Path::new("/run/.containerenv").exists() {
        lines.push("containers forbid namespaces by default: start this one with `--security-opt seccomp=unconfined --security-opt systempaths=unconfined`, or grade outside of it".to_owned());
    }
    if lines.is_empty() {
        lines.push(format!(
            "the kernel refused the step `{}`; user, pid, mount and network namespaces must be allowed for this user",
            failure.step
        ));
    }
    lines
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
