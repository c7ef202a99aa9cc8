//! Finding exercises: lists, ids, groups, catalogues over one another.

use super::*;

#[test]
fn a_list_is_readable_at_80_columns_and_marks_what_was_begun() {
    let long = "a summary that goes on and on until it does not fit on the line of a terminal any more";
    let desk = Desk::with_exercise()
        .exercise("lab/second", &EXERCISE.replace("add two numbers", long).replace("week1/lab", "week1/second"))
        .exercise("lab/first", &EXERCISE.replace("\"drill\"", "\"plan\"\norder = -1"))
        .file("repo/week1/second/adding.py", "");
    let told = desk.grade(&["list", "lab"]);
    assert!(told.stdout.lines().all(|line| line.chars().count() <= 80));
    assert_snapshot!(told);
}

#[test]
fn a_list_as_json_tells_files_checks_and_mistakes() {
    let desk = Desk::with_exercise().exercise("lab/broken", &EXERCISE.replace("weight", "wait"));
    assert_snapshot!(desk.grade(&["list", "lab", "--format", "json"]));
}

#[test]
fn a_mistyped_id_suggests_the_nearest() {
    assert_snapshot!(Desk::with_exercise().grade(&["show", "lab/ading"]));
}

#[test]
fn a_file_named_in_place_of_its_id_is_recognised() {
    assert_snapshot!(Desk::with_exercise().grade(&["show", "week1/lab/adding.py"]));
}

#[test]
fn a_mistyped_command_is_recognised() {
    assert_snapshot!(Desk::with_exercise().grade(&["strt"]));
}

#[test]
fn a_mistyped_command_before_an_id_is_recognised() {
    let told = Desk::with_exercise().grade(&["wach", "lab/adding"]);
    assert!(told.stderr.contains("did you mean the command `grade watch lab/adding`?"), "{told}");
}

#[test]
fn the_last_part_of_an_id_names_the_exercise_where_there_is_no_other() {
    let desk = Desk::with_exercise();
    assert_eq!(desk.grade(&["show", "adding"]).code, 0);
    let told = desk.exercise("labs/adding", EXERCISE).grade(&["show", "adding"]);
    assert_eq!(told.code, 2, "{told}");
}

#[test]
fn a_command_after_an_id_is_told_to_come_first() {
    assert_snapshot!(Desk::with_exercise().grade(&["lab", "show"]));
}

#[test]
fn a_later_catalogue_replaces_an_exercise_as_a_whole() {
    let desk = Desk::with_exercise()
        .file("other/exercises/lab/adding/exercise.toml", &EXERCISE.replace("add two numbers", "replaced"))
        .file("other/exercises/lab/adding/README.md", "# Replaced\n")
        .file("other/exercises/lab/adding/hints.md", "## Only one\n")
        .file("other/exercises/lab/adding/starter/adding.py", "")
        .file("other/graders/lab/adding/test_adding.py", "");
    let told = desk.grade(&["--catalog", "../other", "show", "lab/adding"]);
    assert!(told.stdout.starts_with("# Replaced\n"), "{told}");
}

#[test]
fn grade_toml_names_a_catalogue_from_any_folder_inside() {
    let desk =
        Desk::with_exercise().file("repo/grade.toml", "catalog = \"../catalog\"\n").file("repo/week1/notes/x", "");
    assert_eq!(desk.grade_in("repo/week1/notes", &["show", "lab/adding"]).code, 0);
}

#[test]
fn a_mistake_in_grade_toml_is_wrong_usage_with_its_line() {
    let desk = Desk::new().file("repo/grade.toml", "catalog = \"nowhere\"\ncolour = true\n");
    assert_snapshot!(desk.grade(&["list"]));
}

#[test]
fn the_embedded_catalogue_is_written_once() {
    let desk = Desk::new();
    assert_eq!(desk.grade_in("repo", &["list"]).code, 0);
    let copies = || fs::read_dir(desk.path("cache/catalog")).unwrap().map(|entry| entry.unwrap()).collect::<Vec<_>>();
    let written = copies()[0].metadata().unwrap().modified().unwrap();
    assert_eq!(desk.grade_in("repo", &["list"]).code, 0);
    assert_eq!(copies().len(), 1);
    assert_eq!(copies()[0].metadata().unwrap().modified().unwrap(), written);
}

#[test]
fn a_cache_that_cannot_be_written_is_the_machines_fault() {
    let told = Desk::new().run("repo", &["list"], &[("GRADE_CACHE_DIR", "/proc/nowhere")]);
    assert_snapshot!(told);
}

#[test]
fn the_shell_is_offered_ids_with_their_titles() {
    let desk = Desk::with_exercise();
    let catalog = desk.path("catalog").display().to_string();
    let variables =
        [("COMPLETE", "zsh"), ("_CLAP_COMPLETE_INDEX", "2"), ("_CLAP_IFS", "\n"), ("GRADE_CATALOG", catalog.as_str())];
    assert_snapshot!(desk.run("repo", &["--", "grade", "start", "lab/"], &variables));
}

#[test]
fn what_is_there_is_found_in_the_order_of_the_list_and_a_broken_one_is_told() {
    let elsewhere = |folder: &str| EXERCISE.replace("week1/lab", folder);
    let desk = Desk::with_exercise()
        .exercise("lab/absent", &elsewhere("week2"))
        .exercise("lab/first", &format!("order = -1\n{}", elsewhere("week3")))
        .exercise("lab/broken", &elsewhere("week4").replace("weight = 2", "weight = 0"))
        .exercise("lab/nowhere", "this is no TOML")
        .file("repo/week1/lab/adding.py", "")
        .file("repo/week3/adding.py", "")
        .file("repo/week4/adding.py", "");
    let catalog = grade::catalog::Catalog::load(&[desk.path("catalog")]).unwrap();
    let found = catalog.present(&desk.path("repo"));
    let ids: Vec<_> = found.exercises.iter().map(|exercise| exercise.id.as_str()).collect();
    assert_eq!(ids, ["lab/first", "lab/adding"]);
    let broken: Vec<_> = found.broken.iter().map(|fault| fault.what.as_str()).collect();
    assert_eq!(broken, ["`weight` must be more than 0"]);
}
