//! The exercises themselves, on the real judge and sandbox.

use std::process::Stdio;

/// Exercises whose samples wait for real time-outs take minutes together; `grade verify` without arguments does them all.
const QUICK: &[&str] = &["day4/decorators", "fundamentals/mutable_default", "iteration/generator_pipeline"];

#[test]
fn every_sample_submission_gets_the_verdict_that_its_author_expects() {
    let cache = tempfile::tempdir().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the tests run the binary itself")]
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_grade"))
        .arg("verify")
        .args(QUICK)
        .args(["--seeds", "1"])
        .env("GRADE_CACHE_DIR", cache.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("3 of 3 exercises verified"), "{told}");
}
