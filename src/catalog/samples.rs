//! Sample submissions, each with the verdict it must get: `fixtures/<id>/submissions/<name>/expected.toml`.

use std::path::{Path, PathBuf};

use toml::Spanned;

use super::Exercise;
use crate::document::{Document, Section};
use crate::error::{Blame, Fault, IoContext as _, Place, Result};
use crate::verdict::SubmissionOutcome;

#[derive(Clone, Debug)]
pub struct Sample {
    /// Name of its folder.
    pub name: String,
    /// Holds the files as the exercise names them.
    pub dir: PathBuf,
    pub expected: Expected,
}

impl Sample {
    /// Mutants are made of it.
    pub fn is_right(&self) -> bool {
        self.expected.outcome == SubmissionOutcome::Passed
    }
}

/// The verdict that a sample must get.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Passed, failed or missing.
    pub outcome: SubmissionOutcome,
    /// Ids of exactly those checks that do not pass, in the order of the file.
    pub fails: Vec<String>,
    /// Kind of the verdict's problem.
    pub problem: Option<String>,
    /// What a learner was thinking.
    pub why: Option<String>,
    /// Where the expectation is stated: `fails`, or else `outcome`.
    pub place: Place,
}

const KEYS: &[&str] = &["outcome", "fails", "problem", "why"];
const OUTCOMES: [&str; 3] = ["passed", "failed", "missing"];

/// All samples of `exercise`, sorted by name; none when it has no such folder.
pub(super) fn load_all(exercise: &Exercise) -> Result<Vec<Sample>> {
    let folder = exercise.fixtures_dir().join("submissions");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let (mut samples, mut faults) = (Vec::new(), Vec::new());
    for dir in folders_in(&folder).or_machine(|| format!("read `{}`", folder.display()))? {
        match load(dir, exercise) {
            Ok(sample) => samples.push(sample),
            Err(fault) => faults.push(fault),
        }
    }
    Fault::join(faults).map_or(Ok(samples), Err)
}

fn folders_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && !super::strays::is_stray(&entry.file_name().to_string_lossy()) {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

fn load(dir: PathBuf, exercise: &Exercise) -> Result<Sample> {
    let file = dir.join("expected.toml");
    if !file.is_file() {
        return Err(Fault::author(format!("`{}` is not there", file.display())));
    }
    let expected = Document::open(&file, Blame::Author)?.read(KEYS, |root| read(root, exercise))?;
    let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Sample { name, dir, expected })
}

fn read(root: &Section, exercise: &Exercise) -> Option<Expected> {
    let outcome = read_outcome(root);
    let fails = read_fails(root, exercise);
    let problem = root.text("problem").map(Spanned::into_inner);
    let why = root.text("why").map(Spanned::into_inner);
    let outcome = outcome?;
    refuse_contradiction(root, outcome, &fails, problem.is_some());
    let place = root.document().place(root.span_of(if root.has("fails") { "fails" } else { "outcome" }));
    Some(Expected { outcome, fails, problem, why, place })
}

fn read_outcome(root: &Section) -> Option<SubmissionOutcome> {
    let text = root.required_text("outcome")?;
    match text.get_ref().as_str() {
        "passed" => Some(SubmissionOutcome::Passed),
        "failed" => Some(SubmissionOutcome::Failed),
        "missing" => Some(SubmissionOutcome::Missing),
        other => {
            root.unknown(text.span(), format!("`outcome` must be one of {}", OUTCOMES.join(", ")), other, OUTCOMES);
            None
        }
    }
}

fn read_fails(root: &Section, exercise: &Exercise) -> Vec<String> {
    let mut fails: Vec<String> = Vec::new();
    for id in root.texts("fails") {
        if exercise.check(id.get_ref()).is_none() {
            let known = exercise.checks.iter().map(|check| check.id.as_str());
            root.unknown(
                id.span(),
                format!("`{}` is no check of `{}`", id.get_ref(), exercise.id),
                id.get_ref(),
                known,
            );
        } else if fails.contains(id.get_ref()) {
            root.mistake(id.span(), format!("`{}` is named twice", id.get_ref()));
        } else {
            fails.push(id.into_inner());
        }
    }
    fails
}

fn refuse_contradiction(root: &Section, outcome: SubmissionOutcome, fails: &[String], problem: bool) {
    match outcome {
        SubmissionOutcome::Passed if !fails.is_empty() => {
            root.mistake(root.span_of("fails"), "a submission that passes fails no check");
        }
        SubmissionOutcome::Passed if problem => {
            root.mistake(root.span_of("problem"), "a submission that passes has no problem");
        }
        SubmissionOutcome::Failed if !root.has("fails") && !problem => {
            root.mistake(
                root.span_of("outcome"),
                "`fails` must name the checks that do not pass, or `problem` the kind of problem",
            );
        }
        _ => {}
    }
}
