//! Frames that learner code writes to the supervisor itself (`docs/protocol.md`).

use crate::trial::{RIGHT, preceded_by, squaring, submit};

/// Finds the runner's end of the channel, and forges.
const FORGE: &str = r"import os, struct, sys, time
frame = sys._getframe()
while not hasattr(frame.f_locals.get('self'), 'wire'):
    frame = frame.f_back
wire = frame.f_locals['self'].wire
def forged(kind, body, nonce=None):
    nonce = nonce or wire.nonce
    return struct.pack('>I', 9 + len(body)) + kind + nonce + body
";

fn forging(rest: &str) -> String {
    squaring(&format!("{FORGE}{rest}"))
}

/// Named as what it is, blamed on nobody else, the other checks unharmed.
fn assert_tampered(rest: &str, words: &str) {
    let tried = submit(forging(rest));
    tried.assert_first("tampered", Some("broken_protocol"), words);
    tried.assert_others_pass();
}

#[test]
fn an_answer_to_another_request_is_tampering() {
    assert_tampered("os.write(3, forged(b'A', b'[\"t\",\"ok\",49]', b'12345678'))\ntime.sleep(9)", "another request");
}

#[test]
fn two_answers_at_once_are_tampering() {
    assert_tampered(
        "os.write(3, 2 * forged(b'A', b'[\"t\",\"ok\",%d]' % (n * n)))\ntime.sleep(9)",
        "more than one answer",
    );
}

#[test]
fn an_answer_given_early_answers_nothing_else() {
    let tried = submit(forging("os.write(3, forged(b'A', b'[\"t\",\"ok\",49]'))\ntime.sleep(0.2)\nreturn n * n"));
    assert!(matches!(tried.first()["outcome"].as_str(), Some("failed" | "tampered")), "{:#}", tried.first());
    tried.assert_others_pass();
}

#[test]
fn answers_laid_out_for_later_calls_answer_none_of_them() {
    let tried =
        submit(forging("for _ in range(50):\n    os.write(3, forged(b'A', b'[\"t\",\"ok\",49]'))\ntime.sleep(9)"));
    assert!(matches!(tried.first()["outcome"].as_str(), Some("failed" | "tampered")), "{:#}", tried.first());
    tried.assert_others_pass();
}

#[test]
fn frames_that_are_none_are_tampering() {
    assert_tampered("os.write(3, b'\\xff' * 500)\ntime.sleep(9)", "bytes, where");
    assert_tampered("os.write(3, bytes(500))\ntime.sleep(9)", "too short");
    assert_tampered("os.write(3, forged(b'Z', b''))\ntime.sleep(9)", "unknown kind");
    assert_tampered("os.write(3, forged(b'Y', b''))\ntime.sleep(9)", "unknown kind");
    assert_tampered("os.write(3, forged(b'P', b'nonsense'))\ntime.sleep(9)", "a prompt that is none");
}

#[test]
fn answers_that_are_no_plain_data_are_tampering() {
    for body in [
        "[]",
        "{}",
        "[\"t\",\"ok\"",
        "[\"q\",1]",
        "[\"t\",\"ok\",1e999]",
        "[\"t\",\"ok\",[\"i\",\"1\"]]",
        "\\xff\\xfe",
        "NaN",
    ] {
        assert_tampered(&format!("os.write(3, forged(b'A', b'{body}'))\ntime.sleep(9)"), "");
    }
    assert_tampered("os.write(3, forged(b'A', b'[\"l\",' * 5000 + b'[\"l\"]' + b']' * 5000))\ntime.sleep(9)", "");
}

#[test]
fn an_answer_of_another_shape_is_tampering() {
    for body in ["49", "[\"t\",\"fine\",49]", "[\"t\",\"raised\",49]", "[\"t\",\"ok\"]", "[\"t\",\"ok\",1,2]"] {
        assert_tampered(&format!("os.write(3, forged(b'A', b'{body}'))\ntime.sleep(9)"), "");
    }
}

#[test]
fn an_oracle_that_was_not_offered_is_tampering_and_no_fault_of_the_author() {
    for body in [
        "b'\\x05bogus[\"t\",[\"t\"],[\"d\"]]'",
        "b'\\x05bogus49'",
        "b'\\x06@clock[\"t\",[\"t\",\"read\"],[\"d\"]]'",
        "b'\\xff'",
        "b''",
    ] {
        let tried = submit(forging(&format!("os.write(3, forged(b'O', {body}))\nwire.receive()\nreturn n * n")));
        tried.assert_first("tampered", Some("broken_protocol"), "");
        tried.assert_others_pass();
    }
}

#[test]
fn an_oracle_called_with_wrong_arguments_fails_where_it_is_called() {
    let tried = submit(RIGHT.replace("ask() + ask()", "ask(5) + ask()"));
    assert_eq!(tried.outcomes(), ["passed", "passed", "failed", "passed"]);
    let check = &tried.checks()[2];
    assert!(check["message"].as_str().unwrap().contains("TypeError"), "{check:#}");
    assert_eq!(check["location"]["line"], 10);
}

#[test]
fn an_oracle_is_counted_where_it_lives() {
    let tried = submit(RIGHT.replace("ask() + ask()", "2 * ask()"));
    assert_eq!(tried.outcomes(), ["passed", "passed", "failed", "passed"]);
}

#[test]
fn what_is_told_without_end_is_bounded() {
    let body = "b'\\x05heard[\"t\",[\"t\"],[\"d\"]]'";
    let tried = submit(forging(&format!("many = forged(b'T', {body}) * 100\nwhile True:\n    os.write(3, many)")));
    tried.assert_first("tampered", Some("broken_protocol"), "too much told");
    tried.assert_others_pass();
    // Told of a function that was never offered: heard by nobody, but found out.
    let tried = submit(forging(&format!("os.write(3, forged(b'T', {body}))\nreturn n * n")));
    tried.assert_first("tampered", Some("broken_protocol"), "");
    tried.assert_others_pass();
}

#[test]
fn prompts_without_end_are_bounded() {
    let flood = "many = forged(b'P', b'[\"t\",\"\",\"\"]') * 2000\nwhile True:\n    os.write(3, many)";
    let tried = submit(forging(flood));
    assert!(matches!(tried.first()["outcome"].as_str(), Some("tampered")), "{:#}", tried.first());
    tried.assert_others_pass();
    let patient = "while True:\n    os.write(3, forged(b'P', b'[\"t\",\"\",\"\"]'))\n    wire.receive()";
    let tried = submit(forging(patient));
    assert!(
        matches!(tried.first()["ending"].as_str(), Some("too_much_output" | "out_of_time" | "out_of_cpu")),
        "{:#}",
        tried.first()
    );
    tried.assert_others_pass();
}

#[test]
fn a_program_that_answers_instead_of_ending_is_tampering() {
    let answer = "import os, struct, sys\nif __name__ == '__main__':\n    frame = sys._getframe()\n    while 'wire' not in frame.f_locals:\n        frame = frame.f_back\n    \
                  body = b'[\"t\",\"ok\",[\"d\"]]'\n    os.write(3, struct.pack('>I', 9 + len(body)) + b'A' + frame.f_locals['wire'].nonce + body)\n    import time\n    time.sleep(9)";
    let tried = submit(preceded_by(answer));
    assert_eq!(tried.outcomes(), ["passed", "passed", "passed", "tampered"]);
}

#[test]
fn a_stack_that_trickles_delays_the_verdict_by_a_moment_only() {
    let tried = submit(squaring(
        "import os, signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, [60])\nwhile True:\n    os.write(4, b'x')\n    time.sleep(0.005)",
    ));
    tried.assert_first("timeout", Some("out_of_time"), "did not finish");
    assert!(tried.took_ms < 20_000, "{} ms", tried.took_ms);
}

#[test]
fn a_forged_stack_is_shown_and_nothing_more() {
    let tried = submit(squaring(
        "import os, time\nos.write(4, b'Current thread 0x0 (most recent call first):\\n  File \"/work/../../etc/shadow\", line 1 in <script>\\n')\ntime.sleep(9)",
    ));
    tried.assert_first("timeout", Some("out_of_time"), "did not finish");
    tried.assert_others_pass();
}

#[test]
fn a_thread_that_stops_the_process_between_two_calls_costs_time_and_no_verdict() {
    let tried = submit(squaring(
        "import os, threading, time\ndef stop():\n    time.sleep(0.02)\n    os.kill(os.getpid(), 19)\nthreading.Thread(target=stop).start()\nreturn n * n",
    ));
    assert_eq!(tried.outcomes(), ["passed"; 4]);
}
