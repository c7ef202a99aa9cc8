//! Code that makes processes and threads, or harms its surroundings.

use crate::trial::{preceded_by, squaring, submit};

#[test]
fn a_fork_of_which_both_come_back_answers_once() {
    let tried = submit(squaring("import os\nos.fork()\nreturn n * n"));
    assert_eq!(tried.code, 0);
    let tried = submit(preceded_by("import os\nif __name__ != '__main__':\n    os.fork()"));
    assert_eq!(tried.code, 0);
}

#[test]
fn a_fork_bomb_meets_a_limit() {
    let tried =
        submit(squaring("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"));
    let outcome = tried.first()["outcome"].as_str().unwrap();
    assert!(matches!(outcome, "timeout" | "out_of_memory"), "{:#}", tried.first());
    tried.assert_others_pass();
}

#[test]
fn a_thread_bomb_meets_a_limit() {
    let body =
        "import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()";
    let tried = submit(squaring(body));
    tried.assert_first("failed", None, "can't start new thread");
    tried.assert_others_pass();
}

#[test]
fn a_bomb_that_executes_itself_again_and_again_meets_a_limit() {
    let tried = submit(squaring(
        "import os, sys\nos.execv(sys.executable, [sys.executable, '-c', 'import os, sys; os.execv(sys.executable, sys.orig_argv)'])",
    ));
    assert!(
        matches!(tried.first()["outcome"].as_str(), Some("timeout" | "crashed" | "tampered")),
        "{:#}",
        tried.first()
    );
    tried.assert_others_pass();
}

#[test]
fn threads_that_are_left_running_hold_nothing_up() {
    let body = "import threading, time\ndef run():\n    while True:\n        time.sleep(0.001)\nthreading.Thread(target=run).start()\nreturn n * n";
    assert_eq!(submit(squaring(body)).code, 0);
}

/// Double fork, own session, deaf to signals, output held open; the warden sees that it is gone afterwards.
const DAEMON: &str = "import os, signal, time\nif os.fork() == 0:\n    os.setsid()\n    for number in range(1, 65):\n        try:\n            \
                      signal.signal(number, signal.SIG_IGN)\n        except (OSError, ValueError):\n            pass\n    if os.fork() == 0:\n        \
                      while True:\n            time.sleep(9)\n    os._exit(0)\n";

#[test]
fn a_daemon_holds_nothing_up_and_is_dead_afterwards() {
    assert_eq!(submit(squaring(&format!("{DAEMON}return n * n"))).code, 0);
}

#[test]
fn a_program_is_over_when_it_ends_whatever_its_children_hold_open() {
    let program = crate::trial::RIGHT
        .replace("    print(n * n)", &format!("    print(n * n)\n    {}", DAEMON.replace('\n', "\n    ")));
    let tried = submit(program);
    assert_eq!(tried.code, 0);
    assert!(tried.checks()[3]["duration_ms"].as_u64().unwrap() < 900, "{:#}", tried.checks()[3]);
}

#[test]
fn a_folder_that_deletes_itself_harms_nobody() {
    let tried = submit(squaring(
        "import os, shutil\nshutil.rmtree('/work', ignore_errors=True)\nassert os.listdir('/work') == []\nreturn n * n",
    ));
    assert_eq!(tried.code, 0);
    let tried = submit(preceded_by("import os\nos.unlink(__file__)"));
    assert_eq!(tried.outcomes()[..3], ["passed"; 3]);
}

#[test]
fn closing_the_standard_streams_loses_output_and_nothing_else() {
    let tried = submit(squaring("import os\nfor descriptor in range(3):\n    os.close(descriptor)\nreturn n * n"));
    assert_eq!(tried.code, 0);
}

#[test]
fn closing_every_descriptor_ends_the_check() {
    let tried = submit(squaring("import os\nos.closerange(0, 100)\nreturn n * n"));
    assert!(matches!(tried.first()["outcome"].as_str(), Some("crashed" | "tampered")), "{:#}", tried.first());
    tried.assert_others_pass();
}
