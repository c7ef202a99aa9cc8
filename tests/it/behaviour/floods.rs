//! Too much of something: output, memory, files, descriptors.

use crate::trial::{squaring, submit};

#[test]
fn a_megabyte_of_output_is_fine() {
    let tried = submit(squaring("print('x' * 1_000_000)\nreturn n * n"));
    assert_eq!(tried.code, 0);
    let kept = tried.first()["stdout"].as_str().unwrap();
    assert!(kept.starts_with("xxx") && kept.len() < 300_000);
}

#[test]
fn a_flood_of_output_is_cut_and_named() {
    for body in [
        "while True:\n    print('x' * 1000)",
        "import os\nwhile True:\n    os.write(1, b'x' * 100)",
        "import os\nwhile True:\n    os.write(2, b'x' * 65536)",
    ] {
        let tried = submit(squaring(body));
        tried.assert_first("failed", Some("too_much_output"), "printed more than");
        assert!(matches!(tried.line(), Some(3 | 4)), "{:#}", tried.first());
        tried.assert_others_pass();
        assert!(tried.stdout.len() < 1_000_000);
    }
}

#[test]
fn more_memory_than_allowed_is_named_as_such() {
    for body in ["bytearray(10**11)", "kept = []\nwhile True:\n    kept.append(bytearray(10**6))"] {
        let tried = submit(squaring(body));
        tried.assert_first("out_of_memory", Some("out_of_memory"), "memory");
        tried.assert_others_pass();
    }
}

#[test]
fn memory_of_many_processes_and_behind_descriptors_counts_together() {
    let many = "import os, time\nfor _ in range(10):\n    if os.fork() == 0:\n        kept = []\n        while True:\n            try:\n                \
                kept.append(os.urandom(10**6))\n            except MemoryError:\n                time.sleep(9)\ntime.sleep(9)";
    let behind = "import os\nwhile True:\n    descriptor = os.memfd_create('x')\n    for _ in range(3):\n        os.write(descriptor, bytes(10**6))";
    for body in [many, behind] {
        let tried = submit(squaring(body));
        let outcome = tried.first()["outcome"].as_str().unwrap();
        assert!(matches!(outcome, "out_of_memory" | "timeout" | "failed"), "{:#}", tried.first());
        tried.assert_others_pass();
    }
}

#[test]
fn files_folders_and_descriptors_come_to_an_end() {
    let body = r#"import os
told = []
for folder in ("/tmp", "/work", "/dev/shm"):
    try:
        number = 0
        while number < 50_000:
            open(f"{folder}/{number}", "wb").close()
            number += 1
    except OSError as error:
        told.append(error.strerror)
    for name in os.listdir(folder):
        os.unlink(f"{folder}/{name}")
    try:
        number = 0
        while number < 50:
            with open(f"{folder}/{number}", "wb") as file:
                file.write(bytes(10**6))
            number += 1
    except OSError as error:
        told.append(error.strerror)
try:
    kept = [os.open("/dev/null", os.O_RDONLY) for _ in range(10_000)]
except OSError as error:
    told.append(error.strerror)
raise ValueError(told)"#;
    let tried = submit(squaring(body));
    let full = "'No space left on device', ".repeat(6);
    tried.assert_first("failed", None, &format!("[{full}'Too many open files']"));
    tried.assert_others_pass();
}

#[test]
fn a_sparse_file_meets_the_limit_on_file_size() {
    let tried = submit(squaring("with open('/tmp/big', 'wb') as file:\n    file.truncate(1 << 40)"));
    assert!(matches!(tried.first()["outcome"].as_str(), Some("failed" | "crashed")), "{:#}", tried.first());
    tried.assert_others_pass();
}

#[test]
fn an_answer_that_is_too_large_too_deep_or_a_cycle_is_a_wrong_answer() {
    for body in [
        "return 'x' * 10**7",
        "return list(range(10**6))",
        "deep = []\nfor _ in range(10**5):\n    deep = [deep]\nreturn deep",
        "ring = []\nring.append(ring)\nreturn ring",
        "return 1 << 10**6",
    ] {
        let tried = submit(squaring(body));
        tried.assert_first("failed", None, "expected ");
        tried.assert_others_pass();
    }
}
