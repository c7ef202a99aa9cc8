//! From what the judge and the sandbox say to the checks of a verdict.

use crate::catalog::CheckSpec;
use crate::judge::CheckReport;
use crate::judging::{compare_values, sentence};
use crate::sandbox::process::Ended;
use crate::submission::Handed;
use crate::verdict::{CheckResult, Ending, Frame, Location, Outcome, Problem};
use crate::wire::value::{Raised, Value};

use super::plan::Job;
use super::raised::Error;

/// The result of one check, in the words of a verdict.
pub(super) fn check_result(job: &Job, spec: &CheckSpec, report: CheckReport, duration_ms: u64) -> CheckResult {
    let report = reviewed_as_planned(spec, report);
    let passed = report.outcome == Outcome::Passed;
    let mut result = blank(spec, report.outcome);
    result.earned = if passed { spec.weight } else { 0.0 };
    result.called = report.called.clone().filter(|called| !called.is_empty());
    result.location = report.location.as_ref().map(|(file, line)| Location { file: job.shown(file), line: *line });
    result.traceback = report
        .traceback
        .iter()
        .map(|(file, line, function)| Frame { file: job.shown(file), line: *line, function: function.clone() })
        .collect();
    result.ending = report.ending;
    result.duration_ms = duration_ms;
    if !passed {
        result.message = blamed_message(&report);
        result.reason.clone_from(&report.reason);
        result.diff.clone_from(&report.diff);
        compare(&mut result, &report);
        explain(&mut result, job);
    }
    result.review.clone_from(&report.review);
    (result.stdout, result.stderr) = (report.stdout, report.stderr);
    result
}

/// The plan says which checks are left to a person; else what they are worth would differ from one submission to the next.
fn reviewed_as_planned(spec: &CheckSpec, mut report: CheckReport) -> CheckReport {
    if report.outcome == Outcome::NeedsReview && !spec.review {
        report.outcome = Outcome::Error;
        report.message = format!("`{}` asks for a person's review: say `review = true` in its `[[check]]`", spec.id);
        report.review = None;
    }
    report
}

/// A hint of the check is about what it asks for; where the code does not get that far, what stops it is said instead.
fn explain(result: &mut CheckResult, job: &Job) {
    if result.ending.is_some() || result.is_unwritten() || result.outcome == Outcome::Skipped {
        result.hint = None;
    }
    let Some(error) = Error::parse(&result.message).filter(|_| result.outcome == Outcome::Failed) else { return };
    if !error.is_about_what_is_asked() {
        result.hint = None;
    }
    let files = if let Handed::Files(submission) = &job.handed { submission.files.as_slice() } else { &[] };
    if let Some(message) = error.explain(files) {
        result.message = message;
    }
}

/// An author's error names the place in the grader.
fn blamed_message(report: &CheckReport) -> String {
    match (&report.file, report.line) {
        (Some(file), Some(line)) if report.outcome == Outcome::Error => format!("{file}:{line}: {}", report.message),
        _ => report.message.clone(),
    }
}

fn compare(result: &mut CheckResult, report: &CheckReport) {
    let (Ok(expected), Ok(actual)) = (Value::decode(&report.expected), Value::decode(&report.actual)) else { return };
    let compared = compare_values(&expected, &actual, &report.stdout);
    if result.message.is_empty() {
        result.message = sentence(&compared.expected, &compared.actual);
    }
    result.expected = Some(compared.expected);
    result.actual = Some(compared.actual);
    result.reason = result.reason.take().or(compared.reason);
    result.diff = result.diff.take().or_else(|| compared.diff.map(|diff| diff.to_text()));
}

/// A check about which nothing is known yet.
pub(super) fn blank(spec: &CheckSpec, outcome: Outcome) -> CheckResult {
    CheckResult {
        outcome,
        weight: spec.weight,
        hint: spec.hint.clone(),
        visibility: spec.visibility,
        ..CheckResult::new(spec.id.clone(), spec.title.clone())
    }
}

/// Why the learner's module could not be executed at all.
pub(super) fn raised_problem(job: &Job, raised: &Raised) -> Problem {
    if raised.is_a("SyntaxError") {
        return syntax_problem(job, raised);
    }
    let location = raised.frames.last().map(|frame| Location { file: job.shown(&frame.file), line: frame.line });
    let message = raised.message();
    let name = raised.kind.name();
    if raised.is_a("SystemExit") {
        let message =
            "importing the file ends the program: it calls `sys.exit()` or `exit()` at its top level".to_owned();
        return Problem { kind: "import".to_owned(), message, location, column: None };
    }
    let said = if message.is_empty() { name.to_owned() } else { format!("{name}: {message}") };
    Problem {
        kind: "import".to_owned(),
        message: format!("the file can't be imported: {said}"),
        location,
        column: None,
    }
}

/// `SyntaxError.args` is `(message, (file, line, column, text, …))`.
fn syntax_problem(job: &Job, raised: &Raised) -> Problem {
    let (mut message, mut location, mut column) = (raised.kind.name().to_owned(), None, None);
    if let Value::Tuple(args) = &raised.args {
        if let Some(Value::Str(text)) = args.first() {
            message = format!("{message}: {text}");
        }
        if let Some(Value::Tuple(place)) = args.get(1) {
            let file =
                place.first().and_then(|file| if let Value::Str(file) = file { Some(inside(file)) } else { None });
            let line = place.get(1).and_then(small_int);
            column = place.get(2).and_then(small_int).filter(|column| *column > 0);
            location = file.zip(line).map(|(file, line)| Location { file: job.shown(file), line });
        }
    }
    let about_encoding =
        message.contains("codec can't decode") || message.contains("encoding") || message.contains("null bytes");
    let kind = if about_encoding { "encoding" } else { "syntax" };
    Problem { kind: kind.to_owned(), message, location, column }
}

/// A path of the sandbox as the learner knows it.
fn inside(file: &str) -> &str {
    file.rsplit_once("/work/").map_or(file, |(_, file)| file)
}

fn small_int(value: &Value) -> Option<u32> {
    match value {
        Value::Int(number) => u32::try_from(*number).ok(),
        _ => None,
    }
}

/// A limit as a person says it: "3 s" for "3000 ms", "1 MiB" for its bytes; anything else as it is.
fn amount(detail: &str) -> String {
    let number = |unit: &str| detail.strip_suffix(unit).and_then(|number| number.trim_end().parse::<u32>().ok());
    if let Some(ms) = number("ms") {
        return format!("{} s", f64::from(ms) / 1000.0);
    }
    number("bytes").map_or_else(|| detail.to_owned(), |bytes| format!("{:.1} MiB", f64::from(bytes) / 1_048_576.0))
}

/// The process ended while it executed the learner's module.
pub(super) fn ended_problem(job: &Job, ended: &Ended) -> Problem {
    let location = ended.stack.last().map(|frame| Location { file: job.shown(&frame.file), line: frame.line });
    let message = match ended.ending {
        Ending::OutOfTime | Ending::OutOfCpu => {
            format!(
                "importing the file does not come to an end within {}: is there a loop, a `sleep` or an `input()` outside of any function?",
                amount(&ended.detail)
            )
        }
        Ending::OutOfMemory => "importing the file needs more memory than there is".to_owned(),
        Ending::TooMuchOutput => format!("importing the file prints more than {}", amount(&ended.detail)),
        Ending::Exited => format!("importing the file ends the process ({})", amount(&ended.detail)),
        Ending::Signalled => {
            format!("importing the file crashes the interpreter ({})", ended.signal.unwrap_or("a signal"))
        }
        Ending::BrokenProtocol => "importing the file disturbs the grader's own channel".to_owned(),
    };
    Problem { kind: "import".to_owned(), message, location, column: None }
}
