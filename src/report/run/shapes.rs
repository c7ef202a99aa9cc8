//! What each format makes of a run.

use std::io::Write;
use std::path::Path;

use super::book::Book;
use super::folder::{Folder, Names};
use super::handout::Handout;
use super::sheet::{self, Leftover, Sheet};
use super::similarity::{self, Written};
use super::{Failed, classroom50, csv, exercism, gradescope, json, jsonl, junit, markdown};
use crate::error::Result;
use crate::settings::Format;

/// One document.
type WriteDocument = fn(&mut dyn Write, &Book<'_>) -> Result<(), Failed>;
/// What one learner gets.
type WriteHandout = fn(&mut dyn Write, &Handout<'_>) -> Result<(), Failed>;
/// A sheet of the instructor's; the text names the column, where it has to be said.
type FillSheet = fn(&mut dyn Write, &Book<'_>, &mut Sheet, Option<&str>) -> Result<Leftover, Failed>;

/// What was handed in, for another program.
type WriteSimilar = fn(&Path, &Book<'_>) -> Result<Written>;

/// The shape of a report.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "holds functions")]
pub enum Shape {
    /// For people, on the screen.
    Screen,
    Document(WriteDocument),
    /// A folder with a folder for each learner, which holds a file of this name.
    Each(&'static str, WriteHandout),
    Sheet(FillSheet),
    /// A folder of pages.
    Pages,
    /// A folder for programs that look for copied code; the text is the command that reads it, `{}` the folder.
    Similar(WriteSimilar, &'static str),
}

impl Shape {
    /// Every format that a run can be told in.
    pub const ALL: [Format; 14] = [
        Format::Human,
        Format::Html,
        Format::Csv,
        Format::Json,
        Format::Jsonl,
        Format::Junit,
        Format::Markdown,
        Format::Gradescope,
        Format::Classroom50,
        Format::Exercism,
        Format::Canvas,
        Format::Moodle,
        Format::Jplag,
        Format::Dolos,
    ];

    pub const fn of(format: Format) -> Self {
        match format {
            Format::Html => Self::Pages,
            Format::Csv => Self::Document(csv),
            Format::Json => Self::Document(json),
            Format::Jsonl => Self::Document(jsonl),
            Format::Junit => Self::Document(junit::write),
            Format::Markdown => Self::Document(markdown::write),
            Format::Gradescope => Self::Each("results.json", gradescope::write),
            Format::Exercism => Self::Each("results.json", exercism::write),
            Format::Classroom50 => Self::Each("result.json", classroom50::write),
            Format::Canvas => Self::Sheet(sheet::canvas),
            Format::Moodle => Self::Sheet(sheet::moodle),
            Format::Jplag => {
                Self::Similar(similarity::jplag, "java -jar jplag.jar -l python3 -bc {}/base {}/submissions")
            }
            Format::Dolos => Self::Similar(similarity::dolos, "dolos run -l python {}/info.csv"),
            Format::Human => Self::Screen,
        }
    }
}

/// Writes a folder for each learner with a verdict; how many have none.
pub fn each(place: &Path, book: &Book<'_>, file: &str, write: WriteHandout) -> Result<usize> {
    let folder = Folder::begin(place)?;
    let info = book.info()?;
    let (mut names, mut without) = (Names::default(), 0);
    for graded in book.graded()? {
        let graded = graded?;
        let Some(verdict) = graded.verdict() else {
            without += 1;
            continue;
        };
        let mut finals = book.finals(&graded)?;
        for learner in &graded.submission.learners {
            let last = finals.iter().position(|found| found.learner == learner.id).map(|at| finals.swap_remove(at));
            let handout = Handout {
                exercise: &info.exercise,
                created_at: &info.created_at,
                learner,
                graded: &graded,
                verdict,
                told: book.told(verdict, learner),
                last,
            };
            let path = format!("{}/{file}", names.of(learner, &graded.submission));
            folder.write(&path, |out| write(out, &handout))?;
        }
    }
    folder.finish()?;
    Ok(without)
}
