//! What the documents say of the repository is true, and the code keeps to the directions that DESIGN.md draws.

#![expect(clippy::unwrap_used, reason = "a test that can't read the repository has failed")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What stands between `open` and `close`.
fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(open).skip(1).filter_map(move |rest| rest.split_once(close).map(|(inside, _)| inside))
}

fn is_path(text: &str) -> bool {
    let known = ["src/", "graders/", "exercises/", "fixtures/", "docs/", "tests/", "benches/"];
    known.iter().any(|start| text.starts_with(start)) && !text.contains(['<', '*', ' ', '$'])
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let mut missing = Vec::new();
    for document in [
        "README.md",
        "DESIGN.md",
        "docs/protocol.md",
        "docs/grader-api.md",
        "docs/exercise-format.md",
        "docs/authoring.md",
        "docs/store.md",
        "docs/batch.md",
        "docs/policies.md",
        "docs/reports.md",
        "docs/suites.md",
        "docs/ci.md",
        "docs/configuration.md",
    ] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        let folder = root().join(document).parent().unwrap().to_owned();
        let quoted = between(&text, "`", "`").filter(|name| is_path(name)).map(|name| root().join(name));
        let linked = between(&text, "](", ")").filter(|link| !link.contains("://"));
        let linked = linked.filter_map(|link| link.split('#').next()).map(|link| folder.join(link));
        missing.extend(quoted.chain(linked).filter(|path| !path.exists()).map(|path| (document, path)));
    }
    assert_eq!(missing, Vec::<(&str, PathBuf)>::new());
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// A part of the crate, and what it must not know.
const STRANGERS: &[(&str, &[&str])] = &[
    ("sandbox", &["catalog", "cli", "environment", "judge", "judging", "report", "runner", "settings", "submission"]),
    ("wire", &["catalog", "cli", "environment", "judge", "judging", "report", "runner", "sandbox", "settings"]),
    ("judging", &["catalog", "cli", "environment", "judge", "report", "runner", "sandbox", "settings", "submission"]),
    ("judge", &["catalog", "cli", "environment", "judging", "report", "runner", "settings", "submission"]),
    ("runner", &["cli", "report", "settings", "workshop"]),
    ("catalog", &["cli", "judge", "judging", "report", "runner", "sandbox"]),
    ("environment", &["catalog", "cli", "judge", "judging", "report", "runner", "sandbox", "settings"]),
    ("store", &["batch", "cli", "intake", "judge", "judging", "report", "runner", "sandbox", "settings", "workshop"]),
    ("intake", &["batch", "cli", "judge", "judging", "report", "runner", "sandbox", "settings", "workshop"]),
    ("batch", &["cli", "intake", "judging", "report", "settings", "workshop"]),
    ("class", &["batch", "cli", "intake", "judge", "judging", "policy", "report", "runner", "sandbox", "settings"]),
    ("policy", &["batch", "class", "cli", "intake", "judge", "judging", "report", "runner", "sandbox", "settings"]),
    ("disclosure", &["batch", "catalog", "class", "cli", "judge", "judging", "policy", "report", "runner", "sandbox"]),
    ("report", &["cli", "judge", "runner", "sandbox", "workshop"]),
    ("ci", &["batch", "cli", "intake", "judge", "judging", "report", "runner", "sandbox", "settings", "workshop"]),
    ("events", &["catalog", "cli", "judge", "judging", "report", "runner", "sandbox", "settings", "wire"]),
];

#[test]
fn no_part_of_the_crate_knows_what_comes_after_it() {
    let mut found = Vec::new();
    sources(&root().join("src"), &mut found);
    let mut wrong = Vec::new();
    for path in &found {
        let inside = path.strip_prefix(root().join("src")).unwrap();
        let part = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        let Some((_, strangers)) = STRANGERS.iter().find(|(name, _)| *name == part) else { continue };
        let text = fs::read_to_string(path).unwrap();
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        wrong.extend(
            strangers.iter().filter(|other| code.contains(&format!("crate::{other}::"))).map(|other| (inside, *other)),
        );
    }
    assert_eq!(wrong, Vec::<(&Path, &str)>::new());
}
