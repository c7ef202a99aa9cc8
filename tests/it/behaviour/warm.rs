//! What a warm bench says of a submission is what a new one says, whatever was graded before and however calls travel.

#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use grade::catalog::{Catalog, Exercise};
use grade::environment::Silent;
use grade::runner::{Bench, Job};
use grade::submission::Submission;
use grade::verdict::Verdict;
use grade::workshop::{Order, Workshop};

use crate::trial::{RIGHT, cache, preceded_by, squaring};

fn order() -> (Workshop, Arc<Exercise>) {
    let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalog");
    let order = Order {
        suites: Vec::new(),
        cache_dir: cache(),
        catalogs: vec![env!("CARGO_MANIFEST_DIR").into(), catalog.clone()],
        python: None,
        minimum: (3, 11),
        isolation: None,
        seed: 7,
        interrupt: None,
    };
    let exercise = Catalog::load(&[catalog]).unwrap().find("probe/square").unwrap();
    (Workshop::open(order, &Silent).unwrap(), exercise)
}

async fn graded(bench: &mut Bench, exercise: &Arc<Exercise>, source: &str) -> Verdict {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("square.py"), source).unwrap();
    let handed = Submission::read(folder.path(), "", exercise).unwrap();
    let job = Job { exercise: Arc::clone(exercise), handed, folder: String::new(), learner: None, seed: 7 };
    bench.grade(&job, &grade::environment::Packages::default(), &grade::events::Silent).await.unwrap()
}

/// All that a learner is told, without times.
fn told(verdict: &Verdict) -> String {
    let check = |check: &grade::verdict::CheckResult| {
        let mut check = serde_json::to_value(check).unwrap();
        check.as_object_mut().unwrap().remove("duration_ms");
        check.to_string()
    };
    let checks: Vec<String> = verdict.checks.iter().map(check).collect();
    format!("{:?}\n{}", verdict.outcome, checks.join("\n"))
}

#[tokio::test(flavor = "current_thread")]
async fn a_warm_verdict_is_as_a_cold_one() {
    let (workshop, exercise) = order();
    let program = env!("CARGO_BIN_EXE_grade");
    let sources = [
        RIGHT.to_owned(),
        // Two calls are asked for at once from here on: a print can't be told from that of the other, an end neither.
        squaring("print('looking at', n)\nreturn n * n"),
        squaring("print('looking at', n)\nreturn n"),
        squaring("import os\nos.write(1, b'raw')\nreturn n * n"),
        squaring("import os\nos._exit(0)"),
        squaring("import sys\nsys.exit(3)"),
        squaring("raise ValueError(n)"),
        squaring("while True: pass"),
        squaring("return n * n + 1"),
        // What one call leaves is no excuse and no help for the next.
        squaring("import builtins\nbuiltins.len = None\ntotal.__code__ = double.__code__\nreturn n * n"),
        preceded_by("import sys\nsys.modules['json'] = None"),
        preceded_by("calls = []").replace("return 2 * n", "calls.append(n)\n    return 2 * n if len(calls) < 3 else n"),
        squaring(
            "import threading, time\nthreading.Thread(target=lambda: [time.sleep(0.2), print('late')], daemon=True).start()\nreturn n * n",
        ),
        squaring("import os\nif os.fork() == 0:\n    return 0\nreturn n * n"),
        "def square(n)\n".to_owned(),
        RIGHT.to_owned(),
    ];
    let mut warm = workshop.bench_of(program.as_ref());
    graded(&mut warm, &exercise, RIGHT).await;
    for (number, source) in sources.iter().enumerate() {
        let mut cold = workshop.bench_of(program.as_ref());
        let (here, there) = (graded(&mut warm, &exercise, source).await, graded(&mut cold, &exercise, source).await);
        cold.rest().await;
        assert_eq!(told(&here), told(&there), "submission {number}:\n{source}");
    }
    warm.rest().await;
}
