//! Malformed and hostile archives: each a clear line in the report, and the batch goes on.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::hall::Hall;
use crate::trial::RIGHT;

/// Learner → outcome, and words of the reason or the notes.
type Expected = BTreeMap<String, (String, String)>;

fn make(hall: &Hall) -> Expected {
    #[expect(clippy::disallowed_methods, reason = "zip and tar files that no library of ours would write")]
    let mut python = Command::new("python3")
        .args(["-c", include_str!("archives.py")])
        .arg(hall.path("subs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(RIGHT.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_hostile_archive_is_a_clear_line_and_the_batch_goes_on() {
    let hall = Hall::new();
    let expected = make(&hall);
    assert!(expected.len() >= 40, "{}", expected.len());
    let told = hall.batch(&[]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let lines = hall.csv("run");
    let mut wrong = Vec::new();
    for (learner, (outcome, words)) in &expected {
        let Some(line) = lines.get(learner) else {
            wrong.push(format!("{learner} is not in the report"));
            continue;
        };
        let told = format!("{} {}", line["reason"], line["notes"]);
        if line["outcome"] != *outcome || !told.contains(words.as_str()) {
            wrong.push(format!("{learner}: expected {outcome}, {words:?}; got {}, {told:?}", line["outcome"]));
        }
        // Whoever does not pass reads why.
        if line["outcome"] != "passed" && line["reason"].is_empty() {
            wrong.push(format!("{learner} is not told why"));
        }
    }
    let strangers: Vec<_> = lines.keys().filter(|learner| !expected.contains_key(*learner)).collect();
    assert!(wrong.is_empty() && strangers.is_empty(), "{}\n{strangers:?}", wrong.join("\n"));
}
