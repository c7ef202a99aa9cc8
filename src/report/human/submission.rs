//! One submission: the first check that is not right in full, the others in a line each, the score, what to do next.

use std::io;

use crate::report::page::Page;
use crate::report::source::SourceLines;
use crate::report::style::{Role, Style};
use crate::report::words;
use crate::verdict::{CheckResult, Evidence, Kind, Level, Outcome, Problem, SubmissionOutcome, Verdict};

use super::{check, place};

/// Right checks that get a line each; more are counted.
pub(in crate::report) const MOST_RIGHT: usize = 8;

/// Writes the report of one submission.
pub(super) fn write(page: &mut Page<'_>, source: &dyn SourceLines, verdict: &Verdict) -> io::Result<()> {
    header(page, verdict)?;
    match &verdict.problem {
        problem if verdict.is_missing() => return missing(page, verdict, problem.as_ref()),
        Some(problem) => write_problem(page, source, problem)?,
        None if verdict.is_unbegun() && !page.style.all => unbegun(page, source, verdict)?,
        None => checks(page, source, verdict, Rest::All)?,
    }
    warnings(page, verdict)?;
    page.gap();
    score(page, verdict)?;
    next(page, verdict)
}

/// The same among others: only what to mend first and the score.
pub(super) fn write_short(page: &mut Page<'_>, source: &dyn SourceLines, verdict: &Verdict) -> io::Result<()> {
    header(page, verdict)?;
    match &verdict.problem {
        Some(problem) => write_problem(page, source, problem)?,
        None => checks(page, source, verdict, Rest::NotRight)?,
    }
    warnings(page, verdict)?;
    page.gap();
    score(page, verdict)
}

fn header(page: &mut Page<'_>, verdict: &Verdict) -> io::Result<()> {
    let learner = verdict.submission.learner.as_deref().map(|name| format!("  {name}")).unwrap_or_default();
    let path = format!("  {}", verdict.submission.path);
    page.line(0, &[(Role::Title, &verdict.exercise), (Role::Text, &learner), (Role::Faint, &path)])?;
    page.gap();
    Ok(())
}

/// What is the matter with a file that could not be checked at all: told once, not for each check.
fn write_problem(page: &mut Page<'_>, source: &dyn SourceLines, problem: &Problem) -> io::Result<()> {
    let heading = match problem.kind.as_str() {
        "syntax" => "Python can't read this file yet",
        "import" => "the file stops while it is loaded",
        "encoding" => "the file is not text that Python can read",
        "empty" => "the file is still empty",
        "unreadable" => "the file can't be opened",
        _ => "nothing could be checked yet",
    };
    let (role, symbol) = words::symbol(Outcome::Failed, page.style);
    page.line(0, &[(role, symbol), (role, " not yet: "), (Role::Title, heading)])?;
    page.gap();
    page.paragraph(2, Role::Text, &problem.message)?;
    page.gap();
    match &problem.location {
        Some(location) => place::problem(page, source, 2, location, problem.column),
        None => Ok(()),
    }
}

fn missing(page: &mut Page<'_>, verdict: &Verdict, problem: Option<&Problem>) -> io::Result<()> {
    let (role, symbol) = words::symbol(Outcome::Skipped, page.style);
    page.line(0, &[(role, symbol), (Role::Text, " "), (Role::Title, "nothing is here yet")])?;
    page.gap();
    match problem.map(|problem| problem.message.trim()).filter(|message| !message.is_empty()) {
        Some(message) => page.paragraph(2, Role::Text, message)?,
        None => page.field(2, "looked at", Role::Text, &verdict.submission.path)?,
    }
    if verdict.kind == Kind::Suite {
        return Ok(());
    }
    page.gap();
    command(page, "begin:", &format!("grade start {}", verdict.exercise))
}

/// An untouched starter: every check would say the same.
fn unbegun(page: &mut Page<'_>, source: &dyn SourceLines, verdict: &Verdict) -> io::Result<()> {
    let (role, symbol) = words::symbol(Outcome::Skipped, page.style);
    page.line(0, &[(role, symbol), (Role::Text, " "), (Role::Title, words::UNBEGUN)])?;
    page.gap();
    page.paragraph(2, Role::Text, words::BEGIN)?;
    let first = verdict.checks.iter().find_map(|check| check.traceback.last());
    let Some(first) = first else { return Ok(()) };
    page.gap();
    place::traceback(page, source, 2, "begin at", std::slice::from_ref(first))
}

/// Which checks get a line of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    All,
    NotRight,
}

fn checks(page: &mut Page<'_>, source: &dyn SourceLines, verdict: &Verdict, which: Rest) -> io::Result<()> {
    let to_mend = |check: &&CheckResult| check.outcome.is_to_mend();
    let most = if page.style.all { usize::MAX } else { 1 };
    let in_full: Vec<&CheckResult> = verdict.checks.iter().filter(to_mend).take(most).collect();
    for one in &in_full {
        check::write(page, source, one)?;
        page.gap();
    }
    let in_line = |check: &&CheckResult| {
        !in_full.iter().any(|shown| shown.id == check.id) && (which == Rest::All || check.outcome != Outcome::Passed)
    };
    let mut rest: Vec<&CheckResult> = verdict.checks.iter().filter(in_line).collect();
    // What is still to be done comes before what is done.
    rest.sort_by_key(|check| (check.outcome == Outcome::Passed, check.outcome == Outcome::Skipped));
    let waiting = fold(&mut rest, page.style, Outcome::Skipped);
    let right = fold(&mut rest, page.style, Outcome::Passed);
    if right == verdict.checks.len() {
        // The line with the score says so.
        return Ok(());
    }
    if !in_full.is_empty() && rest.len() + waiting + right > 0 {
        let heading = if which == Rest::All { "the other checks" } else { "also not right yet" };
        page.line(0, &[(Role::Faint, heading)])?;
    }
    rest.iter().try_for_each(|check| one_line(page, check))?;
    if waiting > 0 {
        let (role, symbol) = words::symbol(Outcome::Skipped, page.style);
        let text = format!("{waiting} more were not run{}", words::waiting_for(verdict));
        page.hanging(2, (role, &format!("{symbol} ")), (Role::Text, &text))?;
    }
    if right > 0 {
        let (role, symbol) = words::symbol(Outcome::Passed, page.style);
        page.line(2, &[(role, symbol), (Role::Text, &format!(" {right} more are right"))])?;
    }
    Ok(())
}

/// Takes the checks with this outcome out when they are many, for one line; how many they are.
fn fold(checks: &mut Vec<&CheckResult>, style: &Style, outcome: Outcome) -> usize {
    let many = checks.iter().filter(|check| check.outcome == outcome).count();
    if many <= MOST_RIGHT || style.all {
        return 0;
    }
    checks.retain(|check| check.outcome != outcome);
    many
}

fn one_line(page: &mut Page<'_>, check: &CheckResult) -> io::Result<()> {
    let (role, symbol) = words::symbol(check.outcome, page.style);
    let state = match check.outcome {
        Outcome::Passed => String::new(),
        other => format!("{}: ", words::outcome(other)),
    };
    page.hanging(2, (role, &format!("{symbol} {state}")), (Role::Text, &check.title))
}

fn warnings(page: &mut Page<'_>, verdict: &Verdict) -> io::Result<()> {
    if verdict.isolation.level < Level::Full && verdict.was_run() {
        page.gap();
        let level = verdict.isolation.level.name();
        let text = format!("Isolation is `{level}`, not `full`, on this machine; `grade doctor` says why.");
        page.paragraph(0, Role::Odd, &text)?;
    }
    if verdict.evidence == Evidence::Inside {
        page.gap();
        page.paragraph(0, Role::Odd, &words::inside(verdict))?;
    }
    if let Some(withheld) = &verdict.withheld {
        page.gap();
        page.paragraph(0, Role::Text, &words::withheld(withheld))?;
    }
    Ok(())
}

fn score(page: &mut Page<'_>, verdict: &Verdict) -> io::Result<()> {
    let right = verdict.checks.iter().filter(|check| check.outcome == Outcome::Passed).count();
    let total = verdict.checks.iter().filter(|check| check.outcome.is_judged()).count();
    let review = if verdict.checks.iter().any(|check| check.outcome == Outcome::NeedsReview) {
        ", the rest is for a person to review"
    } else {
        ""
    };
    let points = words::score(verdict.score);
    if verdict.outcome == SubmissionOutcome::Passed {
        let (role, symbol) = words::symbol(Outcome::Passed, page.style);
        let all = if total == 0 && verdict.withheld.is_some() {
            "the file can be run".to_owned()
        } else if total == 1 {
            "the check is right".to_owned()
        } else {
            format!("all {total} checks are right")
        };
        return page.line(
            0,
            &[
                (role, symbol),
                (Role::Text, " "),
                (Role::Title, &all),
                (Role::Faint, ", "),
                (Role::Faint, &points),
                (Role::Faint, review),
            ],
        );
    }
    let checks = match &verdict.problem {
        _ if total == 0 => String::new(),
        Some(_) => format!(", {} not run", words::count(total, "check")),
        None => format!(", {right} of {} right", words::count(total, "check")),
    };
    page.line(0, &[(Role::Title, &points), (Role::Text, &checks), (Role::Faint, review)])
}

/// What can be done now; nothing that does not exist is offered.
fn next(page: &mut Page<'_>, verdict: &Verdict) -> io::Result<()> {
    if verdict.kind == Kind::Suite {
        return Ok(());
    }
    page.gap();
    let id = &verdict.exercise;
    match verdict.outcome {
        SubmissionOutcome::Passed => command(page, "more to do:", "grade list"),
        SubmissionOutcome::Error => {
            let text = "A check of this exercise is broken. That is not your fault; please tell whoever made it.";
            page.paragraph(0, Role::Text, text)
        }
        SubmissionOutcome::Missing => Ok(()),
        SubmissionOutcome::Failed => {
            let unbegun = verdict.is_unbegun() && !page.style.all;
            if unbegun {
                command(page, "to be done:", &format!("grade show {id}"))?;
            }
            command(page, "again:", &format!("grade {id}"))?;
            if verdict.problem.is_none() {
                command(page, "more hints:", &format!("grade hint {id}"))?;
            }
            let is_open = |check: &&CheckResult| check.outcome.is_judged() && check.outcome != Outcome::Passed;
            let open = verdict.checks.iter().filter(is_open).count();
            if open > 1 && !page.style.all && verdict.problem.is_none() && !unbegun {
                command(page, "all of it:", &format!("grade {id} --all"))?;
            }
            Ok(())
        }
    }
}

fn command(page: &mut Page<'_>, label: &str, command: &str) -> io::Result<()> {
    page.line(0, &[(Role::Faint, &format!("{label:12}")), (Role::Command, command)])
}
