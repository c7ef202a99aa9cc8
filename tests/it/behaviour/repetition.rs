//! Many submissions in a row on one bench: the supervisor and the machine are afterwards as they were before.

#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::fs;
use std::path::Path;

use grade::catalog::Catalog;
use grade::environment::Silent;
use grade::runner::Job;
use grade::submission::Submission;
use grade::workshop::{Order, Workshop};

use crate::trial::{RIGHT, cache, squaring};

/// What a run may leave: descriptors and children of this process, mounts, control groups.
#[derive(Debug, PartialEq, Eq)]
struct Traces {
    descriptors: usize,
    children: usize,
    mounts: usize,
    cgroups: usize,
}

impl Traces {
    fn now() -> Self {
        let count = |path: &str| fs::read_dir(path).map_or(0, Iterator::count);
        let tasks = fs::read_dir("/proc/self/task").unwrap().flatten();
        let children = tasks.map(|task| fs::read_to_string(task.path().join("children")).unwrap_or_default());
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
        Self {
            descriptors: count("/proc/self/fd"),
            children: children.map(|line| line.split_whitespace().count()).sum(),
            mounts: mounts.lines().count(),
            cgroups: own_cgroups(Path::new("/sys/fs/cgroup"), 0),
        }
    }
}

/// Control groups that carry this process's number; slots are made a few levels down.
fn own_cgroups(folder: &Path, depth: usize) -> usize {
    let mark = format!("grade-{}-", std::process::id());
    let below = fs::read_dir(folder).into_iter().flatten().flatten().filter(|entry| entry.path().is_dir());
    below
        .map(|entry| {
            let own = usize::from(entry.file_name().to_string_lossy().starts_with(&mark));
            own + if depth < 4 { own_cgroups(&entry.path(), depth + 1) } else { 0 }
        })
        .sum()
}

#[test]
fn thirty_submissions_in_a_row_leave_nothing() {
    // In a process of its own: the other tests open and start things too.
    #[expect(clippy::disallowed_methods, reason = "the tests run themselves")]
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "behaviour::repetition::thirty_in_a_process_of_their_own", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "current_thread")]
#[ignore = "run by the test above"]
async fn thirty_in_a_process_of_their_own() {
    let catalog_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalog");
    let order = Order {
        suites: Vec::new(),
        cache_dir: cache(),
        catalogs: vec![env!("CARGO_MANIFEST_DIR").into(), catalog_dir.clone()],
        python: None,
        minimum: (3, 11),
        isolation: None,
        seed: 7,
        interrupt: None,
    };
    let workshop = Workshop::open(order, &Silent).unwrap();
    let exercise = Catalog::load(&[catalog_dir]).unwrap().find("probe/square").unwrap();
    let mut bench = workshop.bench_of(env!("CARGO_BIN_EXE_grade").as_ref());
    let sources = [
        RIGHT.to_owned(),
        squaring("import os\nos._exit(0)"),
        squaring("import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(999)\nreturn n * n"),
        squaring("import os\nos.write(3, b'x' * 99)\nreturn n * n"),
        "import sys\nsys.exit(0)\n".to_owned(),
    ];
    let before = Traces::now();
    let mut warm = None;
    for round in 0..30 {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("square.py"), &sources[round % sources.len()]).unwrap();
        let handed = Submission::read(folder.path(), "", &exercise).unwrap();
        let job = Job { exercise: exercise.clone(), handed, folder: String::new(), learner: None, seed: 7 };
        let verdict =
            bench.grade(&job, &grade::environment::Packages::default(), &grade::events::Silent).await.unwrap();
        assert_eq!(verdict.passed(), matches!(round % sources.len(), 0 | 2), "round {round}: {verdict:#?}");
        drop(folder);
        let now = Traces::now();
        assert_eq!(warm.get_or_insert_with(Traces::now), &now, "after round {round}");
    }
    bench.rest().await;
    // Descriptors of the runtime itself are opened with the first use.
    let after = Traces::now();
    assert_eq!((after.children, after.mounts, after.cgroups), (before.children, before.mounts, before.cgroups));
    assert!(after.descriptors <= warm.unwrap().descriptors);
}
