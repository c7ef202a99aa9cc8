//! What the making of an environment tells while it works.

/// One thing that happened; at most one `Building` and one `Built` for each environment, and nothing at all when it was there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Another process builds the same environment; we wait for it.
    Waiting { what: String },
    /// The wait is over: the other process has built it, or we build it now, or the wait was given up.
    Waited,
    /// The building starts. `what` is the requirement set's name, `python` the version as in "3.12.1".
    Building { what: String, python: String },
    /// It is complete and in its place.
    Built { what: String, ms: u64 },
    /// It could not be made; the fault that follows says why.
    Failed { what: String },
}

/// Whoever wants to know.
pub trait Progress: Sync {
    fn event(&self, event: Event);
}

/// Nobody wants to know.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _event: Event) {}
}
