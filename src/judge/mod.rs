//! The judge process: a warm pytest that never loads learner code.
//!
//! It holds the expected answers and makes the assertions. Everything it wants from the sandbox it asks of [`Courier`]; every planned check is run
//! by name and answered once, so that silence is never a pass.

mod confined;
mod process;

pub use confined::main as confined_main;
pub use process::{
    Answered, CheckReport, Courier, Judge, JudgeSpec, Line, Load, LoadProblem, Loaded, LoadedFunction, SuiteLoad,
};
