//! The class for people: scores, checks, the commonest wrong answers, submissions to look at together.

use std::io;

use crate::class::{Alike, CheckSummary, Class, Example, Flag, Group, Groups, LEAST_TOKENS, Scores};
use crate::report::page::{Page, cut, width};
use crate::report::style::Role;
use crate::report::words::{count, grouped};

/// Columns of the figures of a check.
const FIGURES: usize = 32;
/// Wrong answers told of each check.
const ANSWERS: usize = 3;
/// Learners named of a group.
const NAMED: usize = 6;
/// Groups of submissions that are the same.
const TOGETHER: usize = 10;

/// Writes all that is known about the class; nothing where nothing is graded.
pub(super) fn class(page: &mut Page<'_>, class: &Class) -> io::Result<()> {
    let Some(scores) = &class.scores else { return Ok(()) };
    page.gap();
    page.line(0, &[(Role::Title, "The class")])?;
    distribution(page, scores)?;
    checks(page, class)?;
    problems(page, &class.problems)?;
    alike(page, &class.alike)
}

fn distribution(page: &mut Page<'_>, scores: &Scores) -> io::Result<()> {
    let words = format!(
        "mean {}, median {}; half of them between {} and {}; lowest {}, highest {}",
        percent(scores.mean),
        percent(scores.median),
        percent(scores.lower_quartile),
        percent(scores.upper_quartile),
        percent(scores.least),
        percent(scores.most)
    );
    page.hanging(2, (Role::Text, "scores: "), (Role::Text, &words))?;
    let most = scores.bars.iter().copied().max().unwrap_or(1).max(1);
    let room = (page.style.columns() / 2).saturating_sub(10);
    for (bar, number) in scores.bars.iter().enumerate() {
        let range = format!("{:>3} {} {:>3} %", bar * 10, page.style.either("–", "-"), bar * 10 + 10);
        let length = (number * room).div_ceil(most);
        let drawn = if page.style.plain { String::new() } else { page.style.either("█", "#").repeat(length) + " " };
        let pieces =
            [(Role::Text, range.as_str()), (Role::Text, "  "), (Role::Faint, &drawn), (Role::Text, &grouped(*number))];
        page.line(4, &pieces)?;
    }
    page.gap();
    Ok(())
}

fn checks(page: &mut Page<'_>, class: &Class) -> io::Result<()> {
    let about = format!("{} in which code was run", count(class.ran, "submission"));
    page.line(0, &[(Role::Title, "Checks"), (Role::Faint, &format!("  ({about})"))])?;
    let room = page.style.columns().saturating_sub(FIGURES + 4).max(20);
    if !page.style.plain {
        let heading = format!("{:room$}{:>9}{:>10}{:>11}", "", "passed", "time", "tells");
        page.line(2, &[(Role::Faint, &heading)])?;
    }
    for check in &class.checks {
        one_check(page, check, room)?;
    }
    page.gap();
    Ok(())
}

fn one_check(page: &mut Page<'_>, check: &CheckSummary, room: usize) -> io::Result<()> {
    let share = check.share.map_or_else(|| "-".to_owned(), percent);
    let time = check.mean_ms.map_or_else(|| "-".to_owned(), |mean| format!("{mean:.0} ms"));
    let tells = check.discrimination.map_or_else(|| "-".to_owned(), |value| format!("{value:+.2}"));
    if page.style.plain {
        let words = format!("{}: passed {share}, mean time {time}, discrimination {tells}", check.title);
        page.paragraph(2, Role::Text, &words)?;
    } else {
        let title = cut(&check.title, room - 1, page.style);
        let gap = " ".repeat(room.saturating_sub(width(&title)));
        let figures = format!("{gap}{share:>9}{time:>10}{tells:>11}");
        page.line(2, &[(Role::Text, &title), (Role::Text, &figures)])?;
    }
    for flag in &check.flags {
        page.hanging(4, (Role::Odd, "look  "), (Role::Odd, words(*flag)))?;
    }
    if check.broken > 0 {
        let text = format!("the check itself failed on {}", count(check.broken, "submission"));
        page.hanging(4, (Role::Odd, "look  "), (Role::Odd, &text))?;
    }
    groups(page, &check.wrong, ANSWERS)
}

/// What a flag means, in a sentence.
const fn words(flag: Flag) -> &'static str {
    match flag {
        Flag::NobodyFails => "nobody fails it: it tells nobody anything",
        Flag::NobodyPasses => "nobody passes it: is it right, and does the text ask for it?",
        Flag::BetterOnesFail => "the better ones fail it, more than chance explains: is it right?",
    }
}

/// The commonest, with some who share it.
fn groups(page: &mut Page<'_>, groups: &Groups, most: usize) -> io::Result<()> {
    for group in groups.groups.iter().take(most) {
        let first = format!("{:>6}  ", grouped(group.count));
        page.hanging(2, (Role::Text, &first), (Role::Text, &format!("{}{}", group.text, who(group))))?;
    }
    let rest = groups.others + groups.groups.iter().skip(most).map(|group| group.count).sum::<usize>();
    if rest > 0 {
        page.line(2, &[(Role::Faint, &format!("{:>6}  otherwise", grouped(rest)))])?;
    }
    Ok(())
}

/// ` – ada, bob and 3 more`
fn who(group: &Group) -> String {
    let shown = names(&group.examples, group.count, group.examples.len());
    let like = if group.same_text < group.count { ", with other values" } else { "" };
    if group.count == 1 { format!("  [{shown}]") } else { format!("  [{shown}{like}]") }
}

fn names(examples: &[Example], of: usize, most: usize) -> String {
    let named: Vec<&str> = examples.iter().take(most).map(|example| example.learner.as_str()).collect();
    let more = of.saturating_sub(named.len());
    let named = named.join("; ");
    if more == 0 { named } else { format!("{named} and {} more", grouped(more)) }
}

fn problems(page: &mut Page<'_>, problems: &Groups) -> io::Result<()> {
    if problems.groups.is_empty() {
        return Ok(());
    }
    page.line(0, &[(Role::Title, "Could not be run")])?;
    groups(page, problems, usize::MAX)?;
    page.gap();
    Ok(())
}

fn alike(page: &mut Page<'_>, alike: &Alike) -> io::Result<()> {
    if alike.groups.is_empty() {
        return Ok(());
    }
    page.line(0, &[(Role::Title, "The same but for names, comments and layout")])?;
    page.paragraph(
        2,
        Role::Faint,
        "A hint to look at them together, and no more: there may be good reasons. `--format jplag` and `--format dolos` write them for programs that look closer.",
    )?;
    for together in alike.groups.iter().take(TOGETHER) {
        let number = together.submissions.len();
        let bytes = if together.to_the_byte { ", to the byte" } else { "" };
        let text =
            format!("{}  ({} tokens{bytes})", names(&together.submissions, number, NAMED), grouped(together.tokens));
        page.hanging(2, (Role::Text, &format!("{:>6}  ", grouped(number))), (Role::Text, &text))?;
    }
    let rest = alike.groups.len().saturating_sub(TOGETHER);
    if rest > 0 {
        page.line(2, &[(Role::Faint, &format!("and {} more: `--format json` has all", count(rest, "group")))])?;
    }
    page.paragraph(2, Role::Faint, &compared(alike))
}

/// What was not compared, and why.
fn compared(alike: &Alike) -> String {
    let out = alike.excluded;
    let reasons = [
        (out.nothing, "without a file to run".to_owned()),
        (out.starter, "which is the starter as it was".to_owned()),
        (
            out.short,
            format!("with fewer than {LEAST_TOKENS} tokens of their own, which come out the same by themselves"),
        ),
    ];
    let told: Vec<String> = reasons
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, why)| format!("{} {why}", grouped(*number)))
        .collect();
    let left_out = if told.is_empty() { String::new() } else { format!("; left out: {}", told.join(", ")) };
    let starter = if alike.starter_known { "" } else { "; the starter is not known here, so what it holds counts" };
    format!("{} compared{left_out}{starter}.", count(alike.compared, "submission"))
}

/// `72 %`
fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
