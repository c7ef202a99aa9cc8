//! On which processor things run.
//!
//! Judge, supervisor and sandbox take turns: a message, an answer, a message. On one processor that is a switch of tasks; on two it is an interrupt
//! and a wake-up from idle each time, which cost more than the work between them.

use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};

/// Keeps a process (`None`: this thread), and what it will fork, on one processor.
pub fn pin(process: Option<Pid>, processor: usize) -> rustix::io::Result<()> {
    let mut set = CpuSet::new();
    if processor >= CpuSet::MAX_CPU {
        return Err(rustix::io::Errno::INVAL);
    }
    set.set(processor);
    sched_setaffinity(process, &set)
}

/// The processors that this thread may run on.
pub fn allowed() -> Vec<usize> {
    let Ok(set) = sched_getaffinity(None) else { return Vec::new() };
    (0..CpuSet::MAX_CPU).filter(|processor| set.is_set(*processor)).collect()
}

/// Keeps this thread on the processor that it is running on, until dropped.
#[derive(Debug)]
pub struct Pinned {
    before: CpuSet,
    pub processor: usize,
}

impl Pinned {
    /// `None` where the system does not allow it; that costs speed only.
    pub fn here() -> Option<Self> {
        let before = sched_getaffinity(None).ok()?;
        let processor = sched_getcpu();
        pin(None, processor).ok()?;
        Some(Self { before, processor })
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        // What was allowed before is allowed still.
        let _ = sched_setaffinity(None, &self.before);
    }
}
