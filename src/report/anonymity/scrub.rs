//! Finds names in what a learner's program said.

use aho_corasick::AhoCorasick;

use crate::error::{Fault, Result};
use crate::store::Learner;

/// Shorter words are no names to anybody.
const SHORTEST: usize = 3;

/// Names, and the codes that take their places.
#[derive(Debug)]
pub(super) struct Scrub {
    names: AhoCorasick,
    codes: Vec<String>,
}

impl Scrub {
    /// Of names and their codes.
    pub(super) fn new(names: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let (mut texts, mut codes) = (Vec::new(), Vec::new());
        for (name, code) in names.into_iter().filter(|(name, _)| name.chars().count() >= SHORTEST) {
            // The automaton knows the cases of ASCII only.
            for text in [name.to_lowercase(), name.to_uppercase(), name] {
                texts.push(text);
                codes.push(code.clone());
            }
        }
        let names = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(texts)
            .map_err(|error| Fault::ourselves("can't search for names").because(error))?;
        Ok(Self { names, codes })
    }

    /// The text with codes for names, where these stand as words of their own; of two that overlap the longer.
    pub(super) fn clean(&self, text: &str) -> String {
        let mut found: Vec<_> =
            self.names.find_overlapping_iter(text).filter(|found| is_word(text, found.start(), found.end())).collect();
        found.sort_by_key(|found| (found.start(), std::cmp::Reverse(found.end())));
        let (mut clean, mut done) = (String::with_capacity(text.len()), 0);
        for found in found {
            if found.start() >= done {
                clean.push_str(&text[done..found.start()]);
                clean.push_str(&self.codes[found.pattern().as_usize()]);
                done = found.end();
            }
        }
        clean + &text[done..]
    }
}

fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

/// Everything that a learner is called by in the run.
pub(super) fn own_names(learner: &Learner) -> Vec<String> {
    let is_name = |header: &str| {
        let header = header.to_lowercase();
        ["name", "login", "user", "mail", "id"].iter().any(|word| header.contains(word))
    };
    let details = learner.details.iter().filter(|(header, _)| is_name(header)).map(|(_, text)| text.as_str());
    let told = [Some(learner.key.as_str()), learner.name.as_deref(), learner.email.as_deref()];
    let mut names: Vec<String> = Vec::new();
    for text in told.into_iter().flatten().chain(details) {
        names.push(text.to_owned());
        names.extend(text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
    }
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_words_in_any_case() {
        let ada = Learner {
            id: 1,
            key: "lovelaceada".to_owned(),
            name: Some("Ada Łukasz".to_owned()),
            email: Some("a.king@uni.example".to_owned()),
            section: None,
            on_roster: None,
            details: [("uid".to_owned(), "4711".to_owned()), ("grade".to_owned(), "first".to_owned())].into(),
        };
        let scrub = Scrub::new(own_names(&ada).into_iter().map(|name| (name, "L1".to_owned()))).unwrap();
        for (text, clean) in [
            ("by ADA łukasz, ada_square.py", "by L1, L1_square.py"),
            ("ŁUKASZ", "L1"),
            ("mail A.King@uni.example now", "mail L1 now"),
            ("4711 is first", "L1 is first"),
            ("adapter, canada", "adapter, canada"),
        ] {
            assert_eq!(scrub.clean(text), clean);
        }
    }
}
