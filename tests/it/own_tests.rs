//! Learners' own tests: honest ones earn what they notice, hostile ones nothing.

use crate::support::Desk;
use crate::trial::cache;

#[test]
fn tests_earn_what_they_notice_and_hostile_ones_nothing() {
    let catalog = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/catalog");
    let arguments = ["verify", "probe/tested", "--catalog", catalog, "--seeds", "1"];
    let told = Desk::new().run("repo", &arguments, &[("GRADE_CACHE_DIR", &cache().display().to_string())]);
    assert_eq!(told.code, 0, "{told}");
}
