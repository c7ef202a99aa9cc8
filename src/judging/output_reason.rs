//! The simple reason why two outputs differ, when there is one. Nothing is said that is not certain.

use std::borrow::Cow;

use super::diff::split_lines;
use super::lookalike;
use super::output::{OutputOptions, Policy, Template};
use super::visible::{is_invisible, spoken};

/// Finds the first reason that holds, most telling first.
pub(super) fn find(template: &Template<'_>, actual: &str, options: &OutputOptions) -> Option<String> {
    nothing(template, actual)
        .or_else(|| final_newline(template, actual, options))
        .or_else(|| relaxed(template, actual, options))
        .or_else(|| if template.is_literal() { literal(template.text, actual) } else { None })
}

fn nothing(template: &Template<'_>, actual: &str) -> Option<String> {
    let expects_something = !template.text.trim().is_empty();
    if actual.is_empty() && expects_something {
        return Some("nothing was printed".to_owned());
    }
    if actual.trim().is_empty() && expects_something {
        return Some("only blank space was printed".to_owned());
    }
    (template.text.is_empty() && !actual.is_empty()).then(|| "nothing should be printed".to_owned())
}

fn final_newline(template: &Template<'_>, actual: &str, options: &OutputOptions) -> Option<String> {
    let relaxed = OutputOptions { final_newline: Policy::Ignore, ..*options };
    if !template.matches(actual, &relaxed) {
        return None;
    }
    let newlines = |text: &str| text.len() - text.trim_end_matches('\n').len();
    let (expected, actual) = (newlines(template.text), newlines(actual));
    Some(match (expected, actual) {
        (1, 0) => "only the last newline differs: it is missing at the end".to_owned(),
        (0, 1) => "only the last newline differs: there should be none at the end".to_owned(),
        _ => format!("only the newlines at the end differ: {actual} instead of {expected}"),
    })
}

/// The relaxations that each make a single difference disappear.
fn relaxed(template: &Template<'_>, actual: &str, options: &OutputOptions) -> Option<String> {
    let with = |change: fn(&mut OutputOptions)| {
        let mut relaxed = *options;
        change(&mut relaxed);
        relaxed
    };
    let relaxations: [(&str, OutputOptions); 7] = [
        ("only spaces at the ends of lines differ", with(|o| o.trailing_space = Policy::Ignore)),
        ("only empty lines differ", with(|o| o.blank_lines = Policy::Ignore)),
        (
            "only spaces between words differ",
            with(|o| (o.inner_space, o.trailing_space) = (Policy::Ignore, Policy::Ignore)),
        ),
        ("the same words, but capital and small letters differ", with(|o| o.case = Policy::Ignore)),
        ("the numbers are equal, but written with other digits", with(|o| o.number_tolerance = f64::MIN_POSITIVE)),
        ("the numbers are equal within 1e-9: a rounding difference", with(|o| o.number_tolerance = 1e-9)),
        (
            "only spaces and newlines at the ends differ",
            with(|o| (o.final_newline, o.trailing_space) = (Policy::Ignore, Policy::Ignore)),
        ),
    ];
    if actual.contains("\r\n") && template.matches(&actual.replace("\r\n", "\n"), options) {
        return Some(
            "lines end with a carriage return and a newline (\\r\\n): only the newline is expected".to_owned(),
        );
    }
    let holds = |options: &OutputOptions| template.matches(actual, options);
    let reason = relaxations.iter().find(|(_, options)| holds(options)).map(|(reason, _)| (*reason).to_owned());
    reason.or_else(|| invisible(actual, |bare| template.matches(bare, options)))
}

/// Says which invisible character is too many when without such characters all is well.
pub(super) fn invisible(actual: &str, matches: impl Fn(&str) -> bool) -> Option<String> {
    let odd = |c: char| is_invisible(c) && c != '\n';
    let first = actual.chars().find(|c| odd(*c))?;
    let bare: String = actual.chars().filter(|c| !odd(*c)).collect();
    if matches(&bare) {
        return Some(format!("there is a character that can't be seen: a {}", spoken(first)));
    }
    let spaced: String = actual.chars().map(|c| if odd(c) { ' ' } else { c }).collect();
    matches(&spaced).then(|| format!("a {} stands where a plain space is expected", spoken(first)))
}

/// Reasons that need to know the expected text to the letter.
fn literal(expected: &str, actual: &str) -> Option<String> {
    if let Some(reason) = lookalike::difference(expected, actual) {
        return Some(reason);
    }
    let end_alike = expected.ends_with('\n') == actual.ends_with('\n');
    let (expected, actual) = (split_lines(expected), split_lines(actual));
    if !end_alike {
        return one_text_begins_the_other(&expected, &actual);
    }
    same_lines(&expected, &actual)
        .or_else(|| one_text_begins_the_other(&expected, &actual))
        .or_else(|| single_line(&expected, &actual))
}

fn same_lines(expected: &[Cow<'_, str>], actual: &[Cow<'_, str>]) -> Option<String> {
    let (mut sorted_expected, mut sorted_actual) = (expected.to_vec(), actual.to_vec());
    sorted_expected.sort_unstable();
    sorted_actual.sort_unstable();
    if sorted_expected != sorted_actual {
        return None;
    }
    let reversed = expected.iter().eq(actual.iter().rev());
    let reason =
        if reversed { "the same lines, but the other way round" } else { "the same lines, but in another order" };
    Some(reason.to_owned())
}

fn one_text_begins_the_other(expected: &[Cow<'_, str>], actual: &[Cow<'_, str>]) -> Option<String> {
    let lines = |count: usize| if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
    if expected.starts_with(actual) && !actual.is_empty() {
        let missing = lines(expected.len() - actual.len());
        return Some(format!("right so far, but it ends too early: {missing} missing at the end"));
    }
    if actual.starts_with(expected) && !expected.is_empty() {
        return Some(format!(
            "right so far, but then there is more: {} too many at the end",
            lines(actual.len() - expected.len())
        ));
    }
    if actual.ends_with(expected) && !expected.is_empty() {
        return Some(format!(
            "the end is right, but before it there is more: {} too many",
            lines(actual.len() - expected.len())
        ));
    }
    None
}

fn single_line(expected: &[Cow<'_, str>], actual: &[Cow<'_, str>]) -> Option<String> {
    if expected.len() != actual.len() || expected.len() < 2 {
        return None;
    }
    let mut different = expected.iter().zip(actual).enumerate().filter(|(_, (a, b))| a != b);
    let (index, _) = different.next()?;
    different.next().is_none().then(|| format!("only line {} differs", index + 1))
}

#[cfg(test)]
mod tests {
    use crate::judging::{OutputOptions, compare_output};

    #[test]
    fn each_simple_difference_has_its_reason() {
        let table = [
            ("a\nb\n", "a\nb", "only the last newline differs: it is missing at the end"),
            ("a\nb", "a\nb\n", "only the last newline differs: there should be none at the end"),
            ("a\n", "a\n\n\n", "only the newlines at the end differ: 3 instead of 1"),
            ("a\n", "", "nothing was printed"),
            ("a\n", " \n", "only blank space was printed"),
            ("", "x\n", "nothing should be printed"),
            ("a\nb\n", "a  \nb\n", "only spaces at the ends of lines differ"),
            ("a\nb\n", "a\n\nb\n", "only empty lines differ"),
            ("a b\n", "a  b\n", "only spaces between words differ"),
            ("Hello World\n", "hello world\n", "the same words, but capital and small letters differ"),
            ("x 12.50\n", "x 12.5\n", "the numbers are equal, but written with other digits"),
            ("pi 3.3333333333\n", "pi 3.3333333334\n", "the numbers are equal within 1e-9: a rounding difference"),
            (
                "a\nb\n",
                "a\r\nb\r\n",
                "lines end with a carriage return and a newline (\\r\\n): only the newline is expected",
            ),
            ("a b\n", "a\u{200b} b\n", "there is a character that can't be seen: a zero-width space (U+200B)"),
            ("a b\n", "a\u{a0}b\n", "a no-break space (U+00A0) stands where a plain space is expected"),
            ("Saldo\n", "Sаldo\n", "'а' looks like 'a' but is another character (Cyrillic, U+0430)"),
            ("a\nb\nc\n", "b\na\nc\n", "the same lines, but in another order"),
            ("a\nb\nc\n", "c\nb\na\n", "the same lines, but the other way round"),
            ("a\nb\nc\n", "a\n", "right so far, but it ends too early: 2 lines missing at the end"),
            ("a\n", "a\nb\n", "right so far, but then there is more: 1 line too many at the end"),
            ("sum 3\n", "debug\nsum 3\n", "the end is right, but before it there is more: 1 line too many"),
            ("a\nb\nc\n", "a\nx\nc\n", "only line 2 differs"),
            ("id {{int}}\n", "id 5 \n", "only spaces at the ends of lines differ"),
        ];
        for (expected, actual, reason) in table {
            let comparison = compare_output(expected, actual, &OutputOptions::default()).unwrap();
            assert_eq!(comparison.reason.as_deref(), Some(reason), "{expected:?} against {actual:?}");
        }
    }

    #[test]
    fn nothing_is_said_when_nothing_is_certain() {
        for (expected, actual) in [
            ("a b c\n", "x y\n"),
            ("id {{int}}\nend\n", "id x\nEnd\n"),
            ("a\nb\n", "c\nd\n"),
            ("a\nb\n", "x\nb"),
            ("a\nb\n", "b\na"),
        ] {
            let comparison = compare_output(expected, actual, &OutputOptions::default()).unwrap();
            assert_eq!(comparison.reason, None, "{expected:?} against {actual:?}");
        }
    }
}
