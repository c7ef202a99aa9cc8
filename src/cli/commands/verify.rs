//! `grade verify`: holds sample submissions against their expected verdicts.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::catalog::Exercise;
use crate::cli::arguments::{COMMANDS, VerifyArguments};
use crate::cli::ids;
use crate::cli::screen::Screen;
use crate::cli::session::{Session, block_on};
use crate::error::{Fault, Result};
use crate::events::Silent;
use crate::report::verify::{Held, Verified, human};
use crate::runner::{Bench, Job};
use crate::settings::{Format, Settings};
use crate::submission::Submission;
use crate::verdict::{Outcome, Verdict};
use crate::verify;

pub(in crate::cli) fn run(settings: &Settings, asked: &VerifyArguments, screen: &Screen) -> Result<ExitCode> {
    settings.format.of("grade verify", &[Format::Human])?;
    let catalog = settings.catalog()?;
    let exercises = if asked.ids.is_empty() {
        catalog.all().map(|(_, exercise)| exercise).collect::<Result<Vec<_>>>()?
    } else {
        let selection = ids::select(&catalog, &asked.ids, &COMMANDS)?;
        Fault::join(selection.broken).map_or(Ok(()), Err)?;
        selection.exercises
    };
    let mut session = Session::open(settings, &exercises, Vec::new(), screen, false)?;
    let verified = block_on(verify_all(&mut session, &exercises, asked.seeds))?;
    screen.results(|out, _| human(&verified, out))?;
    Ok(if verified.iter().all(Verified::is_sound) { ExitCode::SUCCESS } else { ExitCode::from(4) })
}

async fn verify_all(session: &mut Session, exercises: &[Arc<Exercise>], seeds: u64) -> Result<Vec<Verified>> {
    let mut bench = session.workshop.bench();
    let mut verified = Vec::new();
    for exercise in exercises {
        let packages = session.packages(exercise)?;
        let one = Verifier {
            session,
            bench: &mut bench,
            exercise,
            packages: packages.as_ref(),
            seeds,
            tripped: BTreeSet::new(),
            cpu_ms: 0,
        };
        match one.run().await {
            Ok(done) => verified.push(done),
            Err(fault) => {
                bench.rest().await;
                return Err(fault);
            }
        }
    }
    bench.rest().await;
    Ok(verified)
}

struct Verifier<'a> {
    session: &'a Session,
    bench: &'a mut Bench,
    exercise: &'a Arc<Exercise>,
    packages: Option<&'a crate::environment::Environment>,
    seeds: u64,
    tripped: BTreeSet<String>,
    cpu_ms: u64,
}

impl Verifier<'_> {
    async fn run(mut self) -> Result<Verified> {
        let mut held = vec![self.starter().await?];
        for sample in self.exercise.samples()? {
            let place = format!("{}:{}", sample.expected.place.file.display(), sample.expected.place.line);
            let mismatches = self.hold(&sample.dir, |verdict| verify::hold(&sample.expected, verdict)).await?;
            held.push(Held { sample: sample.name, seeds: self.seeds(), mismatches, place });
        }
        let untripped = self
            .exercise
            .checks
            .iter()
            .filter(|check| !self.tripped.contains(&check.id))
            .map(|check| check.id.clone())
            .collect();
        Ok(Verified { exercise: self.exercise.id.to_string(), held, untripped, cpu_ms: self.cpu_ms })
    }

    async fn starter(&mut self) -> Result<Held> {
        let folder = self.exercise.starter_dir();
        let before = std::mem::take(&mut self.tripped);
        let mismatches = self.hold(&folder, verify::hold_starter).await?;
        // That an empty starter fails a check says nothing about whether the check finds mistakes.
        self.tripped = before;
        Ok(Held {
            sample: "the starter".to_owned(),
            seeds: self.seeds(),
            mismatches,
            place: folder.display().to_string(),
        })
    }

    fn seeds(&self) -> usize {
        usize::try_from(self.seeds).unwrap_or(usize::MAX)
    }

    async fn hold(&mut self, folder: &Path, hold: impl Fn(&Verdict) -> Vec<String>) -> Result<Vec<(u64, String)>> {
        let mut mismatches: Vec<(u64, String)> = Vec::new();
        for step in 0..self.seeds {
            let seed = self.session.seed.wrapping_add(step);
            let handed = Submission::read_sample(folder, self.exercise)?;
            let job = Job {
                exercise: Arc::clone(self.exercise),
                handed,
                folder: self.exercise.folder.clone(),
                learner: None,
                seed,
            };
            let verdict = self.session.unless_interrupted(self.bench.grade(&job, self.packages, &Silent)).await?;
            self.cpu_ms += verdict.usage.cpu_ms;
            self.tripped.extend(
                verdict
                    .checks
                    .iter()
                    .filter(|check| check.outcome != Outcome::Passed && verdict.problem.is_none())
                    .map(|check| check.id.clone()),
            );
            for mismatch in hold(&verdict) {
                if mismatches.iter().all(|(_, known)| *known != mismatch) {
                    mismatches.push((seed, mismatch));
                }
            }
        }
        Ok(mismatches)
    }
}
