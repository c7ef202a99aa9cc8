//! What a learner does with an exercise: show, start, hint.

use super::*;

#[test]
fn show_tells_the_text_the_files_and_the_next_command() {
    assert_snapshot!(Desk::with_exercise().grade(&["show", "lab/adding"]));
}

#[test]
fn start_puts_the_starter_in_place() {
    let desk = Desk::with_exercise();
    assert_snapshot!(desk.grade(&["start", "lab/adding"]));
    assert_eq!(desk.read("repo/week1/lab/adding.py"), "def add(a, b):\n    ...\n");
}

#[test]
fn start_never_overwrites_a_learners_file() {
    let desk = Desk::with_exercise().file("repo/week1/lab/adding.py", "mine\n");
    assert_snapshot!(desk.grade(&["start", "lab/adding"]));
    assert_eq!(desk.read("repo/week1/lab/adding.py"), "mine\n");
}

#[test]
fn start_by_force_keeps_a_backup_of_every_version() {
    let desk = Desk::with_exercise().file("repo/week1/lab/adding.py", "mine\n");
    assert_snapshot!(desk.grade(&["start", "lab/adding", "--force"]));
    let desk = desk.file("repo/week1/lab/adding.py", "mine again\n");
    assert_eq!(desk.grade(&["start", "lab/adding", "--force"]).code, 0);
    assert_eq!(desk.read("repo/week1/lab/adding.py.bak"), "mine\n");
    assert_eq!(desk.read("repo/week1/lab/adding.py.bak2"), "mine again\n");
    assert_eq!(desk.read("repo/week1/lab/adding.py"), "def add(a, b):\n    ...\n");
}

#[test]
fn start_by_force_on_an_untouched_starter_makes_no_backup() {
    let desk = Desk::with_exercise();
    desk.grade(&["start", "lab/adding"]);
    assert_eq!(desk.grade(&["start", "lab/adding", "--force"]).code, 0);
    assert_eq!(fs::read_dir(desk.path("repo/week1/lab")).unwrap().count(), 1);
}

#[test]
fn start_outside_a_repository_tells_how_to_get_one() {
    let desk = Desk::with_exercise();
    assert_snapshot!(desk.grade_in("home", &["--catalog", "../catalog", "start", "lab/adding"]));
}

#[test]
fn start_finds_the_repository_from_a_folder_inside_or_by_flag() {
    let desk = Desk::with_exercise().file("repo/a/b/x", "");
    assert_eq!(desk.grade_in("repo/a/b", &["--catalog", "../../../catalog", "start", "lab/adding"]).code, 0);
    assert!(desk.path("repo/week1/lab/adding.py").is_file());
    fs::create_dir(desk.path("plain")).unwrap();
    assert_eq!(desk.grade(&["--repo", "../plain", "start", "lab/adding"]).code, 0);
    assert!(desk.path("plain/week1/lab/adding.py").is_file());
}

#[test]
fn start_does_not_write_through_a_link_out_of_the_repository() {
    let desk = Desk::with_exercise();
    std::os::unix::fs::symlink(desk.path("home"), desk.path("repo/week1")).unwrap();
    assert_snapshot!(desk.grade(&["start", "lab/adding"]));
    assert_eq!(fs::read_dir(desk.path("home")).unwrap().count(), 0);
}

#[test]
fn hints_come_one_more_at_a_time() {
    let desk = Desk::with_exercise();
    let told: Vec<_> = (0..3).map(|_| desk.grade(&["hint", "lab/adding"]).to_string()).collect();
    assert_snapshot!(told.join("\n"));
    assert_eq!(desk.read("repo/.grade/hints.toml"), "\"lab/adding\" = 2\n");
    assert_eq!(desk.read("repo/.grade/.gitignore"), "*\n!.gitignore\n!progress.txt\n");
}

#[test]
fn hints_can_be_shown_all_and_begun_again() {
    let desk = Desk::with_exercise();
    let told = [&["hint", "lab/adding", "--all"][..], &["hint", "lab/adding", "--reset"], &["hint", "lab/adding"]];
    assert_snapshot!(told.map(|arguments| desk.grade(arguments).to_string()).join("\n"));
}

#[test]
fn damaged_notes_about_hints_can_be_removed() {
    let desk = Desk::with_exercise().file("repo/.grade/hints.toml", "\"lab/adding\" = \"many\"\n");
    assert_snapshot!(desk.grade(&["hint", "lab/adding"]));
}
