//! The hints of an exercise, one `## ` section of `hints.md` each.

/// One step of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What stands after `## `.
    pub title: String,
    /// Markdown, without blank lines around it.
    pub text: String,
}

/// The hints of `markdown`, in order; what comes before the first is not one.
pub(super) fn split(markdown: &str) -> Vec<Hint> {
    let mut hints: Vec<(String, Vec<&str>)> = Vec::new();
    let mut fenced = false;
    for line in markdown.lines() {
        // A comment in a code example starts with `#` too.
        fenced ^= line.trim_start().starts_with("```");
        match (line.strip_prefix("## "), hints.last_mut()) {
            (Some(title), _) if !fenced => hints.push((title.trim().to_owned(), Vec::new())),
            (_, Some((_, lines))) => lines.push(line),
            _ => {}
        }
    }
    hints
        .into_iter()
        .map(|(title, lines)| Hint { title, text: lines.join("\n").trim_matches('\n').to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_section_is_a_hint_and_the_title_is_none() {
        let hints = split("# Hints\n\n## Look\n\nat it\n\n## Then\nagain\n");
        let expected = [("Look", "at it"), ("Then", "again")];
        assert_eq!(hints.iter().map(|hint| (hint.title.as_str(), hint.text.as_str())).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_comment_in_a_code_example_starts_no_hint() {
        assert_eq!(split("## One\n```python\n## not a hint\n```\n").len(), 1);
    }
}
