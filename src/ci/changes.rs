//! What a push touched. Whenever that can't be told, everything counts as touched, and it is said why.

use std::path::Path;

use super::base::Base;
use super::git::Git;
use crate::catalog::Exercise;
use crate::environment::Variables;
use crate::error::{Fault, Result};
use crate::repository::CONFIG;

/// Digits of a commit that are shown.
const SHORT: usize = 10;
const HOW_TO_DEEPEN: &str =
    "`fetch-depth: 0` of actions/checkout, or `GIT_DEPTH: \"0\"` in GitLab, brings the whole history";

/// What there is to compare.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Compared with this commit; nothing means that everything counts as touched.
    since: Option<(Git, String)>,
    /// What was compared, or why nothing was; a sentence.
    words: String,
}

impl Changes {
    /// Between `base` and what is checked out in the repository at `root`.
    ///
    /// # Errors
    /// The commit that was typed is not there (wrong usage), or git can't be asked (machine).
    pub fn since(base: Base, root: &Path, variables: &Variables) -> Result<Self> {
        if let Base::Nothing(why) = base {
            return Ok(Self::everything(&why));
        }
        let Some(git) = Git::on(root, variables) else {
            return Ok(Self::everything("`git` is not installed"));
        };
        if git.commit("HEAD")?.is_none() {
            return Ok(Self::everything("nothing is committed here"));
        }
        match base {
            Base::Before(commit) => since_push(git, &commit),
            Base::Left { name, was_typed } => since_left(git, &name, was_typed),
            Base::Nothing(why) => Ok(Self::everything(&why)),
        }
    }

    fn everything(why: &str) -> Self {
        Self { since: None, words: format!("Everything is graded: {why}.") }
    }

    /// What was compared, or why everything counts.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// Whether a file of `exercise` is not what it was; a change of `grade.toml` touches everything.
    pub fn touch(&self, exercise: &Exercise) -> Result<bool> {
        let Some((git, since)) = &self.since else { return Ok(true) };
        let mut paths: Vec<String> = exercise.files.iter().map(|file| exercise.path_of(file)).collect();
        if !exercise.include.is_empty() {
            paths.push(if exercise.folder.is_empty() { ".".to_owned() } else { exercise.folder.clone() });
        }
        paths.push(CONFIG.to_owned());
        git.differ(since, "HEAD", &paths)
    }
}

/// Compares the two states, whatever lies between: after a force push, what the old one had must count too.
fn since_push(git: Git, before: &str) -> Result<Changes> {
    let short = &before[..SHORT];
    let Some(commit) = git.commit(before)? else {
        let why = if git.is_shallow()? {
            format!(
                "the commit before this push, {short}, is not in this clone, which has only the end of the history; {HOW_TO_DEEPEN}"
            )
        } else {
            format!(
                "the commit before this push, {short}, is not in this clone any more: the branch was pushed by force"
            )
        };
        return Ok(Changes::everything(&why));
    };
    let forced = if git.is_ancestor(&commit, "HEAD")? { "" } else { ", which was a push by force" };
    let words = format!("Only what changed since {short}, the commit before this push{forced}, is graded.");
    Ok(Changes { since: Some((git, commit)), words })
}

fn since_left(git: Git, name: &str, was_typed: bool) -> Result<Changes> {
    let shown = if was_typed { name } else { &name[..SHORT] };
    let commit = git.commit(name)?;
    let ancestor = commit.as_deref().map(|commit| git.common_ancestor(commit, "HEAD")).transpose()?.flatten();
    match (commit, ancestor) {
        (_, Some(ancestor)) => {
            let words =
                format!("Only what changed since {}, where this left `{shown}`, is graded.", &ancestor[..SHORT]);
            Ok(Changes { since: Some((git, ancestor)), words })
        }
        (None, None) if was_typed => {
            let fault = Fault::usage(format!("there is no commit `{name}` in this clone"));
            Err(fault.hint(if git.is_shallow()? { HOW_TO_DEEPEN } else { "`git fetch` may bring it" }))
        }
        _ if git.is_shallow()? => {
            let why = format!(
                "where this left `{shown}` is not in this clone, which has only the end of the history; {HOW_TO_DEEPEN}"
            );
            Ok(Changes::everything(&why))
        }
        (None, None) => Ok(Changes::everything(&format!("the commit {shown} is not in this clone"))),
        (Some(_), None) => Ok(Changes::everything(&format!("this has no history in common with `{shown}`"))),
    }
}
