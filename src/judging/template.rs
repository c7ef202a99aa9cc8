//! Expected output with placeholders, compiled once; matching takes time linear in the length of a line (`docs/output-fixtures.md`).

use regex::{Regex, RegexBuilder};

use super::output::FixtureProblem;

/// Compiled size that one line may have.
const LARGEST_REGEX: usize = 1 << 20;

/// One line of what is expected.
#[derive(Debug)]
pub(super) enum Pattern {
    /// The line itself.
    Literal(String),
    /// A line with placeholders.
    Regex { shown: String, regex: Regex },
    /// `{{...}}`: any number of lines, none included.
    AnyLines,
}

impl Pattern {
    /// What the line looks like in the fixture.
    pub(super) fn shown(&self) -> &str {
        match self {
            Self::Literal(text) => text,
            Self::Regex { shown, .. } => shown,
            Self::AnyLines => "{{...}}",
        }
    }

    pub(super) fn is_literal(&self) -> bool {
        matches!(self, Self::Literal(_))
    }

    /// Compiles one line; `number` counts from 1.
    pub(super) fn compile(line: &str, number: usize, ignore_case: bool) -> Result<Self, FixtureProblem> {
        if line.trim() == "{{...}}" {
            return Ok(Self::AnyLines);
        }
        if !line.contains("{{") {
            return Ok(Self::Literal(line.to_owned()));
        }
        let problem = |message: String| FixtureProblem { line: number, message };
        let source = regex_source(line).map_err(problem)?;
        let regex = RegexBuilder::new(&source)
            .case_insensitive(ignore_case)
            .size_limit(LARGEST_REGEX)
            .build()
            .map_err(|error| problem(last_line(&error.to_string())))?;
        Ok(Self::Regex { shown: line.to_owned(), regex })
    }
}

/// The part of a regex error that says what is wrong; before it comes a drawing of where.
fn last_line(message: &str) -> String {
    message.lines().last().unwrap_or(message).trim_start_matches("error: ").to_owned()
}

/// The line as one anchored regular expression.
fn regex_source(line: &str) -> Result<String, String> {
    let mut source = String::from("^(?:");
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("{{") {
        source.push_str(&regex::escape(before));
        let (content, after) = split_at_end(after)?;
        source.push_str(&placeholder(content)?);
        rest = after;
    }
    source.push_str(&regex::escape(rest));
    source.push_str(")$");
    Ok(source)
}

/// The content of a placeholder and what comes after. It ends at the last two of the first run of closing braces, so that
/// `{{re:\d{2}}}` is what it looks like.
fn split_at_end(text: &str) -> Result<(&str, &str), String> {
    let at = text.find("}}").ok_or("`{{` without `}}`")?;
    let extra = text[at..].bytes().take_while(|byte| *byte == b'}').count() - 2;
    Ok((&text[..at + extra], &text[at + extra + 2..]))
}

fn placeholder(content: &str) -> Result<String, String> {
    const NUMBER: &str = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?";
    Ok(match content {
        "any" => ".*".to_owned(),
        "int" => "[+-]?[0-9]+".to_owned(),
        "float" => format!("[+-]?(?:{NUMBER}|inf|nan)"),
        "word" => r"\S+".to_owned(),
        "time" => TIME.to_owned(),
        "path" => r#"[^\s"'<>|*?]*[/\\][^\s"'<>|*?]*"#.to_owned(),
        "..." => return Err("`{{...}}` stands for whole lines and has to be alone on its own".to_owned()),
        _ => match content.strip_prefix("re:") {
            Some(source) => format!("(?-i:{source})"),
            None => return Err(format!("unknown placeholder `{{{{{content}}}}}`")),
        },
    })
}

/// A date, a time of day, or both, as ISO 8601 and Python's `str(datetime)` write them.
const TIME: &str = r"(?:\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?|\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)";

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(line: &str, actual: &str) -> bool {
        match Pattern::compile(line, 1, false).unwrap() {
            Pattern::Regex { regex, .. } => regex.is_match(actual),
            Pattern::Literal(text) => text == actual,
            Pattern::AnyLines => true,
        }
    }

    #[test]
    fn each_placeholder_takes_what_it_is_named_after() {
        let table = [
            ("id {{int}}.", "id -12.", "id 1.5."),
            ("{{float}}", "1e-05", "one"),
            ("{{float}}", "12", "1e"),
            ("<{{word}}>", "<a.b>", "<a b>"),
            ("{{any}}!", "!", "."),
            ("at {{time}}", "at 2024-02-29 23:59:59.123456+01:00", "at noon"),
            ("{{time}} x", "9:05 x", "9.05 x"),
            ("in {{path}}:3", "in /tmp/x/y.py:3", "in y.py:3"),
            (r"{{re:\d{2}}}!", "12!", "123!"),
            ("{{re:a|b}}c", "bc", "b"),
            ("a.b(c) {{int}}", "a.b(c) 1", "axb(c) 1"),
        ];
        for (line, good, bad) in table {
            assert!(matches(line, good), "{line} does not match {good}");
            assert!(!matches(line, bad), "{line} matches {bad}");
        }
    }

    #[test]
    fn a_broken_placeholder_says_what_is_wrong() {
        for (line, words) in [
            ("{{nmae}}", "unknown placeholder `{{nmae}}`"),
            ("{{int", "`{{` without `}}`"),
            ("x {{...}}", "whole lines"),
            ("{{re:(}}", "unclosed group"),
        ] {
            let problem = Pattern::compile(line, 7, false).unwrap_err();
            assert!(problem.message.contains(words), "{}", problem.message);
            assert_eq!(problem.line, 7);
        }
    }
}
