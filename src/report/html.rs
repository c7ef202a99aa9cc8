//! A run as pages: one for the class, one for each learner that can be sent to them alone. One folder that needs no network and nothing besides itself.
//!
//! Templates are in `templates/`, and everything that they are given is escaped by the one function for HTML (`askama.toml`). What is not, `|safe`, is ours: the style, the
//! script, and JSON that was made for it. Each page allows exactly those by their hashes and nothing else.

mod assets;
mod check;
mod learner;
mod overview;
mod rows;

use std::path::Path;

use askama::Template;

use super::run::{Book, Failed, Folder, Names, csv};
use crate::class::{Class, Distribution};
use crate::error::Result;
use crate::policy::Final;
use overview::Overview;
use rows::Rows;

/// Writes all pages into `place`, which is made, or is an older report.
pub fn html(place: &Path, book: &Book<'_>, class: &Class) -> Result<()> {
    let folder = Folder::begin(place)?;
    let info = book.info()?;
    let (mut names, mut rows, mut final_scores) =
        (Names::default(), Rows::new(book.has_policy()), Distribution::default());
    for graded in book.graded()? {
        let graded = graded?;
        let source = book.source(graded.submission.id)?;
        let finals = book.finals(&graded)?;
        final_scores.extend(finals.iter().filter_map(Final::points));
        let mut pages = Vec::new();
        for learner in &graded.submission.learners {
            let path = format!("learners/{}.html", names.of(learner, &graded.submission));
            let found = finals.iter().find(|found| found.learner == learner.id);
            folder.write(&path, |out| {
                page_of(out, &learner::Page::new(&info, book, (learner, found), &graded, source.as_ref()))
            })?;
            pages.push(path);
        }
        rows.add(&graded, &finals, pages);
    }
    for learner in book.missing()? {
        rows.add_missing(&learner, &book.finals_of_missing(&learner));
    }
    folder.write("learners.csv", |out| csv(out, book))?;
    let overview = Overview::new(&info, book, (class, final_scores.finish().as_ref()), &rows)?;
    folder.write("index.html", |out| page_of(out, &overview))?;
    folder.finish()
}

fn page_of(out: &mut dyn std::io::Write, page: &impl Template) -> Result<(), Failed> {
    let text = page.render().map_err(std::io::Error::other)?;
    Ok(out.write_all(text.as_bytes())?)
}
