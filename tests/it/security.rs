//! SECURITY.md says what is there: every attack of the corpus once, with the words of its own description.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Name → what is tried, of each row between the marks.
fn told() -> BTreeMap<String, String> {
    let page = include_str!("../../SECURITY.md");
    let table = page.split("<!-- attacks: begin -->").nth(1).unwrap().split("<!-- attacks: end -->").next().unwrap();
    let mut rows = BTreeMap::new();
    for line in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [name, tries, stopped] = cells[..] else { panic!("a row of {} cells: {line}", cells.len()) };
        assert!(!stopped.is_empty(), "nothing stops {name}");
        let before = rows.insert(name.trim_matches('`').to_owned(), tries.to_owned());
        assert!(before.is_none(), "{name} is told twice");
    }
    rows
}

#[test]
fn every_attack_is_told_with_what_stops_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile");
    let mut there = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let attack: toml::Table = fs::read_to_string(path.join("attack.toml")).unwrap().parse().unwrap();
        let tries = attack["tries"].as_str().unwrap().replace('|', "/");
        there.insert(path.file_name().unwrap().to_string_lossy().into_owned(), tries);
    }
    assert_eq!(told(), there);
}
