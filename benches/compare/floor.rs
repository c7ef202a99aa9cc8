//! The floor: the plain checks as plain calls, each submission in a fork of one warm Python process. No pytest, no sandbox.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::Outcome;
use crate::ground::{self, Ground, Sample};
use crate::meter::timed;

#[derive(Debug)]
pub(crate) struct Floor<'a> {
    ground: &'a Ground,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl<'a> Floor<'a> {
    #[expect(clippy::disallowed_methods, reason = "a benchmark starts what it measures")]
    pub(crate) fn start(ground: &'a Ground) -> Outcome<Self> {
        let mut command = Command::new(ground.judge.python());
        command.args(["-S", "-s"]).arg(ground::root().join("benches/plain/floor.py")).arg(&ground.tests);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else { return Err("pipes".into()) };
        Ok(Self { ground, child, input, output: BufReader::new(output) })
    }

    pub(crate) fn run(&mut self, samples: &[Sample]) -> Outcome<Duration> {
        let copies = self.ground.copies(samples)?;
        let folders: Vec<_> = (0..samples.len()).map(|index| copies.path().join(index.to_string())).collect();
        let mut line = serde_json::to_string(&folders)?;
        let wall = timed(|| {
            writeln!(self.input, "{line}")?;
            line.clear();
            self.output.read_line(&mut line)?;
            Ok(())
        })?;
        let failed: Vec<u32> = serde_json::from_str(&line)?;
        for (sample, failed) in samples.iter().zip(failed) {
            if (failed == 0) != sample.right {
                return Err(format!("the floor: {failed} checks fail on {}", sample.dir.display()).into());
            }
        }
        Ok(wall)
    }
}

impl Drop for Floor<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
