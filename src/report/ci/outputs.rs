//! Outputs of a step of GitHub Actions, for the steps after it.

use std::fmt::Write as _;

use crate::ci::Account;
use crate::report::words::number;

/// `score`, `possible` and `passed`; each between delimiters with `token`, so that no value could be taken for another output.
pub fn outputs(account: &Account, token: &str) -> String {
    let score = account.score();
    let mut text = String::new();
    for (name, value) in [
        ("score", number(score.earned)),
        ("possible", number(score.possible)),
        ("passed", account.passed().to_string()),
    ] {
        // Writing to a text can't fail.
        let _ = writeln!(text, "{name}<<grade_{token}\n{value}\ngrade_{token}");
    }
    text
}
