//! A run: one `SQLite` file with what was handed in, the jobs, and all results (`docs/store.md`).
//!
//! [`Run`] reads, and is what reports are made from. [`Ledger`] writes, and there is one at a time: it hands out jobs and stores each result in
//! the transaction that closes its job.

mod connection;
mod fault;
mod ledger;
mod records;
mod run;
mod time;
mod writing;

pub use ledger::{Closed, Lease, Ledger, NewRound};
pub use records::{
    Counts, FaultRecord, Graded, Learner, NewRun, Note, Only, Origin, Round, RoundKind, RunInfo, State, Submission,
};
pub use run::{Iter, Run};
pub use time::now;
pub use writing::{Intake, NewLearner, NewSubmission, Unusable};

#[cfg(test)]
mod tests;
