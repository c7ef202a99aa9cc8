//! Python interpreters and the locked environments built on them, once, and shared.
//!
//! The way through: [`discover::discover`] finds an [`Interpreter`], [`Environments::prepare`] gives the [`Environment`] that holds a locked
//! set of packages for it, [`bytecode::compile`] makes our own Python files start cold without compiling. All of it is kept in one cache
//! folder, which [`cache`] lists and clears. Learner code never runs here, and nothing here knows about exercises or reports.

pub mod bytecode;
pub mod cache;
mod command;
pub mod discover;
pub mod environments;
mod failure;
mod installer;
pub mod interpreter;
pub mod interrupt;
mod lock;
mod memory;
pub mod packages;
pub mod progress;
pub mod requirements;
mod resolve;
pub mod script;
mod shim;
pub mod variables;
mod venv;

pub(crate) use command::{Ended, Finished, Tool};
pub use discover::{Request, discover};
pub use environments::{Environment, Environments};
pub use interpreter::Interpreter;
pub use interrupt::Interrupt;
pub use packages::Packages;
pub use progress::{Event, Progress, Silent};
pub use requirements::Requirements;
pub use variables::Variables;
