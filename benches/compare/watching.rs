//! `grade watch`: from a save to the verdict.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::Outcome;
use crate::ground::{self, EXERCISE, GRADE, Ground, Sample};
use crate::meter::{Meter, Spent};
use crate::warm::Memory;

#[derive(Debug)]
pub(crate) struct Watching<'a> {
    ground: &'a Ground,
    repository: TempDir,
    child: Child,
    output: BufReader<ChildStdout>,
    saves: usize,
}

impl<'a> Watching<'a> {
    #[expect(clippy::disallowed_methods, reason = "a benchmark starts what it measures")]
    pub(crate) fn start(ground: &'a Ground) -> Outcome<Self> {
        let repository = TempDir::with_prefix_in("watch-", ground.temp.path())?;
        let first = ground.take(0, 1).remove(0);
        ground::copy(&first.dir, &repository.path().join(&ground.exercise.folder), &ground.exercise)?;
        let mut command = Command::new(GRADE);
        command.args(["watch", EXERCISE, "--format", "jsonl", "--repo"]).arg(repository.path());
        command.env("GRADE_CACHE_DIR", ground::cache_dir()).stderr(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let Some(output) = child.stdout.take() else { return Err("pipes".into()) };
        let mut watching = Self { ground, repository, child, output: BufReader::new(output), saves: 0 };
        watching.verdict()?;
        Ok(watching)
    }

    /// One save after the other, each when the verdict on the one before has been read for a while.
    pub(crate) fn run(&mut self, meter: &Meter, samples: &[Sample]) -> Outcome<Spent> {
        let (mut wall, mut cpu) = (Duration::ZERO, Duration::ZERO);
        for sample in samples {
            std::thread::sleep(Duration::from_millis(150));
            let before = meter.cpu()?;
            let started = Instant::now();
            self.save(sample)?;
            let passed = self.verdict()?;
            wall += started.elapsed();
            cpu += meter.cpu()?.saturating_sub(before);
            if passed != sample.right {
                return Err(format!("grade watch: wrong verdict on {}", sample.dir.display()).into());
            }
        }
        let count = u32::try_from(samples.len().max(1))?;
        Ok(Spent { wall: wall / count, cpu: cpu / count })
    }

    /// `main.py` first and aside, so that one event is the save that counts.
    fn save(&mut self, sample: &Sample) -> Outcome<()> {
        let folder = self.repository.path().join(&self.ground.exercise.folder);
        self.saves += 1;
        for file in self.ground.exercise.files.iter().rev() {
            let aside = self.repository.path().join("aside");
            let text = format!("{}\n# save {}\n", std::fs::read_to_string(sample.dir.join(file))?, self.saves);
            std::fs::write(&aside, text)?;
            std::fs::rename(&aside, folder.join(file))?;
        }
        Ok(())
    }

    /// Waits for the next verdict; whether it is a pass.
    fn verdict(&mut self) -> Outcome<bool> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let verdict: serde_json::Value = serde_json::from_str(&line)?;
        verdict["outcome"]
            .as_str()
            .map(|outcome| outcome == "passed")
            .ok_or_else(|| format!("no verdict: {line}").into())
    }

    pub(crate) fn memory(&self) -> Outcome<Memory> {
        Memory::of(self.child.id())
    }
}

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        // The stage takes the sandboxes down when its supervisor hangs up.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
