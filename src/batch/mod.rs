//! Grading many submissions: a bench for each processor, a ledger that loses nothing, results that are reused where nothing has changed.

mod compare;
mod grounds;
mod office;
mod reuse;
mod worker;

pub use compare::{Change, CheckChange, Standing, changes};
pub use grounds::Grounds;
pub use office::{Ended, Order, run};
pub use reuse::Reuse;
