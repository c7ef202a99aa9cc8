//! `JUnit` XML, as `GitLab`, Jenkins and report actions read it: wrong answers are failures, broken checks are errors.

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::verdict::{CheckResult, Outcome, SubmissionOutcome, Verdict};

use super::escape::xml;
use super::words;

/// The case that stands for a submission as a whole.
const WHOLE: &str = "the file can be run";
/// Characters of output in one test case.
const LONGEST_OUTPUT: usize = 16 * 1024;
/// Characters of text in all; `GitLab` reads no file above 30 MB.
const LONGEST_REPORT: usize = 20_000_000;

/// Writes all verdicts as one report, one suite for each submission.
///
/// # Errors
/// When `out` can't be written to.
pub fn junit(out: &mut dyn Write, verdicts: &[Verdict]) -> io::Result<()> {
    let mut writer = Writer::default();
    for verdict in verdicts {
        writer.add(verdict);
    }
    writer.finish(out)
}

/// A report that grows by a suite at a time.
#[derive(Debug)]
pub(super) struct Writer {
    report: Report,
    names: Names,
    room: usize,
}

impl Default for Writer {
    fn default() -> Self {
        Self { report: Report::new("grade"), names: Names::default(), room: LONGEST_REPORT }
    }
}

impl Writer {
    pub(super) fn add(&mut self, verdict: &Verdict) {
        self.report.add_test_suite(suite(verdict, &mut self.names, &mut self.room));
    }

    /// A submission that has no verdict, by no fault of the learner's.
    pub(super) fn add_ungraded(&mut self, exercise: &str, learner: &str, why: &str) {
        let class = class_of(exercise, Some(learner));
        let mut suite = TestSuite::new(class.as_str());
        let status = non_success(NonSuccessKind::Error, "not graded", why);
        let mut case = TestCase::new(self.names.unique(&class, WHOLE), status);
        case.set_classname(&class);
        suite.add_test_case(case);
        self.report.add_test_suite(suite);
    }

    pub(super) fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        self.report.serialize(&mut *out).map_err(io::Error::other)?;
        writeln!(out)
    }
}

/// Names given so far: consumers drop a case whose class and name came before.
#[derive(Debug, Default)]
struct Names(HashMap<(String, String), usize>);

impl Names {
    fn unique(&mut self, class: &str, name: &str) -> String {
        let count = self.0.entry((class.to_owned(), name.to_owned())).or_default();
        *count += 1;
        match *count {
            1 => name.to_owned(),
            count => self.unique(class, &format!("{name} ({count})")),
        }
    }
}

fn suite(verdict: &Verdict, names: &mut Names, room: &mut usize) -> TestSuite {
    let class = class_of(&verdict.exercise, verdict.submission.learner.as_deref());
    let mut suite = TestSuite::new(class.as_str());
    suite.set_time(Duration::from_millis(verdict.duration_ms));
    if verdict.checks.is_empty() || verdict.problem.is_some() {
        suite.add_test_case(whole(verdict, &class, names));
    }
    for check in &verdict.checks {
        suite.add_test_case(case(verdict, check, &class, names, room));
    }
    suite
}

/// `day4.decorators`, for a class `ada.day4.decorators`.
fn class_of(exercise: &str, learner: Option<&str>) -> String {
    let exercise = exercise.replace('/', ".");
    match learner {
        Some(learner) => format!("{}.{exercise}", xml(&learner.replace('.', "_"))),
        None => exercise,
    }
}

/// The submission itself as a case, when there are no checks to speak of.
fn whole(verdict: &Verdict, class: &str, names: &mut Names) -> TestCase {
    let message = verdict.problem.as_ref().map_or("", |problem| problem.message.as_str());
    let status = match verdict.outcome {
        SubmissionOutcome::Passed => TestCaseStatus::success(),
        SubmissionOutcome::Failed => non_success(NonSuccessKind::Failure, "not yet", message),
        SubmissionOutcome::Missing => non_success(NonSuccessKind::Failure, "nothing is here yet", message),
        SubmissionOutcome::Error => non_success(NonSuccessKind::Error, "a check is broken", message),
    };
    let mut case = TestCase::new(names.unique(class, WHOLE), status);
    case.set_classname(class);
    let place = verdict.problem.as_ref().and_then(|problem| problem.location.as_ref());
    set_place(&mut case, place.map_or(&verdict.submission.path, |place| &place.file), place.map(|place| place.line));
    case
}

fn case(verdict: &Verdict, check: &CheckResult, class: &str, names: &mut Names, room: &mut usize) -> TestCase {
    let name = names.unique(class, &xml(&check.title));
    let mut case = TestCase::new(name, status(check, room));
    case.set_classname(class);
    case.set_time(Duration::from_millis(check.duration_ms));
    let line = check.location.as_ref().map(|place| place.line);
    set_place(&mut case, check.location.as_ref().map_or(&verdict.submission.path, |place| &place.file), line);
    if !check.stdout.is_empty() {
        case.set_system_out(capped(&check.stdout, room));
    }
    if !check.stderr.is_empty() {
        case.set_system_err(capped(&check.stderr, room));
    }
    case
}

fn set_place(case: &mut TestCase, file: &str, line: Option<u32>) {
    case.extra.insert("file".into(), xml(file).as_ref().into());
    if let Some(line) = line {
        case.extra.insert("line".into(), line.to_string().into());
    }
}

fn status(check: &CheckResult, room: &mut usize) -> TestCaseStatus {
    let kind = match check.outcome {
        Outcome::Passed => return TestCaseStatus::success(),
        // Whatever a person will say of it, nothing has failed.
        Outcome::Skipped | Outcome::NeedsReview | Outcome::Withheld => return TestCaseStatus::skipped(),
        Outcome::Error => NonSuccessKind::Error,
        _ => NonSuccessKind::Failure,
    };
    let message = words::message(check);
    let reason = check.reason.as_deref().unwrap_or(words::outcome(check.outcome));
    let first = message.lines().find(|line| !line.trim().is_empty()).unwrap_or(reason);
    let mut status = non_success(kind, words::outcome(check.outcome), first);
    status.set_description(capped(&words::explanation(check), room));
    status
}

fn non_success(kind: NonSuccessKind, what: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(what).set_message(xml(message).as_ref());
    status
}

/// What there is room for of a text, its end kept: errors are at the end.
fn capped(text: &str, room: &mut usize) -> String {
    let most = LONGEST_OUTPUT.min(*room);
    let start = text.char_indices().rev().take(most).last().map_or(text.len(), |(start, _)| start);
    let (left_out, end) = text.split_at(start);
    *room -= most.min(end.chars().count());
    if left_out.is_empty() {
        return xml(end).into_owned();
    }
    format!("({} left out)\n{}", words::count(left_out.chars().count(), "character"), xml(end))
}
