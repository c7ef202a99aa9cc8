//! Taking submissions in: all of an intake is one transaction.

use std::collections::BTreeMap;

use rusqlite::{Transaction, params};

use super::fault::StoreContext as _;
use super::records::Origin;
pub use super::records::Unusable;
use crate::error::Result;

/// An intake that is under way; nothing of it is there until it has been finished.
#[derive(Debug)]
pub struct Intake<'run> {
    pub(super) transaction: Transaction<'run>,
}

/// A learner as the intake found them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewLearner {
    pub key: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub section: Option<String>,
    pub on_roster: Option<bool>,
    pub details: BTreeMap<String, String>,
}

/// A submission as the intake found it.
#[derive(Clone, Debug)]
pub struct NewSubmission {
    /// Ids of its learners.
    pub learners: Vec<i64>,
    pub source: String,
    pub origin: Origin,
    pub attempt: u32,
    pub selected: bool,
    pub late: Option<bool>,
    pub submitted_at: Option<String>,
    /// Name in the exercise and hash of the bytes, in the order of the exercise; or why nothing can be graded.
    pub files: std::result::Result<Vec<(String, String)>, Unusable>,
    /// blake3 over names and bytes; empty when nothing can be graded.
    pub hash: String,
    pub notes: Vec<String>,
}

const WRITING: &str = "write the run";

impl Intake<'_> {
    /// Keeps bytes that were handed in; the hash finds them again.
    pub fn keep(&self, bytes: &[u8]) -> Result<String> {
        let hash = blake3::hash(bytes).to_hex().to_string();
        self.execute("INSERT OR IGNORE INTO file (hash, bytes) VALUES (?1, ?2)", params![hash, bytes])?;
        Ok(hash)
    }

    pub fn kept(&self, hash: &str) -> Result<Vec<u8>> {
        let mut statement =
            self.transaction.prepare_cached("SELECT bytes FROM file WHERE hash = ?1").or_store(WRITING)?;
        statement.query_row([hash], |row| row.get(0)).or_store(WRITING)
    }

    /// Adds a learner; their id.
    pub fn learner(&self, learner: &NewLearner) -> Result<i64> {
        let details = serde_json::to_string(&learner.details).or_store(WRITING)?;
        self.execute(
            "INSERT INTO learner (key, name, email, section, on_roster, details) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![learner.key, learner.name, learner.email, learner.section, learner.on_roster, details],
        )?;
        Ok(self.transaction.last_insert_rowid())
    }

    /// Adds a submission; its id.
    pub fn submission(&self, new: &NewSubmission) -> Result<i64> {
        let unusable = new.files.as_ref().err().map(serde_json::to_string).transpose().or_store(WRITING)?;
        let hash = new.files.is_ok().then_some(&new.hash);
        self.execute(
            "INSERT INTO submission (source, origin, attempt, selected, late, submitted_at, hash, unusable)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                new.source,
                new.origin.name(),
                new.attempt,
                new.selected,
                new.late,
                new.submitted_at,
                hash,
                unusable
            ],
        )?;
        let id = self.transaction.last_insert_rowid();
        for learner in &new.learners {
            self.execute(
                "INSERT INTO submission_learner (submission_id, learner_id) VALUES (?1, ?2)",
                params![id, learner],
            )?;
        }
        for (position, (name, hash)) in new.files.iter().flatten().enumerate() {
            self.execute(
                "INSERT INTO submission_file (submission_id, position, name, hash) VALUES (?1, ?2, ?3, ?4)",
                params![id, i64::try_from(position).unwrap_or(i64::MAX), name, hash],
            )?;
        }
        for note in &new.notes {
            self.note(Some(id), &new.source, note)?;
        }
        Ok(id)
    }

    /// Notes something about a source, or a submission of it.
    pub fn note(&self, submission: Option<i64>, source: &str, text: &str) -> Result<()> {
        self.execute(
            "INSERT INTO note (submission_id, source, text) VALUES (?1, ?2, ?3)",
            params![submission, source, text],
        )
    }

    /// Makes all of it part of the run.
    pub fn finish(self) -> Result<()> {
        self.execute("DELETE FROM file WHERE hash NOT IN (SELECT hash FROM submission_file)", [])?;
        self.execute("UPDATE run SET taken_in = 1", [])?;
        self.transaction.commit().or_store(WRITING)
    }

    fn execute(&self, sql: &str, values: impl rusqlite::Params) -> Result<()> {
        let mut statement = self.transaction.prepare_cached(sql).or_store(WRITING)?;
        statement.execute(values).map(|_| ()).or_store(WRITING)
    }
}
