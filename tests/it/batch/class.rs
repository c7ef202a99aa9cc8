//! What a report says about the class: checks, wrong answers, submissions that are the same, exports for programs that compare them.

use std::fs;

use super::hall::Hall;
use crate::trial::{RIGHT, squaring};

/// Long enough that nobody writes the same by chance.
const LONG: &str = r#"
def is_prime(number):
    """Whether it has two divisors."""
    if number < 2:
        return False
    divisor = 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            return False
        divisor += 1
    return True


def primes_below(limit):
    found = []
    for candidate in range(limit):
        if is_prime(candidate):
            found.append(candidate)
    return found
"#;

/// Somebody's, with other names, another layout and a comment.
fn disguised() -> String {
    format!("{RIGHT}{LONG}")
        .replace("    ", "  ")
        .replace("divisor", "d")
        .replace("found", "result")
        .replace("\"\"\"Whether it has two divisors.\"\"\"", "# all my own work")
        .replace("candidate", "c")
}

fn hall() -> Hall {
    let mut hall = Hall::new().submit("broken", "def").submit("begun", STARTER);
    for number in 0..5 {
        hall = hall.submit(&format!("right{number}"), &format!("# {number}\n{RIGHT}"));
        hall = hall.submit(&format!("next{number}"), &format!("# {number}\n{}", squaring("return n + 1")));
    }
    hall.submit("ada", &format!("{RIGHT}{LONG}")).submit("bob", &disguised())
}

const STARTER: &str = "def square(n):\n    raise NotImplementedError\n\n\ndef double(n):\n    raise NotImplementedError\n\n\ndef total(ask):\n    raise NotImplementedError\n";

#[test]
fn the_commonest_mistake_is_one_whatever_each_was_asked() {
    let hall = hall();
    assert_eq!(hall.batch(&[]).code, Some(0));
    let class = &hall.json("run")["class"];
    assert_eq!((&class["graded"], &class["ran"]), (&14.into(), &13.into()));
    let square = &class["checks"][0];
    assert_eq!(
        (&square["id"], &square["judged"], &square["passed"]),
        (&"squares_a_number".into(), &13.into(), &7.into())
    );
    let groups = square["wrong"]["groups"].as_array().unwrap();
    let counts: Vec<_> = groups.iter().map(|group| group["count"].as_i64().unwrap()).collect();
    assert_eq!(counts, [5, 1], "{groups:?}");
    assert!(groups[0]["text"].as_str().unwrap().contains("got"), "{groups:?}");
    assert_eq!(groups[0]["examples"][0]["learner"], "next0");
    assert_eq!(groups[1]["text"], "not written yet");
    assert_eq!(class["problems"]["groups"][0]["examples"][0]["learner"], "broken");
    let quarters = ["least", "lower_quartile", "median", "upper_quartile", "most"];
    let scores: Vec<_> = quarters.iter().map(|name| class["scores"][name].as_f64().unwrap()).collect();
    assert_eq!(scores, [0.0, 0.75, 0.875, 1.0, 1.0]);
}

#[test]
fn the_same_program_under_other_names_is_a_hint() {
    let hall = hall();
    assert_eq!(hall.batch(&[]).code, Some(0));
    let alike = &hall.json("run")["class"]["alike"];
    let groups = alike["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 1, "{alike}");
    let learners: Vec<_> = groups[0]["submissions"].as_array().unwrap().iter().map(|one| &one["learner"]).collect();
    assert_eq!(learners, ["ada", "bob"]);
    assert_eq!(groups[0]["to_the_byte"], false);
    let excluded = &alike["excluded"];
    // The short ones are all alike, and say nothing.
    assert_eq!((&excluded["starter"], &excluded["short"], &alike["compared"]), (&1.into(), &11.into(), &2.into()));
}

#[test]
fn people_read_it_without_a_wide_screen() {
    let hall = hall();
    assert_eq!(hall.batch(&[]).code, Some(0));
    let told = hall.command(&["report", "run"]).env("COLUMNS", "60").output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let (_, class) = told.split_once("The class").unwrap();
    for words in ["median 88 %", "square(n) is n times n", "not written yet", "Could not be run", "ada; bob"] {
        assert!(class.contains(words), "{words:?} is not in\n{class}");
    }
    assert!(class.lines().all(|line| line.chars().count() <= 62), "too wide:\n{class}");
}

#[test]
fn programs_that_compare_get_safe_names() {
    let hall = Hall::new()
        .file("subs/.../square.py", RIGHT.as_bytes())
        .file("subs/=cmd()|x/square.py", RIGHT.as_bytes())
        .file("subs/ada/square.py", LONG.as_bytes())
        .submit("broken", "def");
    assert_eq!(hall.batch(&[]).code, Some(0));
    let told = hall.grade(&["report", "run", "--format", "jplag", "--out", "j"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    assert!(told.stderr.contains("-l python3 -bc j/base j/submissions"), "{}", told.stderr);
    let names = |folder: &str| {
        let mut names: Vec<_> = fs::read_dir(hall.path(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let folders = names("j/submissions");
    assert_eq!(folders.len(), 4);
    assert!(
        folders.iter().all(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))),
        "{folders:?}"
    );
    assert_eq!(fs::read_to_string(hall.path("j/submissions/ada/square.py")).unwrap(), LONG);
    assert_eq!(fs::read_to_string(hall.path("j/base/square.py")).unwrap(), STARTER);

    let told = hall.grade(&["report", "run", "--format", "dolos", "--out", "d"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let mut info = csv::Reader::from_path(hall.path("d/info.csv")).unwrap();
    assert_eq!(info.headers().unwrap(), vec!["filename", "full_name", "id", "ignored"]);
    let rows: Vec<csv::StringRecord> = info.records().map(Result::unwrap).collect();
    assert_eq!(rows.iter().filter(|row| &row[3] == "true").count(), 1);
    assert!(rows.iter().all(|row| hall.path("d").join(&row[0]).is_file()), "{rows:?}");
    assert!(rows.iter().any(|row| &row[1] == "'=cmd()|x"), "{rows:?}");
}
