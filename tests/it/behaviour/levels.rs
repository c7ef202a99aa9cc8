//! The same at the lower levels, and for somebody without rights.

use crate::trial::{RIGHT, Trial, Tried, can_be_plain, squaring};

fn at(level: &str, plain_user: bool, source: &str) -> Tried {
    let tried = Trial { level: Some(level), plain_user, ..Trial::of(source.as_bytes()) }.run();
    assert_eq!(tried.verdict()["isolation"]["level"], level);
    tried
}

fn everywhere(source: &str, meets: impl Fn(&Tried)) {
    for level in ["landlock", "limits"] {
        meets(&at(level, false, source));
    }
    if can_be_plain() {
        for level in ["full", "landlock", "limits"] {
            meets(&at(level, true, source));
        }
    }
}

#[test]
fn a_right_submission_passes_at_every_level() {
    everywhere(RIGHT, |tried| assert_eq!(tried.outcomes(), ["passed"; 4]));
}

#[test]
fn a_daemon_is_dead_afterwards_at_every_level() {
    let body = "import os, signal, time\nif os.fork() == 0:\n    try:\n        os.setsid()\n    except OSError:\n        pass\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    \
                if os.fork() == 0:\n        time.sleep(999)\n    os._exit(0)\nreturn n * n";
    everywhere(&squaring(body), |tried| assert_eq!(tried.outcomes(), ["passed"; 4]));
}

#[test]
fn waiting_times_out_at_every_level() {
    everywhere(&squaring("import time\ntime.sleep(999)"), |tried| {
        tried.assert_first("timeout", Some("out_of_time"), "did not finish");
        assert_eq!(tried.line(), Some(3));
        tried.assert_others_pass();
    });
}

#[test]
fn too_much_memory_and_output_are_named_at_every_level() {
    everywhere(&squaring("kept = []\nwhile True:\n    kept.append(bytearray(10**6))"), |tried| {
        tried.assert_first("out_of_memory", Some("out_of_memory"), "memory");
        tried.assert_others_pass();
    });
    everywhere(&squaring("while True:\n    print('x' * 999)"), |tried| {
        tried.assert_first("failed", Some("too_much_output"), "printed more than");
    });
}

#[test]
fn exiting_and_lying_pass_nothing_at_any_level() {
    everywhere(&squaring("import os\nos._exit(0)"), |tried| {
        tried.assert_first("crashed", Some("exited"), "exit code 0");
    });
    everywhere(&squaring("class Any:\n    __eq__ = lambda *_: True\nreturn Any()"), |tried| {
        tried.assert_first("failed", None, "Any");
    });
}

#[test]
fn folders_nested_without_end_or_closed_are_removed_at_every_level() {
    let body =
        "import os\nfor _ in range(300):\n    os.mkdir('d')\n    os.chdir('d')\n    os.chmod('..', 0)\nreturn n * n";
    everywhere(&squaring(body), |tried| assert_eq!(tried.first()["outcome"], "passed", "{:#}", tried.first()));
}
