//! What there is to show about two values that should have been equal.

use crate::wire::value::Value;

use super::diff::Diff;
use super::reason::value_reason;

/// Characters of a value shown on one line.
const LONGEST: usize = 2000;
/// From this width on a value is spread over several lines.
const WIDTH: usize = 72;

/// Two values side by side, in words that a verdict takes over.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueComparison {
    pub expected: String,
    pub actual: String,
    /// A simple reason for the difference, when there is one.
    pub reason: Option<String>,
    /// For long values and text of several lines.
    pub diff: Option<Diff>,
}

/// The sentence about two values for a check whose author says nothing of their own; `expected` and `actual` as reprs.
pub fn sentence(expected: &str, actual: &str) -> String {
    format!("expected {}, got {}", cut(expected), cut(actual))
}

/// Characters of each value in a sentence.
const SENTENCE: usize = 200;

fn cut(text: &str) -> String {
    let mut start: String = text.chars().take(SENTENCE).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// Describes the difference; the judge has already found that there is one. `printed` is what was printed meanwhile.
pub fn compare_values(expected: &Value, actual: &Value, printed: &str) -> ValueComparison {
    ValueComparison {
        expected: expected.python_repr(LONGEST),
        actual: actual.python_repr(LONGEST),
        reason: value_reason(expected, actual, printed),
        diff: diff(expected, actual),
    }
}

fn diff(expected: &Value, actual: &Value) -> Option<Diff> {
    if let (Value::Str(expected), Value::Str(actual)) = (expected, actual) {
        let has_lines = |text: &str| text.trim_end_matches('\n').contains('\n');
        return if has_lines(expected) || has_lines(actual) { Diff::of_texts(expected, actual) } else { None };
    }
    let (expected, actual) = (expected.python_pretty(WIDTH), actual.python_pretty(WIDTH));
    let both_long = expected.contains('\n') && actual.contains('\n');
    if both_long { Diff::of_texts(&expected, &actual) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> Value {
        Value::decode(text.as_bytes()).unwrap()
    }

    fn diff_text(expected: &str, actual: &str) -> Option<String> {
        compare_values(&decode(expected), &decode(actual), "").diff.map(|diff| diff.to_text())
    }

    #[test]
    fn short_values_need_no_diff() {
        assert_eq!(diff_text("[\"l\",1,2]", "[\"l\",1,3]"), None);
        assert_eq!(diff_text("\"a\\n\"", "\"b\\n\""), None);
    }

    #[test]
    fn text_of_several_lines_is_compared_by_lines() {
        assert_eq!(diff_text("\"a\\nb\\n\"", "\"a\\nc\\n\"").as_deref(), Some("  a\n- b\n+ c\n"));
    }

    #[test]
    fn long_containers_are_compared_item_by_item() {
        let account = |balance: &str| {
            let rows: Vec<String> = ["Ada", "Grace", "Edsger"]
                .iter()
                .map(|name| {
                    format!(
                        "[\"d\",\"name\",\"{name}\",\"balance\",{}]",
                        if *name == "Grace" { balance } else { "12.5" }
                    )
                })
                .collect();
            format!("[\"l\",{}]", rows.join(","))
        };
        let shown = compare_values(&decode(&account("3.0")), &decode(&account("4.0")), "");
        assert_eq!(
            shown.diff.map(|diff| diff.to_text()).as_deref(),
            Some(
                "  [\n      {'name': 'Ada', 'balance': 12.5},\n-     {'name': 'Grace', 'balance': 3.0},\n+     {'name': 'Grace', \
                 'balance': 4.0},\n      {'name': 'Edsger', 'balance': 12.5},\n  ]\n"
            )
        );
        assert_eq!(shown.reason.as_deref(), Some("only 'balance' of item 2 differs"));
    }
}
