//! Files of a submission that an exercise takes by pattern: `include` in `exercise.toml`.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::names;
use super::strays::is_stray;
use crate::document::Section;

/// Patterns for files below `folder`, beside those that `files` names. `*` stays within a folder, `**` does not.
#[derive(Clone, Debug, Default)]
pub struct Include {
    patterns: Vec<String>,
    set: GlobSet,
}

impl Include {
    /// Reads `include` below `root`; nothing is taken when it is absent.
    pub(super) fn read(root: &Section) -> Self {
        let mut include = Self::default();
        let mut set = GlobSetBuilder::new();
        for pattern in root.texts("include") {
            match compile(pattern.get_ref()) {
                Ok(glob) => {
                    set.add(glob);
                    include.patterns.push(pattern.into_inner());
                }
                Err(why) => root.mistake(pattern.span(), why),
            }
        }
        match set.build() {
            Ok(set) => include.set = set,
            Err(error) => root.mistake(root.span_of("include"), format!("the patterns can't be used: {error}")),
        }
        include
    }

    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// As they are written in `exercise.toml`.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Whether it is worth looking into `folder` (below `folder` of the exercise, with `/`).
    pub fn may_take_from(&self, folder: &str) -> bool {
        self.patterns.iter().any(|pattern| may_fit_below(pattern, folder))
    }

    /// Whether the file `name` (below `folder`, with `/`) is taken; what [`is_left_behind`] is not.
    pub fn takes(&self, name: &str) -> bool {
        self.set.is_match(name) && !name.split('/').any(is_left_behind)
    }
}

/// Whether files that `pattern` fits may be in `folder` or below it: as far as the pattern's first folders are plain names, they must agree.
fn may_fit_below(pattern: &str, folder: &str) -> bool {
    let plain = pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{']));
    plain.zip(folder.split('/')).all(|(wanted, part)| wanted == part)
}

fn compile(pattern: &str) -> Result<Glob, String> {
    if !names::is_relative(pattern) {
        return Err("a pattern must be a path below `folder`, with `/`, as `src/**/*.py`".to_owned());
    }
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map_err(|error| format!("`{pattern}` is no pattern: {}", error.kind()))
}

/// Whether tools, and not the learner, made the file or folder of this name: hidden ones, caches, and what building leaves behind.
pub fn is_left_behind(name: &str) -> bool {
    name.starts_with('.') || is_stray(name) || name.ends_with(".egg-info") || name.ends_with(".dist-info")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn include(patterns: &[&str]) -> Include {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            set.add(compile(pattern).unwrap());
        }
        Include { patterns: Vec::new(), set: set.build().unwrap() }
    }

    #[test]
    fn a_star_stays_in_its_folder_and_two_do_not() {
        let include = include(&["tool/*.py", "data/**"]);
        assert!(include.takes("tool/cli.py") && include.takes("data/a/b.txt"));
        assert!(!include.takes("tool/sub/cli.py") && !include.takes("other.txt"));
    }

    #[test]
    fn folders_that_no_pattern_reaches_are_not_looked_into() {
        assert!(
            may_fit_below("tool/**", "tool") && may_fit_below("tool/**", "tool/data") && may_fit_below("**", "a/b")
        );
        assert!(may_fit_below("src/*/data/*.txt", "src/tool"));
        assert!(!may_fit_below("tool/**", "other") && !may_fit_below("src/tool/*.py", "src/other"));
    }

    #[test]
    fn what_tools_leave_behind_is_not_taken() {
        let include = include(&["**"]);
        for name in [".git/config", "a/__pycache__/b.pyc", "a.egg-info/PKG-INFO", ".venv/bin/python", "a.py~"] {
            assert!(!include.takes(name), "{name}");
        }
        assert!(include.takes("README.md") && include.takes("src/tool/build/step.py"));
    }

    #[test]
    fn a_pattern_that_leaves_the_folder_is_refused() {
        for pattern in ["/etc/*", "../**", "a/../**", "[", ""] {
            assert!(compile(pattern).is_err(), "{pattern:?}");
        }
    }
}
