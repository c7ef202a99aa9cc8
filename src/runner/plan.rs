//! What is to be graded.

use std::sync::Arc;

use crate::catalog::Exercise;
use crate::judge::SuiteLoad;
use crate::submission::Handed;

/// One submission on one exercise.
#[derive(Clone, Debug)]
pub struct Job {
    pub exercise: Arc<Exercise>,
    pub handed: Handed,
    /// Where the files are, for places in reports: the folder in the learner's repository, with `/`, may be empty.
    pub folder: String,
    pub learner: Option<String>,
    /// Decides every random input of the run.
    pub seed: u64,
}

/// One submission and the test files that judge it.
#[derive(Clone, Debug)]
pub struct SuiteJob {
    pub job: Job,
    pub load: SuiteLoad,
}

impl Job {
    /// Path of a file of the submission as reports show it.
    pub fn shown(&self, file: &str) -> String {
        if self.folder.is_empty() { file.to_owned() } else { format!("{}/{file}", self.folder) }
    }
}
