//! `grade suite TESTS…`: existing pytest and unittest files against solutions, no exercise needed.

use std::process::ExitCode;

use super::grade::{exit_code, write};
use crate::cli::arguments::SuiteArguments;
use crate::cli::screen::Screen;
use crate::cli::session::{Session, block_on};
use crate::error::{Blame, Fault, IoContext as _, Result};
use crate::report::source::RepositorySource;
use crate::runner::SuiteJob;
use crate::settings::Settings;
use crate::suite::{self, Asked};
use crate::verdict::Verdict;

pub(in crate::cli) fn run(settings: &Settings, asked: &SuiteArguments, screen: &Screen) -> Result<ExitCode> {
    let mut jobs = suite::jobs(&Asked {
        tests: asked.tests.clone(),
        solutions: asked.solution.clone(),
        modules: asked.module.clone(),
        seconds: asked.time,
        seed: 0,
    })?;
    let mut session = Session::open(settings, &[], suite::folders(&jobs), screen, asked.all)?;
    for job in &mut jobs {
        job.job.seed = session.seed;
    }
    let mut faults = Vec::new();
    let verdicts = block_on(grade_all(&mut session, &jobs, &mut faults))?;
    let here = std::env::current_dir().or_machine(|| "find the current folder".to_owned())?;
    write(settings, &session, &RepositorySource::new(here), &verdicts, screen)?;
    for fault in &faults {
        screen.tell(fault);
    }
    Ok(exit_code(&verdicts, &faults))
}

/// One after the other on one warm bench.
async fn grade_all(session: &mut Session, jobs: &[SuiteJob], faults: &mut Vec<Fault>) -> Result<Vec<Verdict>> {
    let mut bench = session.workshop.bench();
    let listener = session.listener();
    let mut verdicts = Vec::new();
    for job in jobs {
        match session.unless_interrupted(bench.grade_suite(job, listener.as_ref())).await {
            Ok(verdict) => verdicts.push(verdict),
            // A suite that can't be collected keeps no other from its verdict.
            Err(fault) if fault.blame == Blame::Author => faults.push(fault),
            Err(fault) => {
                drop(listener);
                bench.rest().await;
                return Err(fault);
            }
        }
    }
    drop(listener);
    bench.rest().await;
    Ok(verdicts)
}
