//! The processes of a slot as `/proc` shows them: sampled while learner code runs, killed when it must end.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

use crate::sandbox::sys;

/// What all learner processes of a slot use.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sampled {
    pub(super) cpu_ms: u64,
    pub(super) resident_bytes: u64,
    pub(super) processes: u64,
}

/// One process, from `/proc/PID/stat` (proc(5)).
struct Entry {
    pid: i32,
    parent: i32,
    /// Own and waited-for CPU time, clock ticks of 10 ms.
    ticks: u64,
    resident_pages: u64,
}

const TICK_MS: u64 = 10;

/// Sums over the learner's processes: with a pid namespace, all in it but the server, the zygote and inits; else the zygote's and our own descendants.
pub(super) fn sample(zygote: i32, namespaced: bool) -> Sampled {
    let entries = all();
    let own = i32::try_from(std::process::id()).unwrap_or(0);
    let page = u64::try_from(rustix::param::page_size()).unwrap_or(4096);
    let counted = |entry: &&Entry| {
        entry.pid != own
            && entry.pid != zygote
            && if namespaced { entry.parent != own } else { descends(&entries, entry, own) }
    };
    entries.iter().filter(counted).fold(Sampled::default(), |sum, entry| Sampled {
        cpu_ms: sum.cpu_ms + entry.ticks * TICK_MS,
        resident_bytes: sum.resident_bytes + entry.resident_pages * page,
        processes: sum.processes + 1,
    })
}

fn descends(entries: &[Entry], entry: &Entry, ancestor: i32) -> bool {
    let mut parent = entry.parent;
    // Bounded: a chain can't be longer than there are processes.
    for _ in 0..entries.len() {
        if parent == ancestor {
            return true;
        }
        match entries.iter().find(|other| other.pid == parent) {
            Some(other) => parent = other.parent,
            None => return false,
        }
    }
    false
}

/// Kills and reaps what came to us as an orphan, until nothing is left: killing one may orphan others.
pub(super) fn kill_orphans(zygote: i32) {
    kill_until_none(|entry| entry.pid != zygote);
}

/// Kills and reaps everything that we started.
pub(super) fn kill_children() {
    kill_until_none(|_| true);
}

fn kill_until_none(which: impl Fn(&Entry) -> bool) {
    let own = i32::try_from(std::process::id()).unwrap_or(0);
    for _ in 0..1000 {
        let ours: Vec<Entry> = all().into_iter().filter(|entry| entry.parent == own && which(entry)).collect();
        if ours.is_empty() {
            return;
        }
        for entry in ours {
            if let Some(pid) = Pid::from_raw(entry.pid) {
                let _ = kill_process(pid, Signal::KILL);
            }
            let _ = sys::wait_usage(entry.pid, true);
        }
    }
}

fn all() -> Vec<Entry> {
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    folders.filter_map(|folder| entry(folder.file_name().to_str()?.parse().ok()?)).collect()
}

fn entry(pid: i32) -> Option<Entry> {
    let text = fs::read(format!("/proc/{pid}/stat")).ok()?;
    parse(pid, &String::from_utf8_lossy(&text))
}

/// The command name may hold anything, parentheses and spaces included: fields count from after its last parenthesis.
fn parse(pid: i32, text: &str) -> Option<Entry> {
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let ticks = (11..15).map(number).sum::<Option<u64>>()?;
    Some(Entry { pid, parent: fields.get(1)?.parse().ok()?, ticks, resident_pages: number(21)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_command_name_does_not_shift_the_fields() {
        let text =
            "42 (a) R 1 (b) S 7 42 42 0 -1 4194304 100 0 0 0 3 4 5 6 20 0 1 0 12345 1000000 250 18446744073709551615";
        let entry = parse(42, text).unwrap();
        assert_eq!((entry.parent, entry.ticks, entry.resident_pages), (7, 18, 250));
    }
}
