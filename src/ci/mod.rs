//! Grading for a CI job: what is asked for, what a push touched, where results go. `docs/ci.md` is for who sets it up.

mod account;
mod base;
mod changes;
mod files;
mod git;
mod plan;
mod platform;
mod token;

pub use account::{Account, Fate, Row};
pub use base::{Base, base};
pub use changes::Changes;
pub use files::{append, replace, room_in};
pub use plan::{Plan, Planned, plan};
pub use platform::Platform;
pub use token::token;
