//! The queue is the ledger: jobs are leased from it, and a result is stored in the transaction that closes its job.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::connection::{self, Writer};
use super::fault::StoreContext as _;
use super::records::{FaultRecord, NewRun, Only, RoundKind};
use super::run::Run;
use super::time::{now, now_ms};
use super::writing::Intake;
use crate::error::Result;
use crate::verdict::{SubmissionOutcome, Verdict};

/// How long a worker may keep a job before it counts as lost: longer than any submission may take.
const LEASE: Duration = Duration::from_mins(15);

/// The one writer of a run. When its process dies, what was closed is kept and what was leased can be had again.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    writer: Writer,
    owner: String,
}

/// What a round is begun with.
#[derive(Clone, Copy, Debug)]
pub struct NewRound<'a> {
    pub kind: RoundKind,
    pub only: Option<Only>,
    pub exercise_hash: &'a str,
    /// Equal for equal exercise, grader, environment, limits and isolation.
    pub grounds: &'a str,
}

/// A job that is ours to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub job: i64,
    pub submission: i64,
    /// Of the files; `None` when nothing can be graded.
    pub hash: Option<String>,
    /// How often it ended by a fault before.
    pub faults: u32,
}

/// How a leased job ended.
#[derive(Clone, Debug)]
pub enum Closed {
    /// With a verdict. `key`: of everything that it depends on, `grounds`: of that without the files; `reused`: it is not run again but taken from an earlier result of that key.
    Graded { verdict: Box<Verdict>, key: String, grounds: String, reused: bool },
    /// It will not be tried again, and has no score.
    Ungraded(FaultRecord),
    /// It is to be tried again.
    Again(FaultRecord),
    /// Nothing happened: it goes back as it came.
    Returned,
}

const WRITING: &str = "write the run";
const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Ledger {
    /// Begins a run.
    ///
    /// # Errors
    /// Usage: there is something at `path` already.
    pub fn create(path: &Path, new: &NewRun) -> Result<Self> {
        let writer = connection::create(path)?;
        writer
            .connection
            .execute(
                "INSERT INTO run (id, exercise, created_at, grade_version, seed, seed_is_asked, intake)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
                params![new.exercise, now(), VERSION, new.seed.cast_signed(), new.seed_is_asked, new.intake],
            )
            .or_store(WRITING)?;
        Ok(Self::new(path, writer))
    }

    /// Goes on with a run: jobs that a dead process had leased are queued again.
    ///
    /// # Errors
    /// Usage: there is no run, or somebody else is at work on it.
    pub fn open(path: &Path) -> Result<Self> {
        let ledger = Self::new(path, connection::write(path)?);
        // Nobody else can hold a lease: the writer is alone.
        ledger
            .writer
            .connection
            .execute("UPDATE job SET state = 'queued', owner = NULL, lease_ends_ms = NULL WHERE state = 'leased'", [])
            .or_store(WRITING)?;
        Ok(ledger)
    }

    fn new(path: &Path, writer: Writer) -> Self {
        Self { path: path.to_owned(), writer, owner: format!("pid {}", std::process::id()) }
    }

    /// The same run for reading.
    pub fn read(&self) -> Result<Run> {
        Run::open(&self.path)
    }

    /// Begins to take submissions in.
    pub fn take_in(&mut self) -> Result<Intake<'_>> {
        Ok(Intake { transaction: self.transaction()? })
    }

    /// Begins a round over these submissions; its id.
    pub fn begin_round(&mut self, new: &NewRound<'_>, submissions: &[i64]) -> Result<i64> {
        let transaction = self.transaction()?;
        transaction
            .execute(
                "INSERT INTO round (kind, only_some, started_at, grade_version, exercise_hash, grounds)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![new.kind.name(), new.only.map(Only::name), now(), VERSION, new.exercise_hash, new.grounds],
            )
            .or_store(WRITING)?;
        let round = transaction.last_insert_rowid();
        for submission in submissions {
            transaction
                .prepare_cached("INSERT INTO job (round_id, submission_id) VALUES (?1, ?2)")
                .and_then(|mut statement| statement.execute([round, *submission]))
                .or_store(WRITING)?;
        }
        transaction.commit().or_store(WRITING)?;
        Ok(round)
    }

    /// The round that is not finished, if there is one.
    pub fn open_round(&self) -> Result<Option<i64>> {
        self.writer
            .connection
            .query_row("SELECT id FROM round WHERE finished_at IS NULL ORDER BY id LIMIT 1", [], |row| row.get(0))
            .optional()
            .or_store(WRITING)
    }

    pub fn finish_round(&mut self, round: i64) -> Result<()> {
        self.writer
            .connection
            .execute("UPDATE round SET finished_at = ?2 WHERE id = ?1", params![round, now()])
            .map(|_| ())
            .or_store(WRITING)
    }

    /// Closes jobs and leases at most `wanted` others of `round`, all in one transaction: when this returns, it is on the disk.
    ///
    /// Jobs that ended by a fault come after all others.
    pub fn turn_over(&mut self, round: i64, closed: &[(Lease, Closed)], wanted: usize) -> Result<Vec<Lease>> {
        let owner = self.owner.clone();
        let transaction = self.transaction()?;
        for (lease, how) in closed {
            close(&transaction, lease, how)?;
        }
        let leases = lease(&transaction, round, &owner, wanted)?;
        transaction.commit().or_store(WRITING)?;
        Ok(leases)
    }

    fn transaction(&mut self) -> Result<Transaction<'_>> {
        self.writer.connection.transaction_with_behavior(TransactionBehavior::Immediate).or_store(WRITING)
    }
}

fn lease(transaction: &Transaction<'_>, round: i64, owner: &str, wanted: usize) -> Result<Vec<Lease>> {
    let sql = "UPDATE job SET state = 'leased', attempt = attempt + 1, owner = ?1, lease_ends_ms = ?2
        WHERE id IN (SELECT id FROM job WHERE round_id = ?4 AND state = 'queued' ORDER BY faults, id LIMIT ?3)
        RETURNING id, submission_id, faults, (SELECT hash FROM submission WHERE submission.id = submission_id)";
    let ends = now_ms() + i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX);
    let mut statement = transaction.prepare_cached(sql).or_store(WRITING)?;
    let rows = statement
        .query_map(params![owner, ends, i64::try_from(wanted).unwrap_or(i64::MAX), round], |row| {
            Ok(Lease { job: row.get(0)?, submission: row.get(1)?, faults: row.get(2)?, hash: row.get(3)? })
        })
        .or_store(WRITING)?;
    let mut leases = rows.collect::<rusqlite::Result<Vec<_>>>().or_store(WRITING)?;
    leases.sort_by_key(|lease| (lease.faults, lease.job));
    Ok(leases)
}

fn close(transaction: &Transaction<'_>, lease: &Lease, how: &Closed) -> Result<()> {
    let (state, faults, fault) = match how {
        Closed::Graded { .. } => ("graded", 0, None),
        Closed::Ungraded(fault) => ("ungraded", 1, Some(fault)),
        Closed::Again(fault) => ("queued", 1, Some(fault)),
        Closed::Returned => ("queued", 0, None),
    };
    let fault = fault.map(serde_json::to_string).transpose().or_store(WRITING)?;
    let closed = transaction
        .prepare_cached(
            "UPDATE job SET state = ?2, faults = faults + ?3, fault = coalesce(?4, fault), owner = NULL, lease_ends_ms = NULL
             WHERE id = ?1 AND state = 'leased'",
        )
        .and_then(|mut statement| statement.execute(params![lease.job, state, faults, fault]))
        .or_store(WRITING)?;
    match how {
        // A lease that was lost meanwhile is another's to close: no second result.
        Closed::Graded { verdict, key, grounds, reused } if closed == 1 => {
            store(transaction, lease, verdict, (key, grounds), *reused)
        }
        _ => Ok(()),
    }
}

fn store(
    transaction: &Transaction<'_>,
    lease: &Lease,
    verdict: &Verdict,
    (key, grounds): (&str, &str),
    reused: bool,
) -> Result<()> {
    let text = serde_json::to_string(verdict).or_store(WRITING)?;
    let problem = verdict.problem.as_ref().map(|problem| problem.kind.as_str());
    transaction
        .prepare_cached(
            "INSERT INTO result
             (job_id, submission_id, graded_at, key, grounds, reused, outcome, earned, possible, problem, verdict)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                lease.job,
                lease.submission,
                now(),
                key,
                grounds,
                reused,
                word(verdict.outcome),
                verdict.score.earned,
                verdict.score.possible,
                problem,
                text
            ])
        })
        .or_store(WRITING)?;
    let result = transaction.last_insert_rowid();
    for (position, check) in verdict.checks.iter().enumerate() {
        let outcome = serde_json::to_value(check.outcome).or_store(WRITING)?;
        transaction
            .prepare_cached("INSERT INTO check_result VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .and_then(|mut statement| {
                let position = i64::try_from(position).unwrap_or(i64::MAX);
                statement.execute(params![result, position, check.id, outcome.as_str(), check.weight, check.earned])
            })
            .or_store(WRITING)?;
    }
    Ok(())
}

const fn word(outcome: SubmissionOutcome) -> &'static str {
    match outcome {
        SubmissionOutcome::Passed => "passed",
        SubmissionOutcome::Failed => "failed",
        SubmissionOutcome::Error => "error",
        SubmissionOutcome::Missing => "missing",
    }
}
