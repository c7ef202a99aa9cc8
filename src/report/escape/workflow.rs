//! For the log of GitHub's runner, in which lines are commands (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).

use std::borrow::Cow;

use super::{named_but_breaks, replaced};

/// The text of a command, after its second `::`: stays on one line, and the runner shows the lines that it had.
pub fn workflow_message(text: &str) -> Cow<'_, str> {
    replaced(text, |c| encoded(c).map(str::to_owned).or_else(|| named_but_breaks(c)))
}

/// The value of a property of a command: `file=`, `title=`.
pub fn workflow_property(text: &str) -> Cow<'_, str> {
    replaced(text, |c| {
        let own = match c {
            ':' => Some("%3A"),
            ',' => Some("%2C"),
            _ => encoded(c),
        };
        own.map(str::to_owned).or_else(|| named_but_breaks(c))
    })
}

fn encoded(c: char) -> Option<&'static str> {
    match c {
        '%' => Some("%25"),
        '\n' => Some("%0A"),
        _ => None,
    }
}

/// Lines of the log that are no commands: neither `::name::` nor the older `##[name]`, which the runner finds anywhere in a line.
///
/// A help where commands can't be stopped as a whole (`::stop-commands::`).
pub fn workflow_log(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in replaced(text, named_but_breaks).chars() {
        if (c == ':' && shown.ends_with(':')) || (c == '[' && shown.ends_with("##")) {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}
