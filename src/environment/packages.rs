//! What is installed for the submissions of one exercise.

use super::Environment;

/// The environments of one exercise, apart from each other: learner code sees its own only.
#[derive(Clone, Debug, Default)]
pub struct Packages {
    /// What the exercise locks for the learner's code; `None` when that is nothing.
    pub own: Option<Environment>,
    /// The type checker, where the exercise asks for it (`types` in `[sandbox]`).
    pub types: Option<Environment>,
}

impl Packages {
    /// Stands for everything that is installed: equal keys, equal packages.
    pub fn key(&self) -> String {
        let key = |environment: &Option<Environment>| environment.as_ref().map_or("", |each| &each.key).to_owned();
        format!("{}+{}", key(&self.own), key(&self.types))
    }
}
