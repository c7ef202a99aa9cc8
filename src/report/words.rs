//! The words of reports: how an outcome is called, how numbers are written.

use crate::verdict::{CheckResult, Ending, Outcome, Score, SubmissionOutcome, Verdict, Withheld};

pub(super) use crate::verdict::number;

use super::style::{Role, Style};

/// Checks that are named where they are many.
const NAMED: usize = 3;

/// What an outcome is called, in small letters.
pub(super) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "right",
        Outcome::Failed => "not yet",
        Outcome::Error => "the check itself is broken",
        Outcome::Timeout => "out of time",
        Outcome::OutOfMemory => "out of memory",
        Outcome::Crashed => "ended too early",
        Outcome::Tampered => "can't be believed",
        Outcome::NeedsReview => "a person will look at it",
        Outcome::Skipped => "not run",
        Outcome::Withheld => "not told",
    }
}

/// Which checks were judged in the learner's own process, and why; a few by name.
pub(super) fn inside(verdict: &Verdict) -> String {
    let of = verdict.checks.len();
    let inside: Vec<&CheckResult> = verdict.judged_inside().collect();
    let named = |check: &&CheckResult| {
        let because = check.inside_because.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        format!("{}{because}", check.title)
    };
    let told = inside.iter().take(NAMED).map(named).collect::<Vec<_>>().join(", ");
    let more = if inside.len() > NAMED { ", …" } else { "" };
    let ran = if inside.len() == 1 { "was" } else { "were" };
    format!("{} of {} {ran} judged inside the program: {told}{more}.", inside.len(), count(of, "check"))
}

/// How many checks are not told, and whether that changes.
pub(super) fn withheld(withheld: &Withheld) -> String {
    let what = format!("{}, worth {} points,", count(withheld.checks, "more check"), number(withheld.points));
    let is = if withheld.checks == 1 { "is" } else { "are" };
    let when = if withheld.until_due { "told only after the due date" } else { "not told here" };
    format!("{what} {is} {when}.")
}

/// Of an untouched starter.
pub(super) const UNBEGUN: &str = "not begun: every check stops at NotImplementedError";
pub(super) const BEGIN: &str =
    "Each `raise NotImplementedError` stands where something is to be written. Replace the first one, and grade again.";

/// Of what was not handed in.
pub(super) const NOTHING_HERE: &str = "nothing is here yet";

/// How a submission stands, for one line.
pub(super) fn state(verdict: &Verdict) -> (Outcome, String) {
    match verdict.outcome {
        _ if verdict.is_missing() => (Outcome::Skipped, NOTHING_HERE.to_owned()),
        _ if verdict.is_unbegun() => (Outcome::Skipped, "not begun".to_owned()),
        SubmissionOutcome::Passed => (Outcome::Passed, "done".to_owned()),
        SubmissionOutcome::Missing => (Outcome::Skipped, NOTHING_HERE.to_owned()),
        SubmissionOutcome::Error => (Outcome::Error, "a check of it is broken".to_owned()),
        SubmissionOutcome::Failed => {
            let right = verdict.checks.iter().filter(|check| check.outcome == Outcome::Passed).count();
            let words = match &verdict.problem {
                Some(_) => "not yet: it can't be run".to_owned(),
                None => format!("not yet: {right} of {}", count(verdict.checks.len(), "check")),
            };
            (Outcome::Failed, words)
        }
    }
}

/// A symbol, never alone: a word stands beside it or in the heading.
pub(super) fn symbol(outcome: Outcome, style: &Style) -> (Role, &'static str) {
    match outcome {
        Outcome::Passed => (Role::Good, style.either("✓", "+")),
        Outcome::Failed => (Role::Bad, style.either("✗", "x")),
        Outcome::Skipped | Outcome::Withheld => (Role::Faint, style.either("–", "-")),
        Outcome::NeedsReview => (Role::Odd, "?"),
        _ => (Role::Odd, "!"),
    }
}

/// The sentence for a check about which nobody said anything.
pub(super) fn message(check: &CheckResult) -> String {
    let known = check.message.trim();
    if !known.is_empty() {
        return known.to_owned();
    }
    let sentence = match (check.outcome, check.ending) {
        (Outcome::Timeout, Some(Ending::OutOfCpu)) => {
            "It computed for longer than it may. Is there a loop that never ends?"
        }
        (Outcome::Timeout, _) => {
            "It did not come to an end in time. Is there a loop that never ends, or a wait for something?"
        }
        (Outcome::OutOfMemory, _) => "It needed more memory than it may have.",
        (_, Some(Ending::Exited)) => "The program ended before it answered. Is there an `exit()` on the way?",
        (_, Some(Ending::Signalled)) => "The program crashed before it answered.",
        (_, Some(Ending::TooMuchOutput)) => "It printed more than it may.",
        (_, Some(Ending::BrokenProtocol)) => "What came back is no answer to what was asked.",
        (Outcome::Skipped, _) => "It was not run.",
        (Outcome::Tampered, _) => "The run was tampered with, so that its result can't be believed.",
        _ => "",
    };
    sentence.to_owned()
}

/// What all checks that were not run wait for, after a colon; empty when it is not the same for all.
pub(super) fn waiting_for(verdict: &Verdict) -> String {
    let mut reasons =
        verdict.checks.iter().filter(|check| check.outcome == Outcome::Skipped).map(|check| check.message.trim());
    let first = reasons.next().unwrap_or_default();
    if first.is_empty() || reasons.any(|reason| reason != first) { String::new() } else { format!(": {first}") }
}

/// Whether the message says no more than the two values, which follow on lines of their own.
pub(super) fn is_said_by_values(check: &CheckResult, message: &str) -> bool {
    let (Some(expected), Some(actual)) = (&check.expected, &check.actual) else { return false };
    message == crate::judging::sentence(expected, actual)
}

/// Everything that is told of a check that does not pass, as plain text, one fact a line.
pub(super) fn explanation(check: &CheckResult) -> String {
    let named = |name: &str, text: &Option<String>| text.as_ref().map(|text| format!("{name}: {text}"));
    let parts = [
        Some(message(check)).filter(|message| !is_said_by_values(check, message)),
        named("called", &check.called),
        named("expected", &check.expected),
        named("yours", &check.actual),
        named("because", &check.reason),
        check.diff.clone(),
        check.location.as_ref().map(|place| format!("at {}:{}", place.file, place.line)),
    ];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// `7 of 10 points`
pub(super) fn score(score: Score) -> String {
    format!("{} of {} points", number(score.earned), number(score.possible))
}

/// `1 line`, `12,345 lines`
pub(super) fn count(number: usize, singular: &str) -> String {
    if number == 1 { format!("1 {singular}") } else { format!("{} {singular}s", grouped(number)) }
}

/// `12,345`
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
        assert_eq!(number(7.0), "7");
        assert_eq!(number(10.0), "10");
        assert_eq!(number(20.0 / 3.0), "6.67");
        assert_eq!(count(1, "line"), "1 line");
    }
}
