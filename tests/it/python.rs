//! The tests of the Python packages: `graders/grader` and `graders/sandboxed`, under a locked pytest and Hypothesis.

use std::path::Path;

use grade::environment::{Environments, Request, Requirements, Silent, discover};

#[test]
#[expect(clippy::disallowed_methods, reason = "these are tests of our own Python, not of learner code")]
fn the_python_packages_pass_their_own_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cache = tempfile::tempdir().unwrap();
    let python = discover(&Request::new(None, (3, 11), cache.path())).unwrap();
    let lock = std::fs::read(root.join("graders/tests/requirements.txt")).unwrap();
    let environment =
        Environments::new(cache.path()).prepare(&python, &Requirements::new("the tests", lock), &Silent).unwrap();
    let output = std::process::Command::new(environment.python())
        .args(["-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "graders/tests"])
        .current_dir(root)
        .env("PYTHONPATH", root.join("graders"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
