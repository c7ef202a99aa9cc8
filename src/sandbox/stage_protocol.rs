//! What `grade` and a stage say to each other: one JSON object a packet, descriptors beside it.
//!
//! Both ends are ours and built together; nothing here ever comes from learner code.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::verdict::Level;

/// The first packet to a stage: everything that stays the same for all submissions it will meet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Boot {
    pub level: Level,
    /// The interpreter, as seen inside.
    pub python: PathBuf,
    /// Arguments after the interpreter: switches and the zygote's file.
    pub arguments: Vec<String>,
    pub environment: Vec<(String, String)>,
    pub view: View,
    /// An unused id to run as when `grade` is root; else learner code keeps the user's id, in a user namespace.
    pub run_as: Option<u32>,
    /// Bytes for the whole slot's memory cgroup.
    pub memory_bytes: u64,
    /// Processes for the whole slot's pids cgroup.
    pub processes: u64,
    /// Name for the slot's cgroup; unique on the machine.
    pub slot: String,
    /// Where working folders are made at the levels without a private mount; removed by the stage.
    pub scratch: PathBuf,
    /// Passed on to the zygote as it is.
    pub zygote: serde_json::Value,
}

/// The file system as a submission sees it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct View {
    /// Host path → path inside; read-only.
    pub binds: Vec<(PathBuf, PathBuf)>,
    /// Path inside → target.
    pub links: Vec<(PathBuf, PathBuf)>,
    /// Small files made up for the inside: `/etc/passwd` and the like.
    pub files: Vec<(PathBuf, String)>,
}

/// Resource limits of one sandboxed process; see `docs/exercise-format.md`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ProcessLimits {
    /// A backstop in seconds; the supervisor's own limit is finer.
    pub cpu_s: u64,
    pub memory_bytes: u64,
    pub processes: u64,
    pub open_files: u64,
    pub file_bytes: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// A fresh sandbox. One descriptor: a file that holds the contents of `files`, one after the other.
    Open { instance: u64, files: Vec<(String, u64)>, loopback: bool, scratch_bytes: u64 },
    /// A fork of the zygote in it. Five descriptors: control, standard input, output, error, stack.
    Spawn { instance: u64, process: u64, limits: ProcessLimits },
    /// Asks the process for its Python stack (on its stack descriptor).
    Stack { process: u64 },
    /// From now on the zygote and its forks run on this processor.
    Pin { processor: usize },
    /// What all learner processes of this slot use now.
    Sample,
    /// Kills everything in the sandbox and forgets it.
    Close { instance: u64 },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Event {
    /// The zygote waits for work.
    Ready {
        mechanisms: Vec<String>,
    },
    /// A step of the set-up failed; the stage ends.
    Broken {
        step: String,
        error: String,
    },
    /// A sandbox could not be made, or a process not be forked in it.
    Refused {
        instance: u64,
        step: String,
        error: String,
    },
    Exited {
        process: u64,
        status: i32,
        cpu_us: u64,
        peak_kib: u64,
    },
    Sampled {
        cpu_ms: u64,
        resident_bytes: u64,
        processes: u64,
    },
    Closed {
        instance: u64,
        usage: Closing,
    },
}

/// What a closed sandbox used.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Closing {
    pub cpu_us: u64,
    pub memory_peak_bytes: u64,
    /// Processes that the kernel killed for memory in the slot since the last closing.
    pub out_of_memory: u64,
}
