//! Before and after a regrading, by learner and by check.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::page::{Page, width};
use super::style::{Role, Style};
use super::words::{self, count, number};
use crate::batch::{Change, CheckChange};
use crate::events::Tally;
use crate::verdict::Outcome;

/// Columns of a learner's name before the points move to the right.
const NAME: usize = 24;

#[derive(Serialize)]
struct Document<'a> {
    regraded: &'a Tally,
    changes: &'a [Change],
}

/// Everything that changed, as one JSON document.
pub fn json(out: &mut dyn Write, changes: &[Change], tally: &Tally) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document { regraded: tally, changes })?;
    writeln!(out)
}

/// Who gains, who loses, and why; then the same by check.
pub fn human(out: &mut dyn Write, style: &Style, changes: &[Change], tally: &Tally) -> io::Result<()> {
    let mut page = Page::new(out, style);
    let regraded = format!("{} graded again", count(tally.done(), "submission"));
    let known = if tally.reused > 0 {
        format!(", {} of them known already", words::grouped(tally.reused))
    } else {
        String::new()
    };
    page.line(0, &[(Role::Title, &regraded), (Role::Text, &known)])?;
    if changes.is_empty() {
        return page.line(0, &[(Role::Text, "Nothing changes for anybody.")]);
    }
    page.gap();
    let mut sorted: Vec<&Change> = changes.iter().collect();
    // Who loses is what has to be explained, so it comes first.
    sorted.sort_by(|a, b| a.gain().total_cmp(&b.gain()).then_with(|| a.learner.cmp(&b.learner)));
    for change in &sorted {
        learner(&mut page, change)?;
    }
    page.gap();
    by_check(&mut page, changes)?;
    page.gap();
    let gains = changes.iter().filter(|change| change.gain() > 0.0).count();
    let loses = changes.iter().filter(|change| change.gain() < 0.0).count();
    let total = format!("{gains} gain, {loses} lose, {} changes otherwise", changes.len() - gains - loses);
    page.line(0, &[(Role::Title, &total)])?;
    page.line(0, &[(Role::Text, "The results from before are kept in the run.")])
}

fn learner(page: &mut Page<'_>, change: &Change) -> io::Result<()> {
    let points = |standing: &Option<crate::batch::Standing>| {
        standing.as_ref().map_or_else(|| "no verdict".to_owned(), |standing| number(standing.score.earned))
    };
    let arrow = page.style.either("→", "->");
    let room = " ".repeat(NAME.saturating_sub(width(&change.learner)));
    let line = format!("{room}  {} {arrow} {}", points(&change.before), points(&change.after));
    let (role, gain) = signed(change.gain());
    page.line(2, &[(Role::Title, &change.learner), (Role::Text, &line), (Role::Text, "  "), (role, &gain)])?;
    for check in &change.checks {
        let (role, gain) = signed(check.gain);
        let told = format!("{}: {} {arrow} {}", check.title, word(check.before), word(check.after));
        page.line(6, &[(role, &format!("{gain:>6}  ")), (Role::Text, &told)])?;
        if !check.why.is_empty() {
            page.hanging(14, (Role::Faint, ""), (Role::Faint, &check.why))?;
        }
    }
    Ok(())
}

fn by_check(page: &mut Page<'_>, changes: &[Change]) -> io::Result<()> {
    let mut checks: BTreeMap<&str, (&CheckChange, usize, usize)> = BTreeMap::new();
    for check in changes.iter().flat_map(|change| &change.checks) {
        let (_, gains, loses) = checks.entry(&check.id).or_insert((check, 0, 0));
        *gains += usize::from(check.gain > 0.0);
        *loses += usize::from(check.gain < 0.0);
    }
    if checks.is_empty() {
        return Ok(());
    }
    page.line(0, &[(Role::Title, "By check")])?;
    for (check, gains, loses) in checks.values() {
        page.line(2, &[(Role::Text, &format!("{}: {gains} gain, {loses} lose", check.title))])?;
    }
    Ok(())
}

fn word(outcome: Option<Outcome>) -> &'static str {
    outcome.map_or("not there", words::outcome)
}

fn signed(gain: f64) -> (Role, String) {
    match gain {
        gain if gain > 0.0 => (Role::Good, format!("+{}", number(gain))),
        gain if gain < 0.0 => (Role::Bad, format!("-{}", number(-gain))),
        _ => (Role::Faint, "±0".to_owned()),
    }
}
