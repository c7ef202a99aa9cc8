//! The sandbox by its own interface: what a process in it answers, prints, and can't do.

use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use grade::error::Fault;
use grade::sandbox::layout::PythonFiles;
use grade::sandbox::process::{Oracles, Process, Reply, RequestLimits};
use grade::sandbox::slot::{Slot, SlotSpec};
use grade::sandbox::stage_protocol::ProcessLimits;
use grade::verdict::Level;

struct NoOracles;

impl Oracles for NoOracles {
    async fn call(&mut self, _: &str, _: &[u8]) -> Result<Vec<u8>, Fault> {
        Err(Fault::ourselves("no oracle here"))
    }
}

fn python() -> PythonFiles {
    let code = "import sys; print(sys._base_executable or sys.executable); print(sys.base_prefix)";
    let output = std::process::Command::new("python3").args(["-I", "-S", "-c", code]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines();
    let executable = PathBuf::from(lines.next().unwrap()).canonicalize().unwrap();
    PythonFiles { executable, folders: vec![lines.next().unwrap().into()] }
}

fn spec() -> SlotSpec {
    SlotSpec {
        program: env!("CARGO_BIN_EXE_grade").into(),
        python: python(),
        kit: Path::new(env!("CARGO_MANIFEST_DIR")).join("graders/sandboxed"),
        packages: None,
        preload: vec!["inspect".to_owned()],
        tools: vec![],
        memory_bytes: 256 << 20,
        processes: 32,
        hash_seed: 0,
    }
}

#[tokio::test]
async fn a_probe_answers_from_a_sandbox() {
    for level in [Level::Full, Level::Landlock, Level::Limits] {
        let started = Instant::now();
        let mut slot = Slot::start(&spec(), level).await.unwrap();
        println!("{level:?} up in {:?}: {:?}", started.elapsed(), slot.isolation);
        for round in 0..5 {
            let started = Instant::now();
            let source = b"import os\nprint('hello', os.getpid())\n";
            let mut content = tempfile::tempfile().unwrap();
            content.write_all(source).unwrap();
            let instance = slot
                .open(vec![("x.py".to_owned(), source.len() as u64)], content.as_fd(), false, 16 << 20)
                .await
                .unwrap();
            let limits = ProcessLimits {
                cpu_s: 60,
                memory_bytes: 256 << 20,
                processes: 32,
                open_files: 128,
                file_bytes: 16 << 20,
            };
            let mut process = Process::start(&mut slot, instance, limits, 1 << 20).await.unwrap();
            process.begin(br#"{"module":"x","file":"x.py","observation_bytes":1000000}"#).await.unwrap();
            let limits = RequestLimits {
                wall: Duration::from_secs(5),
                cpu: Duration::from_secs(3),
                output_bytes: 1 << 20,
                resident_bytes: 1 << 30,
            };
            let (reply, printed) = process.request(&mut slot, b'L', b"", &limits, &mut NoOracles).await.unwrap();
            let Reply::Answered(answer) = reply else { panic!("{reply:?}") };
            println!("{} {:?}", String::from_utf8_lossy(&answer), printed.stdout.text());
            let usage = slot.close(instance).await.unwrap();
            println!("round {round}: {:?} {usage:?}", started.elapsed());
        }
        slot.shut_down().await;
    }
}

#[tokio::test]
async fn what_a_level_claims_holds_when_it_is_tried() {
    for report in grade::doctor::examine(&spec()).await {
        println!("{report:#?}");
    }
}
