//! An exception of the learner's in words that say what to do, where Python's do not.

use crate::submission::HandedFile;
use crate::suggest::nearest;
use crate::verdict::NOT_WRITTEN;

/// `` `TypeError: no` was raised ``, as the judge says it, taken apart.
pub(super) struct Error<'a> {
    kind: &'a str,
    text: &'a str,
}

impl<'a> Error<'a> {
    pub(super) fn parse(message: &'a str) -> Option<Self> {
        let said = message.strip_prefix('`')?.strip_suffix("` was raised")?;
        let (kind, text) = said.split_once(": ").unwrap_or((said, ""));
        kind.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')).then_some(Self { kind, text })
    }

    /// Whether the code got so far that a hint about the check fits: it has the names, and they can be called.
    pub(super) fn is_about_what_is_asked(&self) -> bool {
        match self.kind {
            "AttributeError"
            | "NameError"
            | "UnboundLocalError"
            | "ImportError"
            | "ModuleNotFoundError"
            | "SyntaxError"
            | "IndentationError"
            | "TabError"
            | "NotImplementedError"
            | "MemoryError" => false,
            "TypeError" => !self.text.contains("got an unexpected keyword argument"),
            _ => true,
        }
    }

    /// The sentence instead of Python's, where there is a better one.
    pub(super) fn explain(&self, files: &[HandedFile]) -> Option<String> {
        match self.kind {
            "NotImplementedError" => Some(NOT_WRITTEN.to_owned()),
            "AttributeError" => {
                let (module, name) = self.text.strip_prefix("module '")?.split_once("' has no attribute '")?;
                absent(module, name.split('\'').next()?, files)
            }
            "ImportError" => {
                let (name, rest) = self.text.strip_prefix("cannot import name '")?.split_once("' from '")?;
                absent(rest.split('\'').next()?, name, files)
            }
            _ => None,
        }
    }
}

/// A module of the learner's lacks a name.
fn absent(module: &str, name: &str, files: &[HandedFile]) -> Option<String> {
    let path = format!("{}.py", module.replace('.', "/"));
    let file = files.iter().find(|file| file.name == path)?;
    let text = String::from_utf8_lossy(&file.bytes);
    let meant = nearest(name, text.lines().filter_map(defined).filter(|known| *known != name));
    let meant = meant.map(|known| format!("; did you mean `{known}`, which is there?")).unwrap_or_default();
    Some(format!("{} has no `{name}`{meant}", file.name))
}

/// The name that a line at the margin gives to something.
fn defined(line: &str) -> Option<&str> {
    let word = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    if let Some(rest) = ["async def ", "def ", "class "].iter().find_map(|start| line.strip_prefix(start)) {
        let rest = rest.trim_start();
        return Some(&rest[..word(rest)]).filter(|name| !name.is_empty());
    }
    let (name, rest) = line.split_at(word(line));
    let rest = rest.trim_start();
    let is_given = (rest.starts_with('=') && !rest.starts_with("==")) || rest.starts_with(':') && rest.contains('=');
    Some(name).filter(|name| is_given && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(said: &str) -> Option<String> {
        let text = "import time\n\nasync def load(x):\n    hidden = 1\n\ndef memoise(f): ...\nclass Timer: ...\nLIMIT: int = 3\nif LIMIT: x = 1\n";
        let file = HandedFile { name: "decorators.py".to_owned(), bytes: text.as_bytes().to_vec() };
        Error::parse(&format!("`{said}` was raised")).unwrap().explain(&[file])
    }

    #[test]
    fn a_name_that_the_file_lacks_is_told_with_the_nearest_that_it_has() {
        let table = [
            ("module 'decorators' has no attribute 'memoize'", Some("memoise")),
            ("module 'decorators' has no attribute 'timer'", Some("Timer")),
            ("module 'decorators' has no attribute 'LIMITS'", Some("LIMIT")),
            ("module 'decorators' has no attribute 'laod'", Some("load")),
            ("module 'decorators' has no attribute 'hiden'", None),
        ];
        for (text, meant) in table {
            let name = text.rsplit('\'').nth(1).unwrap();
            let meant = meant.map(|known| format!("; did you mean `{known}`, which is there?")).unwrap_or_default();
            let wanted = format!("decorators.py has no `{name}`{meant}");
            assert_eq!(explained(&format!("AttributeError: {text}")), Some(wanted));
        }
        assert_eq!(
            explained("ImportError: cannot import name 'retry' from 'decorators' (/work/decorators.py)").as_deref(),
            Some("decorators.py has no `retry`")
        );
    }

    #[test]
    fn what_stops_at_the_starter_is_not_written_yet() {
        assert_eq!(explained("NotImplementedError").as_deref(), Some(NOT_WRITTEN));
        assert_eq!(explained("NotImplementedError: timer").as_deref(), Some(NOT_WRITTEN));
    }

    #[test]
    fn pythons_words_stay_where_there_are_no_better_ones() {
        for said in [
            "AttributeError: module 'time' has no attribute 'slep'",
            "AttributeError: 'X' object has no x",
            "KeyError: 1",
        ] {
            assert_eq!(explained(said), None);
        }
    }

    #[test]
    fn a_hint_fits_an_error_that_is_not_about_names() {
        let fits = |said: &str| Error::parse(&format!("`{said}` was raised")).unwrap().is_about_what_is_asked();
        assert!(fits("ValueError: bad") && fits("TypeError: 'int' object is not callable"));
        assert!(!fits("NameError: name 'x' is not defined"));
        assert!(!fits("TypeError: f() got an unexpected keyword argument 'delay'"));
        assert!(Error::parse("expected 1, got 2").is_none());
    }
}
