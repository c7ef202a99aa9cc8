//! What a learner has shown, what comes next, and what people said of their notes.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::escape::{many_lines, one_line};
use crate::catalog::{Exercise, Track};
use crate::learning::map::{PhaseShown, SectionShown};
use crate::learning::plan::{Step, week};
use crate::learning::reviews::{Mark, Review, Reviews};

/// Version of the document; fields are added, never renamed, within it.
const SCHEMA: &str = "grade-progress/1";

/// Writes what to do next in each track; the plan comes first.
pub fn next(out: &mut dyn Write, steps: &[Step], root: &Path) -> io::Result<()> {
    let mut open = steps.iter().filter_map(|step| Some((step, step.next.as_ref()?))).peekable();
    if open.peek().is_none() {
        return writeln!(out, "Everything has passed. `grade list` shows it all.");
    }
    for (index, (step, exercise)) in open.enumerate() {
        let when = if index == 0 { "next" } else { "also" };
        let place = week(exercise).map(|week| format!(", {week}")).unwrap_or_default();
        let track = step.track.name();
        writeln!(out, "{when:<6}{}  {}", exercise.id, one_line(&exercise.title))?;
        writeln!(out, "      {track}{place}, {} of {} passed", step.passed, step.of)?;
        let command = if exercise.is_present(root) { "grade" } else { "grade start" };
        writeln!(out, "      {command} {}\n", exercise.id)?;
    }
    writeln!(out, "`grade show ID` shows what an exercise asks for.")
}

/// Writes how far each track is, then phase by phase what was shown, wrapped to `columns`.
pub fn progress(out: &mut dyn Write, steps: &[Step], phases: &[PhaseShown], columns: usize) -> io::Result<()> {
    for step in steps {
        writeln!(out, "{:<8} {} of {} exercises passed", step.track.name(), step.passed, step.of)?;
    }
    for phase in phases {
        let shown = phase.sections.iter().filter(|section| section.shown.is_some()).count();
        let of = phase.phase.sections.len();
        writeln!(out, "\nPhase {}  {}: {shown} of {of} sections", phase.phase.number, phase.phase.title)?;
        phase.sections.iter().try_for_each(|section| section_line(out, section, columns))?;
    }
    writeln!(out, "\nL1 use, L2 explain, L3 debug, L4 predict. Explaining counts once somebody has reviewed the note.")
}

fn section_line(out: &mut dyn Write, section: &SectionShown, columns: usize) -> io::Result<()> {
    let (level, by) = match &section.shown {
        Some((level, by)) => (level.name(), by.join(", ")),
        None => ("-", String::new()),
    };
    let mut told = vec![by];
    if section.to_review {
        told.push("a note is to be reviewed".to_owned());
    }
    if let Some((level, id)) = section.open.iter().max_by_key(|(level, _)| *level) {
        told.push(format!("{level} by {id}"));
    }
    let told = told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
    let first = format!("  {level:<3} {:<5} ", section.section.number);
    let indent = " ".repeat(first.len() + 2);
    let options = textwrap::Options::new(columns.max(40)).initial_indent(&first).subsequent_indent(&indent);
    writeln!(out, "{}", textwrap::fill(&format!("{}: {told}", section.section.title), options))
}

/// Writes the same as one document.
pub fn progress_json(out: &mut dyn Write, steps: &[Step], phases: &[PhaseShown]) -> io::Result<()> {
    let section = |section: &SectionShown| {
        json!({
            "section": section.section.number, "title": section.section.title,
            "level": section.shown.as_ref().map(|(level, _)| level.name()),
            "by": section.shown.as_ref().map_or(&[][..], |(_, by)| by.as_slice()),
            "to_review": section.to_review,
            "open": section.open.iter().map(|(level, id)| json!({"level": level.name(), "exercise": id})).collect::<Vec<_>>(),
        })
    };
    let phase = |phase: &PhaseShown| {
        let sections: Vec<_> = phase.sections.iter().map(section).collect();
        json!({ "phase": phase.phase.number, "title": phase.phase.title, "sections": sections })
    };
    let track = |step: &Step| {
        let next = step.next.as_ref().map(|exercise| exercise.id.to_string());
        json!({ "track": Track::name(step.track), "passed": step.passed, "of": step.of, "next": next })
    };
    let tracks: Vec<_> = steps.iter().map(track).collect();
    let phases: Vec<_> = phases.iter().map(phase).collect();
    serde_json::to_writer_pretty(&mut *out, &json!({ "schema": SCHEMA, "tracks": tracks, "phases": phases }))?;
    writeln!(out)
}

/// Writes a note and what was said of it, then how to add to that.
pub fn note(out: &mut dyn Write, exercise: &Exercise, file: &str, text: &str, reviews: &Reviews) -> io::Result<()> {
    writeln!(out, "{}  {file}\n\n{}\n", exercise.id, many_lines(text).trim_end())?;
    reviews.all.iter().try_for_each(|review| told(out, review))?;
    match reviews.last() {
        Some((_, true)) => {}
        Some((_, false)) => writeln!(out, "The note has changed since.\n")?,
        None => writeln!(out, "Nobody has reviewed it yet.\n")?,
    }
    writeln!(
        out,
        "`grade review {} --accept --by NAME` accepts it, `--again` asks for more; `--words TEXT` says why.",
        exercise.id
    )
}

fn told(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    let words = if review.words.is_empty() { String::new() } else { format!(": {}", one_line(&review.words)) };
    writeln!(out, "{}  {} by {}{words}", one_line(&review.day), word(review.mark), one_line(&review.by))
}

const fn word(mark: Mark) -> &'static str {
    match mark {
        Mark::Accepted => "accepted",
        Mark::Again => "to be mended",
    }
}

/// Says what was noted, and where.
pub fn reviewed(out: &mut dyn Write, exercise: &Exercise, mark: Mark, kept: &str) -> io::Result<()> {
    writeln!(out, "{}: {}, noted in {kept}", exercise.id, word(mark))
}
