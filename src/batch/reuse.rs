//! Results of earlier runs, kept in the cache folder: what was graded once under the same key is not run again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::{Fault, Result};
use crate::verdict::{Ending, SubmissionOutcome, Verdict};

/// Below the cache folder; one entry for each version of the tables.
const FOLDER: &str = "results/v1";
/// Where the oldest half is given up, bytes.
const LARGEST: i64 = 512 << 20;

/// The results that are known on this machine.
#[derive(Debug)]
pub struct Reuse {
    connection: Connection,
}

const TABLES: &str = "CREATE TABLE IF NOT EXISTS result (
    key TEXT PRIMARY KEY,
    exercise_hash TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    verdict TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS result_of_exercise ON result (exercise_hash);";

impl Reuse {
    /// Those in `cache_dir`, none at first. What is damaged is thrown away: it can be made again.
    pub fn open(cache_dir: &Path) -> Result<Self> {
        let folder = cache_dir.join(FOLDER);
        let path = folder.join("results.sqlite");
        let fault = |error: &dyn std::fmt::Display| {
            Fault::machine(format!("can't use the earlier results in `{}`", path.display())).because(error)
        };
        std::fs::create_dir_all(&folder).map_err(|error| fault(&error))?;
        if let Ok(connection) = connect(&path) {
            return Ok(Self { connection });
        }
        for name in ["results.sqlite", "results.sqlite-wal", "results.sqlite-shm"] {
            let _ = std::fs::remove_file(folder.join(name));
        }
        connect(&path).map(|connection| Self { connection }).map_err(|error| fault(&error))
    }

    /// Where they are.
    pub fn folder(cache_dir: &Path) -> PathBuf {
        cache_dir.join(FOLDER)
    }

    /// The result of this key. An error of the cache is no result.
    pub(super) fn find(&self, key: &str) -> Option<Verdict> {
        let mut statement = self.connection.prepare_cached("SELECT verdict FROM result WHERE key = ?1").ok()?;
        let text: String = statement.query_row([key], |row| row.get(0)).optional().ok()??;
        serde_json::from_str(&text).ok()
    }

    /// Keeps results for later. Losing one costs time only, so nothing is made of an error.
    pub(super) fn keep<'v>(&self, results: impl Iterator<Item = (&'v str, &'v Verdict)>) {
        let mut results = results.filter(|(_, verdict)| is_lasting(verdict)).peekable();
        if results.peek().is_none() {
            return;
        }
        let Ok(transaction) = self.connection.unchecked_transaction() else { return };
        for (key, verdict) in results {
            let Ok(text) = serde_json::to_string(verdict) else { continue };
            let duration = i64::try_from(verdict.duration_ms).unwrap_or(i64::MAX);
            let _ = transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO result (key, exercise_hash, duration_ms, verdict) VALUES (?1, ?2, ?3, ?4)",
                )
                .and_then(|mut statement| statement.execute(params![key, verdict.exercise_hash, duration, text]));
        }
        let _ = transaction.commit();
    }

    /// How long a submission to this exercise took on average; `None` when it was never graded here.
    pub fn usual_time(&self, exercise_hash: &str) -> Option<Duration> {
        let sql = "SELECT avg(duration_ms) FROM result WHERE exercise_hash = ?1";
        let average: Option<f64> = self.connection.query_row(sql, [exercise_hash], |row| row.get(0)).ok()?;
        average.map(|milliseconds| Duration::from_secs_f64(milliseconds.max(0.0) / 1000.0))
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    // NORMAL: the last few may be lost when the power goes, the rest is whole.
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
    connection.execute_batch(TABLES)?;
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    if pragma("page_count")? * pragma("page_size")? > LARGEST {
        connection.execute(
            "DELETE FROM result WHERE rowid <= (SELECT rowid FROM result ORDER BY rowid LIMIT 1 OFFSET (SELECT count(*) / 2 FROM result))",
            [],
        )?;
        connection.execute_batch("VACUUM")?;
    }
    Ok(connection)
}

/// Whether it would come out the same on another day: an error is not the learner's, and what ran out of time may have met a busy machine.
fn is_lasting(verdict: &Verdict) -> bool {
    let graded = matches!(verdict.outcome, SubmissionOutcome::Passed | SubmissionOutcome::Failed);
    let waited = verdict.checks.iter().any(|check| check.ending == Some(Ending::OutOfTime));
    // How an import ended is told in words only; one that can have waited for its limit takes this long.
    let import_waited =
        verdict.problem.as_ref().is_some_and(|problem| problem.kind == "import") && verdict.duration_ms > 1000;
    graded && !waited && !import_waited && !verdict.submission.hash.is_empty()
}
