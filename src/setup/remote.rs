//! A repository of a service, as it is typed: `OWNER/REPO[@REF]`.

use std::str::FromStr;

/// `course/graders@v2`; GitLab's groups nest: `school/course/graders`. Every part is harmless in YAML, in a shell and in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    repository: String,
    reference: Option<String>,
}

impl Remote {
    /// `course/graders`
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// A branch, a tag or a commit.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }
}

impl FromStr for Remote {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (repository, reference) = match text.split_once('@') {
            Some((repository, reference)) => (repository, Some(reference)),
            None => (text, None),
        };
        let is_nested = repository.contains('/');
        if !is_nested
            || !repository.split('/').all(is_part)
            || !reference.is_none_or(|name| name.split('/').all(is_part))
        {
            return Err(
                "a repository is named `OWNER/REPO` or `OWNER/REPO@REF`, with letters, digits, `.`, `_` and `-`",
            );
        }
        Ok(Self { repository: repository.to_owned(), reference: reference.map(str::to_owned) })
    }
}

fn is_part(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
        && !part.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_may_be_nested_and_have_a_ref() {
        for (text, repository, reference) in [
            ("course/graders", "course/graders", None),
            ("a/b/c@release/v1.2", "a/b/c", Some("release/v1.2")),
            ("A-1/x.y_z@0123abc", "A-1/x.y_z", Some("0123abc")),
        ] {
            let remote: Remote = text.parse().unwrap();
            assert_eq!((remote.repository(), remote.reference()), (repository, reference));
        }
    }

    #[test]
    fn what_could_be_more_than_a_name_is_refused() {
        for text in [
            "graders", "a/b@", "a//b", "/a/b", "a/../b", "a/b@x y", "a/b@-x", "a/b\n", "a/$(id)", "a/b'", "a/b@x@y", "",
        ] {
            assert!(text.parse::<Remote>().is_err(), "{text:?}");
        }
    }
}
