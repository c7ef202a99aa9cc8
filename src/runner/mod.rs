//! Grades submissions: drives the judge, carries its requests to a sandbox, supervises both.

pub mod bench;
mod courier;
mod findings;
mod grading;
mod plan;
mod raised;
mod session;
mod suite;
mod type_check;

pub use bench::{Bench, BenchSpec};
pub use plan::{Job, SuiteJob};
