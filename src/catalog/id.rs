//! The id of an exercise: `group/name`.

use std::fmt;

/// `day4/decorators`: two parts of lower-case letters, digits, `_` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExerciseId(String);

impl ExerciseId {
    /// The id, or nothing when `text` is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (group, name) = text.split_once('/')?;
        (is_part(group) && is_part(name)).then(|| Self(text.to_owned()))
    }

    /// Stands for a suite, which is in no catalogue: its name as it was typed.
    pub(crate) fn of_suite(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// `day4` of `day4/decorators`.
    pub fn group(&self) -> &str {
        self.0.split_once('/').map_or(self.as_str(), |(group, _)| group)
    }

    /// `decorators` of `day4/decorators`.
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, name)| name)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExerciseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

fn is_part(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_a_group_and_a_name() {
        let id = ExerciseId::parse("day4/decorators").unwrap();
        assert_eq!((id.group(), id.name()), ("day4", "decorators"));
    }

    #[test]
    fn what_could_leave_the_catalogue_is_no_id() {
        for text in ["day4", "day4/", "/x", "../x", "a/..", "a/b/c", "A/b", "a/b.c", "a/-b", ""] {
            assert_eq!(ExerciseId::parse(text), None, "{text}");
        }
    }
}
