//! `grade init --ci`: the workflow of a learner's repository.

use crate::support::Desk;

const GITHUB: &str = "repo/.github/workflows/grade.yml";

#[test]
fn a_workflow_is_written_once_and_never_over_another() {
    let desk = Desk::new();
    let github = ["init", "--ci", "github", "--action", "tools/grade@v1"];
    let told = desk.grade(&github);
    assert_eq!(told.code, 0, "{told}");
    assert!(told.stdout.contains("written    .github/workflows/grade.yml"), "{told}");
    assert!(desk.read(GITHUB).contains("uses: tools/grade/.github/actions/grade@v1\n"));
    let desk = desk.file(GITHUB, "mine\n");
    let told = desk.grade(&github);
    assert!(told.code == 0 && told.stdout.contains("Yours is as before"), "{told}");
    assert_eq!(desk.read(GITHUB), "mine\n");
    let told = desk.grade(&[&github[..], &["--force"]].concat());
    assert!(told.stdout.contains("yours is now grade.yml.bak"), "{told}");
    assert_eq!(desk.read(&format!("{GITHUB}.bak")), "mine\n");
    assert!(desk.read(GITHUB).starts_with("# Grades this repository"));
}

#[test]
fn graders_can_be_kept_where_learners_do_not_write() {
    let desk = Desk::new();
    let told = desk.grade(&["init", "--ci", "github", "--action", "tools/grade", "--graders", "course/graders@v2"]);
    assert_eq!(told.code, 0, "{told}");
    let text = desk.read(GITHUB);
    for words in [
        "repository: course/graders\n",
        "ref: v2\n",
        "config: course/grade.toml\n",
        "catalog: course\n",
        "cache: \"false\"\n",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let told = desk.grade(&["init", "--ci", "gitlab", "--graders", "school/course/graders"]);
    assert_eq!(told.code, 0, "{told}");
    let text = desk.read("repo/.gitlab-ci.yml");
    assert!(
        text.contains("school/course/graders.git\" \"main\"")
            && text.contains("--config \"$CI_PROJECT_DIR.course/grade.toml\""),
        "{text}"
    );
}

#[test]
fn a_name_that_is_more_than_a_name_is_wrong_usage() {
    let desk = Desk::new();
    for name in ["graders", "a/b; rm -rf /", "a/b@$(id)"] {
        let told = desk.grade(&["init", "--ci", "gitlab", "--graders", name]);
        assert_eq!(told.code, 2, "{name}: {told}");
    }
    assert!(!desk.path("repo/.gitlab-ci.yml").exists());
}

#[test]
fn nothing_is_written_through_a_link_out_of_the_repository() {
    let desk = Desk::new().file("outside/kept", "as it was");
    std::os::unix::fs::symlink("../outside", desk.path("repo/.github")).unwrap();
    let told = desk.grade(&["init", "--ci", "github", "--action", "tools/grade"]);
    assert_eq!(told.code, 2, "{told}");
    assert_eq!(desk.path("outside").read_dir().unwrap().count(), 1);
}
