//! `grade day4/decorators`, a process for each submission, its environment in place.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Outcome;
use crate::ground::{self, EXERCISE, GRADE, Ground, Sample};
use crate::meter::timed;

#[expect(clippy::disallowed_methods, reason = "a benchmark starts what it measures")]
pub(crate) fn run(ground: &Ground, samples: &[Sample]) -> Outcome<Duration> {
    let repository = tempfile::TempDir::with_prefix_in("cold-", ground.temp.path())?;
    let mut wall = Duration::ZERO;
    for sample in samples {
        let folder = repository.path().join(&ground.exercise.folder);
        ground::copy(&sample.dir, &folder, &ground.exercise)?;
        let mut command = Command::new(GRADE);
        command.arg(EXERCISE).arg("--repo").arg(repository.path()).env("GRADE_CACHE_DIR", ground::cache_dir());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        wall += timed(|| {
            let code = command.status()?.code();
            let expected = i32::from(!sample.right);
            if code == Some(expected) {
                Ok(())
            } else {
                Err(format!("grade: {code:?} on {}", sample.dir.display()).into())
            }
        })?;
    }
    Ok(wall)
}
