//! What was observed where a check does not pass, so that the same mistake is recognised although each submission was asked with inputs of
//! its own: values are told apart by what they have to do with what was expected and given, not by what they are.

use std::borrow::Cow;

use super::groups::Observation;
use crate::verdict::{CheckResult, Ending, Outcome, Problem};

/// Characters of a text that is told.
const TOLD: usize = 200;
/// Characters of a text that are looked at.
const READ: usize = 2000;
/// Words of a value that are held against what was expected one by one; of a longer one only its form counts.
const SHORT: usize = 12;

/// What was observed in a check that does not pass.
pub(super) fn check(check: &CheckResult) -> Observation {
    let known = given(check);
    let (key, text) = match check {
        check if check.is_unwritten() => (String::new(), crate::verdict::NOT_WRITTEN.to_owned()),
        CheckResult { outcome, .. } if *outcome != Outcome::Failed => (String::new(), ended(check)),
        CheckResult { reason: Some(reason), .. } => {
            let compared = compared(check).map(|compared| format!("{compared} ({reason})"));
            (form(reason, &[]), compared.unwrap_or_else(|| reason.clone()))
        }
        CheckResult { expected: Some(expected), actual: Some(actual), .. } => {
            (format!("{} {}", form(expected, &[]), related(actual, &known)), compared(check).unwrap_or_default())
        }
        CheckResult { diff: Some(diff), .. } => {
            let line = first_line_of(diff);
            (related(line, &known), format!("{} {line}", first(&check.message)))
        }
        _ => (related(&check.message, &known), check.message.clone()),
    };
    Observation { key: format!("{:?} {:?} {key}", check.outcome, check.ending), text: told(&text) }
}

/// Why nothing could be run.
pub(super) fn problem(problem: &Problem) -> Observation {
    let key = format!("{} {}", problem.kind, related(&problem.message, &[]));
    Observation { key, text: told(&problem.message) }
}

/// How a check ended that came to no answer.
fn ended(check: &CheckResult) -> String {
    let words = match (check.outcome, check.ending) {
        (_, Some(Ending::OutOfCpu)) => "computed for longer than it may",
        (Outcome::Timeout, _) => "did not come to an end in time",
        (Outcome::OutOfMemory, _) => "needed more memory than it may have",
        (Outcome::Tampered, _) => "tampered with the run",
        (_, Some(Ending::Exited)) => "the program ended before it answered",
        (_, Some(Ending::Signalled)) => "the interpreter crashed",
        (_, Some(Ending::TooMuchOutput)) => "printed more than it may",
        _ => "what came back is no answer",
    };
    words.to_owned()
}

fn compared(check: &CheckResult) -> Option<String> {
    Some(format!("expected {}, got {}", first(check.expected.as_ref()?), first(check.actual.as_ref()?)))
}

/// The first line that is there and should not be, or the other way round.
fn first_line_of(diff: &str) -> &str {
    let line = |mark| diff.lines().find(|line| line.starts_with(mark));
    line("+ ").or_else(|| line("- ")).unwrap_or_default()
}

fn first(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// One line, not too long.
fn told(text: &str) -> String {
    let mut told: String = first(text).chars().take(TOLD).collect();
    if told.len() < text.trim_end().len() {
        told.push('…');
    }
    told
}

/// Words and numbers of what was expected and called: an answer that has one of them took it from there.
fn given(check: &CheckResult) -> Vec<Word<'_>> {
    let texts = [&check.expected, &check.called];
    let words = texts.into_iter().flatten().flat_map(|text| words(text));
    words.filter(|word| !matches!(word, Word::Mark(_))).collect()
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Word<'t> {
    Name(&'t str),
    Number(f64),
    /// `0x7f3c…`
    Address,
    Mark(char),
}

/// The pieces of a text, in order; white space is left out.
fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let end = text.char_indices().nth(READ).map_or(text.len(), |(end, _)| end);
    let mut rest = &text[..end];
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let (word, length) = next(rest)?;
        rest = &rest[length..];
        Some(word)
    })
}

fn next(text: &str) -> Option<(Word<'_>, usize)> {
    let c = text.chars().next()?;
    let run = |is: fn(char) -> bool| text.find(|c| !is(c)).unwrap_or(text.len());
    if text.starts_with("0x") {
        let length = run(|c| c.is_ascii_alphanumeric());
        return Some((Word::Address, length));
    }
    if c.is_ascii_digit() {
        let length = run(|c| c.is_ascii_digit() || matches!(c, '.' | '_'));
        let digits = text[..length].trim_end_matches('.');
        let number = digits.replace('_', "").parse().unwrap_or(f64::NAN);
        return Some((Word::Number(number), digits.len()));
    }
    if c.is_alphabetic() || c == '_' {
        let length = run(|c| c.is_alphanumeric() || c == '_');
        return Some((Word::Name(&text[..length]), length));
    }
    Some((Word::Mark(c), c.len_utf8()))
}

/// A text by what it has to do with what is `known`; of a long one, its form.
fn related(text: &str, known: &[Word<'_>]) -> String {
    if words(text).nth(SHORT).is_some() && !known.is_empty() {
        return form(text, known);
    }
    let mut key = String::new();
    for word in words(text) {
        key.push_str(&relation(word, known));
        key.push(' ');
    }
    key
}

/// Where a word may come from: `=2` is the second of what is known, `+2` one more than that.
fn relation<'t>(word: Word<'t>, known: &[Word<'_>]) -> Cow<'t, str> {
    match word {
        Word::Name(name) => match known.iter().position(|known| *known == word) {
            Some(place) => format!("={place}").into(),
            None => name.into(),
        },
        Word::Number(number) => related_number(number, known).into(),
        Word::Address => "0x".into(),
        Word::Mark(mark) => mark.to_string().into(),
    }
}

fn related_number(number: f64, known: &[Word<'_>]) -> String {
    type Relation = fn(f64) -> f64;
    const RELATIONS: [(char, Relation); 5] =
        [('=', |n| n), ('+', |n| n + 1.0), ('-', |n| n - 1.0), ('*', |n| 2.0 * n), ('/', |n| n / 2.0)];
    let numbers = known.iter().filter_map(|word| if let Word::Number(known) = word { Some(*known) } else { None });
    let numbers: Vec<f64> = numbers.take(SHORT).collect();
    for (sign, relation) in RELATIONS {
        if let Some(place) = numbers.iter().position(|known| is_equal(number, relation(*known))) {
            return format!("{sign}{place}");
        }
    }
    // Against what is expected, which comes first.
    match numbers.first().map(|known| number.total_cmp(known)) {
        Some(order) => format!("{order:?}"),
        None if number == 0.0 => "0".to_owned(),
        None => "#".to_owned(),
    }
}

fn is_equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// The form of a text: which values stand in it is left out, and how many of a kind. Of a text in quotes it counts whether it is made of what
/// is known.
fn form(text: &str, known: &[Word<'_>]) -> String {
    let mut form: Vec<Cow<'_, str>> = Vec::new();
    let mut quoted = None;
    for word in words(text) {
        match (quoted, word) {
            (Some(quote), Word::Mark(mark)) if mark == quote => quoted = None,
            (Some(_), Word::Mark(_)) | (None, Word::Mark('-')) => {}
            (Some(_), word) => {
                if let Some(last) = form.last_mut().filter(|_| !known.contains(&word)) {
                    *last = "new text".into();
                }
            }
            (None, Word::Mark(mark @ ('\'' | '"'))) => {
                quoted = Some(mark);
                form.push("text".into());
            }
            (None, Word::Number(_)) => form.push("#".into()),
            (None, other) => form.push(relation(other, &[])),
        }
        // `#, #` is `#`, and `text: #, text: #` is `text: #`: however many there are.
        for unit in [1, 3] {
            let repeated = form.len().checked_sub(2 * unit + 1).is_some_and(|start| {
                let (before, after) = form[start..].split_at(unit);
                before == &after[1..] && after[0] == ","
            });
            if repeated {
                form.truncate(form.len() - unit - 1);
            }
        }
    }
    form.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(called: &str, expected: &str) -> Vec<Word<'static>> {
        words(Box::leak(format!("{expected} {called}").into_boxed_str()))
            .filter(|word| !matches!(word, Word::Mark(_)))
            .collect()
    }

    fn key(called: &str, expected: &str, actual: &str) -> String {
        related(actual, &words_of(called, expected))
    }

    #[test]
    fn the_same_mistake_is_the_same_whatever_was_asked() {
        let doubled = [key("square(7)", "49", "14"), key("square(9)", "81", "18"), key("square(31)", "961", "62")];
        assert!(doubled.iter().all(|key| *key == doubled[0]), "{doubled:?}");
        assert_ne!(key("square(7)", "49", "14"), key("square(7)", "49", "50"));
        assert_eq!(key("square(7)", "49", "50"), key("square(3)", "9", "10"));
        assert_ne!(key("square(7)", "49", "None"), key("square(7)", "49", "14"));
        assert_eq!(key("f('ada')", "'Ada'", "'ada'"), key("f('bob')", "'Bob'", "'bob'"));
    }

    #[test]
    fn messages_are_the_same_but_for_addresses() {
        let at = |address| related(&format!("`TypeError: <function f at {address}> is not iterable` was raised"), &[]);
        assert_eq!(at("0x7f00aa10"), at("0x7f00bb20"));
        assert_ne!(
            related("NameError: name 'wraps' is not defined", &[]),
            related("NameError: name 'time' is not defined", &[])
        );
    }

    #[test]
    fn lists_of_any_length_have_one_form() {
        let form = |text| form(text, &[]);
        assert_eq!(form("[1, 2, 3]"), form("[4, -5]"));
        assert_ne!(form("[1, 2]"), form("(1, 2)"));
        assert_eq!(form("2 instead of 3"), form("12 instead of 30"));
    }

    #[test]
    fn texts_that_were_not_asked_for_are_told_from_those_that_were() {
        let known = words_of("", "{'raised': 'ConnectionError', 'message': 'line 7 is busy'}");
        let raised = |name| form(&format!("{{'raised': '{name}', 'message': 'line 7 is busy', 'calls': 3}}"), &known);
        assert_ne!(raised("RuntimeError"), raised("ConnectionError"));
        assert_eq!(raised("RuntimeError"), raised("OSError"));
    }

    #[test]
    fn hostile_text_is_cut() {
        let long = "é'\"\\".repeat(100_000);
        assert!(related(&long, &[]).len() < 20 * READ && form(&long, &[]).len() < 20 * READ);
        assert!(told(&long).chars().count() == TOLD + 1);
    }
}
