//! Grades the starter and every sample submission, on several seeds, and holds what comes of it against what the author expects.

use std::path::Path;
use std::sync::Arc;

use crate::catalog::Exercise;
use crate::cli::arguments::VerifyArguments;
use crate::cli::session::Session;
use crate::error::Result;
use crate::events::Silent;
use crate::report::verify::{Held, Total, Verified};
use crate::runner::{Bench, Job};
use crate::submission::Submission;
use crate::verdict::Verdict;
use crate::verify::steadiness::{Run, unsteady};
use crate::verify::together::{Tripped, undivided};
use crate::verify::{hold, hold_starter, names};

/// Each exercise is handed to `tell` as soon as it is done: all of them together take a while.
pub(super) async fn verify_all(
    session: &mut Session,
    exercises: &[Arc<Exercise>],
    asked: &VerifyArguments,
    mut tell: impl FnMut(&Verified) -> Result<()>,
) -> Result<Total> {
    let mut bench = session.workshop.bench();
    let mut total = Total::default();
    let mut outcome = Ok(());
    for exercise in exercises {
        outcome = verify(session, &mut bench, exercise, asked).await.and_then(|verified| {
            total.add(&verified);
            tell(&verified)
        });
        if outcome.is_err() {
            break;
        }
    }
    bench.rest().await;
    outcome.map(|()| total)
}

async fn verify(
    session: &mut Session,
    bench: &mut Bench,
    exercise: &Arc<Exercise>,
    asked: &VerifyArguments,
) -> Result<Verified> {
    let packages = session.packages(exercise)?;
    let verifier = Verifier {
        session,
        bench,
        exercise,
        packages: &packages,
        asked,
        tripped: Tripped::new(),
        right_cpu_ms: Vec::new(),
    };
    verifier.run().await
}

struct Verifier<'a> {
    session: &'a Session,
    bench: &'a mut Bench,
    exercise: &'a Arc<Exercise>,
    packages: &'a crate::environment::Packages,
    asked: &'a VerifyArguments,
    tripped: Tripped,
    /// CPU time of each run of a right sample.
    right_cpu_ms: Vec<u64>,
}

impl Verifier<'_> {
    async fn run(mut self) -> Result<Verified> {
        let mut held = Vec::new();
        if !self.asked.right {
            held.push(self.starter().await?);
        }
        for sample in self.exercise.samples()?.into_iter().filter(|sample| !self.asked.right || sample.is_right()) {
            let place = format!("{}:{}", sample.expected.place.file.display(), sample.expected.place.line);
            let verdicts = self.grade(&sample.dir).await?;
            for verdict in verdicts.iter().filter(|verdict| verdict.problem.is_none()) {
                for check in verdict.checks.iter().filter(|check| check.outcome.is_to_mend()) {
                    self.tripped.entry(check.id.clone()).or_default().insert(sample.name.clone());
                }
            }
            if sample.is_right() {
                self.right_cpu_ms.extend(verdicts.iter().map(|verdict| verdict.usage.cpu_ms));
            }
            let mismatches = mismatches(&verdicts, |verdict| hold(&sample.expected, verdict));
            held.push(Held { sample: sample.name, mismatches, place });
        }
        let complaints = if self.asked.right { Vec::new() } else { self.complaints()? };
        self.right_cpu_ms.sort_unstable();
        let right_cpu_ms = self.right_cpu_ms.get(self.right_cpu_ms.len() / 2).copied();
        Ok(Verified { exercise: self.exercise.id.to_string(), held, complaints, right_cpu_ms })
    }

    async fn starter(&mut self) -> Result<Held> {
        let folder = self.exercise.starter_dir();
        let verdicts = self.grade(&folder).await?;
        let place = folder.display().to_string();
        Ok(Held { sample: "the starter".to_owned(), mismatches: mismatches(&verdicts, hold_starter), place })
    }

    /// The verdicts on the files in `folder`: with each seed, as often as was asked for.
    async fn grade(&mut self, folder: &Path) -> Result<Vec<Verdict>> {
        let mut verdicts = Vec::new();
        for run in 0..self.asked.seeds * self.asked.repeat {
            let job = Job {
                exercise: Arc::clone(self.exercise),
                handed: Submission::read_sample(folder, self.exercise)?,
                folder: self.exercise.folder.clone(),
                learner: None,
                seed: self.session.seed.wrapping_add(run / self.asked.repeat),
            };
            let verdict = self.session.unless_interrupted(self.bench.grade(&job, self.packages, &Silent)).await?;
            verdicts.push(verdict);
        }
        Ok(verdicts)
    }

    /// What is to be said of the exercise as a whole.
    fn complaints(&self) -> Result<Vec<String>> {
        let untripped =
            self.exercise.checks.iter().filter(|check| !check.review && !self.tripped.contains_key(&check.id));
        let mut complaints: Vec<String> =
            untripped.map(|check| format!("no sample fails `{}`: add one that does", check.id)).collect();
        // What fails for want of a note alone says nothing about how a person judges it.
        let judged = |id: &str| self.exercise.check(id).is_some_and(|check| !check.review);
        let tripped =
            self.tripped.iter().filter(|(id, _)| judged(id)).map(|(id, samples)| (id.clone(), samples.clone()));
        complaints.extend(undivided(self.exercise, &tripped.collect()));
        let files = names::files(self.exercise)?;
        let found: Vec<names::Names> = self.session.workshop.ask("interface.py", &files)?;
        complaints.extend(names::unnamed(self.exercise, &files, &found)?);
        Ok(complaints)
    }
}

/// What is not as expected, each once with the first seed that showed it.
fn mismatches(verdicts: &[Verdict], hold: impl Fn(&Verdict) -> Vec<String>) -> Vec<(u64, String)> {
    let mut found: Vec<(u64, String)> = Vec::new();
    let runs: Vec<Run> = verdicts.iter().map(Run::of).collect();
    let told = verdicts.iter().flat_map(|verdict| hold(verdict).into_iter().map(|mismatch| (verdict.seed, mismatch)));
    for (seed, mismatch) in told.chain(unsteady(&runs)) {
        if found.iter().all(|(_, known)| *known != mismatch) {
            found.push((seed, mismatch));
        }
    }
    found
}
