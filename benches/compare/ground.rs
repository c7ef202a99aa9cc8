//! What everything that is compared stands on: interpreter, judge's packages, submissions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use grade::catalog::{Catalog, Exercise};
use grade::environment::{Environment, Environments, Request, Requirements, Silent, discover};
use tempfile::TempDir;

use crate::Outcome;
use crate::arguments::Mix;

pub(crate) const EXERCISE: &str = "day4/decorators";
/// The program that is measured.
pub(crate) const GRADE: &str = env!("CARGO_BIN_EXE_grade");

/// One submission: where it lies, and whether it is right.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) dir: PathBuf,
    pub(crate) right: bool,
}

#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) judge: Environment,
    pub(crate) exercise: Arc<Exercise>,
    /// The plain checks, where their bytecode may be kept beside them.
    pub(crate) tests: PathBuf,
    pub(crate) temp: TempDir,
    samples: Vec<Sample>,
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What is embedded, as the real binary sees it.
pub(crate) fn catalog() -> Outcome<PathBuf> {
    Ok(grade::catalog::embedded::root(&cache_dir()).map_err(told)?)
}

/// Kept from run to run, so that building the environment is no part of any.
pub(crate) fn cache_dir() -> PathBuf {
    std::env::var_os("GRADE_CACHE_DIR")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("compare-cache"), PathBuf::from)
}

impl Ground {
    pub(crate) fn prepare(mix: Mix) -> Outcome<Self> {
        let interpreter = discover(&Request::new(None, (3, 11), &cache_dir())).map_err(told)?;
        let judge = Environments::new(cache_dir())
            .prepare(&interpreter, &Requirements::of_the_judge(), &Silent)
            .map_err(told)?;
        let exercise = Catalog::load(&[catalog()?]).map_err(told)?.find(EXERCISE).map_err(told)?;
        let temp = TempDir::with_prefix("grade-compare-")?;
        let tests = temp.path().join("test_decorators_plain.py");
        std::fs::copy(root().join("benches/plain/test_decorators_plain.py"), &tests)?;
        let samples = samples(&exercise, mix)?;
        Ok(Self { judge, exercise, tests, temp, samples })
    }

    /// `count` submissions from the `from`th on.
    pub(crate) fn take(&self, from: usize, count: usize) -> Vec<Sample> {
        self.samples.iter().cycle().skip(from % self.samples.len()).take(count).cloned().collect()
    }

    /// Fresh copies, as submissions arrive: no bytecode beside them.
    pub(crate) fn copies(&self, samples: &[Sample]) -> Outcome<TempDir> {
        let folder = TempDir::with_prefix_in("copies-", self.temp.path())?;
        for (index, sample) in samples.iter().enumerate() {
            copy(&sample.dir, &folder.path().join(index.to_string()), &self.exercise)?;
        }
        Ok(folder)
    }
}

/// The files of a submission, into a folder that is made.
pub(crate) fn copy(from: &Path, to: &Path, exercise: &Exercise) -> Outcome<()> {
    std::fs::create_dir_all(to)?;
    for file in exercise.files.iter().filter(|file| from.join(file).exists()) {
        std::fs::copy(from.join(file), to.join(file))?;
    }
    Ok(())
}

/// The right ones in turn; of a mix, each fifth is wrong.
fn samples(exercise: &Exercise, mix: Mix) -> Outcome<Vec<Sample>> {
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for sample in exercise.samples().map_err(told)? {
        // Those without files are for `grade verify`.
        if exercise.files.iter().any(|file| sample.dir.join(file).exists()) {
            let passes = sample.expected.outcome == grade::verdict::SubmissionOutcome::Passed;
            let (list, right) = if passes { (&mut right, true) } else { (&mut wrong, false) };
            list.push(Sample { dir: sample.dir, right });
        }
    }
    if mix == Mix::Right {
        return Ok(right);
    }
    let mut rights = right.iter().cycle();
    Ok(wrong.iter().flat_map(|wrong| rights.by_ref().take(4).chain([wrong]).cloned().collect::<Vec<_>>()).collect())
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
pub(crate) fn told(fault: grade::error::Fault) -> String {
    format!("{fault:?}")
}
