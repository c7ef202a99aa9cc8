//! What the learner's code printed: how much, whether it repeats itself, and the beginning and end of it.

use crate::report::words::{count, grouped};

/// Lines shown; more are cut in the middle.
const MOST_LINES: usize = 12;
/// Longest group of lines whose repetition is looked for.
const LONGEST_PERIOD: usize = 6;
/// How often it has to come to be called a repetition.
const OFTEN: usize = 10;

/// What there is to show of printed text.
pub(in crate::report) enum Shown<'a> {
    Line(&'a str),
    /// How many lines are not shown.
    LeftOut(usize),
}

/// A sentence about how much was printed when that says something: when it repeats itself, or is much.
pub(in crate::report) fn amount(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    if let Some((period, times)) = repetition(&lines) {
        let what = if period == 1 { "the same line".to_owned() } else { format!("the same {period} lines") };
        let all = if period * times >= lines.len() { "" } else { ", in the end," };
        return Some(format!("It printed{all} {what} {} times.", grouped(times)));
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
pub(in crate::report) fn excerpt(text: &str) -> Vec<Shown<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() <= MOST_LINES {
        return lines.into_iter().map(Shown::Line).collect();
    }
    let kept = if repetition(&lines).is_some() { 3 } else { MOST_LINES };
    let tail = kept / 3;
    let left_out = lines.len() - kept;
    let mut shown: Vec<Shown<'_>> = lines[..kept - tail].iter().map(|line| Shown::Line(line)).collect();
    shown.push(Shown::LeftOut(left_out));
    shown.extend(lines[lines.len() - tail..].iter().map(|line| Shown::Line(line)));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_printed_again_and_again_is_counted() {
        assert_eq!(amount(&"tick\n".repeat(12_345)).unwrap(), "It printed the same line 12,345 times.");
        assert_eq!(
            amount(&("start\n".to_owned() + &"a\nb\n".repeat(50) + "a")).unwrap(),
            "It printed, in the end, the same 2 lines 50 times."
        );
    }

    #[test]
    fn little_output_needs_no_sentence() {
        assert_eq!(amount("a\nb\n"), None);
        assert_eq!(amount(""), None);
    }

    #[test]
    fn much_output_is_counted() {
        let text: String = (0..100).map(|n| n.to_string() + "\n").collect();
        assert_eq!(amount(&text).unwrap(), "It printed 100 lines, 290 characters.");
    }
}
