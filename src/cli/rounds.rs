//! What `grade batch` and `grade regrade` have in common: a round over many submissions at level `full`.

use std::process::ExitCode;
use std::sync::Arc;

use super::screen::Screen;
use super::session::{Session, style};
use crate::batch::{self, Ended, Grounds, Order, Reuse};
use crate::catalog::Exercise;
use crate::environment::Packages;
use crate::error::{Blame, Fault, Result};
use crate::events::Tally;
use crate::report::Style;
use crate::report::batch::BatchProgress;
use crate::settings::Settings;
use crate::store::{Ledger, NewRound, Only, RoundKind};
use crate::verdict::Level;

/// A session that grades at level `full`, unless another was asked for.
pub(super) fn open_session(mut settings: Settings, exercises: &[Arc<Exercise>], screen: &Screen) -> Result<Session> {
    settings.isolation.get_or_insert(Level::Full);
    Session::open(&settings, exercises, Vec::new(), screen, false)
}

/// A round that is to be worked off.
pub(super) struct Round {
    pub(super) settings: Settings,
    pub(super) grounds: Grounds,
    session: Session,
    exercise: Arc<Exercise>,
    packages: Packages,
    reuses: bool,
    id: i64,
}

impl Round {
    pub(super) fn new(
        settings: Settings,
        mut session: Session,
        exercise: Arc<Exercise>,
        no_cache: bool,
    ) -> Result<Self> {
        let packages = session.packages(&exercise)?;
        let level = settings.isolation.unwrap_or(Level::Full);
        let grounds = Grounds::new(&exercise, session.workshop.judge(), &packages, level)?;
        Ok(Self { settings, grounds, session, exercise, packages, reuses: !no_cache, id: 0 })
    }

    /// Queues these submissions.
    pub(super) fn begin(
        &mut self,
        ledger: &mut Ledger,
        kind: RoundKind,
        only: Option<Only>,
        submissions: &[i64],
    ) -> Result<()> {
        let new = NewRound { kind, only, exercise_hash: self.exercise.hash()?, grounds: self.grounds.text() };
        self.id = ledger.begin_round(&new, submissions)?;
        Ok(())
    }

    /// Goes on with a round that was begun before.
    pub(super) fn go_on(&mut self, round: i64) {
        self.id = round;
    }

    pub(super) fn style(&self) -> Style {
        self.session.style
    }

    pub(super) fn id(&self) -> i64 {
        self.id
    }

    /// Works off what is queued.
    pub(super) fn work(self, ledger: &mut Ledger, screen: &Screen) -> Result<Ended> {
        let run = ledger.read()?;
        let (info, counts) = (run.info()?, run.counts_of(self.id)?);
        let tally = Tally {
            of: counts.all(),
            passed: counts.passed,
            failed: counts.failed,
            error: counts.error,
            missing: counts.missing,
            ungraded: counts.ungraded,
            reused: counts.reused,
            retried: 0,
        };
        if counts.waiting == 0 {
            ledger.finish_round(self.id)?;
            return Ok(Ended { tally, stopped: None });
        }
        let reuse = if self.reuses {
            // Without it everything is graded all the same.
            Reuse::open(&self.settings.cache_dir).map_err(|fault| screen.tell(&fault)).ok()
        } else {
            None
        };
        // More benches than submissions would only be started and stopped.
        let workers = self.settings.jobs.get().min(counts.waiting);
        let progress = BatchProgress::on_stderr(&self.session.style);
        let order = Order {
            exercise: self.exercise,
            packages: self.packages,
            benches: (0..workers).map(|_| self.session.workshop.bench()).collect(),
            grounds: self.grounds,
            round: self.id,
            seed: info.seed,
            seed_is_asked: info.seed_is_asked,
            reuse,
            interrupt: self.session.interrupt.clone(),
            listener: &progress,
        };
        let ended = batch::run(ledger, order, tally).map_err(below_full)?;
        progress.finish();
        if ended.stopped.is_none() {
            ledger.finish_round(self.id)?;
        }
        Ok(ended)
    }
}

/// Batches and CI ask for the strongest level by themselves; how to ask for less is not in the advice of the sandbox.
pub(super) fn below_full(mut fault: Fault) -> Fault {
    if fault.what.contains("no sandbox at level") {
        let advice = fault.hint.take().map_or_else(String::new, |hint| format!("{hint}; "));
        fault.hint =
            Some(format!("{advice}`--isolation LEVEL` grades at a lower level, if you trust what was handed in"));
    }
    fault
}

/// 0: everything has a verdict; else by whose fault it has not.
pub(super) fn exit_code(ended: &Ended, screen: &Screen, go_on: &str) -> Result<ExitCode> {
    if let Some(fault) = &ended.stopped {
        let mut fault = fault.clone();
        let kept = format!("what was graded is kept: `{go_on}` goes on with the rest");
        fault.hint = Some(fault.hint.map_or(kept.clone(), |hint| format!("{hint}; {kept}")));
        return Err(fault);
    }
    if ended.tally.ungraded > 0 {
        screen.note("submissions that could not be graded have no score: `grade report RUN` says why, `grade regrade RUN --only ungraded` tries again");
        return Ok(ExitCode::from(Blame::Machine.exit_code()));
    }
    Ok(if ended.tally.error > 0 { ExitCode::from(Blame::Author.exit_code()) } else { ExitCode::SUCCESS })
}

/// What a command without a style of its own prints with.
pub(super) fn plain_style(settings: &Settings, screen: &Screen) -> Style {
    style(settings, screen, false)
}
