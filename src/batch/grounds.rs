//! What a result depends on, as one key.

use crate::catalog::Exercise;
use crate::environment::{Environment, Packages};
use crate::error::Result;
use crate::verdict::{Isolation, Level};

/// Of this program's sources and everything embedded in it: another build may judge otherwise.
const BUILD: &str = env!("GRADE_BUILD");

/// Everything that all results of a round share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds(String);

impl Grounds {
    /// Of `exercise`, graded by `judge` with `packages` at hand, isolated at `level`.
    pub fn new(exercise: &Exercise, judge: &Environment, packages: &Packages, level: Level) -> Result<Self> {
        // The limits are part of the exercise's hash; they are named here since they may be set elsewhere one day.
        let limits = format!("{:?}", exercise.limits);
        Ok(Self(digest(&[
            BUILD,
            exercise.id.as_str(),
            exercise.hash()?,
            &limits,
            &judge.key,
            &judge.interpreter.version().to_string(),
            &packages.key(),
            level.name(),
        ])))
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// The key of the result on these files. `seed`: when only a result of that seed may stand in for it.
    pub fn key(&self, isolation: &Isolation, files: &str, seed: Option<u64>) -> String {
        let mut mechanisms: Vec<&str> = isolation.mechanisms.iter().map(String::as_str).collect();
        mechanisms.sort_unstable();
        let seed = seed.map_or_else(String::new, |seed| seed.to_string());
        digest(&[&self.0, isolation.level.name(), &mechanisms.join(" "), files, &seed])
    }
}

/// The seed of a submission: the same for the same files in a run, whoever handed them in and whenever they are graded. Short enough to be
/// typed again.
pub(super) fn seed(run: u64, files: &str) -> u64 {
    let mut hasher = blake3::Hasher::new_derive_key("grade 2026 seed of a submission");
    hasher.update(&run.to_le_bytes()).update(files.as_bytes());
    let hash = hasher.finalize();
    let bytes = hash.as_bytes();
    u64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

fn digest(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        // The length keeps a part from running into the next.
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_another_when_anything_is() {
        let grounds = Grounds("g".to_owned());
        let isolation = |level, mechanisms: &[&str]| Isolation {
            level,
            mechanisms: mechanisms.iter().map(|name| (*name).to_owned()).collect(),
        };
        let key = grounds.key(&isolation(Level::Full, &["a", "b"]), "files", None);
        assert_eq!(key, grounds.key(&isolation(Level::Full, &["b", "a"]), "files", None));
        for other in [
            grounds.key(&isolation(Level::Landlock, &["a", "b"]), "files", None),
            grounds.key(&isolation(Level::Full, &["a"]), "files", None),
            grounds.key(&isolation(Level::Full, &["a", "b"]), "file", None),
            grounds.key(&isolation(Level::Full, &["a", "b"]), "files", Some(1)),
            Grounds("h".to_owned()).key(&isolation(Level::Full, &["a", "b"]), "files", None),
        ] {
            assert_ne!(key, other);
        }
    }

    #[test]
    fn equal_files_have_equal_seeds_in_a_run_and_others_in_another() {
        assert_eq!(seed(7, "a"), seed(7, "a"));
        assert_ne!(seed(7, "a"), seed(8, "a"));
        assert_ne!(seed(7, "a"), seed(7, "b"));
    }
}
