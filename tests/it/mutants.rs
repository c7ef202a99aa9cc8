//! What is on record about mutants, and the page of it in the documentation. Counting anew takes minutes an exercise; whether the record is still about what is here takes none.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use grade::catalog::{Catalog, Exercise};
use grade::verify::kills::Kills;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/mutants.md");

const HEAD: &str = "# Mutants

How many small faults, put into the right samples one at a time, the checks of each exercise find ([how it is counted](authoring.md#5-mutants)). *The same* are mutants that do what the
original does, or what the README leaves open, each with its reason in `fixtures/<id>/mutants.toml`. Behind each check stands how many it finds; most are found by several.
A learner's own tests get no mutants (which of several tests notices a fault is their choice), so where nothing else is graded there are none.
`GRADE_TEST_WRITE=1 cargo test mutants` makes this page of the records in `fixtures/<id>/kills.toml`.
";

/// Every exercise, in the order of the catalogue.
pub(crate) fn exercises() -> Vec<Arc<Exercise>> {
    let catalog = Catalog::load(&[Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()]).unwrap();
    catalog.all().map(|(_, exercise)| exercise.unwrap()).collect()
}

#[test]
fn what_is_on_record_about_mutants_is_about_the_exercises_as_they_are() {
    let mut wrong = Vec::new();
    for exercise in exercises() {
        let objections = match Kills::read(&exercise).unwrap() {
            Some(kills) => kills.objections(&exercise).unwrap(),
            None => vec!["is not there: `grade verify --mutants --record`".to_owned()],
        };
        wrong.extend(objections.iter().map(|objection| format!("{}: kills.toml {objection}", exercise.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_about_mutants_is_made_of_the_records() {
    let mut page = HEAD.to_owned();
    let mut checks = String::new();
    page.push_str("\n| exercise | mutants | the same | found | of the others |\n|---|---:|---:|---:|---:|\n");
    for exercise in exercises() {
        let kills = Kills::read(&exercise).unwrap().unwrap_or_default();
        let (id, Kills { mutants, equivalent, killed, .. }) = (&exercise.id, &kills);
        let percent = if *mutants > 0 { format!("{} %", kills.percent()) } else { "–".to_owned() };
        writeln!(page, "| `{id}` | {mutants} | {equivalent} | {killed} | {percent} |").unwrap();
        let found = exercise.checks.iter().filter(|check| !check.review).map(|check| {
            let found = kills.checks.get(&check.id).copied().unwrap_or_default();
            format!("`{}` {found}", check.id)
        });
        writeln!(checks, "\n**{id}**: {}.", found.collect::<Vec<_>>().join(", ")).unwrap();
    }
    page.push_str("\n## By check\n");
    page.push_str(&checks);
    if std::env::var_os("GRADE_TEST_WRITE").is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let written = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(written == page, "docs/mutants.md is not what the records say: `GRADE_TEST_WRITE=1 cargo test mutants`");
}
