//! Verdicts as the runner makes them, and the learner's files that they are about.

use std::path::PathBuf;

use grade::report::SourceLines;
use grade::verdict::{
    CheckResult, Ending, Evidence, Frame, Isolation, Kind, Level, Location, Outcome, Problem, Score, SubmissionInfo,
    SubmissionOutcome, Usage, Verdict,
};

pub(crate) const FILE: &str = "week1/day4/decorators.py";

/// The learner's file.
pub(crate) struct Learner;

const LINES: [&str; 8] = [
    "def retry(max_attempts, delay):",
    "    for attempt in range(max_attempts):",
    "        result = function()",
    "    return result",
    "def spin():",
    "    while True:",
    "        total = total + 1",
    "    print('é', (1, 2)",
];

impl SourceLines for Learner {
    fn line(&self, file: &str, line: u32) -> Option<String> {
        (file == FILE).then(|| LINES.get(usize::try_from(line).ok()?.checked_sub(1)?).map(ToString::to_string))?
    }

    fn text(&self, file: &str) -> Option<String> {
        (file == FILE).then(|| LINES.join("\n"))
    }

    fn path(&self, file: &str) -> Option<PathBuf> {
        (file == FILE).then(|| PathBuf::from("/home/ada/my course/week1/day4/decorators.py"))
    }
}

pub(crate) fn check(id: &str, title: &str, outcome: Outcome) -> CheckResult {
    CheckResult {
        outcome,
        weight: 2.0,
        earned: if outcome == Outcome::Passed { 2.0 } else { 0.0 },
        duration_ms: 3,
        ..CheckResult::new(id.to_owned(), title.to_owned())
    }
}

pub(crate) fn verdict(exercise: &str, checks: Vec<CheckResult>) -> Verdict {
    let passed = checks.iter().all(|check| check.outcome == Outcome::Passed);
    let earned = checks.iter().map(|check| check.earned).sum();
    let possible = checks.iter().map(|check| check.weight).sum();
    Verdict {
        kind: Kind::Exercise,
        exercise: exercise.to_owned(),
        exercise_hash: "e0".repeat(32),
        submission: SubmissionInfo { path: FILE.to_owned(), hash: "50".repeat(32), learner: None },
        outcome: if passed { SubmissionOutcome::Passed } else { SubmissionOutcome::Failed },
        score: Score { earned, possible },
        seed: 42,
        evidence: Evidence::Outside,
        isolation: Isolation { level: Level::Full, mechanisms: vec!["userns".to_owned(), "seccomp".to_owned()] },
        python: "3.11.7".to_owned(),
        duration_ms: 41,
        usage: Usage { cpu_ms: 30, memory_peak_bytes: 15_000_000 },
        problem: None,
        withheld: None,
        checks,
    }
}

/// The given check among others that are right.
pub(crate) fn with_others(check_in_question: CheckResult) -> Verdict {
    let other = |id: &str, title: &str| check(id, title, Outcome::Passed);
    verdict(
        "day4/decorators",
        vec![
            other("timer_measures", "timer measures the time that a call takes"),
            check_in_question,
            other("memoize_remembers", "memoize calls a function once for the same arguments"),
        ],
    )
}

pub(crate) fn location(line: u32) -> Location {
    Location { file: FILE.to_owned(), line }
}

pub(crate) fn frame(line: u32, function: &str) -> Frame {
    Frame { file: FILE.to_owned(), line, function: function.to_owned() }
}

pub(crate) fn all_passed() -> Verdict {
    with_others(check("retry_stops", "retry stops at the first success", Outcome::Passed))
}

pub(crate) fn wrong_value() -> Verdict {
    let mut failed = check("retry_stops", "retry stops at the first success", Outcome::Failed);
    failed.called = Some("retry(max_attempts=6, delay=0) around a function that fails 3 times".to_owned());
    failed.expected = Some("{'value': 'done', 'calls': 4}".to_owned());
    failed.actual = Some("{'value': 'done', 'calls': 6}".to_owned());
    failed.reason = Some("only 'calls' differs".to_owned());
    failed.location = Some(location(2));
    failed.hint = Some("Return as soon as the call works.".to_owned());
    let mut verdict = with_others(failed);
    let mut late = check("rate_limit_waits", "rate_limit waits before the call that is one too many", Outcome::Timeout);
    late.ending = Some(Ending::OutOfTime);
    verdict.checks.push(late);
    verdict
}

pub(crate) fn printed_text() -> Verdict {
    let expected = "Name      Balance\nAda         12.50\nBob          3.00\nTotal       15.50\n";
    let actual = "Name      Balance\nAda         12.5\nBob          3.0 \nTotal       15.50\n";
    let comparison =
        grade::judging::compare_output(expected, actual, &grade::judging::OutputOptions::default()).unwrap();
    let mut failed = check("report_is_printed", "the report is printed as a table", Outcome::Failed);
    failed.called = Some("python accounts.py report".to_owned());
    failed.diff = comparison.diff.map(|diff| diff.to_text());
    failed.reason = comparison.reason;
    failed.stdout = actual.to_owned();
    with_others(failed)
}

pub(crate) fn exception() -> Verdict {
    let mut failed = check("retry_gives_up", "retry gives up after the last attempt", Outcome::Failed);
    failed.message =
        "UnboundLocalError was raised: cannot access local variable 'result' where it is not associated with a value"
            .to_owned();
    failed.called = Some("retry(max_attempts=0)(fetch)()".to_owned());
    failed.traceback = vec![frame(2, "wrapper"), frame(4, "retry")];
    failed.location = Some(location(4));
    failed.stdout = "trying\nfailed\n".to_owned();
    with_others(failed)
}

pub(crate) fn deep_recursion() -> Verdict {
    let mut failed = check("depth", "flatten works for nested lists", Outcome::Failed);
    failed.message = "RecursionError was raised: maximum recursion depth exceeded".to_owned();
    failed.traceback = std::iter::once(frame(1, "<module>")).chain((0..30).map(|_| frame(3, "flatten"))).collect();
    with_others(failed)
}

pub(crate) fn endless_loop() -> Verdict {
    let mut failed = check("spin_ends", "spin comes to an end", Outcome::Timeout);
    failed.ending = Some(Ending::OutOfTime);
    failed.called = Some("spin()".to_owned());
    failed.traceback = vec![frame(7, "spin")];
    failed.stdout = "waiting for the lock\n".repeat(1_234);
    with_others(failed)
}

pub(crate) fn out_of_memory() -> Verdict {
    let mut failed = check("pipeline_is_lazy", "the pipeline holds one line at a time", Outcome::OutOfMemory);
    failed.ending = Some(Ending::OutOfMemory);
    failed.message = "It needed more than the 256 MB that it may have.".to_owned();
    failed.location = Some(location(3));
    failed.hint = Some("A generator expression holds one item, a list holds all of them.".to_owned());
    with_others(failed)
}

pub(crate) fn too_much_output() -> Verdict {
    let mut failed = check("quiet", "nothing is printed but the total", Outcome::Failed);
    failed.ending = Some(Ending::TooMuchOutput);
    failed.stdout = (0..4000).map(|n| format!("debug: row {n} of the ledger\n")).collect();
    with_others(failed)
}

pub(crate) fn left_early() -> Verdict {
    let mut failed = check("retry_stops", "retry stops at the first success", Outcome::Crashed);
    failed.ending = Some(Ending::Exited);
    failed.message =
        "The program ended with exit code 0 before it answered. Is there an `os._exit()` or `exit()` on the way?"
            .to_owned();
    failed.stderr = "goodbye\n".to_owned();
    with_others(failed)
}

pub(crate) fn problem(kind: &str, message: &str, line: Option<u32>, column: Option<u32>) -> Verdict {
    let checks = ["timer measures", "retry stops"].map(|title| check(title, title, Outcome::Skipped)).to_vec();
    let mut verdict = verdict("day4/decorators", checks);
    verdict.problem =
        Some(Problem { kind: kind.to_owned(), message: message.to_owned(), location: line.map(location), column });
    verdict
}

pub(crate) fn missing() -> Verdict {
    let mut verdict =
        problem("missing", "I looked for `decorators.py` in `week1/day4`, and there is no such file.", None, None);
    verdict.outcome = SubmissionOutcome::Missing;
    verdict.checks.clear();
    verdict.submission.hash.clear();
    verdict.score = Score { earned: 0.0, possible: 10.0 };
    verdict
}

/// A file is there, but not the one that was asked for.
pub(crate) fn one_file_missing() -> Verdict {
    let mut verdict = problem("missing", "`week1/day4/decorators.py` is not in `/home/ada/my course`.", None, None);
    verdict.outcome = SubmissionOutcome::Failed;
    verdict.isolation = Isolation { level: Level::None, mechanisms: Vec::new() };
    verdict
}

/// As `grade start` leaves it.
pub(crate) fn unbegun(exercise: &str) -> Verdict {
    let unwritten = |number: u32| {
        let mut failed = check(&format!("check_{number}"), &format!("check {number}"), Outcome::Failed);
        failed.message = grade::verdict::NOT_WRITTEN.to_owned();
        failed.traceback = vec![frame(3, "retry")];
        failed
    };
    let mut checks: Vec<CheckResult> = (1..=5).map(unwritten).collect();
    checks[4].message = "expected 'TypeError', got NotImplementedError()".to_owned();
    checks[4].actual = Some("NotImplementedError()".to_owned());
    verdict(exercise, checks)
}

/// One of many is not right.
pub(crate) fn nearly_done() -> Verdict {
    let mut verdict = wrong_value();
    verdict.checks.extend((1..=28).map(|n| check(&format!("c{n}"), &format!("right {n}"), Outcome::Passed)));
    verdict
}

pub(crate) fn broken_check() -> Verdict {
    let mut broken = check("retry_stops", "retry stops at the first success", Outcome::Error);
    broken.message =
        "The check itself failed: NameError: name 'failures' is not defined (graders/day4/decorators/test_retry.py:12)"
            .to_owned();
    let mut verdict = with_others(broken);
    verdict.outcome = SubmissionOutcome::Error;
    verdict
}

/// Every field that learner code can fill, filled with what terminals obey.
pub(crate) fn hostile() -> Verdict {
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\r✓ PASSED\u{202e}txt\u{200b}\u{8}\u{0}\u{feff}";
    let many = format!("{evil}\n{evil}\n::error::x\n");
    let mut failed = check("retry_stops", &format!("title {evil}"), Outcome::Failed);
    failed.message = format!("message {many}");
    failed.called = Some(format!("called {many}"));
    failed.expected = Some(format!("expected {many}"));
    failed.actual = Some(format!("actual {many}"));
    failed.reason = Some(format!("reason {evil}"));
    failed.location = Some(Location { file: format!("file {evil}"), line: 1 });
    failed.traceback = vec![Frame { file: format!("frame {evil}"), line: 1, function: format!("function {evil}") }];
    failed.hint = Some(format!("hint {evil}"));
    failed.stdout = many.clone();
    failed.stderr = many.clone();
    let mut compared = failed.clone();
    compared.id = "compared".to_owned();
    compared.outcome = Outcome::Crashed;
    compared.ending = Some(Ending::Exited);
    compared.traceback.clear();
    compared.diff = Some(format!("  same {evil}\n- old {evil}\n+ new {evil}\n@ note {evil}\n"));
    let mut verdict = verdict(&format!("day4/{evil}"), vec![failed, compared]);
    verdict.submission.learner = Some(format!("Ada {evil}"));
    verdict.submission.path = format!("path {evil}");
    verdict.isolation.level = Level::Limits;
    verdict
}
