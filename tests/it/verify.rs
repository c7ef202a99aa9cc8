//! `grade verify` as the gate for authors: what it lets through, and what it names.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use grade::catalog::Catalog;
use grade::verify::kills::Kills;

use crate::support::{Desk, Told};
use crate::trial::cache;

const GRADER: &str = r#"from grader import probe


@probe
def added(adding, a, b):
    """add({a}, {b})"""
    return adding.add(a, b)


@probe
def doubled(adding, a):
    """double({a})"""
    return adding.double(a)


def test_adds(learner, rng):
    a, b = rng.randrange(10, 99), rng.randrange(10, 99)
    assert learner.run(added, a, b) == a + b


def test_doubles(learner, rng):
    a = rng.randrange(10, 99)
    assert learner.run(doubled, a) == 2 * a
"#;

const MANIFEST: &str = r#"title = "A small exercise"
summary = "add two numbers"
track = "drill"
folder = "week1/lab"
files = ["adding.py"]

[[check]]
id = "adds"
title = "adds two numbers"

[[check]]
id = "doubles"
title = "doubles a number"
"#;

const RIGHT: &str = "def add(a, b):\n    return a + b\n\n\ndef double(a):\n    return 2 * a\n";
const STARTER: &str =
    "def add(a, b):\n    raise NotImplementedError\n\n\ndef double(a):\n    raise NotImplementedError\n";

/// The exercise `lab/adding` with a right sample and one wrong in each function.
fn desk(manifest: &str) -> Desk {
    let desk = Desk::new()
        .exercise("lab/adding", manifest)
        .file("catalog/exercises/lab/adding/README.md", "# Adding\n\n`adding.py` has `add(a, b)` and `double(a)`.\n")
        .file("catalog/exercises/lab/adding/starter/adding.py", STARTER)
        .file("catalog/graders/lab/adding/test_adding.py", GRADER);
    let desk = sample(desk, "right", "outcome = \"passed\"\n", RIGHT);
    let desk = sample(desk, "adds_too_much", &fails(&["adds"]), &RIGHT.replace("a + b", "a + b + 1"));
    sample(desk, "doubles_too_much", &fails(&["doubles"]), &RIGHT.replace("2 * a", "3 * a"))
}

fn sample(desk: Desk, name: &str, expected: &str, source: &str) -> Desk {
    let folder = format!("catalog/fixtures/lab/adding/submissions/{name}");
    desk.file(&format!("{folder}/expected.toml"), expected).file(&format!("{folder}/adding.py"), source)
}

fn fails(checks: &[&str]) -> String {
    format!("outcome = \"failed\"\nfails = {checks:?}\n")
}

fn verify(desk: &Desk, more: &[&str]) -> Told {
    let mut arguments = vec!["--catalog", "../catalog", "verify", "lab/adding"];
    arguments.extend(more);
    desk.run("repo", &arguments, &[("GRADE_CACHE_DIR", &cache().display().to_string())])
}

fn assert_refused(told: &Told, words: &str) {
    assert!(told.code == 4 && told.stdout.contains(words), "no `{words}` in\n{told}");
}

#[test]
fn a_sound_exercise_is_let_through() {
    let told = verify(&desk(MANIFEST), &["--seeds", "2", "--repeat", "2"]);
    assert_eq!(told.code, 0, "{told}");
    assert!(told.stdout.contains(" ms of CPU time\n"), "{told}");
}

#[test]
fn right_samples_alone_are_graded_where_that_is_asked_for() {
    let desk = desk(MANIFEST).without("catalog/fixtures/lab/adding/submissions/doubles_too_much");
    let told = verify(&desk, &["--right", "--seeds", "2"]);
    assert_eq!(told.code, 0, "{told}");
    let wrong = RIGHT.replace("a + b", "0");
    let told = verify(&sample(desk, "called_right", "outcome = \"passed\"\n", &wrong), &["--right", "--seeds", "1"]);
    assert_refused(&told, "does not pass `adds`");
}

#[test]
fn a_check_that_no_sample_fails_is_named() {
    let desk = desk(MANIFEST).without("catalog/fixtures/lab/adding/submissions/doubles_too_much");
    assert_refused(&verify(&desk, &["--seeds", "1"]), "no sample fails `doubles`: add one that does");
}

#[test]
fn checks_that_no_sample_keeps_apart_are_named_unless_a_reason_is() {
    let both = |manifest: &str| {
        let submissions = "catalog/fixtures/lab/adding/submissions";
        let desk = desk(manifest).without(&format!("{submissions}/adds_too_much"));
        let wrong = RIGHT.replace("a + b", "0").replace("2 * a", "0");
        sample(desk.without(&format!("{submissions}/doubles_too_much")), "zero", &fails(&["adds", "doubles"]), &wrong)
    };
    let told = verify(&both(MANIFEST), &["--seeds", "1"]);
    assert_refused(&told, "`adds`, `doubles` fail in the same samples only (zero)");
    let reason = format!("{MANIFEST}\n[[together]]\nchecks = [\"adds\", \"doubles\"]\nwhy = \"one needs the other\"\n");
    let told = verify(&both(&reason), &["--seeds", "1"]);
    assert_eq!(told.code, 0, "{told}");
    let told = verify(&desk(&reason), &["--seeds", "1"]);
    assert_refused(&told, "`[[together]]` on line 16: a sample fails only some of `adds`, `doubles`");
}

#[test]
fn a_flaky_check_is_named_with_its_seed() {
    let guess = "    import os\n    assert os.urandom(1)[0] < 128, 'the odds'\n    a, b = rng";
    let desk =
        desk(MANIFEST).file("catalog/graders/lab/adding/test_adding.py", &GRADER.replacen("    a, b = rng", guess, 1));
    let told = verify(&desk, &["--seeds", "1", "--repeat", "30", "--seed", "5"]);
    assert_refused(&told, "seed 5: `adds` is flaky: it passes ");
}

#[test]
fn what_the_readme_does_not_name_is_named() {
    let desk =
        desk(MANIFEST).file("catalog/exercises/lab/adding/README.md", "# Adding\n\n`adder.py` has `add(a, b)`.\n");
    let told = verify(&desk, &["--seeds", "1"]);
    assert_refused(&told, "README.md does not name the file `adding.py`");
    assert_refused(&told, "README.md does not name `double`, which the starter defines (adding.py:5)");
    assert_refused(&told, "README.md does not name `double`, which the grader asks for (test_adding.py:13)");
}

#[test]
fn a_starter_that_earns_or_breaks_something_is_named() {
    let desk = desk(MANIFEST).file(
        "catalog/exercises/lab/adding/starter/adding.py",
        "def add(a, b):\n    return a + b\n\n\ndef double(a):\n    import os\n    os._exit(0)\n",
    );
    let told = verify(&desk, &["--seeds", "1"]);
    assert_refused(&told, "the starter passes `adds`");
    assert_refused(&told, "the starter breaks `doubles`");
}

#[test]
fn mutants_that_no_check_finds_are_shown_with_their_difference() {
    let weak = GRADER.replace("a, b = rng.randrange(10, 99), rng.randrange(10, 99)", "a, b = rng.randrange(10, 99), 0");
    let desk = desk(MANIFEST).file("catalog/graders/lab/adding/test_adding.py", &weak);
    let told = verify(&desk, &["--mutants", "-j", "2"]);
    assert_refused(&told, "lab/adding: NOT ENOUGH, 4 of 5 mutants found, 0 equivalent: 80 %");
    assert_refused(
        &told,
        "survives (operator): right/adding.py:2\n    - return a + b\n    + return a - b\n  found by each check:\n       1  adds\n       3  doubles\n",
    );
}

#[test]
fn an_equivalent_mutant_is_on_record_with_its_reason_until_it_is_found() {
    let record =
        "[[equivalent]]\nsample = \"right\"\nline = \"return a + b\"\nmutant = \"return a - b\"\nwhy = \"b is 0\"\n";
    let weak = GRADER.replace("a, b = rng.randrange(10, 99), rng.randrange(10, 99)", "a, b = rng.randrange(10, 99), 0");
    let mutants = "catalog/fixtures/lab/adding/mutants.toml";
    let excused = desk(MANIFEST).file(mutants, record).file("catalog/graders/lab/adding/test_adding.py", &weak);
    let told = verify(&excused, &["--mutants", "--record"]);
    assert!(told.code == 0 && told.stdout.contains("ok, 4 of 5 mutants found, 1 equivalent: 100 %"), "{told}");
    let kept = excused.read("catalog/fixtures/lab/adding/kills.toml");
    assert!(kept.contains("mutants = 5\nkilled = 4\nequivalent = 1\n\n[checks]\nadds = 1\ndoubles = 3\n"), "{kept}");
    assert_eq!(objections(&excused), [""; 0]);
    let told = verify(&desk(MANIFEST).file(mutants, record), &["--mutants"]);
    assert_refused(&told, "mutants.toml:3: no survivor of `right` is like this");
}

/// What is wrong with the record of `lab/adding`.
fn objections(desk: &Desk) -> Vec<String> {
    let catalog = Catalog::load(&[desk.path("catalog")]).unwrap();
    let exercise = catalog.find("lab/adding").unwrap();
    Kills::read(&exercise).unwrap().unwrap().objections(&exercise).unwrap()
}

#[test]
fn a_record_is_about_the_grader_and_the_samples_that_it_was_made_with() {
    let kills = "catalog/fixtures/lab/adding/kills.toml";
    let recorded = desk(MANIFEST);
    assert_eq!(verify(&recorded, &["--mutants", "--record"]).code, 0);
    let text = recorded.read(kills);
    let stale = "is about another grader, or other samples: `grade verify lab/adding --mutants --record`";
    let samples = "catalog/fixtures/lab/adding/submissions";
    let changes = [
        ("catalog/graders/lab/adding/test_adding.py", format!("{GRADER}\n"), Some(stale)),
        (&format!("{samples}/right/adding.py"), RIGHT.replace("2 * a", "a + a"), Some(stale)),
        (&format!("{samples}/adds_too_much/adding.py"), RIGHT.replace("a + b", "0"), None),
        ("catalog/exercises/lab/adding/README.md", "# Adding\n".to_owned(), None),
        (kills, text.replace("killed = 5", "killed = 4"), Some("80 % of the mutants are found, 95 are needed")),
        (kills, text.replace("killed = 5", "killed = 6"), Some("has more mutants found than there are")),
        (kills, text.replace("adds", "sums"), Some("`adds` is in the record or in the exercise, but not in both")),
    ];
    for (path, content, objection) in changes {
        let edited = desk(MANIFEST).file(kills, &text).file(path, &content);
        let told = objections(&edited);
        assert_eq!(told.first().map(String::as_str), objection, "{path}: {told:?}");
    }
}

#[test]
fn a_mutant_that_breaks_the_grader_is_the_graders_mistake() {
    let brittle = GRADER
        .replace("    assert learner.run(added, a, b) == a + b", "    assert {a + b: True}[learner.run(added, a, b)]");
    let desk = desk(MANIFEST).file("catalog/graders/lab/adding/test_adding.py", &brittle);
    assert_refused(&verify(&desk, &["--mutants"]), "breaks the grader (operator): right/adding.py:2");
}

#[test]
fn nothing_is_recorded_beside_what_is_built_in() {
    let told = Desk::new().grade_in("repo", &["verify", "fundamentals/mutable_default", "--mutants", "--record"]);
    assert_eq!(told.code, 2, "{told}");
}

#[test]
fn the_example_of_the_guide_for_authors_is_as_the_guide_says() {
    let catalog = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/catalog");
    for more in [&["--seeds", "3"][..], &["--mutants", "-j", "2"]] {
        let arguments = [&["verify", "lists/rotate", "--catalog", catalog], more].concat();
        let told = Desk::new().run("repo", &arguments, &[("GRADE_CACHE_DIR", &cache().display().to_string())]);
        assert_eq!(told.code, 0, "{told}");
    }
}

#[test]
fn a_new_exercise_verifies_at_once_and_so_do_its_mutants() {
    let desk = Desk::new();
    let run =
        |arguments: &[&str]| desk.run("catalog", arguments, &[("GRADE_CACHE_DIR", &cache().display().to_string())]);
    insta::assert_snapshot!(run(&["new", "lab/two-ways"]));
    for more in [&["--repeat", "2"][..], &["--mutants", "-j", "2"]] {
        let told = run(&[&["verify", "lab/two-ways", "--catalog", "."], more].concat());
        assert_eq!(told.code, 0, "{told}");
    }
    insta::assert_snapshot!(run(&["new", "lab/two-ways"]));
    assert_eq!(run(&["new", "two ways"]).code, 2);
}
