//! Comparing data: outputs, values, reasons for a difference. Touches no process.

pub mod compare;
pub mod diff;
mod layout;
mod lookalike;
mod numbers;
pub mod output;
mod output_reason;
pub mod reason;
mod reason_container;
mod reason_scalar;
mod template;
pub mod visible;
pub(crate) mod words;

pub use compare::{ValueComparison, compare_values, sentence};
pub use diff::{Diff, DiffLine, LineKind, Span};
pub use output::{Comparison, FixtureProblem, OutputOptions, compare_output};
pub use reason::value_reason;
