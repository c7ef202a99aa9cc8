//! The report without symbols, colours or layout: one fact a line, for screen readers and logs (`--plain`).

use std::io::{self, Write};

use crate::judging::diff::{Diff, LineKind};
use crate::verdict::{CheckResult, Evidence, Kind, Level, Outcome, SubmissionOutcome, Verdict};

use super::escape::{Breaks, terminal};
use super::human::{MOST_RIGHT, Shown, amount, excerpt, marks, shows_output};
use super::source::SourceLines;
use super::style::Style;
use super::traceback::{Step, steps};
use super::words::{self, number};

/// Writes the report of all verdicts.
pub(super) fn write(
    out: &mut dyn Write,
    verdicts: &[Verdict],
    source: &dyn SourceLines,
    style: &Style,
) -> io::Result<()> {
    let mut page = PlainPage { out };
    for verdict in verdicts {
        let id = &verdict.exercise;
        if verdicts.len() > 1 && verdict.is_missing() {
            let said = verdict.problem.as_ref().map_or("nothing is here yet", |problem| &problem.message);
            page.fact("MISSING", &format!("{id}: {said}"))?;
        } else if verdicts.len() > 1 && verdict.is_unbegun() && !style.all {
            page.fact("NOT BEGUN", &format!("{id}: every check stops at NotImplementedError; next: grade show {id}"))?;
        } else {
            submission(&mut page, verdict, source, style)?;
        }
    }
    if verdicts.len() > 1 {
        let done = verdicts.iter().filter(|verdict| verdict.passed()).count();
        page.fact("TOTAL", &format!("{done} of {} exercises done", verdicts.len()))?;
    }
    Ok(())
}

struct PlainPage<'a> {
    out: &'a mut dyn Write,
}

impl PlainPage<'_> {
    /// `name: text`, on one line whatever the text is.
    fn fact(&mut self, name: &str, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}: {}", terminal(name, Breaks::Show), terminal(text.trim_end(), Breaks::Show))
    }
}

fn submission(page: &mut PlainPage<'_>, verdict: &Verdict, source: &dyn SourceLines, style: &Style) -> io::Result<()> {
    page.fact("EXERCISE", &verdict.exercise)?;
    if let Some(learner) = &verdict.submission.learner {
        page.fact("learner", learner)?;
    }
    page.fact("file", &verdict.submission.path)?;
    if verdict.is_missing() {
        page.fact("MISSING", verdict.problem.as_ref().map_or("nothing is here yet", |problem| &problem.message))?;
        let next = format!("grade start {}", verdict.exercise);
        return if verdict.kind == Kind::Suite { Ok(()) } else { page.fact("next", &next) };
    }
    match &verdict.problem {
        Some(problem) => {
            page.fact("NOT YET", &problem.message)?;
            if let Some(location) = &problem.location {
                place(page, source, &location.file, location.line)?;
            }
            page.fact("NOT RUN", &words::count(verdict.checks.len(), "check"))?;
        }
        None if verdict.is_unbegun() && !style.all => unbegun(page, verdict, source)?,
        None => checks(page, verdict, source, style)?,
    }
    if verdict.isolation.level < Level::Full && verdict.was_run() {
        page.fact("isolation", verdict.isolation.level.name())?;
    }
    if verdict.evidence == Evidence::Inside {
        page.fact("evidence", &words::inside(verdict))?;
    }
    verdict.withheld.iter().try_for_each(|withheld| page.fact("note", &words::withheld(withheld)))?;
    page.fact("SCORE", &format!("{} of {}", number(verdict.score.earned), number(verdict.score.possible)))?;
    match verdict.outcome {
        _ if verdict.kind == Kind::Suite => Ok(()),
        SubmissionOutcome::Failed if verdict.is_unbegun() => {
            page.fact("next", &format!("grade show {}", verdict.exercise))
        }
        SubmissionOutcome::Failed if verdict.problem.is_some() => {
            page.fact("next", &format!("grade {}", verdict.exercise))
        }
        SubmissionOutcome::Failed => page.fact("next", &format!("grade hint {}", verdict.exercise)),
        SubmissionOutcome::Error => page.fact("note", "a check of this exercise is broken, which is not your fault"),
        _ => Ok(()),
    }
}

fn unbegun(page: &mut PlainPage<'_>, verdict: &Verdict, source: &dyn SourceLines) -> io::Result<()> {
    page.fact("NOT BEGUN", "every check stops at NotImplementedError")?;
    page.fact("message", words::BEGIN)?;
    let first = verdict.checks.iter().find_map(|check| check.traceback.last());
    first.map_or(Ok(()), |frame| place(page, source, &frame.file, frame.line))
}

fn checks(page: &mut PlainPage<'_>, verdict: &Verdict, source: &dyn SourceLines, style: &Style) -> io::Result<()> {
    let many = |outcome: &Outcome| {
        let count = verdict.checks.iter().filter(|check| check.outcome == *outcome).count();
        (count > MOST_RIGHT && !style.all).then_some((*outcome, count))
    };
    let folded: Vec<_> = [Outcome::Skipped, Outcome::Passed].iter().filter_map(many).collect();
    let mut in_full = 0;
    for (index, check) in verdict.checks.iter().enumerate() {
        if folded.iter().any(|(outcome, _)| check.outcome == *outcome) {
            continue;
        }
        let name = format!("{} {} of {}", state(check.outcome), index + 1, verdict.checks.len());
        page.fact(&name, &check.title)?;
        if check.outcome.is_to_mend() && (style.all || in_full == 0) {
            in_full += 1;
            details(page, check, source, style)?;
        }
    }
    folded.iter().try_for_each(|(outcome, count)| {
        let why = if *outcome == Outcome::Skipped { words::waiting_for(verdict) } else { String::new() };
        page.fact(&state(*outcome), &format!("{}{why}", words::count(*count, "check")))
    })
}

/// A place and the line that is there.
fn place(page: &mut PlainPage<'_>, source: &dyn SourceLines, file: &str, line: u32) -> io::Result<()> {
    page.fact("place", &format!("{file}:{line}"))?;
    source.line(file, line).iter().try_for_each(|line| page.fact("source", line.trim()))
}

fn state(outcome: Outcome) -> String {
    if outcome == Outcome::Passed { "PASS".to_owned() } else { words::outcome(outcome).to_uppercase() }
}

fn details(page: &mut PlainPage<'_>, check: &CheckResult, source: &dyn SourceLines, style: &Style) -> io::Result<()> {
    let message = words::message(check);
    if !message.is_empty() {
        page.fact("message", &message)?;
    }
    check.called.iter().try_for_each(|called| page.fact("called", called))?;
    comparison(page, check, style)?;
    check.reason.iter().try_for_each(|reason| page.fact("because", reason))?;
    steps(&check.traceback).iter().try_for_each(|step| match step {
        Step::Call(frame) => place(page, source, &frame.file, frame.line),
        Step::Note(note) => page.fact("note", note),
    })?;
    let mut location = check.location.iter().filter(|_| check.traceback.is_empty());
    location.try_for_each(|found| place(page, source, &found.file, found.line))?;
    if shows_output(check) {
        printed(page, check)?;
    }
    check.hint.iter().try_for_each(|hint| page.fact("hint", hint))
}

fn printed(page: &mut PlainPage<'_>, check: &CheckResult) -> io::Result<()> {
    if let Some(amount) = amount(check) {
        page.fact("note", &amount)?;
    }
    excerpt(check).iter().try_for_each(|shown| match shown {
        Shown::Line(line) => page.fact("printed", line),
        Shown::LeftOut(lines) => page.fact("note", &Shown::left_out(*lines)),
    })
}

fn comparison(page: &mut PlainPage<'_>, check: &CheckResult, style: &Style) -> io::Result<()> {
    if let Some(diff) = &check.diff {
        return Diff::parse(diff).lines.iter().try_for_each(|line| {
            let name = match line.kind {
                LineKind::Same => "same line",
                LineKind::Expected => "expected line",
                LineKind::Actual => "your line",
                LineKind::Note => "note",
            };
            page.fact(name, &marks(&line.text(), style))
        });
    }
    check.expected.iter().try_for_each(|text| page.fact("expected", text))?;
    check.actual.iter().try_for_each(|text| page.fact("yours", text))?;
    match (&check.expected, &check.actual) {
        // A place in what was printed can be counted; in the repr of a value it says nothing.
        (Some(expected), Some(actual)) if expected != actual && actual.trim() == check.stdout.trim() => {
            let same = expected.chars().zip(actual.chars()).take_while(|(a, b)| a == b).count();
            page.fact("differs", &format!("at character {}", same + 1))
        }
        _ => Ok(()),
    }
}
