//! Processes below another one, as `/proc` tells.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    parent: u32,
    /// Clock ticks, its own and those of the children that it waited for.
    ticks: u64,
}

/// All processes below `root`, itself included.
pub(crate) fn below(root: u32) -> Outcome<Vec<Process>> {
    let all: Vec<Process> = fs::read_dir("/proc")?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(process)
        .collect();
    let mut found: Vec<Process> = all.iter().filter(|each| each.pid == root).cloned().collect();
    let mut looked_at = 0;
    while let Some(pid) = found.get(looked_at).map(|each| each.pid) {
        found.extend(all.iter().filter(|each| each.parent == pid).cloned());
        looked_at += 1;
    }
    Ok(found)
}

/// `None` when it has gone.
fn process(pid: u32) -> Option<Process> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, may hold anything; after it come state, parent, …
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    Some(Process { pid, parent: u32::try_from(number(1)?).ok()?, ticks })
}

/// CPU of all of these and of what they waited for, microseconds; ticks are a hundredth of a second on Linux.
pub(crate) fn cpu_us(processes: &[Process]) -> u64 {
    processes.iter().map(|each| each.ticks * 10_000).sum()
}

/// Resident memory now and at its highest, KiB.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize, serde::Serialize)]
pub(crate) struct Resident {
    pub(crate) now: u64,
    pub(crate) peak: u64,
}

pub(crate) fn resident(pid: u32) -> Resident {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
    };
    Resident { now: field("VmRSS:"), peak: field("VmHWM:") }
}

/// Resident memory, pages shared with others counted by share, KiB; 0 when the process has gone.
pub(crate) fn proportional(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// What could grow with each submission.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    /// Open ones of a supervisor and all below it.
    pub(crate) descriptors: usize,
    pub(crate) processes: usize,
    /// That they see, each mount namespace counted once.
    pub(crate) mounts: usize,
    /// Of the whole machine.
    pub(crate) control_groups: usize,
}

impl Held {
    pub(crate) fn by(supervisor: u32) -> Outcome<Self> {
        let all = below(supervisor)?;
        let entries = |path: String| fs::read_dir(path).map_or(0, Iterator::count);
        let namespaces: BTreeMap<PathBuf, u32> = all
            .iter()
            .filter_map(|each| Some((fs::read_link(format!("/proc/{}/ns/mnt", each.pid)).ok()?, each.pid)))
            .collect();
        let mounts =
            |pid: &u32| fs::read_to_string(format!("/proc/{pid}/mountinfo")).map_or(0, |text| text.lines().count());
        Ok(Self {
            descriptors: all.iter().map(|each| entries(format!("/proc/{}/fd", each.pid))).sum(),
            processes: all.len(),
            mounts: namespaces.values().map(mounts).sum(),
            control_groups: folders_below(Path::new("/sys/fs/cgroup")),
        })
    }
}

fn folders_below(folder: &Path) -> usize {
    let folders = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.map(|entry| 1 + folders_below(&entry.path())).sum()
}

/// The process among these whose command line has this word in it.
pub(crate) fn with_word(processes: &[Process], word: &str) -> Option<u32> {
    let has = |each: &&Process| {
        fs::read(format!("/proc/{}/cmdline", each.pid)).is_ok_and(|line| String::from_utf8_lossy(&line).contains(word))
    };
    processes.iter().find(has).map(|each| each.pid)
}
