//! Each format is what its readers read: JSON is held against a schema of what they document, XML is parsed.

use serde_json::{Value, json};

use super::cast::{Cast, everybody};

/// What `schema` says is wrong with each of these files.
fn assert_fit(schema: &Value, all: &[(String, String)], file: &str) -> Vec<Value> {
    let validator = jsonschema::draft202012::new(schema).unwrap();
    let documents: Vec<Value> = all
        .iter()
        .filter(|(path, _)| path.ends_with(file))
        .map(|(path, text)| {
            let document: Value = serde_json::from_str(text).unwrap();
            let errors: Vec<String> =
                validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{path}: {}\n{document:#}", errors.join("\n"));
            document
        })
        .collect();
    assert_eq!(documents.len(), 6, "one for each learner with a verdict: {documents:?}");
    documents
}

/// <https://gradescope-autograders.readthedocs.io/en/latest/specs/>, "Output format".
fn gradescope() -> Value {
    let visibility = json!({"enum": ["hidden", "after_due_date", "after_published", "visible"]});
    let format = json!({"enum": ["text", "html", "simple_format", "md", "ansi"]});
    json!({
        "type": "object", "additionalProperties": false,
        "anyOf": [{"required": ["score"]}, {"required": ["tests"]}],
        "properties": {
            "score": {"type": "number"}, "execution_time": {"type": "number"}, "output": {"type": "string"},
            "output_format": format, "test_output_format": format, "test_name_format": format,
            "visibility": visibility, "stdout_visibility": visibility, "extra_data": {"type": "object"},
            "tests": {"type": "array", "items": {
                "type": "object", "additionalProperties": false, "required": ["score"],
                "properties": {
                    "score": {"type": "number"}, "max_score": {"type": "number"}, "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"}, "name_format": format, "number": {"type": "string"},
                    "output": {"type": "string"}, "output_format": format, "tags": {"type": "array"},
                    "visibility": visibility, "extra_data": {"type": "object"},
                },
            }},
        },
    })
}

#[test]
fn gradescope_reads_its_results() {
    let cast = Cast::new(everybody());
    for results in assert_fit(&gradescope(), &cast.all("gradescope", &[]), "results.json") {
        let sum: f64 = results["tests"].as_array().unwrap().iter().map(|test| test["score"].as_f64().unwrap()).sum();
        assert!((results["score"].as_f64().unwrap() - sum).abs() < 1e-9, "{results}");
        assert!(!results.to_string().contains("\\r"), "only \\n ends lines");
    }
}

/// The published schema of `classroom50/result/v1` (foundation50/classroom50, `schemas/result-v1.schema.json`), its rules in our words.
fn classroom50() -> Value {
    let text = json!({"type": "string", "minLength": 1});
    let whole = json!({"type": "integer", "minimum": 0});
    let required = [
        "schema",
        "classroom",
        "assignment",
        "assignment_type",
        "owner",
        "submission",
        "commit",
        "release",
        "review",
        "datetime",
        "score",
        "max-score",
        "tests",
    ];
    json!({
        "type": "object", "additionalProperties": false, "required": required,
        "properties": {
            "schema": {"const": "classroom50/result/v1"}, "classroom": text, "assignment": text,
            "assignment_type": {"enum": ["individual", "group"]}, "owner": text,
            "submission": {"type": "string", "pattern": "^submit/"}, "commit": text, "release": text, "review": text,
            "datetime": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"},
            "score": whole, "max-score": whole,
            "tests": {"type": "array", "items": {
                "type": "object", "required": ["test-name", "passed", "score", "max-score"],
                "properties": {"test-name": text, "passed": {"type": "boolean"}, "score": whole, "max-score": whole},
            }},
        },
    })
}

#[test]
fn classroom50_reads_its_records() {
    let mut parts = everybody();
    // Points are whole numbers there.
    if let super::cast::Ending::Verdict(verdict) = &mut parts[0].ending {
        (verdict.checks[0].weight, verdict.checks[0].earned) = (0.5, 0.5);
    }
    let cast = Cast::new(parts);
    let records = assert_fit(&classroom50(), &cast.all("classroom50", &[]), "result.json");
    for record in &records {
        assert!(record["score"].as_u64() <= record["max-score"].as_u64(), "{record}");
        for test in record["tests"].as_array().unwrap() {
            assert!(test["score"].as_u64() <= test["max-score"].as_u64(), "{test}");
        }
    }
    let ada = records.iter().find(|record| record["owner"] == "ada").unwrap();
    assert_eq!((&ada["score"], &ada["max-score"]), (&json!(9), &json!(9)), "4.5 points, twice: {ada}");
    let without = cast.report_with("classroom50", &["--out", "other"], &[("CLASSROOM", "")]);
    assert_eq!(without.code, Some(2));
    assert!(without.stderr.contains("set CLASSROOM"), "{}", without.stderr);
}

/// <https://exercism.org/docs/building/tooling/test-runners/interface>, version 3.
fn exercism() -> Value {
    let text = json!({"type": ["string", "null"]});
    json!({
        "type": "object", "additionalProperties": false, "required": ["version", "status", "tests"],
        "properties": {
            "version": {"const": 3}, "status": {"enum": ["pass", "fail", "error"]}, "message": text,
            "tests": {"type": "array", "items": {
                "type": "object", "additionalProperties": false, "required": ["name", "status", "test_code"],
                "properties": {
                    "name": {"type": "string"}, "status": {"enum": ["pass", "fail", "error"]}, "message": text,
                    "output": {"type": ["string", "null"], "maxLength": 500}, "test_code": {"type": "string"},
                    "task_id": {"type": "integer"},
                },
            }},
        },
        // "When the status is not error, either set the value to null or omit the key entirely."
        "if": {"properties": {"status": {"const": "error"}}},
        "then": {"properties": {"message": {"type": "string", "minLength": 1}}},
        "else": {"properties": {"message": {"type": "null"}}},
    })
}

#[test]
fn exercism_reads_its_results() {
    let mut parts = everybody();
    if let super::cast::Ending::Verdict(verdict) = &mut parts[1].ending {
        verdict.checks[1].stdout = "é\n".repeat(1000);
    }
    let cast = Cast::new(parts);
    let results = assert_fit(&exercism(), &cast.all("exercism", &[]), "results.json");
    let mut statuses: Vec<&str> = results.iter().map(|result| result["status"].as_str().unwrap()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["error", "fail", "fail", "fail", "fail", "pass"]);
    let mut outputs = results
        .iter()
        .flat_map(|result| result["tests"].as_array().unwrap())
        .filter_map(|test| test["output"].as_str());
    assert!(outputs.any(|output| output.ends_with("Output was truncated. Please limit to 500 chars")));
}

#[test]
fn junit_names_the_learner_and_tells_who_has_no_verdict() {
    let text = Cast::new(everybody()).told("junit", &[]);
    let script = r#"
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.stdin.buffer).getroot()
assert root.tag == "testsuites", root.tag
cases = root.findall("testsuite/testcase")
names = [(case.get("classname"), case.get("name")) for case in cases]
assert len(set(names)) == len(names), names
assert all(case.get("file") for case in cases if case.find("error") is None), names
assert [case.find("error").get("message") for case in cases if case.find("error") is not None] == ["no sandbox could be made"]
assert {"ada.day4.decorators", "linus, marie.day4.decorators"} <= {name for name, _ in names}, names
assert any(case.find("failure") is not None and case.find("failure").text for case in cases)
"#;
    crate::reports::repr::python(script, text.as_bytes());
}

#[test]
fn markdown_is_a_table_with_everybody() {
    let text = Cast::new(everybody()).told("markdown", &[]);
    insta::assert_snapshot!(text);
}

#[test]
fn a_report_goes_into_the_file_that_was_named() {
    let cast = Cast::new(everybody());
    let on_screen = cast.told("csv", &[]);
    assert_eq!(cast.told("csv", &["--out", "marks.csv"]), "");
    assert_eq!(cast.read("marks.csv"), on_screen);
}

#[test]
fn what_does_not_go_together_is_told() {
    let cast = Cast::new(everybody());
    for (format, more, told) in [
        ("html", &[][..], "--out FOLDER"),
        ("canvas", &[], "--sheet FILE"),
        ("csv", &["--sheet", "x.csv"], "fills in no `--sheet`"),
        ("html", &["--out", "."], "is there already, and no report"),
        ("moodle", &["--sheet", "x.csv", "--anonymous", "--key", "k"], "about people"),
    ] {
        let answer = cast.report(format, more);
        assert_eq!(answer.code, Some(2), "{format} {more:?}: {}", answer.stderr);
        assert!(answer.stderr.contains(told), "{format} {more:?}: {}", answer.stderr);
    }
}
