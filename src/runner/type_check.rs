//! Where types are checked: a slot of its own, in which learner code is read and never run.

use super::session::Session;
use crate::catalog::{Exercise, Limits};
use crate::error::Result;
use crate::sandbox::slot::Slot;
use crate::submission::Submission;

/// Imported before the fork: mypy alone takes longer to import than to read a learner's file.
pub(super) const PRELOAD: &str = "sandboxed.type_check";
/// Enough for mypy and the stubs of the whole standard library, MiB.
pub(super) const MEMORY_MB: u64 = 768;
/// mypy starts none; what remains is the sandbox's own need.
pub(super) const PROCESSES: u64 = 8;

/// Its sandbox for one submission. The limits are the type checker's own: the exercise's are about learner code.
pub(super) fn session<'a>(slot: &'a mut Slot, exercise: &Exercise, submission: &Submission) -> Result<Session<'a>> {
    let limits =
        Limits { wall_ms: 20_000, cpu_ms: 15_000, memory_mb: MEMORY_MB, processes: PROCESSES, ..Limits::default() };
    Session::new(slot, &exercise.within(limits), submission)
}
