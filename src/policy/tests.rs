//! The arithmetic of policies, by example and for any rules.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::store::{Graded, Origin, State};

const CHECKS: [(&str, f64); 3] = [("first", 2.0), ("second", 3.0), ("third", 5.0)];
const DUE: &str = "due = 2026-03-01T23:59:00\nzone = \"Europe/Berlin\"\n";

/// A folder with a policy and its tables.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new(policy: &str) -> Self {
        Self(tempfile::tempdir().expect("a folder")).file("policy.toml", policy)
    }

    fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.0.path().join(name), text).expect("it can be written");
        self
    }

    fn try_open(&self) -> Result<(Policy, Vec<Note>)> {
        let checks: Vec<_> = CHECKS.iter().map(|(id, weight)| ((*id).to_owned(), *weight)).collect();
        read::open(&self.0.path().join("policy.toml"), &checks, &[learner(1, "ada"), learner(2, "bob")])
    }

    fn open(&self) -> Policy {
        self.try_open().unwrap_or_else(|fault| panic!("{fault}: {:?}", fault.also)).0
    }

    /// What is wrong, with line and column where there is a place.
    fn mistakes(&self) -> Vec<String> {
        let fault = self.try_open().expect_err("it is wrong");
        let place = |fault: &crate::error::Fault| {
            fault.place.as_ref().map_or_else(String::new, |place| format!("{}:{}: ", place.line, place.column))
        };
        std::iter::once(&fault).chain(&fault.also).map(|fault| format!("{}{}", place(fault), fault.what)).collect()
    }
}

fn learner(id: i64, key: &str) -> Learner {
    let email = Some(format!("{key}@example.org"));
    Learner { id, key: key.to_owned(), name: None, email, section: None, on_roster: None, details: BTreeMap::new() }
}

fn verdict(passed: [bool; 3]) -> Verdict {
    let checks: Vec<_> = CHECKS
        .iter()
        .zip(passed)
        .map(|((id, weight), passed)| {
            let (outcome, earned) = if passed { ("passed", *weight) } else { ("failed", 0.0) };
            json!({
                "id": id, "title": id, "outcome": outcome, "weight": weight, "earned": earned, "message": "", "traceback": [],
                "stdout": "", "stderr": "", "duration_ms": 1,
            })
        })
        .collect();
    let earned: f64 = CHECKS.iter().zip(passed).map(|((_, weight), passed)| if passed { *weight } else { 0.0 }).sum();
    let verdict = json!({
        "exercise": "lab/adding", "exercise_hash": "", "submission": {"path": "", "hash": ""}, "outcome": "failed",
        "score": {"earned": earned, "possible": 10.0}, "seed": 1, "evidence": "outside",
        "isolation": {"level": "full", "mechanisms": []}, "python": "3.12.1", "duration_ms": 1,
        "usage": {"cpu_ms": 1, "memory_peak_bytes": 1}, "checks": checks,
    });
    serde_json::from_value(verdict).expect("a verdict")
}

fn graded(passed: [bool; 3], late: Option<bool>, submitted_at: Option<&str>) -> Graded {
    let submission = Submission {
        id: 1,
        learners: vec![learner(1, "ada")],
        source: String::new(),
        origin: Origin::Folder,
        attempt: 1,
        selected: true,
        late,
        submitted_at: submitted_at.map(str::to_owned),
        hash: None,
        notes: Vec::new(),
    };
    Graded { submission, state: State::Graded { verdict: Box::new(verdict(passed)), round: 1, reused: false } }
}

fn ada(policy: &Policy, graded: &Graded) -> Final {
    policy.apply(&graded.submission, graded.verdict()).remove(0)
}

const ALL: [bool; 3] = [true; 3];

#[test]
fn the_arithmetic_is_shown() {
    let policy = format!("{DUE}floor = 20\n[[late]]\npercent = 10\nper = \"day\"\nat_most = 50\n");
    let found = ada(&Desk::new(&policy).open(), &graded(ALL, None, Some("2026-03-03 01:00:00.5 +0100")));
    assert_eq!((found.raw, found.score), (Some(Score { earned: 10.0, possible: 10.0 }), Some(8.0)));
    let texts: Vec<_> = found.steps.iter().map(|step| step.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "graded: 10 of 10",
            "late by 1 day 1 h (due 2026-03-01 23:59 Europe/Berlin): 2 days x 10 % of 10 = 2; 10 - 2 = 8",
        ]
    );
}

#[test]
fn days_are_those_of_the_calendar() {
    // The night of 2026-03-29 has no hour from 2 to 3: 24 hours after the due date it is an hour later.
    let policy = "due = 2026-03-28T23:59:00\nzone = \"Europe/Berlin\"\n[[late]]\npoints = 1\nper = \"day\"\n";
    let policy = Desk::new(policy).open();
    let score = |at| ada(&policy, &graded(ALL, None, Some(at))).score;
    assert_eq!(score("2026-03-28T23:59:00+01:00"), Some(10.0));
    assert_eq!(score("2026-03-29T23:59:00+02:00"), Some(9.0));
    assert_eq!(score("2026-03-29T23:59:01+02:00"), Some(8.0));
}

#[test]
fn grace_forgives_and_who_exceeds_it_is_late_from_the_beginning() {
    let policy = format!("{DUE}grace = \"15 min\"\n[[late]]\npoints = 1\nper = \"hour\"\n");
    let policy = Desk::new(&policy).open();
    let score = |at| ada(&policy, &graded(ALL, None, Some(at))).score;
    assert_eq!(score("2026-03-02 00:14"), Some(10.0));
    assert_eq!(score("2026-03-02 00:15"), Some(9.0));
    assert_eq!(score("2026-03-02 01:00"), Some(8.0));
}

#[test]
fn an_extension_moves_the_last_day_as_well() {
    let policy = format!("{DUE}closes = 2026-03-03\nextensions = \"e.csv\"\n[[late]]\npoints = 2\n");
    let desk = Desk::new(&policy).file("e.csv", "learner,by,reason\nADA@example.org,2 days,ill\n");
    let policy = desk.open();
    let score = |at| ada(&policy, &graded(ALL, None, Some(at))).score;
    assert_eq!(score("2026-03-03 23:59"), Some(10.0));
    assert_eq!(score("2026-03-05 23:59"), Some(8.0));
    assert_eq!(score("2026-03-06 00:01"), Some(0.0));
}

#[test]
fn members_of_a_group_have_dates_of_their_own() {
    let desk = Desk::new(&format!("{DUE}extensions = \"e.csv\"\n[[late]]\npercent = 50\n"))
        .file("e.csv", "learner,due\nbob,2026-03-05\n");
    let mut together = graded(ALL, None, Some("2026-03-04 12:00"));
    together.submission.learners.push(learner(2, "bob"));
    let scores = desk.open().apply(&together.submission, together.verdict());
    let scores: Vec<_> = scores.iter().map(|found| (found.learner, found.score)).collect();
    assert_eq!(scores, [(1, Some(5.0)), (2, Some(10.0))]);
}

#[test]
fn what_is_not_known_is_said_and_costs_nothing() {
    let policy = format!("{DUE}[[late]]\npercent = 50\n");
    let desk = Desk::new(&policy);
    let found = ada(&desk.open(), &graded(ALL, None, None));
    assert_eq!((found.score, found.open.is_some()), (Some(10.0), true));
    assert!(matches!(found.lateness, Lateness::Unknown { .. }));
    let marked = ada(&desk.open(), &graded(ALL, Some(true), None));
    assert_eq!((marked.score, marked.open.is_some()), (Some(10.0), true));
    let in_time = ada(&desk.open(), &graded(ALL, Some(false), None));
    assert_eq!((in_time.score, in_time.open), (Some(10.0), None));
    let counted = Desk::new(&format!("marked_late = \"1 day\"\n{policy}")).open();
    assert_eq!(ada(&counted, &graded(ALL, Some(true), None)).score, Some(5.0));
    let told =
        Desk::new(&format!("times = \"t.csv\"\n{policy}")).file("t.csv", "learner,handed_in\nada,2026-03-02 08:00\n");
    let told = ada(&told.open(), &graded(ALL, None, None));
    assert_eq!((told.score, told.open), (Some(5.0), None));
}

#[test]
fn checks_can_weigh_more_be_dropped_and_be_a_bonus() {
    let policy = Desk::new("most = 110\ndrop = [\"second\"]\nbonus = [\"third\"]\n[weights]\nfirst = 10\n").open();
    let found = ada(&policy, &graded([true, false, true], None, None));
    assert_eq!((found.score, found.possible), (Some(11.0), Some(10.0)));
    let texts: Vec<_> = found.steps.iter().map(|step| step.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "graded: 7 of 10",
            "`first` counts 10 instead of 2, without `second`, `third` as bonus (5 of 5): 15 of 10",
            "at most 110 %: 11",
        ]
    );
}

#[test]
fn what_a_person_gives_wins_over_everything() {
    let desk = Desk::new(&format!("{DUE}closes = 2026-03-02\nmanual = \"m.csv\"\n"))
        .file("m.csv", "learner;score;adjustment;reason\nada;12,5;;talked about it\nbob;;-1;\n");
    let mut found = graded([false; 3], None, Some("2026-04-01 12:00"));
    let given = ada(&desk.open(), &found);
    assert_eq!((given.score, given.by_hand, given.open.as_ref()), (Some(12.5), true, None));
    assert_eq!(given.steps.last().map(|step| step.text.as_str()), Some("by hand: 12.5"));
    assert_eq!(given.steps.last().and_then(|step| step.reason.as_deref()), Some("talked about it"));
    assert_eq!(given.anonymous().steps.last().and_then(|step| step.reason.clone()), None);
    found.state = State::Waiting;
    assert_eq!(ada(&desk.open(), &found).score, Some(12.5));
    // Where there is nothing to adjust there is no score.
    assert_eq!(desk.open().apply_to_missing(&learner(2, "bob")).score, None);
    assert_eq!(desk.open().apply_to_missing(&learner(1, "ada")).score, Some(12.5));
}

#[test]
fn mistakes_have_their_places_and_the_nearest_name() {
    let desk = Desk::new(
        "due = 2026-03-01T23:59:00\nzone = \"Europe/Berlim\"\ngrase = \"1 h\"\n[weights]\nfrist = 1\n[[late]]\npercent = -1\nper = \"days\"\n",
    );
    assert_eq!(
        desk.mistakes(),
        [
            "2:8: `Europe/Berlim` is no time zone as `Europe/Berlin`",
            "3:1: unknown key `grase`",
            "5:1: `frist` is no check of this run",
            "7:11: `percent` can't be less than 0: a penalty takes points away",
            "8:7: `per` must be one of once, day, hour",
        ]
    );
    let fault = desk.try_open().expect_err("it is wrong");
    assert_eq!(fault.hint.as_deref(), Some("did you mean `Europe/Berlin`?"));
    assert_eq!(
        Desk::new("due = 2026-03-01\n[[late]]\nper = \"day\"\n").mistakes(),
        [
            "1:7: `due` does not say in which time zone: give `zone`, as \"Europe/Berlin\"",
            "2:1: `percent` is missing in `[[late]]`",
        ]
    );
    assert_eq!(Desk::new("[[late]]\npercent = 5\n").mistakes(), ["1:1: `late` says nothing without `due`"]);
    assert_eq!(
        Desk::new("drop = [\"first\", \"second\", \"third\"]\n").mistakes(),
        ["1:8: no check is left that gives points"]
    );
}

#[test]
fn mistakes_in_tables_have_their_places() {
    let desk = Desk::new(&format!("{DUE}extensions = \"e.csv\"\nmanual = \"m.csv\"\n"))
        .file("e.csv", "learner,by\nada,2 dayz\nada,1 day\nbob,1 day\nbob,2 days\n")
        .file("m.csv", "lerner,score\nada,1\n");
    assert_eq!(
        desk.mistakes(),
        [
            "2:5: `2 dayz` is no length of time as `2 days` or `36 h`",
            "5:1: `bob` is on line 4 already",
            "1:1: unknown column `lerner`",
        ]
    );
    let desk = Desk::new("manual = \"m.csv\"\n").file("m.csv", "learner,score\nadda,1\n");
    let (_, notes) = desk.try_open().expect("a stranger is no mistake");
    assert!(notes[0].0.ends_with("line 2: `adda` is nobody in this run; did you mean `ada`?"), "{notes:?}");
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let read = read::open(Path::new("/nowhere/policy.toml"), &[], &[]);
    assert!(read.is_err_and(|fault| fault.what.contains("/nowhere/policy.toml")));
}

/// Any rules for lateness, as TOML.
fn rules() -> impl Strategy<Value = String> {
    let amount = prop_oneof![
        (0u32..150).prop_map(|percent| format!("percent = {percent}")),
        (0u32..150).prop_map(|percent| format!("percent = {percent}\nof = \"earned\"")),
        (0u32..12).prop_map(|points| format!("points = {points}")),
    ];
    let per = prop_oneof![
        Just(String::new()),
        Just("per = \"day\"".to_owned()),
        Just("per = \"hour\"\ncount = \"whole\"".to_owned()),
        Just("per = \"day\"\ncount = \"whole\"".to_owned()),
    ];
    let most = proptest::option::of(0u32..60)
        .prop_map(|most| most.map_or_else(String::new, |most| format!("at_most = {most}")));
    let after = proptest::option::of(1u32..50)
        .prop_map(|hours| hours.map_or_else(String::new, |hours| format!("after = \"{hours} h\"")));
    let rule = (amount, per, most, after)
        .prop_map(|(amount, per, most, after)| format!("[[late]]\n{amount}\n{per}\n{most}\n{after}\n"));
    (proptest::collection::vec(rule, 0..4), 0u32..120, 0u32..150, 0u32..100, any::<bool>()).prop_map(
        |(rules, grace, most, floor, closes)| {
            let closes = if closes { "closes = 2026-03-04\n" } else { "" };
            format!(
                "{DUE}{closes}grace = \"{grace} min\"\nmost = {most}\nfloor = {floor}\nbonus = [\"third\"]\n{}",
                rules.join("\n")
            )
        },
    )
}

/// So many minutes after the due date.
fn after_due(minutes: i64) -> String {
    let due: Timestamp = "2026-03-01T22:59:00Z".parse().expect("a time");
    due.checked_add(Span::new().minutes(minutes)).expect("a time").to_string()
}

proptest! {
    #[test]
    fn a_final_score_is_between_0_and_the_most(rules in rules(), passed in any::<[bool; 3]>(), minutes in -2000..20_000i64) {
        let policy = Desk::new(&rules).open();
        let found = ada(&policy, &graded(passed, None, Some(&after_due(minutes))));
        let (score, possible) = (found.score.expect("a score"), found.possible.expect("points"));
        prop_assert!(score >= 0.0 && score <= possible * policy.most / 100.0 + 1e-9, "{found:?}");
        prop_assert_eq!(found.steps.last().map(|step| step.points), Some(score));
    }

    #[test]
    fn to_be_later_never_pays(rules in rules(), passed in any::<[bool; 3]>(), one in -2000..20_000i64, other in -2000..20_000i64) {
        let policy = Desk::new(&rules).open();
        let score = |minutes| ada(&policy, &graded(passed, None, Some(&after_due(minutes)))).score.expect("a score");
        prop_assert!(score(one.max(other)) <= score(one.min(other)));
    }

    #[test]
    fn a_person_always_wins(rules in rules(), passed in any::<[bool; 3]>(), minutes in -2000..20_000i64, given in 0u32..1000) {
        let desk = Desk::new(&format!("manual = \"m.csv\"\n{rules}")).file("m.csv", &format!("learner,score\nada,{given}\n"));
        let found = ada(&desk.open(), &graded(passed, None, Some(&after_due(minutes))));
        prop_assert_eq!(found.score, Some(f64::from(given)));
        prop_assert_eq!(found.raw, Some(verdict(passed).score));
    }
}
