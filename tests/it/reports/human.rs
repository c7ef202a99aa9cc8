//! What a learner reads.

use grade::report::{NoSource, Style, human};
use grade::verdict::{Level, Outcome, SubmissionOutcome, Verdict};

use super::verdicts::{self, Learner};

fn shown(verdicts: &[Verdict], style: Style) -> String {
    let mut out = Vec::new();
    human(&mut out, verdicts, &Learner, &style).unwrap();
    String::from_utf8(out).unwrap()
}

fn report(verdict: Verdict) -> String {
    shown(&[verdict], Style::default())
}

#[test]
fn each_kind_of_verdict_has_a_report_that_says_what_to_do() {
    let table = [
        ("all_passed", verdicts::all_passed()),
        ("wrong_value", verdicts::wrong_value()),
        ("printed_text", verdicts::printed_text()),
        ("exception", verdicts::exception()),
        ("deep_recursion", verdicts::deep_recursion()),
        ("endless_loop", verdicts::endless_loop()),
        ("out_of_memory", verdicts::out_of_memory()),
        ("too_much_output", verdicts::too_much_output()),
        ("left_early", verdicts::left_early()),
        ("syntax", verdicts::problem("syntax", "'(' was never closed", Some(8), Some(10))),
        ("import", verdicts::problem("import", "ModuleNotFoundError: No module named 'reqests'", Some(1), None)),
        ("missing", verdicts::missing()),
        ("one_file_missing", verdicts::one_file_missing()),
        ("unbegun", verdicts::unbegun("day4/decorators")),
        ("nearly_done", verdicts::nearly_done()),
        ("broken_check", verdicts::broken_check()),
    ];
    for (name, verdict) in table {
        insta::assert_snapshot!(name, report(verdict));
    }
}

#[test]
fn several_exercises_end_in_a_summary() {
    let mut passed = verdicts::all_passed();
    passed.exercise = "day2/iterators".to_owned();
    let mut missing = verdicts::missing();
    missing.exercise = "day5/context_managers".to_owned();
    let several = [
        passed,
        verdicts::wrong_value(),
        missing,
        verdicts::problem("syntax", "'(' was never closed", Some(8), Some(10)),
    ];
    insta::assert_snapshot!(shown(&several, Style::default()));
}

#[test]
fn untouched_starters_are_a_line_each() {
    let several = [verdicts::unbegun("day4/decorators"), verdicts::all_passed(), verdicts::unbegun("day5/banking")];
    insta::assert_snapshot!("several_unbegun", shown(&several, Style::default()));
    let plain = Style { plain: true, ..Style::default() };
    let text = shown(&several, plain);
    assert!(text.contains("\nNOT BEGUN: day5/banking: every check stops at NotImplementedError; next: "), "{text}");
    let all = shown(&several[..1], Style { all: true, ..Style::default() });
    assert_eq!(all.matches("not yet: check ").count(), 5, "{all}");
}

#[test]
fn checks_that_were_not_run_are_one_line() {
    for (plain, line) in [(true, "NOT RUN: 2 checks"), (false, "0 of 4 points, 2 checks not run")] {
        let style = Style { plain, all: true, ..Style::default() };
        let text = shown(&[verdicts::problem("syntax", "'(' was never closed", Some(8), Some(10))], style);
        assert_eq!(text.lines().filter(|each| *each == line).count(), 1, "{text}");
    }
}

#[test]
fn right_checks_are_counted_where_they_are_many() {
    let folded = |style| shown(&[verdicts::nearly_done()], style);
    assert!(!folded(Style::default()).contains("right 7"));
    assert!(folded(Style { all: true, ..Style::default() }).contains("right 7"));
    let plain = folded(Style { plain: true, ..Style::default() });
    assert!(plain.contains("\nPASS: 30 checks\n") && !plain.contains("right 7"), "{plain}");
    let mut done = verdicts::nearly_done();
    done.checks.retain(|check| check.outcome == Outcome::Passed);
    done.outcome = SubmissionOutcome::Passed;
    assert!(!report(done).contains("more are right"));
}

#[test]
fn checks_that_wait_for_another_are_counted_where_they_are_many() {
    let mut waiting = verdicts::wrong_value();
    waiting.checks.extend((1..=24).map(|n| {
        let mut check = verdicts::check(&format!("n{n}"), &format!("notices fault {n}"), Outcome::Skipped);
        check.message = "first your tests have to pass".to_owned();
        check
    }));
    let told = |style| shown(std::slice::from_ref(&waiting), style);
    let folded = told(Style::default());
    assert!(folded.contains("– 24 more were not run: first your tests have to pass\n"), "{folded}");
    assert!(!folded.contains("notices fault 7"), "{folded}");
    let all = told(Style { all: true, ..Style::default() });
    assert!(all.contains("– not run: notices fault 7"), "{all}");
    let plain = told(Style { plain: true, ..Style::default() });
    assert!(plain.contains("\nNOT RUN: 24 checks: first your tests have to pass\n"), "{plain}");
    assert!(!plain.contains("notices fault 7"), "{plain}");
    waiting.checks.last_mut().unwrap().message = "another reason".to_owned();
    assert!(report(waiting).contains("– 24 more were not run\n"));
}

#[test]
fn all_shows_every_check_that_is_not_right_in_full() {
    insta::assert_snapshot!(shown(&[verdicts::wrong_value()], Style { all: true, ..Style::default() }));
}

#[test]
fn plain_is_one_fact_a_line() {
    let plain = Style { plain: true, color: true, hyperlinks: true, ..Style::default() };
    let told = [verdicts::wrong_value(), verdicts::printed_text(), verdicts::deep_recursion(), verdicts::missing()];
    let text = shown(&told, plain);
    assert!(text.lines().all(|line| line.contains(": ")), "{text}");
    assert!(!text.contains('\u{1b}'));
    insta::assert_snapshot!(text);
}

#[test]
fn without_unicode_symbols_are_ascii() {
    let text = shown(&[verdicts::printed_text()], Style { unicode: false, ..Style::default() });
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn narrow_terminals_get_narrow_text() {
    let text = shown(&[verdicts::wrong_value()], Style { width: 60, ..Style::default() });
    assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn nothing_that_a_learner_made_reaches_the_terminal_unescaped() {
    for plain in [false, true] {
        let style = Style { plain, all: true, ..Style::default() };
        let mut out = Vec::new();
        human(&mut out, &[verdicts::hostile(), verdicts::hostile()], &NoSource, &style).unwrap();
        let text = String::from_utf8(out).unwrap();
        let is_bad =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200b}' | '\u{feff}');
        assert!(!text.contains(is_bad), "{text:?}");
        assert!(!text.lines().any(|line| line.starts_with("::")), "{text}");
    }
    insta::assert_snapshot!(shown(&[verdicts::hostile()], Style { all: true, width: 100, ..Style::default() }));
}

#[test]
fn colour_and_links_add_only_escape_sequences_of_ours() {
    let fancy = shown(&[verdicts::wrong_value()], Style { color: true, hyperlinks: true, ..Style::default() });
    assert!(fancy.contains("\u{1b}]8;;file:///home/ada/my%20course/week1/day4/decorators.py\u{1b}\\"), "{fancy:?}");
    let bare = fancy
        .replace("\u{1b}]8;;file:///home/ada/my%20course/week1/day4/decorators.py\u{1b}\\", "")
        .replace("\u{1b}]8;;\u{1b}\\", "");
    // Without colour, carets stand below what differs.
    let without_carets: String = report(verdicts::wrong_value())
        .lines()
        .filter(|line| !line.trim_matches([' ', '^']).is_empty() || line.is_empty())
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(anstream::adapter::strip_str(&bare).to_string(), without_carets);
    assert!(fancy.contains("\u{1b}[1m\u{1b}[4m\u{1b}[31m6\u{1b}[0m"), "{fancy:?}");
}

#[test]
fn weaker_isolation_is_one_line_of_warning() {
    let mut verdict = verdicts::all_passed();
    verdict.isolation.level = Level::Landlock;
    let text = report(verdict);
    assert_eq!(text.lines().filter(|line| line.contains("solation")).count(), 1, "{text}");
    assert!(!report(verdicts::all_passed()).contains("solation"));
    // What was not run was not isolated either.
    for kind in ["missing", "empty", "unreadable", "syntax"] {
        let mut verdict = verdicts::problem(kind, "no", None, None);
        verdict.isolation.level = Level::None;
        for plain in [false, true] {
            let text = shown(&[verdict.clone()], Style { plain, ..Style::default() });
            assert!(!text.contains("solation"), "{text}");
        }
    }
}
