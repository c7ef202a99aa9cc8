//! Files as learners hand them in.

use crate::trial::{RIGHT, Trial, preceded_by, squaring, submit};

#[test]
fn a_right_submission_passes_every_check() {
    let tried = submit(RIGHT);
    assert_eq!((tried.outcomes(), tried.code), (vec!["passed"; 4], 0));
}

#[test]
fn a_wrong_answer_is_shown_beside_the_right_one_and_costs_one_check() {
    let tried = submit(squaring("return n + 1"));
    tried.assert_first("failed", None, "expected ");
    tried.assert_others_pass();
    assert_eq!(tried.code, 1);
    let number = |key: &str| tried.first()[key].as_str().unwrap().parse::<u64>().unwrap();
    assert_eq!(number("expected"), (number("actual") - 1).pow(2));
}

#[test]
fn a_half_finished_file_fails_where_something_is_missing_and_nowhere_else() {
    let tried = submit("def square(n):\n    return n * n\n\n\ndef double(n):\n    ...\n");
    assert_eq!(tried.outcomes(), ["passed", "failed", "failed", "failed"]);
    assert!(tried.checks()[2]["message"].as_str().unwrap().contains("square.py has no `total`"));
}

#[test]
fn a_syntax_error_is_told_once_with_its_line() {
    let tried = submit("def square(n):\n    return n * n\n\ndef double(n:\n    return 2 * n\n");
    assert_eq!(tried.problem().0, "syntax");
    assert_eq!(tried.verdict()["problem"]["location"]["line"], 4);
    assert_eq!(tried.outcomes(), ["skipped"; 4]);
}

#[test]
fn an_empty_file_and_a_missing_one_are_told_apart() {
    let empty = submit("");
    assert_eq!((empty.problem().0, empty.verdict()["outcome"].as_str()), ("empty", Some("failed")));
    let missing = Trial { source: None, ..Trial::of(b"") }.run();
    assert_eq!((missing.problem().0, missing.verdict()["outcome"].as_str()), ("missing", Some("missing")));
}

#[test]
fn bytes_that_are_no_utf_8_are_an_encoding_problem_with_its_line() {
    let tried = submit([b"name = 'caf\xe9'\n", RIGHT.as_bytes()].concat());
    assert_eq!(tried.problem().0, "encoding");
    assert_eq!(tried.verdict()["problem"]["location"]["line"], 1);
}

#[test]
fn utf_16_and_nul_bytes_are_an_encoding_problem() {
    let wide: Vec<u8> = RIGHT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(submit(wide).problem().0, "encoding");
    assert_eq!(submit(preceded_by("x = '\0'")).problem().0, "encoding");
}

#[test]
fn a_byte_order_mark_is_fine() {
    assert_eq!(submit(format!("\u{feff}{RIGHT}")).code, 0);
}

#[test]
fn line_ends_of_windows_are_fine_and_lines_are_counted_right() {
    let tried = submit(squaring("pass\nraise ValueError('no')").replace('\n', "\r\n"));
    tried.assert_first("failed", None, "ValueError: no");
    assert_eq!(tried.line(), Some(3));
    tried.assert_others_pass();
}

#[test]
fn a_coding_cookie_is_obeyed() {
    let head = b"# -*- coding: latin-1 -*-\nassert 'caf\xe9' == 'caf\\xe9'\n";
    assert_eq!(submit([head, RIGHT.as_bytes()].concat()).code, 0);
}

#[test]
fn an_unknown_coding_cookie_is_an_encoding_problem() {
    assert_eq!(submit(format!("# -*- coding: klingon -*-\n{RIGHT}")).problem().0, "encoding");
}

#[test]
fn an_error_at_import_is_told_once_with_its_line() {
    let tried = submit(preceded_by("x = 1\ny = x / 0"));
    let (kind, message) = tried.problem();
    assert_eq!((kind, message), ("import", "the file can't be imported: ZeroDivisionError: division by zero"));
    assert_eq!(tried.verdict()["problem"]["location"]["line"], 2);
}

#[test]
fn a_file_that_cannot_be_compiled_within_limits_is_the_learners_problem() {
    for bomb in ["x = ((1,) * 10**8,) * 10**8", &format!("x = {}1{}", "(".repeat(5000), ")".repeat(5000))] {
        let tried = submit(preceded_by(bomb));
        assert!(matches!(tried.problem().0, "import" | "syntax"), "{:?}", tried.problem());
        assert_eq!(tried.outcomes(), ["skipped"; 4]);
    }
}
