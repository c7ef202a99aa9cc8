//! The reports of a CI job: its log, GitHub's annotations, summary and outputs, GitLab's code quality.
//!
//! Everything that a learner's code made goes into each of them through `escape`, and into a log only where commands are stopped.

mod annotations;
mod codequality;
mod finding;
mod log;
mod outputs;
mod summary;

pub use annotations::annotations;
pub use codequality::codequality;
pub use log::{fenced, log};
pub use outputs::outputs;
pub use summary::summary;
