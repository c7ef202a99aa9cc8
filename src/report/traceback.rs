//! A traceback cut down to what a person reads: a call that repeats is told once and counted, and of many different calls those in the middle are left out.

use crate::verdict::Frame;

use super::words::grouped;

/// Different calls that are told; of more than that, the first and the last.
const MOST_CALLS: usize = 6;
/// Frames that a sandbox tells of an exception at most, the innermost ones (docs/protocol.md): there may have been more.
const MOST_FRAMES: usize = 32;

/// One line of a short traceback.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Call(&'a Frame),
    /// About the call before it, or about calls that are left out.
    Note(String),
}

/// `frames`, outermost first, made short.
pub(super) fn steps(frames: &[Frame]) -> Vec<Step<'_>> {
    let groups: Vec<&[Frame]> = frames.chunk_by(|one, next| one == next).collect();
    let ends = if groups.len() > MOST_CALLS { MOST_CALLS / 2 } else { groups.len() };
    let (first, last) = (&groups[..ends], &groups[ends.max(groups.len() - ends)..]);
    let left_out: usize = groups[ends..groups.len() - last.len()].iter().map(|group| group.len()).sum();
    let mut steps = Vec::new();
    for (index, group) in first.iter().enumerate() {
        // What the sandbox did not tell was before the first.
        tell(&mut steps, group, index == 0 && frames.len() >= MOST_FRAMES);
    }
    if left_out > 0 {
        let calls = if left_out == 1 { "call" } else { "calls" };
        steps.push(Step::Note(format!("{} more {calls} in between", grouped(left_out))));
    }
    for group in last {
        tell(&mut steps, group, false);
    }
    steps
}

/// Tells a call that comes as often as `group` is long, or more often.
fn tell<'a>(steps: &mut Vec<Step<'a>>, group: &'a [Frame], or_more: bool) {
    steps.extend(group.first().map(Step::Call));
    if group.len() > 1 {
        let least = if or_more { "at least " } else { "" };
        steps.push(Step::Note(format!("the same call {least}{} times in a row", grouped(group.len()))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(lines: impl IntoIterator<Item = u32>) -> Vec<Frame> {
        let frame = |line| Frame { file: "tree.py".to_owned(), line, function: "walk".to_owned() };
        lines.into_iter().map(frame).collect()
    }

    fn short(lines: impl IntoIterator<Item = u32>) -> String {
        let told = |step: &Step<'_>| match step {
            Step::Call(frame) => frame.line.to_string(),
            Step::Note(note) => format!("({note})"),
        };
        steps(&frames(lines)).iter().map(told).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn few_calls_are_told_as_they_are() {
        assert_eq!(short([]), "");
        assert_eq!(short([7]), "7");
        assert_eq!(short([1, 2, 3, 4, 5, 6]), "1 2 3 4 5 6");
    }

    #[test]
    fn a_call_that_repeats_is_told_once() {
        assert_eq!(short([1, 3, 3, 3, 4]), "1 3 (the same call 3 times in a row) 4");
        assert_eq!(short([3; 32]), "3 (the same call at least 32 times in a row)");
        assert_eq!(short([3; 31].into_iter().chain([4])), "3 (the same call at least 31 times in a row) 4");
        assert_eq!(short([1].into_iter().chain([3; 31])), "1 3 (the same call 31 times in a row)");
    }

    #[test]
    fn of_many_calls_the_first_and_the_last_are_told() {
        assert_eq!(short(1..=7), "1 2 3 (1 more call in between) 5 6 7");
        assert_eq!(short((0..20).map(|n| n % 2)), "0 1 0 (14 more calls in between) 1 0 1");
    }
}
