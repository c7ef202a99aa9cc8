//! What programs read.

use grade::report::json::json;
use grade::report::jsonl::jsonl;
use grade::report::junit::junit;
use grade::verdict::{Document, Outcome, Verdict};

use super::verdicts;
use crate::schema::assert_valid;

fn every_kind() -> Vec<Verdict> {
    vec![
        verdicts::all_passed(),
        verdicts::wrong_value(),
        verdicts::printed_text(),
        verdicts::exception(),
        verdicts::endless_loop(),
        verdicts::out_of_memory(),
        verdicts::left_early(),
        verdicts::problem("syntax", "'(' was never closed", Some(8), Some(10)),
        verdicts::missing(),
        verdicts::broken_check(),
        verdicts::hostile(),
    ]
}

#[test]
fn the_json_document_is_as_the_schema_says_and_reads_back() {
    let mut out = Vec::new();
    json(&mut out, &every_kind()).unwrap();
    assert_valid(&serde_json::from_slice(&out).unwrap());
    let back: Document = serde_json::from_slice(&out).unwrap();
    assert_eq!(back.verdicts.len(), every_kind().len());
}

#[test]
fn each_line_of_jsonl_is_a_verdict_with_its_schema() {
    let mut out = Vec::new();
    for verdict in every_kind() {
        jsonl(&mut out, &verdict).unwrap();
    }
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.lines().count(), every_kind().len());
    for line in text.lines() {
        let mut verdict: serde_json::Value = serde_json::from_str(line).unwrap();
        let schema = verdict.as_object_mut().unwrap().remove("schema").unwrap();
        assert_valid(&serde_json::json!({"schema": schema, "verdicts": [verdict]}));
    }
}

fn junit_text(verdicts: &[Verdict]) -> String {
    let mut out = Vec::new();
    junit(&mut out, verdicts).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn junit_tells_failures_from_errors_and_where_they_are() {
    insta::assert_snapshot!(junit_text(&[verdicts::wrong_value(), verdicts::broken_check(), verdicts::missing()]));
}

#[test]
fn junit_names_are_unique() {
    let mut verdict = verdicts::all_passed();
    for check in &mut verdict.checks {
        check.title = "the same".to_owned();
    }
    let text = junit_text(&[verdict.clone(), verdict]);
    for number in 2..=6 {
        assert!(text.contains(&format!("name=\"the same ({number})\"")), "{text}");
    }
}

#[test]
fn junit_is_valid_xml_1_0_whatever_was_printed() {
    let mut verdict = verdicts::hostile();
    verdict.checks[0].stdout =
        (0..0x500u32).chain(0xfff0..0x1_0010).filter_map(char::from_u32).collect::<String>() + "]]>";
    let text = junit_text(&[verdict]);
    let allowed = |c: char| matches!(c, '\t' | '\n' | ' '..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(allowed));
    let script = "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.stdin.buffer)";
    super::repr::python(script, text.as_bytes());
}

#[test]
fn junit_is_bounded_in_size() {
    let mut verdict = verdicts::all_passed();
    let mut check = verdict.checks[0].clone();
    check.outcome = Outcome::Failed;
    check.stdout = "<&".repeat(500_000);
    verdict.checks = (0..200).map(|_| check.clone()).collect();
    assert!(junit_text(&[verdict]).len() < 25_000_000);
}
