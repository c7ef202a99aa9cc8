//! Where a job runs, told by its environment.

use crate::environment::Variables;

/// Whose log and reports are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Platform {
    /// GitHub Actions, and what imitates it.
    Github,
    /// GitLab CI.
    Gitlab,
    /// Any other; only the log.
    Plain,
}

impl Platform {
    /// The one that these variables belong to.
    pub fn of(variables: &Variables) -> Self {
        let says_so = |name: &str| variables.get(name).is_some_and(|value| value == "true");
        if says_so("GITHUB_ACTIONS") {
            Self::Github
        } else if says_so("GITLAB_CI") {
            Self::Gitlab
        } else {
            Self::Plain
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_is_known_by_the_variable_that_it_sets() {
        let of = |name: &str, value: &str| Platform::of(&Variables::default().with(name, value));
        assert_eq!(of("GITHUB_ACTIONS", "true"), Platform::Github);
        assert_eq!(of("GITLAB_CI", "true"), Platform::Gitlab);
        assert_eq!(of("GITHUB_ACTIONS", "false"), Platform::Plain);
        assert_eq!(of("CI", "true"), Platform::Plain);
    }
}
