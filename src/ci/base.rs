//! What a job compares with: told by the event that started it, or by the command line.

use std::io::Read as _;

use serde_json::Value;

use super::Platform;
use super::git::is_commit;
use crate::environment::Variables;
use crate::error::{Fault, IoContext as _, Result};

/// Larger events are none.
const MAX_EVENT_BYTES: u64 = 32 << 20;

/// What the state that is graded is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// The commit that the branch was at before it was pushed.
    Before(String),
    /// Where the history left this commit or branch: of a pull request, or of `--base`.
    Left { name: String, was_typed: bool },
    /// There is nothing to compare with: why.
    Nothing(String),
}

/// What the job should compare with: `typed`, or else what the platform says.
pub fn base(typed: Option<&str>, platform: Platform, variables: &Variables) -> Result<Base> {
    if let Some(name) = typed {
        return Ok(Base::Left { name: name.to_owned(), was_typed: true });
    }
    match platform {
        Platform::Github => of_github(variables),
        Platform::Gitlab => Ok(of_gitlab(variables)),
        Platform::Plain => Err(Fault::usage("`--changed` does not know what to compare with here")
            .hint("name it: `grade ci --changed --base origin/main`")),
    }
}

fn of_github(variables: &Variables) -> Result<Base> {
    let name = text(variables, "GITHUB_EVENT_NAME");
    let event = event(variables)?;
    let at = |path: &str| event.pointer(path).and_then(Value::as_str);
    let base = match name.as_str() {
        "push" => at("/before").map(before),
        "pull_request" | "pull_request_target" => at("/pull_request/base/sha").map(left),
        "merge_group" => at("/merge_group/base_sha").map(left),
        _ => None,
    };
    Ok(base.unwrap_or_else(|| Base::Nothing(format!("the event `{name}` has no state before it"))))
}

fn event(variables: &Variables) -> Result<Value> {
    let Some(path) = variables.get("GITHUB_EVENT_PATH") else { return Ok(Value::Null) };
    let doing = || format!("read the event in `{}`", path.display());
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(MAX_EVENT_BYTES).read_to_end(&mut bytes)).or_machine(doing)?;
    serde_json::from_slice(&bytes).map_err(|error| Fault::machine(format!("can't {}", doing())).because(error))
}

fn of_gitlab(variables: &Variables) -> Base {
    let merge_request = text(variables, "CI_MERGE_REQUEST_DIFF_BASE_SHA");
    if merge_request.is_empty() { before(&text(variables, "CI_COMMIT_BEFORE_SHA")) } else { left(&merge_request) }
}

fn text(variables: &Variables, name: &str) -> String {
    variables.get(name).map(|value| value.to_string_lossy().into_owned()).unwrap_or_default()
}

fn before(commit: &str) -> Base {
    if is_commit(commit) && commit.bytes().any(|byte| byte != b'0') {
        Base::Before(commit.to_owned())
    } else {
        Base::Nothing("nothing was there before this push: it is the first of its branch".to_owned())
    }
}

fn left(commit: &str) -> Base {
    if is_commit(commit) {
        Base::Left { name: commit.to_owned(), was_typed: false }
    } else {
        Base::Nothing("the event does not say what the request is to be merged into".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";
    const ZEROS: &str = "0000000000000000000000000000000000000000";

    fn github(event: &str, content: &str) -> Base {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("event.json");
        std::fs::write(&file, content).unwrap();
        let variables = Variables::default().with("GITHUB_EVENT_NAME", event).with("GITHUB_EVENT_PATH", file);
        base(None, Platform::Github, &variables).unwrap()
    }

    fn nothing(base: Base) -> String {
        let Base::Nothing(why) = base else { panic!("{base:?}") };
        why
    }

    #[test]
    fn a_push_is_compared_with_what_was_there_before() {
        assert_eq!(github("push", &format!(r#"{{"before": "{A}"}}"#)), Base::Before(A.to_owned()));
        assert!(nothing(github("push", &format!(r#"{{"before": "{ZEROS}"}}"#))).contains("first of its branch"));
    }

    #[test]
    fn a_pull_request_is_compared_with_where_it_left() {
        let event = format!(r#"{{"pull_request": {{"base": {{"sha": "{A}"}}}}}}"#);
        assert_eq!(github("pull_request", &event), Base::Left { name: A.to_owned(), was_typed: false });
    }

    #[test]
    fn an_event_without_an_earlier_state_says_so() {
        assert_eq!(nothing(github("workflow_dispatch", "{}")), "the event `workflow_dispatch` has no state before it");
        assert!(
            nothing(github("pull_request", r#"{"pull_request": {"base": {"sha": "--upload-pack=x"}}}"#))
                .contains("merged")
        );
    }

    #[test]
    fn gitlab_tells_it_in_variables() {
        let of = |variables: &[(&str, &str)]| {
            let set = |all: Variables, (name, value): &(&str, &str)| all.with(name, *value);
            base(None, Platform::Gitlab, &variables.iter().fold(Variables::default(), set)).unwrap()
        };
        assert_eq!(of(&[("CI_COMMIT_BEFORE_SHA", A)]), Base::Before(A.to_owned()));
        let request = of(&[("CI_COMMIT_BEFORE_SHA", ZEROS), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", A)]);
        assert_eq!(request, Base::Left { name: A.to_owned(), was_typed: false });
        assert!(nothing(of(&[])).contains("first"));
    }

    #[test]
    fn what_is_typed_counts_and_elsewhere_has_to_be() {
        let typed = base(Some("origin/main"), Platform::Github, &Variables::default()).unwrap();
        assert_eq!(typed, Base::Left { name: "origin/main".to_owned(), was_typed: true });
        assert_eq!(base(None, Platform::Plain, &Variables::default()).unwrap_err().exit_code(), 2);
    }
}
