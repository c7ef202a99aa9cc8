//! Code that does not return: it waits, spins, exits, crashes, recurses.

use crate::trial::{preceded_by, squaring, submit};

/// On its check, at its line, with the others unharmed.
fn assert_times_out(body: &str, line: u64) {
    let tried = submit(squaring(body));
    let first = tried.first();
    assert_eq!(first["outcome"], "timeout", "{first:#}");
    assert!(matches!(first["ending"].as_str(), Some("out_of_time" | "out_of_cpu")), "{first:#}");
    assert!(matches!(tried.line(), Some(found) if found == line || found + 1 == line), "{first:#}");
    tried.assert_others_pass();
}

#[test]
fn sleeping_for_ever_times_out_on_its_check_and_at_its_line() {
    assert_times_out("import time\ntime.sleep(10**6)", 3);
}

#[test]
fn spinning_times_out_on_its_check_and_at_its_line() {
    assert_times_out("while True:\n    n += 1", 3);
}

#[test]
fn a_catastrophic_regular_expression_times_out_at_its_line() {
    assert_times_out("import re\n\nre.match(r'(a+)+$', 'a' * 60 + 'b')", 4);
}

#[test]
fn ignoring_every_signal_and_exception_does_not_help() {
    let body = "import signal, time\nfor number in range(1, 65):\n    try:\n        signal.signal(number, signal.SIG_IGN)\n    \
                except (OSError, ValueError):\n        pass\nwhile True:\n    try:\n        time.sleep(9)\n    except BaseException:\n        pass";
    let tried = submit(squaring(body));
    tried.assert_first("timeout", Some("out_of_time"), "did not finish within 3 s");
    tried.assert_others_pass();
}

#[test]
fn stopping_oneself_is_a_timeout() {
    let tried = submit(squaring("import os\nos.kill(os.getpid(), 19)"));
    tried.assert_first("timeout", Some("out_of_time"), "did not finish");
    tried.assert_others_pass();
}

#[test]
fn a_huge_number_costs_time_and_not_the_grader() {
    let tried = submit(squaring("return 7 ** (10 ** 9)"));
    assert!(matches!(tried.first()["outcome"].as_str(), Some("timeout" | "out_of_memory")), "{:#}", tried.first());
    tried.assert_others_pass();
}

#[test]
fn a_file_that_waits_when_imported_is_told_so_at_its_line() {
    let tried = submit(preceded_by("import time\n\ntime.sleep(10**6)"));
    let (kind, message) = tried.problem();
    assert!(kind == "import" && message.contains("does not come to an end within 3 s"), "{message}");
    assert_eq!(tried.verdict()["problem"]["location"]["line"], 3);
}

#[test]
fn exiting_at_import_is_a_problem_and_no_pass() {
    for (exit, words) in [
        ("import os\nos._exit(0)", "ends the process (exit code 0)"),
        ("import sys\nsys.exit(0)", "ends the program"),
        ("raise SystemExit", "ends the program"),
        ("import os\nos.kill(os.getpid(), 9)", "crashes the interpreter (SIGKILL)"),
    ] {
        let tried = submit(preceded_by(exit));
        assert_eq!(tried.outcomes(), ["skipped"; 4]);
        assert!(tried.problem().1.contains(words), "{:?}", tried.problem());
    }
}

#[test]
fn exiting_in_a_call_fails_its_check_only() {
    let tried = submit(squaring("import os\nos._exit(0)"));
    tried.assert_first("crashed", Some("exited"), "ended the process before it answered (exit code 0)");
    tried.assert_others_pass();
    let tried = submit(squaring("import sys\nsys.exit(0)"));
    tried.assert_first("failed", None, "SystemExit");
    tried.assert_others_pass();
}

#[test]
fn killing_oneself_crashes_its_check_only() {
    let tried = submit(squaring("import os\nos.kill(os.getpid(), 9)"));
    tried.assert_first("crashed", Some("signalled"), "SIGKILL");
    tried.assert_others_pass();
}

#[test]
fn a_crash_of_the_interpreter_is_told_with_its_line() {
    let tried = submit(squaring("import ctypes\nctypes.string_at(0)"));
    tried.assert_first("crashed", Some("signalled"), "SIGSEGV");
    assert_eq!(tried.line(), Some(3));
    tried.assert_others_pass();
}

#[test]
fn recursion_without_end_is_a_recursion_error_at_its_line() {
    let tried = submit(squaring("return square(n)"));
    tried.assert_first("failed", None, "RecursionError");
    assert_eq!(tried.line(), Some(2));
    tried.assert_others_pass();
}

#[test]
fn recursion_without_end_or_limit_ends_all_the_same() {
    let tried = submit(squaring("import sys\nsys.setrecursionlimit(10**9)\nreturn square(n)"));
    let outcome = tried.first()["outcome"].as_str().unwrap();
    assert!(matches!(outcome, "timeout" | "crashed" | "out_of_memory" | "failed"), "{:#}", tried.first());
    tried.assert_others_pass();
}

#[test]
fn input_where_nobody_types_is_told_as_such() {
    let tried = submit(squaring("return int(input('number? '))"));
    tried.assert_first("failed", None, "EOFError");
    assert_eq!(tried.line(), Some(2));
    tried.assert_others_pass();
}

#[test]
fn exit_handlers_change_nothing() {
    let tried = submit(preceded_by("import atexit, os\natexit.register(os._exit, 0)"));
    assert_eq!(tried.code, 0);
}
