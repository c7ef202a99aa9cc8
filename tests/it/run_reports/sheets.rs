//! Gradebooks of the instructor's own are filled in, and nothing else in them changes.

use std::fs;

use super::cast::{Cast, everybody};

/// As Canvas exports a gradebook: its importer (`lib/gradebook_importer.rb`) wants `Student`, `ID`, …, `Section` last, then `Title (id)`.
const CANVAS: &str =
    "\u{feff}Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (101),Decorators (102),Current Score
    Points Possible,,,,,5,12,(read only)
\"Lovelace, Ada\",901,,ada@uni.example,Tuesday,4,,90
\"Noether, Emmy\",902,emmy,,Tuesday,5,1,80
\"Hopper, Grace\",903,,,Tuesday,,,
\"Nobody, Else\",904,,nobody,Tuesday,,7,
\"Student, Test\",905,,,Tuesday,,,
";

/// As Moodle writes a grading worksheet: its importer (`mod/assign/feedback/offline/importgradeslib.php`) finds columns by these names.
pub(super) const MOODLE: &str = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 11,Ada Lovelace,ada@uni.example,Submitted,,10.00,Yes,\"Tuesday, 1 September 2026\",-,
Participant 12,Emmy Noether,emmy@uni.example,Submitted,,10.00,Yes,-,-,a word by hand
Participant 13,Max Planck,max@uni.example,Submitted,3.00,10.00,Yes,-,-,
Participant 14,Nobody Else,nobody@uni.example,No submission,2.00,10.00,Yes,-,-,
";

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn cast(sheet: &str) -> Cast {
    let cast = Cast::new(everybody());
    fs::write(cast.path("sheet.csv"), sheet).unwrap();
    cast
}

#[test]
fn canvas_gets_one_column_and_who_it_is_about() {
    let cast = cast(CANVAS);
    let told = cast.report("canvas", &["--sheet", "sheet.csv", "--column", "Decorators (102)"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let rows = rows(&told.stdout);
    assert_eq!(rows[0], ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Decorators (102)"]);
    assert_eq!(rows[1][0].trim(), "Points Possible");
    let scores: Vec<(&str, &str)> = rows[1..].iter().map(|row| (row[1].as_str(), row[5].as_str())).collect();
    // 6 of 6 and 4 of 6 points are 12 and 8 of 12; by login, by SIS id, by name; who is not in the run keeps what is there.
    assert_eq!(scores, [("", "12"), ("901", "12"), ("902", "8"), ("903", "8"), ("904", "7"), ("905", "")]);
    for words in ["scaled to the 12 points", "Nobody, Else", "linus", "niels"] {
        assert_eq!(told.stderr.contains(words), words != "niels", "{words}: {}", told.stderr);
    }
}

#[test]
fn canvas_never_gets_a_column_that_it_has_not() {
    let cast = cast(CANVAS);
    let several = cast.report("canvas", &["--sheet", "sheet.csv"]);
    assert_eq!(several.code, Some(2));
    assert!(several.stderr.contains("`Homework 1 (101)`, `Decorators (102)`"), "{}", several.stderr);
    let unknown = cast.report("canvas", &["--sheet", "sheet.csv", "--column", "Decoratorz"]);
    assert!(unknown.stderr.contains("has no column `Decoratorz`"), "{}", unknown.stderr);
    let other = self::cast("name,points\nada,1\n").report("canvas", &["--sheet", "sheet.csv"]);
    assert!(other.stderr.contains("no gradebook of Canvas"), "{}", other.stderr);
}

#[test]
fn moodle_keeps_every_column_and_gets_grades_and_feedback() {
    let cast = cast(MOODLE);
    let told = cast.report("moodle", &["--sheet", "sheet.csv"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let (before, after) = (rows(MOODLE), rows(&told.stdout));
    let grades: Vec<&str> = after[1..].iter().map(|row| row[4].as_str()).collect();
    assert_eq!(grades, ["10", "6.67", "0", "2.00"]);
    assert_eq!(after[1][9], "");
    assert_eq!(after[2][9], "a word by hand");
    assert_eq!(after[3][9], "'(' was never closed".replace('\'', "&#39;"));
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.len(), after.len());
        for column in [0, 1, 2, 3, 5, 6, 7, 8] {
            assert_eq!(before[column], after[column]);
        }
    }
    assert!(told.stderr.contains("Nobody Else"), "{}", told.stderr);
}

#[test]
fn moodle_in_another_language_needs_the_name_of_the_column() {
    let german =
        MOODLE.replace("Identifier", "ID").replace(",Grade,", ",Bewertung,").replace("Participant ", "Teilnehmer/in ");
    let cast = cast(&german);
    let told = cast.report("moodle", &["--sheet", "sheet.csv"]);
    assert!(told.stderr.contains("has no column `Grade`") && told.stderr.contains("`Bewertung`"), "{}", told.stderr);
    let told = cast.report("moodle", &["--sheet", "sheet.csv", "--column", "Bewertung"]);
    assert_eq!(rows(&told.stdout)[1][4], "10", "{}", told.stderr);
}

#[test]
fn a_sheet_with_semicolons_keeps_them() {
    let cast = cast("Student;ID;Section;Decorators (1)\nLovelace, Ada;901;Tuesday;\n");
    assert_eq!(
        cast.told("canvas", &["--sheet", "sheet.csv"]),
        "Student;ID;Section;Decorators (1)\nLovelace, Ada;901;Tuesday;6\n"
    );
}
