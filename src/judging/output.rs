//! Printed text held against what is expected, which may contain placeholders.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use super::diff::{self, Diff, Numbered, split_both, split_lines};
use super::numbers::lines_close;
use super::output_reason;
use super::template::Pattern;

/// Pairs of lines that are tried for the sake of a better diff.
const MOST_TRIALS: usize = 2_000_000;

/// What may differ and still count as equal. Nothing may, unless said.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "snake_case")]
pub struct OutputOptions {
    /// Spaces and tabs at the end of lines.
    pub trailing_space: Policy,
    /// Newlines at the end of the text.
    pub final_newline: Policy,
    /// Lines that are empty or hold nothing but spaces.
    pub blank_lines: Policy,
    /// Runs of spaces and tabs within lines count as one space.
    pub inner_space: Policy,
    pub case: Policy,
    /// How far numbers may be apart: absolutely below 1, else relatively.
    pub number_tolerance: f64,
    /// Whether `{{...}}` and its like have their meaning in the expected text.
    pub placeholders: Placeholders,
}

/// Whether a difference counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    #[default]
    Strict,
    Ignore,
}

/// Whether double braces in the expected text have a meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placeholders {
    #[default]
    Understood,
    Literal,
}

impl Default for OutputOptions {
    fn default() -> Self {
        Self {
            trailing_space: Policy::Strict,
            final_newline: Policy::Strict,
            blank_lines: Policy::Strict,
            inner_space: Policy::Strict,
            case: Policy::Strict,
            number_tolerance: 0.0,
            placeholders: Placeholders::Understood,
        }
    }
}

/// The result of a comparison of texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub equal: bool,
    /// A simple reason for the difference, when there is one.
    pub reason: Option<String>,
    pub diff: Option<Diff>,
}

/// A fixture that makes no sense; its author's fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixtureProblem {
    /// In the expected text, from 1.
    pub line: usize,
    pub message: String,
}

/// Compares what was printed with what should have been. Carriage returns before newlines are dropped from `expected` only: a checkout on
/// Windows puts them there.
///
/// # Errors
/// When a placeholder in `expected` is broken.
pub fn compare_output(expected: &str, actual: &str, options: &OutputOptions) -> Result<Comparison, FixtureProblem> {
    let expected = expected.replace("\r\n", "\n");
    let template = Template::compile(&expected, options)?;
    if template.matches(actual, options) {
        return Ok(Comparison { equal: true, reason: None, diff: None });
    }
    let reason = output_reason::find(&template, actual, options);
    let diff = template.diff(actual, options);
    Ok(Comparison { equal: false, reason, diff })
}

/// The expected text, compiled.
pub(super) struct Template<'a> {
    pub(super) text: &'a str,
    patterns: Vec<Pattern>,
}

impl<'a> Template<'a> {
    fn compile(text: &'a str, options: &OutputOptions) -> Result<Self, FixtureProblem> {
        let ignore_case = options.case == Policy::Ignore;
        let compile = |(index, line): (usize, Cow<'_, str>)| match options.placeholders {
            Placeholders::Understood => Pattern::compile(&line, index + 1, ignore_case),
            Placeholders::Literal => Ok(Pattern::Literal(line.into_owned())),
        };
        let patterns = split_lines(text).into_iter().enumerate().map(compile).collect::<Result<_, _>>()?;
        Ok(Self { text, patterns })
    }

    /// Whether there is no placeholder in it.
    pub(super) fn is_literal(&self) -> bool {
        self.patterns.iter().all(Pattern::is_literal)
    }

    pub(super) fn matches(&self, actual: &str, options: &OutputOptions) -> bool {
        if options.final_newline == Policy::Strict && !self.ends_alike(actual) {
            return false;
        }
        let kept = |line: &str| options.blank_lines == Policy::Strict || !line.trim().is_empty();
        let mut lines: Vec<Cow<'_, str>> = split_lines(actual).into_iter().filter(|line| kept(line)).collect();
        let mut patterns: Vec<&Pattern> = self.patterns.iter().filter(|pattern| kept(pattern.shown())).collect();
        if options.final_newline == Policy::Ignore {
            lines.truncate(lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1));
            patterns.truncate(patterns.iter().rposition(|line| !line.shown().is_empty()).map_or(0, |last| last + 1));
        }
        matches_lines(&patterns, &lines, options)
    }

    /// Whether both texts end with a newline or both do not. After `{{...}}` at the end anything may.
    fn ends_alike(&self, actual: &str) -> bool {
        matches!(self.patterns.last(), Some(Pattern::AnyLines)) || self.text.ends_with('\n') == actual.ends_with('\n')
    }

    /// The diff in which lines that match a pattern count as the same.
    fn diff(&self, actual: &str, options: &OutputOptions) -> Option<Diff> {
        let (expected_lines, actual_lines) = split_both(self.text, actual);
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut expected = Vec::with_capacity(expected_lines.len());
        let mut inexact = Vec::new();
        for (line, pattern) in expected_lines.iter().zip(&self.patterns) {
            let next = numbers.len();
            let number = *numbers.entry(line).or_insert(next);
            let has_leeway = !pattern.is_literal() || *options != OutputOptions::default();
            if has_leeway && number == next && !matches!(pattern, Pattern::AnyLines) {
                inexact.push((pattern, number));
            }
            expected.push(number);
        }
        let mut trials = 0;
        let mut matching = |line: &str| -> Option<usize> {
            trials += inexact.len();
            if trials > MOST_TRIALS {
                return None;
            }
            inexact.iter().find(|(pattern, _)| matches_line(pattern, line, options)).map(|(_, number)| *number)
        };
        let mut numbered = Vec::with_capacity(actual_lines.len());
        for line in &actual_lines {
            let next = numbers.len();
            let number = match numbers.get(line.as_ref()) {
                Some(number) => *number,
                None => matching(line).unwrap_or(next),
            };
            numbers.insert(line, number);
            numbered.push(number);
        }
        let actual = Numbered { lines: actual_lines.clone(), numbers: numbered };
        let expected = self.fill_gaps(Numbered { lines: expected_lines.clone(), numbers: expected }, &actual);
        Diff::of_numbered(&expected, &actual)
    }

    /// Puts what was printed in place of each `{{...}}` that stands for it alone, so that the diff has nothing to say there.
    fn fill_gaps<'t>(&self, expected: Numbered<'t>, actual: &Numbered<'t>) -> Numbered<'t> {
        let is_gap = |line: usize| matches!(self.patterns.get(line), Some(Pattern::AnyLines));
        if !(0..expected.lines.len()).any(is_gap) {
            return expected;
        }
        let mut filled = Numbered { lines: Vec::new(), numbers: Vec::new() };
        for op in diff::align(&expected, actual) {
            let (source, range) = if op.old_range().all(is_gap) && !op.old_range().is_empty() {
                (actual, op.new_range())
            } else {
                (&expected, op.old_range())
            };
            filled.lines.extend_from_slice(&source.lines[range.clone()]);
            filled.numbers.extend_from_slice(&source.numbers[range]);
        }
        filled
    }
}

/// As shell globs are matched: greedy from `{{...}}` to `{{...}}`, going back no further than the last one.
fn matches_lines(patterns: &[&Pattern], lines: &[Cow<'_, str>], options: &OutputOptions) -> bool {
    let (mut pattern, mut line) = (0, 0);
    let mut retry = None;
    while line < lines.len() {
        match patterns.get(pattern) {
            Some(Pattern::AnyLines) => {
                pattern += 1;
                retry = Some((pattern, line));
            }
            Some(other) if matches_line(other, &lines[line], options) => {
                pattern += 1;
                line += 1;
            }
            _ => {
                let Some((after, from)) = retry else { return false };
                retry = Some((after, from + 1));
                (pattern, line) = (after, from + 1);
            }
        }
    }
    patterns[pattern..].iter().all(|pattern| matches!(pattern, Pattern::AnyLines))
}

fn matches_line(pattern: &Pattern, line: &str, options: &OutputOptions) -> bool {
    match pattern {
        Pattern::AnyLines => false,
        Pattern::Regex { regex, .. } => regex.is_match(line) || regex.is_match(&normalised(line, options)),
        Pattern::Literal(text) => {
            if text == line {
                return true;
            }
            let (text, line) = (normalised(text, options), normalised(line, options));
            text == line || (options.number_tolerance > 0.0 && lines_close(&text, &line, options.number_tolerance))
        }
    }
}

fn normalised<'a>(line: &'a str, options: &OutputOptions) -> Cow<'a, str> {
    let mut line = Cow::Borrowed(line);
    if options.trailing_space == Policy::Ignore {
        line = line.trim_end_matches([' ', '\t']).to_owned().into();
    }
    if options.inner_space == Policy::Ignore {
        line = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").into();
    }
    if options.case == Policy::Ignore {
        line = line.to_lowercase().into();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(expected: &str, actual: &str) -> bool {
        compare_output(expected, actual, &OutputOptions::default()).unwrap().equal
    }

    #[test]
    fn nothing_may_differ_unless_said() {
        assert!(equal("a\nb\n", "a\nb\n"));
        for actual in ["a\nb", "a\nb\n\n", "a\nb \n", "A\nb\n", "a\r\nb\n", "a\n\nb\n", "b\na\n", ""] {
            assert!(!equal("a\nb\n", actual), "{actual:?}");
        }
        assert!(equal("", "") && !equal("", "\n"));
    }

    #[test]
    fn each_policy_allows_what_it_names_and_no_more() {
        let strict = OutputOptions::default();
        let ignore = Policy::Ignore;
        let table = [
            (OutputOptions { trailing_space: ignore, ..strict }, "a\nb\n", "a  \nb\t\n"),
            (OutputOptions { final_newline: ignore, ..strict }, "a\nb\n", "a\nb"),
            (OutputOptions { final_newline: ignore, ..strict }, "a\nb", "a\nb\n\n"),
            (OutputOptions { blank_lines: ignore, ..strict }, "a\nb\n", "a\n\n \nb\n"),
            (OutputOptions { inner_space: ignore, ..strict }, "a b\n", "a \t b\n"),
            (OutputOptions { case: ignore, ..strict }, "Straße {{int}}X\n", "STRAßE 1x\n"),
            (OutputOptions { number_tolerance: 1e-6, ..strict }, "x 1.0\n", "x 1.0000001\n"),
            (OutputOptions { placeholders: Placeholders::Literal, ..strict }, "{{int}}\n", "{{int}}\n"),
        ];
        for (options, expected, actual) in table {
            assert!(compare_output(expected, actual, &options).unwrap().equal, "{options:?}");
            assert!(!compare_output(expected, actual, &strict).unwrap().equal, "{options:?} changes nothing");
            assert!(!compare_output(expected, "other\n", &options).unwrap().equal, "{options:?}");
        }
    }

    #[test]
    fn three_dots_stand_for_any_number_of_lines() {
        let expected = "start\n{{...}}\nmiddle\n{{...}}\nend\n";
        assert!(equal(expected, "start\nmiddle\nend\n"));
        assert!(equal(expected, "start\n1\n2\nmiddle\nmiddle\n3\nend\nend\n"));
        assert!(!equal(expected, "start\n1\nend\n"));
        assert!(!equal(expected, "start\nmiddle\nend\nmore\n"));
    }

    #[test]
    fn many_gaps_and_placeholders_take_no_exponential_time() {
        let expected = "{{...}}\na\n".repeat(30) + "b\n";
        let actual = "a\n".repeat(20_000);
        let line = "{{any}}a".repeat(30) + "b\n";
        let start = std::time::Instant::now();
        assert!(!equal(&expected, &actual));
        assert!(!equal(&line, &("a".repeat(20_000) + "\n")));
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }

    #[test]
    fn lines_that_match_a_placeholder_are_the_same_in_the_diff() {
        let expected = "id {{int}}\n{{...}}\nend\n";
        let diff = compare_output(expected, "id 7\nx\ny\nEnd\n", &OutputOptions::default()).unwrap().diff.unwrap();
        assert_eq!(diff.to_text(), "  id 7\n- {{...}}\n- end\n+ x\n+ y\n+ End\n");
        let diff = compare_output(expected, "id x\nx\ny\nend\n", &OutputOptions::default()).unwrap().diff.unwrap();
        assert_eq!(diff.to_text(), "- id {{int}}\n- {{...}}\n+ id x\n+ x\n+ y\n  end\n");
    }

    #[test]
    fn windows_line_ends_in_a_fixture_are_forgiven_and_in_output_are_not() {
        assert!(equal("a\r\nb\r\n", "a\nb\n"));
        assert!(!equal("a\nb\n", "a\r\nb\r\n"));
    }
}
