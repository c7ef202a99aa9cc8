//! The page of the class.

use askama::Template;

use super::assets;
use super::check::Standing;
use super::rows::{self, Row, Rows};
use crate::class::{Alike, CheckSummary, Class, Flag, Group, Groups, Scores};
use crate::error::{Fault, Result};
use crate::report::run::Book;
use crate::report::words::{count, grouped, number};
use crate::store::{Counts, Note, RunInfo};

/// Notes and groups that are shown; more are counted.
const MOST: usize = 50;

#[derive(Template)]
#[template(path = "class.html")]
pub(super) struct Overview<'a> {
    style: &'static str,
    script: &'static str,
    policy: &'static str,
    exercise: String,
    created: String,
    figures: Vec<(String, &'static str)>,
    distributions: Vec<Spread>,
    checks: Vec<Check>,
    problems: Vec<Answer>,
    alike: Vec<Same>,
    /// How many were compared, and why others were not.
    compared: String,
    notes: Vec<Note>,
    more_notes: usize,
    rows: &'a Rows,
    first: &'a [Row],
    outcomes: Vec<(&'static str, Standing)>,
    json: String,
}

/// How scores are distributed.
struct Spread {
    /// Of the element.
    id: &'static str,
    title: &'static str,
    /// Mean, median and the like in a sentence.
    told: String,
    bars: Vec<Bar>,
}

/// A bar of a distribution.
struct Bar {
    range: String,
    number: usize,
    /// Of the longest, 0 to 100.
    length: String,
}

struct Check {
    title: String,
    weight: String,
    /// `12 of 40`
    passed: String,
    share: String,
    length: String,
    time: String,
    discrimination: String,
    flags: Vec<&'static str>,
    wrong: Vec<Answer>,
    others: usize,
}

/// What was observed, and how many share it.
struct Answer {
    text: String,
    number: usize,
    who: String,
}

struct Same {
    who: String,
    what: String,
}

impl<'a> Overview<'a> {
    /// With the distribution of final scores, where there are rules that make them.
    pub(super) fn new(
        info: &RunInfo,
        book: &Book<'_>,
        (class, final_scores): (&Class, Option<&Scores>),
        rows: &'a Rows,
    ) -> Result<Self> {
        let mut notes = book.notes()?;
        let more_notes = notes.len().saturating_sub(MOST);
        notes.truncate(MOST);
        Ok(Self {
            style: assets::STYLE,
            script: assets::SCRIPT,
            policy: &assets::LIVELY,
            exercise: info.exercise.clone(),
            created: info.created_at.replace('T', " ").replace('Z', " UTC"),
            figures: figures(&book.counts()?, book.missing()?.len()),
            distributions: distributions(class.scores.as_ref(), final_scores),
            checks: class.checks.iter().map(check).collect(),
            problems: answers(&class.problems),
            alike: alike(&class.alike),
            compared: compared(&class.alike),
            notes,
            more_notes,
            rows,
            first: rows.first(),
            outcomes: rows::outcomes(),
            json: rows.json().map_err(|error| Fault::ourselves("can't write JSON").because(error))?,
        })
    }
}

fn figures(counts: &Counts, nothing: usize) -> Vec<(String, &'static str)> {
    let figures = [
        (counts.all(), "submissions"),
        (counts.passed, "passed"),
        (counts.failed, "not yet"),
        (counts.missing, "without a file to grade"),
        (nothing, "nothing handed in"),
        (counts.error, "check broken"),
        (counts.ungraded, "no verdict"),
        (counts.waiting, "waiting"),
    ];
    // The first three are always worth a look, the others only when there are some.
    let shown = figures.into_iter().enumerate().filter(|(at, (number, _))| *at < 3 || *number > 0);
    shown.map(|(_, (number, what))| (grouped(number), what)).collect()
}

fn distributions(graded: Option<&Scores>, final_scores: Option<&Scores>) -> Vec<Spread> {
    let title = if final_scores.is_some() { "Scores as graded" } else { "Scores" };
    let all = [("scores", title, graded), ("finals", "Final scores", final_scores)];
    let spread = |(id, title, scores): (_, _, Option<&Scores>)| {
        scores.map(|scores| Spread { id, title, told: told(scores), bars: bars(scores) })
    };
    all.into_iter().filter_map(spread).collect()
}

fn bars(scores: &Scores) -> Vec<Bar> {
    let most = scores.bars.iter().copied().max().unwrap_or(0).max(1);
    let bar = |(at, number): (usize, &usize)| Bar {
        range: format!("{}–{} %", at * 10, (at + 1) * 10),
        number: *number,
        length: percent_of(*number, most),
    };
    scores.bars.iter().enumerate().map(bar).collect()
}

fn told(scores: &Scores) -> String {
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    format!(
        "mean {}, median {}; half of them between {} and {}",
        percent(scores.mean),
        percent(scores.median),
        percent(scores.lower_quartile),
        percent(scores.upper_quartile)
    )
}

fn check(summary: &CheckSummary) -> Check {
    Check {
        title: summary.title.clone(),
        weight: number(summary.weight),
        passed: format!("{} of {}", grouped(summary.passed), grouped(summary.judged)),
        share: summary.share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0)),
        length: percent_of(summary.passed, summary.judged),
        time: summary.mean_ms.map_or_else(|| "–".to_owned(), |time| format!("{time:.0} ms")),
        discrimination: summary
            .discrimination
            .map_or_else(|| "–".to_owned(), |value| format!("{value:.2}").replace('-', "−")),
        flags: summary.flags.iter().map(|flag| flag_words(*flag)).collect(),
        wrong: answers(&summary.wrong),
        others: summary.wrong.others,
    }
}

const fn flag_words(flag: Flag) -> &'static str {
    match flag {
        Flag::NobodyFails => "nobody fails it",
        Flag::NobodyPasses => "nobody passes it",
        Flag::BetterOnesFail => "the better ones fail it",
    }
}

fn answers(groups: &Groups) -> Vec<Answer> {
    let answer = |group: &Group| {
        let who: Vec<&str> = group.examples.iter().map(|example| example.learner.as_str()).collect();
        let more = group.count.saturating_sub(who.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Answer { text: group.text.clone(), number: group.count, who: format!("{}{more}", who.join(", ")) }
    };
    groups.groups.iter().map(answer).collect()
}

fn alike(alike: &Alike) -> Vec<Same> {
    let same = |group: &crate::class::Together| {
        let who: Vec<&str> = group.submissions.iter().map(|example| example.learner.as_str()).collect();
        let how = if group.to_the_byte { "the same to the byte" } else { "the same but for names and comments" };
        Same { who: who.join(", "), what: format!("{how}, {}", count(group.tokens, "token")) }
    };
    alike.groups.iter().take(MOST).map(same).collect()
}

fn compared(alike: &Alike) -> String {
    let left_out = alike.excluded.nothing + alike.excluded.starter + alike.excluded.short;
    let left_out = if left_out > 0 {
        format!("; {} left out: too short, the starter as it was, or nothing to compare", grouped(left_out))
    } else {
        String::new()
    };
    format!("{} compared{left_out}. A hint to look, never a verdict.", count(alike.compared, "submission"))
}

#[expect(clippy::cast_precision_loss, reason = "numbers of submissions are far below 2^52")]
fn percent_of(number: usize, of: usize) -> String {
    if of == 0 { "0".to_owned() } else { format!("{:.1}", number as f64 / of as f64 * 100.0) }
}
