//! The workflow that grades a learner's repository, for the service that it lives on.

mod remote;

pub use remote::Remote;

use crate::error::{Fault, Result};

/// Who runs the jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Service {
    /// GitHub Actions: `.github/workflows/grade.yml`.
    Github,
    /// GitLab CI: `.gitlab-ci.yml`.
    Gitlab,
}

/// The repository that this program was released from, with its version as the ref; known to released binaries only.
const ORIGIN: Option<&str> = option_env!("GRADE_REPOSITORY");

const GITHUB: &str = include_str!("setup/github.yml");
const GITHUB_GRADERS: &str = include_str!("setup/github-graders.yml");
const GITLAB: &str = include_str!("setup/gitlab.yml");
const GITLAB_GRADERS: &str = include_str!("setup/gitlab-graders.yml");

/// A workflow, to be put at `path` in the learner's repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    pub path: &'static str,
    pub text: String,
}

/// The workflow for `service`; with `graders`, what is asked for and who judges it come from there.
///
/// # Errors
/// GitHub's needs to know where the action is, and this program was not built by a release.
pub fn workflow(service: Service, graders: Option<&Remote>, action: Option<&Remote>) -> Result<Workflow> {
    let (path, template) = match (service, graders) {
        (Service::Github, None) => (".github/workflows/grade.yml", GITHUB),
        (Service::Github, Some(_)) => (".github/workflows/grade.yml", GITHUB_GRADERS),
        (Service::Gitlab, None) => (".gitlab-ci.yml", GITLAB),
        (Service::Gitlab, Some(_)) => (".gitlab-ci.yml", GITLAB_GRADERS),
    };
    let mut text = template.replace("@version@", env!("CARGO_PKG_VERSION"));
    if service == Service::Github {
        let action = action.map_or_else(origin, |action| Ok(action.clone()))?;
        let tag = action.reference().unwrap_or(concat!("v", env!("CARGO_PKG_VERSION")));
        text = text.replace("@action@", &format!("{}/.github/actions/grade@{tag}", action.repository()));
    }
    if let Some(graders) = graders {
        text = text.replace("@graders@", graders.repository()).replace("@ref@", graders.reference().unwrap_or("main"));
    }
    Ok(Workflow { path, text })
}

fn origin() -> Result<Remote> {
    let named = ORIGIN.and_then(|origin| origin.parse().ok());
    named.ok_or_else(|| {
        Fault::usage("this `grade` was not built by a release, so that it does not know where its action is")
            .hint("name the repository: `--action OWNER/REPO@REF`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(text: &str) -> Remote {
        text.parse().unwrap()
    }

    #[test]
    fn nothing_is_left_to_be_filled_in() {
        let (graders, action) = (remote("course/graders@v2"), remote("tools/grade@v1"));
        for service in [Service::Github, Service::Gitlab] {
            for graders in [None, Some(&graders)] {
                let text = workflow(service, graders, Some(&action)).unwrap().text;
                let words = ["@version@", "@action@", "@graders@", "@ref@"];
                assert!(!words.iter().any(|word| text.contains(word)), "{text}");
            }
        }
    }

    #[test]
    fn the_action_has_the_ref_that_was_named_or_this_version() {
        let text = |action| workflow(Service::Github, None, Some(&remote(action))).unwrap().text;
        assert!(text("tools/grade@main").contains("uses: tools/grade/.github/actions/grade@main\n"));
        let version = concat!("uses: tools/grade/.github/actions/grade@v", env!("CARGO_PKG_VERSION"), "\n");
        assert!(text("tools/grade").contains(version));
    }

    #[test]
    fn without_a_release_the_action_has_to_be_named() {
        if ORIGIN.is_none() {
            assert_eq!(workflow(Service::Github, None, None).unwrap_err().exit_code(), 2);
        }
    }
}
