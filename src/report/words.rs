//! The words of reports: how an outcome is called, how numbers are written.

use crate::verdict::{CheckResult, Ending, Outcome, Score, Verdict};

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

/// Of an untouched starter.
pub(super) const UNBEGUN: &str = "not begun: every check stops at NotImplementedError";
pub(super) const BEGIN: &str =
    "Each `raise NotImplementedError` stands where something is to be written. Replace the first one, and grade again.";

/// A symbol, never alone: a word stands beside it or in the heading.
pub(super) fn symbol(outcome: Outcome, style: &Style) -> (Role, &'static str) {
    match outcome {
        Outcome::Passed => (Role::Good, style.either("✓", "+")),
        Outcome::Failed => (Role::Bad, style.either("✗", "x")),
        Outcome::Skipped => (Role::Faint, style.either("–", "-")),
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
