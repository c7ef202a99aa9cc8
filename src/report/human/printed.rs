//! What the learner's code printed: how much, whether it repeats itself, and the beginning and end of it.

use crate::report::words::{count, grouped};
use crate::verdict::{CheckResult, Ending};

/// Lines shown; more are cut in the middle.
const MOST_LINES: usize = 12;
/// Longest group of lines whose repetition is looked for.
const LONGEST_PERIOD: usize = 6;
/// How often it has to come to be called a repetition.
const OFTEN: usize = 10;

/// Characters that a judge keeps of what was printed (`OUTPUT_KEPT` in `graders/grader/result.py`); of more, the middle is gone.
const KEPT: usize = 64 * 1024;

/// What there is to show of printed text.
pub(in crate::report) enum Shown<'a> {
    Line(&'a str),
    /// How many lines are not shown; not counted where another number says what they are, or where not all is known.
    LeftOut(Option<usize>),
}

impl Shown<'_> {
    /// `3 lines left out`
    pub(in crate::report) fn left_out(lines: Option<usize>) -> String {
        lines.map_or("the lines between are left out".to_owned(), |lines| format!("{} left out", count(lines, "line")))
    }
}

/// Whether a part of what was printed is not in the verdict.
fn is_cut(check: &CheckResult) -> bool {
    check.ending == Some(Ending::TooMuchOutput) || check.stdout.chars().count() > KEPT
}

/// A sentence about how much was printed when that says something: when it repeats itself, or is much.
pub(in crate::report) fn amount(check: &CheckResult) -> Option<String> {
    let text = &check.stdout;
    let lines: Vec<&str> = text.lines().collect();
    let is_cut = is_cut(check);
    if let Some((period, times)) = repetition(&lines) {
        let what = if period == 1 { "the same line".to_owned() } else { format!("the same {period} lines") };
        if is_cut {
            return Some(format!("It printed {what} again and again."));
        }
        let all = if period * times >= lines.len() { "" } else { ", in the end," };
        return Some(format!("It printed{all} {what} {} times.", grouped(times)));
    }
    if is_cut {
        return Some("What was kept of what it printed:".to_owned());
    }
    if lines.len() <= MOST_LINES && text.len() < 2000 {
        return None;
    }
    Some(format!("It printed {}, {}.", count(lines.len(), "line"), count(text.chars().count(), "character")))
}

/// The shortest group of lines that the text ends with again and again: its length and how often it comes.
fn repetition(lines: &[&str]) -> Option<(usize, usize)> {
    // The last line may have been cut off in the middle.
    let whole = &lines[..lines.len().saturating_sub(1)];
    (1..=LONGEST_PERIOD).find_map(|period| {
        let same = whole.iter().rev().zip(whole.iter().rev().skip(period)).take_while(|(a, b)| a == b).count();
        let times = (same + period) / period;
        let last_too = lines.len() > period && lines[lines.len() - 1] == lines[lines.len() - 1 - period];
        let times = if last_too && period == 1 { times + 1 } else { times };
        (times >= OFTEN && same > 0).then_some((period, times))
    })
}

/// The lines to show.
pub(in crate::report) fn excerpt(check: &CheckResult) -> Vec<Shown<'_>> {
    let lines: Vec<&str> = check.stdout.lines().collect();
    if lines.len() <= MOST_LINES {
        return lines.into_iter().map(Shown::Line).collect();
    }
    let repeats = repetition(&lines).is_some();
    let kept = if repeats { 3 } else { MOST_LINES };
    let tail = kept / 3;
    let left_out = (!repeats && !is_cut(check)).then(|| lines.len() - kept);
    let mut shown: Vec<Shown<'_>> = lines[..kept - tail].iter().map(|line| Shown::Line(line)).collect();
    shown.push(Shown::LeftOut(left_out));
    shown.extend(lines[lines.len() - tail..].iter().map(|line| Shown::Line(line)));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> CheckResult {
        let check = serde_json::json!({
            "id": "x", "title": "x", "outcome": "failed", "weight": 1.0, "earned": 0.0, "message": "", "traceback": [],
            "stdout": text, "stderr": "", "duration_ms": 1,
        });
        serde_json::from_value(check).unwrap()
    }

    fn amount_of(text: &str) -> Option<String> {
        amount(&printed(text))
    }

    fn counts(check: &CheckResult) -> Vec<Option<usize>> {
        let left_out = |shown| if let Shown::LeftOut(lines) = shown { Some(lines) } else { None };
        excerpt(check).into_iter().filter_map(left_out).collect()
    }

    #[test]
    fn a_line_printed_again_and_again_is_counted_once() {
        assert_eq!(amount_of(&"tick\n".repeat(12_345)).unwrap(), "It printed the same line 12,345 times.");
        assert_eq!(
            amount_of(&("start\n".to_owned() + &"a\nb\n".repeat(50) + "a")).unwrap(),
            "It printed, in the end, the same 2 lines 50 times."
        );
        assert_eq!(counts(&printed(&"tick\n".repeat(12_345))), [None]);
    }

    #[test]
    fn little_output_needs_no_sentence() {
        assert_eq!(amount_of("a\nb\n"), None);
        assert_eq!(amount_of(""), None);
    }

    #[test]
    fn much_output_is_counted() {
        let text: String = (0..100).map(|n| n.to_string() + "\n").collect();
        assert_eq!(amount_of(&text).unwrap(), "It printed 100 lines, 290 characters.");
        assert_eq!(counts(&printed(&text)), [Some(88)]);
    }

    #[test]
    fn what_is_not_all_there_is_not_counted() {
        let text: String = (0..20_000).map(|n| n.to_string() + "\n").collect();
        assert_eq!(amount_of(&text).unwrap(), "What was kept of what it printed:");
        assert_eq!(counts(&printed(&text)), [None]);
        assert_eq!(amount_of(&"tick\n".repeat(20_000)).unwrap(), "It printed the same line again and again.");
        let mut ended = printed("1\n2\n");
        ended.ending = Some(Ending::TooMuchOutput);
        assert_eq!(amount(&ended).unwrap(), "What was kept of what it printed:");
    }
}
