//! The only place where learner code starts.
//!
//! From outside in: a [`slot::Slot`] is one stage process with a warm zygote; in it [`slot::Slot::open`] makes a sandbox for a submission, and
//! [`process::Process`] is a confined fork of the zygote that serves requests. The policy is data: `policy.rs`, `syscalls.rs`.

pub mod capture;
pub mod cgroup;
pub mod ending;
pub mod landlock;
pub mod layout;
pub mod packet;
pub mod placement;
pub mod policy;
pub mod printed;
pub mod process;
pub mod seccomp;
pub mod slot;
pub mod stack;
pub mod stage;
pub mod stage_protocol;
pub mod sys;
pub mod syscalls;
