//! Reading a run. Whatever may be large comes as an iterator that holds one item at a time.

use std::collections::BTreeMap;
use std::path::Path;
use std::vec::IntoIter;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::connection;
use super::fault::StoreContext as _;
use super::records::{
    Counts, FaultRecord, Graded, Learner, Note, Only, Origin, Round, RoundKind, RunInfo, State, Submission, Unusable,
};
use crate::error::{Fault, Result};
use crate::submission::{Handed, HandedFile};
use crate::verdict::Verdict;

/// A run that is read; another process may be writing it meanwhile.
#[derive(Debug)]
pub struct Run {
    pub(super) connection: Connection,
}

/// Items of a run in a fixed order, read one by one.
#[expect(missing_debug_implementations, reason = "holds a closure")]
pub struct Iter<'run, T> {
    ids: IntoIter<i64>,
    load: Box<dyn Fn(i64) -> Result<T> + 'run>,
}

impl<T> Iterator for Iter<'_, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        self.ids.next().map(&self.load)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.ids.size_hint()
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

/// Selected submissions in the order in which reports show them.
const IN_ORDER: &str = "SELECT s.id FROM submission s
    LEFT JOIN submission_learner sl ON sl.submission_id = s.id LEFT JOIN learner l ON l.id = sl.learner_id
    WHERE s.selected OR ?1 GROUP BY s.id ORDER BY min(l.key), s.attempt, s.id";
const LEARNER: &str = "SELECT id, key, name, email, section, on_roster, details FROM learner";

impl Run {
    /// Opens the run at `path`.
    ///
    /// # Errors
    /// Usage: there is none, or it is of another version.
    pub fn open(path: &Path) -> Result<Self> {
        Ok(Self { connection: connection::read(path)? })
    }

    pub fn info(&self) -> Result<RunInfo> {
        self.connection
            .query_row(
                "SELECT exercise, created_at, grade_version, seed, seed_is_asked, intake, taken_in FROM run",
                [],
                |row| {
                    Ok(RunInfo {
                        exercise: row.get(0)?,
                        created_at: row.get(1)?,
                        grade_version: row.get(2)?,
                        seed: row.get::<_, i64>(3)?.cast_unsigned(),
                        seed_is_asked: row.get(4)?,
                        intake: row.get(5)?,
                        taken_in: row.get(6)?,
                    })
                },
            )
            .or_store(READING)
    }

    /// All rounds, the first one first.
    pub fn rounds(&self) -> Result<Vec<Round>> {
        let sql = "SELECT id, kind, only_some, started_at, finished_at, grade_version, exercise_hash, grounds
            FROM round ORDER BY id";
        self.rows(sql, |row| {
            let only: Option<String> = row.get(2)?;
            Ok(Round {
                id: row.get(0)?,
                kind: if row.get::<_, String>(1)? == "batch" { RoundKind::Batch } else { RoundKind::Regrade },
                only: [Only::Failed, Only::Ungraded, Only::Changed]
                    .into_iter()
                    .find(|each| Some(each.name()) == only.as_deref()),
                started_at: row.get(3)?,
                finished_at: row.get(4)?,
                grade_version: row.get(5)?,
                exercise_hash: row.get(6)?,
                grounds: row.get(7)?,
            })
        })
    }

    /// Everybody, also those on the roster who handed nothing in, in the order of their keys.
    pub fn learners(&self) -> Result<Vec<Learner>> {
        self.rows(&format!("{LEARNER} ORDER BY key"), learner)
    }

    /// Those on the roster who handed nothing in.
    pub fn missing(&self) -> Result<Vec<Learner>> {
        let sql = format!(
            "{LEARNER} WHERE on_roster = 1 AND id NOT IN (SELECT learner_id FROM submission_learner) ORDER BY key"
        );
        self.rows(&sql, learner)
    }

    /// What the intake noted about sources and the roster; what it noted about a submission is with that.
    pub fn notes(&self) -> Result<Vec<Note>> {
        self.rows("SELECT submission_id, source, text FROM note WHERE submission_id IS NULL ORDER BY id", |row| {
            Ok(Note { submission: row.get(0)?, source: row.get(1)?, text: row.get(2)? })
        })
    }

    /// The submissions that count, by learner, with their newest verdicts.
    pub fn graded(&self) -> Result<Iter<'_, Graded>> {
        self.in_order(false, |id| Ok(Graded { submission: self.submission(id)?, state: self.state(id)? }))
    }

    /// These submissions with their newest verdicts, in this order.
    pub fn graded_of(&self, ids: Vec<i64>) -> Iter<'_, Graded> {
        let load = |id| Ok(Graded { submission: self.submission(id)?, state: self.state(id)? });
        Iter { ids: ids.into_iter(), load: Box::new(load) }
    }

    /// Every attempt of every learner.
    pub fn submissions(&self) -> Result<Iter<'_, Submission>> {
        self.in_order(true, |id| self.submission(id))
    }

    /// The checks of the newest verdicts, in the order of the exercise, with what each is worth.
    pub fn checks(&self) -> Result<Vec<(String, f64)>> {
        let sql = "SELECT check_id, max(weight) FROM check_result JOIN newest_result ON id = result_id
            GROUP BY check_id ORDER BY min(position), check_id";
        self.rows(sql, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// How many of the submissions that count stand how.
    pub fn counts(&self) -> Result<Counts> {
        let sql = "SELECT coalesce(r.outcome, CASE j.state WHEN 'ungraded' THEN 'ungraded' ELSE 'waiting' END) AS word,
                   coalesce(r.reused, 0) AS again, count(*)
            FROM submission s LEFT JOIN newest_result r ON r.submission_id = s.id
            LEFT JOIN newest_job j ON j.submission_id = s.id WHERE s.selected GROUP BY word, again";
        Ok(counted(self.rows(sql, counted_row)?))
    }

    /// One submission.
    pub fn submission(&self, id: i64) -> Result<Submission> {
        let learners = self.rows_of(
            &format!("{LEARNER} JOIN submission_learner ON learner_id = id WHERE submission_id = ?1 ORDER BY key"),
            id,
            learner,
        )?;
        let notes = self.rows_of("SELECT text FROM note WHERE submission_id = ?1 ORDER BY id", id, |row| row.get(0))?;
        let sql = "SELECT source, origin, attempt, selected, late, submitted_at, hash FROM submission WHERE id = ?1";
        self.one(sql, id, |row| {
            Ok(Submission {
                id,
                learners,
                source: row.get(0)?,
                origin: Origin::named(&row.get::<_, String>(1)?),
                attempt: row.get(2)?,
                selected: row.get(3)?,
                late: row.get(4)?,
                submitted_at: row.get(5)?,
                hash: row.get(6)?,
                notes,
            })
        })?
        .ok_or_else(|| Fault::ourselves(format!("the run has no submission {id}")))
    }

    /// What was handed in, as it is, or was, graded.
    pub fn handed(&self, submission: i64) -> Result<Handed> {
        let unusable: Option<Option<String>> =
            self.one("SELECT unusable FROM submission WHERE id = ?1", submission, |row| row.get(0))?;
        if let Some(text) = unusable.flatten() {
            let Unusable { outcome, problem } = serde_json::from_str(&text).or_store(READING)?;
            return Ok(Handed::Unusable { outcome, problem });
        }
        let sql =
            "SELECT name, bytes FROM submission_file JOIN file USING (hash) WHERE submission_id = ?1 ORDER BY position";
        let files = self.rows_of(sql, submission, |row| Ok(HandedFile { name: row.get(0)?, bytes: row.get(1)? }))?;
        Ok(Handed::Files(crate::submission::Submission::new(files)))
    }

    /// The newest verdict before round `before` on a submission, if there was one.
    pub fn verdict_before(&self, submission: i64, before: i64) -> Result<Option<Verdict>> {
        let sql = "SELECT verdict FROM result JOIN job ON job.id = job_id
            WHERE result.submission_id = ?1 AND round_id < ?2 ORDER BY result.id DESC LIMIT 1";
        self.verdict(sql, submission, before)
    }

    /// The verdict of round `round` on a submission, if there is one.
    pub fn verdict_in(&self, submission: i64, round: i64) -> Result<Option<Verdict>> {
        let sql =
            "SELECT verdict FROM result JOIN job ON job.id = job_id WHERE result.submission_id = ?1 AND round_id = ?2";
        self.verdict(sql, submission, round)
    }

    /// The submissions that a round was about, by learner.
    pub fn in_round(&self, round: i64) -> Result<Iter<'_, Submission>> {
        let asked =
            self.rows_of("SELECT submission_id FROM job WHERE round_id = ?1", round, |row| row.get::<_, i64>(0))?;
        let asked: std::collections::HashSet<i64> = asked.into_iter().collect();
        let mut iter = self.in_order(true, |id| self.submission(id))?;
        iter.ids = iter.ids.filter(|id| asked.contains(id)).collect::<Vec<_>>().into_iter();
        Ok(iter)
    }

    /// Those of the submissions that count that `only` names, by learner. `grounds`: what they would be graded on now.
    pub fn choose(&self, only: Option<Only>, grounds: &str) -> Result<Vec<i64>> {
        let condition = match only {
            None => "1",
            Some(Only::Failed) => "r.outcome IN ('failed', 'error', 'missing')",
            Some(Only::Ungraded) => "r.id IS NULL OR j.state = 'ungraded'",
            Some(Only::Changed) => "r.grounds <> ?1",
        };
        let sql = format!(
            "SELECT s.id, ?1 FROM submission s LEFT JOIN newest_result r ON r.submission_id = s.id
             LEFT JOIN newest_job j ON j.submission_id = s.id WHERE s.selected AND ({condition}) ORDER BY s.id"
        );
        let mut statement = self.connection.prepare_cached(&sql).or_store(READING)?;
        let rows = statement.query_map([grounds], |row| row.get(0)).or_store(READING)?;
        rows.collect::<rusqlite::Result<_>>().or_store(READING)
    }

    /// How many jobs of a round stand how.
    pub fn counts_of(&self, round: i64) -> Result<Counts> {
        let sql = "SELECT coalesce(r.outcome, CASE j.state WHEN 'ungraded' THEN 'ungraded' ELSE 'waiting' END) AS word,
                   coalesce(r.reused, 0) AS again, count(*)
            FROM job j LEFT JOIN result r ON r.job_id = j.id WHERE j.round_id = ?1 GROUP BY word, again";
        Ok(counted(self.rows_of(sql, round, counted_row)?))
    }

    fn verdict(&self, sql: &str, submission: i64, round: i64) -> Result<Option<Verdict>> {
        let mut statement = self.connection.prepare_cached(sql).or_store(READING)?;
        let text: Option<String> =
            statement.query_row(params![submission, round], |row| row.get(0)).optional().or_store(READING)?;
        text.map(|text| serde_json::from_str(&text).or_store(READING)).transpose()
    }

    fn state(&self, submission: i64) -> Result<State> {
        let sql = "SELECT verdict, reused, round_id FROM newest_result JOIN job ON job.id = job_id
            WHERE newest_result.submission_id = ?1";
        let graded = self.one(sql, submission, |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?, row.get::<_, i64>(2)?))
        })?;
        if let Some((verdict, reused, round)) = graded {
            let mut verdict: Box<Verdict> = serde_json::from_str(&verdict).or_store(READING)?;
            verdict.submission.learner = Some(self.submission(submission)?.learner());
            return Ok(State::Graded { verdict, round, reused });
        }
        let sql = "SELECT fault FROM newest_job WHERE submission_id = ?1 AND state = 'ungraded'";
        let fault: Option<Option<String>> = self.one(sql, submission, |row| row.get(0))?;
        match fault.flatten() {
            Some(text) => Ok(State::Ungraded { fault: serde_json::from_str::<FaultRecord>(&text).or_store(READING)? }),
            None => Ok(State::Waiting),
        }
    }

    fn in_order<'run, T>(
        &'run self,
        all_attempts: bool,
        load: impl Fn(i64) -> Result<T> + 'run,
    ) -> Result<Iter<'run, T>> {
        let mut statement = self.connection.prepare_cached(IN_ORDER).or_store(READING)?;
        let rows = statement.query_map([all_attempts], |row| row.get(0)).or_store(READING)?;
        let ids = rows.collect::<rusqlite::Result<Vec<i64>>>().or_store(READING)?;
        Ok(Iter { ids: ids.into_iter(), load: Box::new(load) })
    }

    fn rows<T>(&self, sql: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql).or_store(READING)?;
        let rows = statement.query_map([], read).or_store(READING)?;
        rows.collect::<rusqlite::Result<_>>().or_store(READING)
    }

    fn rows_of<T>(&self, sql: &str, id: i64, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql).or_store(READING)?;
        let rows = statement.query_map([id], read).or_store(READING)?;
        rows.collect::<rusqlite::Result<_>>().or_store(READING)
    }

    fn one<T>(&self, sql: &str, id: i64, read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>) -> Result<Option<T>> {
        let mut statement = self.connection.prepare_cached(sql).or_store(READING)?;
        statement.query_row([id], read).optional().or_store(READING)
    }
}

const READING: &str = "read the run";

/// Outcome or state, whether it was reused, how many.
type CountedRow = (String, bool, i64);

fn counted_row(row: &Row<'_>) -> rusqlite::Result<CountedRow> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn counted(rows: Vec<CountedRow>) -> Counts {
    let mut counts = Counts::default();
    for (word, reused, number) in rows {
        let number = usize::try_from(number).unwrap_or(0);
        counts.reused += if reused { number } else { 0 };
        *match word.as_str() {
            "passed" => &mut counts.passed,
            "failed" => &mut counts.failed,
            "error" => &mut counts.error,
            "missing" => &mut counts.missing,
            "ungraded" => &mut counts.ungraded,
            _ => &mut counts.waiting,
        } += number;
    }
    counts
}

fn learner(row: &Row<'_>) -> rusqlite::Result<Learner> {
    let details: String = row.get(6)?;
    let details: BTreeMap<String, String> = serde_json::from_str(&details).unwrap_or_default();
    Ok(Learner {
        id: row.get(0)?,
        key: row.get(1)?,
        name: row.get(2)?,
        email: row.get(3)?,
        section: row.get(4)?,
        on_roster: row.get(5)?,
        details,
    })
}
