//! The baseline: `python -m pytest` on the plain checks, a process for each submission.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Outcome;
use crate::ground::{Ground, Sample};
use crate::meter::timed;

#[expect(clippy::disallowed_methods, reason = "a benchmark starts what it measures")]
pub(crate) fn run(ground: &Ground, samples: &[Sample]) -> Outcome<Duration> {
    let copies = ground.copies(samples)?;
    let mut wall = Duration::ZERO;
    for (index, sample) in samples.iter().enumerate() {
        let mut command = Command::new(ground.judge.python());
        command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider"]).arg(&ground.tests);
        command.current_dir(copies.path().join(index.to_string())).stdout(Stdio::null()).stderr(Stdio::null());
        wall += timed(|| {
            let passed = command.status()?.success();
            if passed == sample.right { Ok(()) } else { Err(format!("pytest on {}", sample.dir.display()).into()) }
        })?;
    }
    Ok(wall)
}
