//! Type hints are checked in a sandbox of their own, where learner code is read and never run.

#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use grade::catalog::Catalog;
use grade::environment::Silent;
use grade::runner::Job;
use grade::submission::Submission;
use grade::verdict::{Level, Outcome, Verdict};
use grade::workshop::{Order, Workshop};

use crate::trial::cache;

const RIGHT: &str = "def square(n: int) -> int:\n    return n * n\n";

async fn graded(source: &str, isolation: Option<Level>) -> Verdict {
    let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalog");
    let order = Order {
        suites: Vec::new(),
        cache_dir: cache(),
        catalogs: vec![env!("CARGO_MANIFEST_DIR").into(), catalog.clone()],
        python: None,
        minimum: (3, 11),
        isolation,
        seed: 7,
        interrupt: None,
    };
    let exercise = Catalog::load(&[catalog]).unwrap().find("probe/typed").unwrap();
    let mut workshop = Workshop::open(order, &Silent).unwrap();
    let packages = workshop.packages(&exercise, &Silent).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("square.py"), source).unwrap();
    let handed = Submission::read(folder.path(), "", &exercise).unwrap();
    let job = Job { exercise: Arc::clone(&exercise), handed, folder: String::new(), learner: None, seed: 7 };
    let mut bench = workshop.bench_of(Path::new(env!("CARGO_BIN_EXE_grade")));
    let verdict = bench.grade(&job, &packages, &grade::events::Silent).await.unwrap();
    bench.rest().await;
    verdict
}

fn outcomes(verdict: &Verdict) -> Vec<Outcome> {
    verdict.checks.iter().map(|check| check.outcome).collect()
}

#[tokio::test(flavor = "current_thread")]
async fn right_hints_pass_at_every_level() {
    for level in [None, Some(Level::Landlock), Some(Level::Limits)] {
        assert_eq!(outcomes(&graded(RIGHT, level).await), [Outcome::Passed; 3], "{level:?}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn what_mypy_says_is_told_at_the_learners_line() {
    let verdict = graded(&format!("{RIGHT}\n\nside: str = square(3)\n"), None).await;
    assert_eq!(outcomes(&verdict), [Outcome::Passed, Outcome::Passed, Outcome::Failed]);
    let check = &verdict.checks[2];
    assert_eq!(check.location.as_ref().unwrap().line, 5);
    assert!(check.message.contains("square.py:5: Incompatible types in assignment"), "{}", check.message);
}

#[tokio::test(flavor = "current_thread")]
async fn hints_that_say_nothing_are_not_complete() {
    let verdict = graded("from typing import Any\n\n\ndef square(n: Any) -> Any:\n    return n * n\n", None).await;
    assert_eq!(outcomes(&verdict), [Outcome::Passed, Outcome::Failed, Outcome::Passed]);
    assert!(verdict.checks[1].message.contains("assert_type(square(3), int)"), "{}", verdict.checks[1].message);
}

#[tokio::test(flavor = "current_thread")]
async fn a_file_can_neither_silence_the_type_checker_nor_run_beside_it() {
    let wrong = format!("{RIGHT}\n\nside: str = square(3)");
    let patched = "import sys\n\nfor each in ('mypy', 'mypy.build', 'sandboxed.type_check'):\n    sys.modules[each] = None  # type: ignore\n";
    for source in [
        format!("{wrong}  # type: ignore\n"),
        format!("# mypy: ignore-errors\n{wrong}\n"),
        format!("{patched}{wrong}\n"),
    ] {
        assert_eq!(outcomes(&graded(&source, None).await)[2], Outcome::Failed, "{source}");
    }
}
