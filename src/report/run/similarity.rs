//! Submissions as `JPlag` and Dolos read them: programs that look for copied code, which is nothing that `grade` judges.

use std::path::{Component, Path};

use super::Failed;
use super::book::Book;
use super::folder::{Folder, Names};
use crate::error::Result;
use crate::report::escape;
use crate::store::Learner;
use crate::submission::{Handed, HandedFile};

/// What was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    pub submissions: usize,
    /// Without a file to look at.
    pub without: usize,
    /// Whether the starter is there, so that what it holds is not taken for copied.
    pub starter: bool,
}

/// A folder for each submission, one with the starter, and a table that says whose is whose.
///
/// `java -jar jplag.jar -l python3 -bc FOLDER/base FOLDER/submissions` reads it (`JPlag`'s README, "Usage").
pub(super) fn jplag(place: &Path, book: &Book<'_>) -> Result<Written> {
    let folder = Folder::begin(place)?;
    let (written, rows) = each(book, |name, files| {
        for file in files {
            folder.write(&format!("submissions/{name}/{}", file.name), |out| Ok(out.write_all(&file.bytes)?))?;
        }
        Ok(())
    })?;
    for (name, bytes) in book.starter().into_iter().flatten().filter(|(name, _)| is_python(name)) {
        folder.write(&format!("base/{name}"), |out| Ok(out.write_all(bytes)?))?;
    }
    folder.write("learners.csv", |out| table(out, &["folder", "learners"], &rows))?;
    folder.finish()?;
    Ok(written)
}

/// A file for each submission, and `info.csv`: `dolos run -l python FOLDER/info.csv` reads it (its `lib/src/lib/dataset.ts`). The starter is the
/// one file that it ignores what others have of.
pub(super) fn dolos(place: &Path, book: &Book<'_>) -> Result<Written> {
    let folder = Folder::begin(place)?;
    let (written, rows) = each(book, |name, files| {
        folder.write(&format!("files/{name}.py"), |out| joined(out, files.iter().map(|file| (&file.name, &file.bytes))))
    })?;
    let mut lines: Vec<Vec<String>> = rows
        .into_iter()
        .map(|[name, learners]| vec![format!("files/{name}.py"), learners, name, "false".to_owned()])
        .collect();
    if let Some(starter) = book.starter() {
        let python = starter.iter().filter(|(name, _)| is_python(name)).map(|(name, bytes)| (name, bytes));
        folder.write("starter.py", |out| joined(out, python))?;
        lines.push(["starter.py", "the starter", "starter", "true"].map(str::to_owned).to_vec());
    }
    folder.write("info.csv", |out| table(out, &["filename", "full_name", "id", "ignored"], &lines))?;
    folder.finish()?;
    Ok(written)
}

/// Name and learners of a submission that was written.
type Named = [String; 2];

fn each(book: &Book<'_>, mut write: impl FnMut(&str, &[HandedFile]) -> Result<()>) -> Result<(Written, Vec<Named>)> {
    let mut written = Written { starter: book.starter().is_some(), ..Written::default() };
    let (mut names, mut rows) = (Names::default(), Vec::new());
    for graded in book.graded()? {
        let submission = graded?.submission;
        let mut files = match book.handed(submission.id)? {
            Handed::Files(handed) => handed.files,
            Handed::Unusable { .. } => Vec::new(),
        };
        files.retain(|file| is_python(&file.name) && is_inside(&file.name));
        let Some(learner) = submission.learners.first().filter(|_| !files.is_empty()) else {
            written.without += 1;
            continue;
        };
        let name = names.of(learner, &submission);
        write(&name, &files)?;
        rows.push([name, whose(&submission.learners)]);
        written.submissions += 1;
    }
    Ok((written, rows))
}

fn whose(learners: &[Learner]) -> String {
    let named = |learner: &Learner| match &learner.name {
        Some(name) if *name != learner.key => format!("{name} ({})", learner.key),
        _ => learner.key.clone(),
    };
    learners.iter().map(named).collect::<Vec<_>>().join(", ")
}

fn is_python(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "py")
}

/// Where an exercise takes files by pattern, their names are the learner's.
fn is_inside(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Several files as one, each under its name.
fn joined<'f>(
    out: &mut dyn std::io::Write,
    files: impl Iterator<Item = (&'f String, &'f Vec<u8>)>,
) -> Result<(), Failed> {
    for (name, bytes) in files {
        writeln!(out, "# {}", escape::one_line(name))?;
        out.write_all(bytes)?;
        writeln!(out)?;
    }
    Ok(())
}

fn table<R: AsRef<[String]>>(out: &mut dyn std::io::Write, header: &[&str], rows: &[R]) -> Result<(), Failed> {
    let mut writer = csv::Writer::from_writer(out);
    let wrote = |result: csv::Result<()>| result.map_err(|error| Failed::Write(error.into()));
    wrote(writer.write_record(header))?;
    for row in rows {
        wrote(writer.write_record(row.as_ref().iter().map(|cell| escape::cell(cell).into_owned())))?;
    }
    writer.flush().map_err(Failed::Write)
}
