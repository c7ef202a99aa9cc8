//! Files that a program leaves to be judged: only regular ones in its own folder count, and reading them harms nobody.

use crate::trial::{Trial, Tried};

fn leaving(code: &str) -> Tried {
    Trial { exercise: "probe/leaver", ..Trial::of(code.as_bytes()) }.run()
}

#[test]
fn a_regular_file_is_read() {
    assert_eq!(leaving("open('out.txt', 'w').write('49')").code, 0);
}

#[test]
fn links_pipes_sockets_folders_and_devices_are_no_answer() {
    for code in [
        "import os\nos.symlink('/etc/passwd', 'out.txt')",
        "import os\nopen('/tmp/49', 'w').write('49')\nos.symlink('/tmp/49', 'out.txt')",
        "import os\nos.symlink('/proc/self/environ', 'out.txt')",
        "import os\nos.mkfifo('out.txt')",
        "import os\nos.mkdir('out.txt')",
        "import socket\nsocket.socket(socket.AF_UNIX).bind('out.txt')",
        "import os\nos.symlink('out.txt', 'out.txt')",
    ] {
        let tried = leaving(code);
        tried.assert_first("failed", None, "expected b'49', got None");
    }
}

#[test]
fn a_file_that_is_too_large_sparse_or_grows_is_no_answer() {
    for code in [
        "open('out.txt', 'wb').write(bytes(10**6))",
        "open('out.txt', 'wb').truncate(4 << 20)",
        "import os\nopen('out.txt', 'w').write('4')\nif os.fork() == 0:\n    while True:\n        open('out.txt', 'a').write('9' * 99)",
    ] {
        let tried = leaving(code);
        assert_ne!(tried.first()["outcome"], "passed", "{:#}", tried.first());
    }
}

#[test]
fn processes_that_are_left_behind_keep_nobody_from_reading() {
    let tried = leaving(
        "import os, time\nopen('out.txt', 'w').write('49')\ntry:\n    while True:\n        if os.fork() == 0:\n            time.sleep(9)\n            os._exit(0)\nexcept OSError:\n    pass",
    );
    assert!(matches!(tried.first()["outcome"].as_str(), Some("passed" | "crashed")), "{:#}", tried.first());
}
