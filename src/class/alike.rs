//! Submissions that are the same, token for token, but for names and comments: a hint to look at them together, never a verdict.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use serde::Serialize;

use super::Starter;
use super::groups::Example;
use super::tokens::Source;
use crate::error::Result;
use crate::store::{Run, Submission};
use crate::submission::Handed;

/// Fewer tokens beyond the starter (about ten lines) come out the same by themselves: there are only so many ways to write them.
pub const LEAST_TOKENS: usize = 80;

/// Groups of submissions that are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Alike {
    /// The largest first.
    pub groups: Vec<Together>,
    /// Submissions that were compared.
    pub compared: usize,
    pub excluded: Excluded,
    /// Whether the starter was known, so that what it holds does not count.
    pub starter_known: bool,
}

/// Submissions that were not compared, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// There is nothing that could be run.
    pub nothing: usize,
    /// It is the starter as it was.
    pub starter: usize,
    /// It has fewer than [`LEAST_TOKENS`] tokens that the starter has not.
    pub short: usize,
}

/// Submissions of different learners that are the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Together {
    /// In the order of the run.
    pub submissions: Vec<Example>,
    /// Tokens of each that the starter has not.
    pub tokens: usize,
    /// Also in their names, comments and layout.
    pub to_the_byte: bool,
}

/// Submissions seen so far.
#[derive(Debug)]
pub(super) struct Tally {
    starter: Option<Fingerprint>,
    /// What is known of files that were handed in before.
    known: HashMap<String, Print>,
    groups: BTreeMap<Digest, Growing>,
    compared: usize,
    excluded: Excluded,
}

type Digest = [u8; 32];

/// What a submission comes to.
#[derive(Clone, Copy, Debug)]
enum Print {
    Starter,
    Short,
    Compared { digest: Digest, tokens: usize },
}

#[derive(Debug)]
struct Growing {
    first: usize,
    submissions: Vec<Example>,
    tokens: usize,
    hashes: BTreeSet<String>,
}

/// The tokens of a set of files.
#[derive(Debug)]
struct Fingerprint {
    digest: Digest,
    /// Lines without names: how often each is there, and its tokens.
    lines: HashMap<Digest, (usize, usize)>,
}

impl Tally {
    pub(super) fn new(starter: Option<&Starter>) -> Self {
        Self {
            starter: starter
                .map(|files| Fingerprint::of(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))),
            known: HashMap::new(),
            groups: BTreeMap::new(),
            compared: 0,
            excluded: Excluded::default(),
        }
    }

    pub(super) fn add(&mut self, run: &Run, submission: &Submission) -> Result<()> {
        let Some(hash) = &submission.hash else {
            self.excluded.nothing += 1;
            return Ok(());
        };
        let print = match self.known.get(hash) {
            Some(print) => *print,
            None => self.print(run, submission)?,
        };
        self.known.insert(hash.clone(), print);
        match print {
            Print::Starter => self.excluded.starter += 1,
            Print::Short => self.excluded.short += 1,
            Print::Compared { digest, tokens } => {
                let first = self.compared;
                self.compared += 1;
                let group = self.groups.entry(digest).or_insert_with(|| Growing {
                    first,
                    submissions: Vec::new(),
                    tokens,
                    hashes: BTreeSet::new(),
                });
                group.submissions.push(Example { submission: submission.id, learner: submission.learner() });
                group.hashes.insert(hash.clone());
            }
        }
        Ok(())
    }

    fn print(&self, run: &Run, submission: &Submission) -> Result<Print> {
        let Handed::Files(handed) = run.handed(submission.id)? else { return Ok(Print::Short) };
        let found = Fingerprint::of(handed.files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())));
        let tokens = found.beyond(self.starter.as_ref());
        Ok(match &self.starter {
            Some(starter) if starter.digest == found.digest => Print::Starter,
            _ if tokens < LEAST_TOKENS => Print::Short,
            _ => Print::Compared { digest: found.digest, tokens },
        })
    }

    pub(super) fn finish(self) -> Alike {
        let is_several = |group: &Growing| {
            group.submissions.iter().any(|submission| submission.learner != group.submissions[0].learner)
        };
        let mut groups: Vec<Growing> = self.groups.into_values().filter(is_several).collect();
        groups.sort_by_key(|group| (Reverse(group.submissions.len()), group.first));
        let together = |group: Growing| Together {
            to_the_byte: group.hashes.len() == 1,
            submissions: group.submissions,
            tokens: group.tokens,
        };
        Alike {
            groups: groups.into_iter().map(together).collect(),
            compared: self.compared,
            excluded: self.excluded,
            starter_known: self.starter.is_some(),
        }
    }
}

impl Fingerprint {
    /// Of those that are Python, in the order given.
    fn of<'f>(files: impl Iterator<Item = (&'f str, &'f [u8])>) -> Self {
        let texts: Vec<_> = files
            .filter(|(name, _)| Path::new(name).extension().is_some_and(|end| end == "py"))
            .map(|(name, bytes)| (name, String::from_utf8_lossy(bytes)))
            .collect();
        let (mut numbers, mut hasher, mut lines) = (HashMap::new(), blake3::Hasher::new(), HashMap::new());
        for (name, text) in &texts {
            let source = Source::read(text);
            hasher.update(&name.len().to_le_bytes()).update(name.as_bytes());
            source.canonical(&mut numbers, &mut hasher);
            for (line, tokens) in source.nameless_lines() {
                lines.entry(*line.as_bytes()).or_insert((0, tokens)).0 += 1;
            }
        }
        Self { digest: *hasher.finalize().as_bytes(), lines }
    }

    /// Tokens of the lines that `other` has not, or not so often.
    fn beyond(&self, other: Option<&Self>) -> usize {
        let left = |(line, (times, tokens)): (&Digest, &(usize, usize))| {
            let there = other.and_then(|other| other.lines.get(line)).map_or(0, |(times, _)| *times);
            times.saturating_sub(there) * tokens
        };
        self.lines.iter().map(left).sum()
    }
}
