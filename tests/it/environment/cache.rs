//! Listing and clearing what is kept.

use std::fs;
use std::time::{Duration, SystemTime};

use grade::environment::Silent;
use grade::environment::cache::{Kind, clear, list};
use grade::report::cache as report;

use super::building::{environments, offline_machine};

#[test]
fn the_cache_is_listed_and_cleared_but_not_under_a_running_grade() {
    let (machine, wheels) = offline_machine();
    let python = machine.discover().unwrap();
    let environment = environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap();
    machine.write("cache/venvs/0123.tmp-77-abc/half", "x");
    machine.write("cache/photos/holiday.jpg", "not ours");
    let entries = list(&machine.cache()).unwrap();
    let kinds: Vec<_> = entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [Kind::Environment, Kind::Interpreter, Kind::Unfinished]);
    assert_eq!(entries[0].detail, format!("the sample, Python {}, by pip", python.version()));
    assert!(entries[0].bytes > 2_000_000);

    let cleared = clear(&machine.cache(), None).unwrap();
    assert_eq!(
        cleared.in_use.iter().map(|entry| &entry.path).collect::<Vec<_>>(),
        [environment.root.as_ref().unwrap()]
    );
    assert_eq!(cleared.removed.len(), 2);
    assert!(environment.python().exists());

    drop(environment);
    assert_eq!(clear(&machine.cache(), None).unwrap().removed.len(), 1);
    assert_eq!(list(&machine.cache()).unwrap(), []);
    assert_eq!(fs::read_dir(machine.path("cache/venvs")).unwrap().count(), 0, "locks go with what they guard");
    assert!(machine.path("cache/photos/holiday.jpg").exists());
    environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap();
}

#[test]
fn only_what_is_old_enough_is_cleared() {
    let (machine, wheels) = offline_machine();
    let python = machine.discover().unwrap();
    let environment = environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap();
    let ready = environment.root.clone().unwrap().join("ready.json");
    drop(environment);
    let days = |days: u64| Duration::from_secs(days * 86_400);
    let age = |by| fs::File::options().append(true).open(&ready).unwrap().set_modified(SystemTime::now() - by).unwrap();
    age(days(10));
    assert_eq!(clear(&machine.cache(), Some(days(30))).unwrap().removed, []);
    // Using it makes it young again.
    environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap();
    assert_eq!(clear(&machine.cache(), Some(days(5))).unwrap().removed, []);
    age(days(10));
    assert_eq!(clear(&machine.cache(), Some(days(5))).unwrap().removed.len(), 1);
}

#[test]
fn a_cache_that_is_not_there_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("none");
    assert_eq!(list(&cache).unwrap(), []);
    assert_eq!(clear(&cache, None).unwrap().removed, []);
    assert_eq!(report::list(&[], &cache, SystemTime::now()), format!("The cache `{}` is empty.\n", cache.display()));
}

#[test]
fn the_views_read_plainly() {
    use grade::environment::cache::{Cleared, Entry};
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let entry = |kind, name: &str, bytes, seconds, detail: &str| Entry {
        kind,
        path: format!("/c/venvs/{name}").into(),
        bytes,
        last_used: now - Duration::from_secs(seconds),
        detail: detail.into(),
    };
    let entries = [
        entry(Kind::Environment, "ab12", 15_388_672, 3 * 86_400, "the judge, Python 3.12.1, by uv"),
        entry(Kind::Unfinished, "cd34.tmp-7", 900, 59, "a build that died or is running"),
    ];
    insta::assert_snapshot!(report::list(&entries, "/c".as_ref(), now), @r"
    environment   15.3 MB  3 days ago    the judge, Python 3.12.1, by uv  (venvs/ab12)
    unfinished      900 B  just now      a build that died or is running  (venvs/cd34.tmp-7)
    15.3 MB in 2 entries in `/c`
    ");
    let [used, removed] = entries;
    insta::assert_snapshot!(report::cleared(&Cleared { removed: vec![removed], in_use: vec![used] }), @r"
    Removed 1 entry: 900 B.
    Kept, for a running grade uses it: the judge, Python 3.12.1, by uv
    ");
}
