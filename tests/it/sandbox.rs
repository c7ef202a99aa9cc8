//! The sandbox by its own interface: each level is built to the end, and what it claims is tried.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::path::{Path, PathBuf};

use grade::doctor::{LevelReport, examine};
use grade::environment::{Request, discover};
use grade::report::doctor::promised;
use grade::sandbox::layout::PythonFiles;
use grade::sandbox::slot::SlotSpec;
use grade::verdict::Level;

fn spec() -> SlotSpec {
    let cache = tempfile::tempdir().unwrap();
    let python = discover(&Request::new(None, (3, 11), cache.path())).unwrap();
    SlotSpec {
        program: env!("CARGO_BIN_EXE_grade").into(),
        python: PythonFiles {
            executable: python.executable,
            folders: vec![python.base_prefix, python.base_exec_prefix, python.stdlib, python.platstdlib],
        },
        kit: kit(),
        packages: None,
        preload: Vec::new(),
        tools: Vec::new(),
        memory_bytes: 256 << 20,
        processes: 32,
        hash_seed: 0,
    }
}

fn kit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("graders/sandboxed")
}

/// The strongest level that this machine is to give; said by who runs the tests, since a missing level must not pass silently.
fn wanted() -> Level {
    match std::env::var("GRADE_TEST_LEVEL").as_deref() {
        Ok("landlock") => Level::Landlock,
        Ok("limits") => Level::Limits,
        _ => Level::Full,
    }
}

fn broken_promises(report: &LevelReport) -> Vec<String> {
    let held = |name: &str| report.attempts.iter().any(|attempt| attempt.name == name && attempt.held);
    promised(report.level)
        .iter()
        .filter(|name| !held(name))
        .map(|name| format!("{:?}: {name}: {:?}", report.level, report.attempts))
        .collect()
}

#[tokio::test]
async fn what_a_level_promises_holds_when_it_is_tried() {
    for report in examine(&spec()).await {
        if report.level > wanted() {
            println!("not on this machine: {:?} ({:?})", report.level, report.error);
            continue;
        }
        assert_eq!(report.failed_step, None, "{:?}: {:?}", report.level, report.error);
        assert_eq!(broken_promises(&report), Vec::<String>::new());
    }
}
