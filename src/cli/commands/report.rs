//! `grade report`: tells what is in a run.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::arguments::ReportArguments;
use crate::cli::rounds::plain_style;
use crate::cli::screen::Screen;
use crate::disclosure::Moment;
use crate::error::{Fault, IoContext as _, Result};
use crate::policy::{Note, Policy};
use crate::report::html::html;
use crate::report::run::{Book, Failed, Leftover, Shape, Sheet, Written, each, human};
use crate::report::{Anonymity, Codes};
use crate::settings::{Format, Settings};
use crate::store::Run;

/// Names that a note lists; more are counted.
const LISTED: usize = 10;

pub(in crate::cli) fn run(settings: &Settings, asked: &ReportArguments, screen: &Screen) -> Result<ExitCode> {
    let shape = Shape::of(settings.format.of("grade report", &Shape::ALL)?);
    fits(asked, shape, settings.format)?;
    let run = Run::open(&asked.run.run)?;
    let moment = if asked.after_due { Moment::AfterDue } else { Moment::Now };
    let book = Book::new(&run, anonymity(asked, &run)?, moment)
        .with_starter(starter(settings, &run))
        .with_policy(policy(asked, &run, screen)?);
    match shape {
        Shape::Screen => {
            let style = plain_style(settings, screen);
            document(asked, screen, |out| human(out, &style, &book))?;
        }
        Shape::Document(write) => document(asked, screen, |out| write(out, &book))?,
        Shape::Each(file, write) => {
            let without = each(out_folder(asked)?, &book, file, write)?;
            if without > 0 {
                screen.note(&format!("{without} submissions have no verdict, and nothing was written for them"));
            }
        }
        Shape::Sheet(fill) => {
            let mut sheet = Sheet::read(asked.sheet.as_deref().unwrap_or(Path::new("")))?;
            let mut left = Leftover::default();
            document(asked, screen, |out| {
                left = fill(out, &book, &mut sheet, asked.column.as_deref())?;
                Ok(())
            })?;
            tell_leftover(&left, screen);
        }
        Shape::Pages => {
            let folder = out_folder(asked)?;
            html(folder, &book, &book.class()?)?;
            screen.note(&format!("the class is in `{}`", folder.join("index.html").display()));
        }
        Shape::Similar(write, command) => {
            let folder = out_folder(asked)?;
            tell_written(write(folder, &book)?, &command.replace("{}", &folder.display().to_string()), asked, screen);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A fault where what was asked for does not go together.
fn fits(asked: &ReportArguments, shape: Shape, format: Format) -> Result<()> {
    let is_sheet = matches!(shape, Shape::Sheet(_));
    let name = clap::ValueEnum::to_possible_value(&format).map(|value| value.get_name().to_owned()).unwrap_or_default();
    if is_sheet && asked.sheet.is_none() {
        return Err(Fault::usage(format!("`--format {name}` fills in a gradebook, and none was named"))
            .hint("export the gradebook as CSV, and name it with `--sheet FILE`"));
    }
    if !is_sheet && asked.sheet.is_some() {
        return Err(Fault::usage(format!("`--format {name}` fills in no `--sheet`")).hint("`canvas` and `moodle` do"));
    }
    // The others have no place for a score that is not the sum of its checks, or for scores at all.
    let raw_only = [Format::Junit, Format::Classroom50, Format::Exercism, Format::Jplag, Format::Dolos];
    if asked.policy.is_some() && raw_only.contains(&format) {
        return Err(Fault::usage(format!(
            "`--format {name}` tells raw scores only, not what a `--policy` makes of them"
        ))
        .hint("all formats but `junit`, `classroom50`, `exercism`, `jplag` and `dolos` tell final scores"));
    }
    if is_sheet && asked.anonymous {
        return Err(Fault::usage("a gradebook is about people: it can't be filled in with `--anonymous`"));
    }
    if let (Some(key), Some(out)) = (&asked.key, &asked.out)
        && (absolute(key)?.starts_with(absolute(out)?) || absolute(out)? == absolute(key)?)
    {
        return Err(Fault::usage("the key file would be in the report that it is to be kept apart from")
            .hint("name another place with `--key`"));
    }
    Ok(())
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).or_machine(|| format!("use `{}`", path.display()))
}

fn anonymity(asked: &ReportArguments, run: &Run) -> Result<Option<Anonymity>> {
    let Some(key) = asked.key.as_deref().filter(|_| asked.anonymous) else { return Ok(None) };
    let learners = run.learners()?;
    Anonymity::new(Codes::open(key, &learners)?, &learners).map(Some)
}

fn out_folder(asked: &ReportArguments) -> Result<&Path> {
    asked.out.as_deref().ok_or_else(|| {
        Fault::usage("this format is more than one file").hint("name a folder for it with `--out FOLDER`")
    })
}

/// Onto stdout, or into the file of `--out`, which is there whole or not at all.
fn document(
    asked: &ReportArguments,
    screen: &Screen,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Failed>,
) -> Result<()> {
    if let Some(path) = &asked.out {
        let doing = || format!("write `{}`", path.display());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).or_machine(doing)?;
        let mut out = std::io::BufWriter::new(&mut file);
        match write(&mut out).and_then(|()| Ok(out.flush()?)) {
            Err(Failed::Read(fault)) => return Err(fault),
            Err(Failed::Write(error)) => return Err(error).or_machine(doing),
            Ok(()) => drop(out),
        }
        return file.persist(path).map(drop).map_err(|error| error.error).or_machine(doing);
    }
    let mut fault = None;
    screen.results(|out, _| match write(out) {
        Err(Failed::Read(read)) => {
            fault = Some(read);
            Ok(())
        }
        Err(Failed::Write(error)) => Err(error),
        Ok(()) => Ok(()),
    })?;
    fault.map_or(Ok(()), Err)
}

/// The starter of a run's exercise; a run can be looked at where that is not known.
fn starter(settings: &Settings, run: &Run) -> Option<Vec<(String, Vec<u8>)>> {
    let id = run.info().ok()?.exercise;
    settings.catalog().ok()?.select(&[id]).ok()?.exercises.into_iter().next()?.starter_files().ok()
}

fn policy(asked: &ReportArguments, run: &Run, screen: &Screen) -> Result<Option<Policy>> {
    let Some(file) = &asked.policy else { return Ok(None) };
    let (policy, notes) = Policy::open(file, run)?;
    for Note(text) in notes.iter().take(LISTED) {
        screen.note(&crate::report::escape::one_line(text));
    }
    if notes.len() > LISTED {
        screen.note(&format!("and {} more of this kind", notes.len() - LISTED));
    }
    Ok(Some(policy))
}

fn tell_written(written: Written, command: &str, asked: &ReportArguments, screen: &Screen) {
    if written.without > 0 {
        screen.note(&format!("{} submissions have no Python file, and are not there", written.without));
    }
    if !written.starter {
        screen.note(
            "the exercise is not known here, so its starter is not there: what it holds will be taken for copied",
        );
    }
    if asked.anonymous {
        screen.note("the names of the files are codes; what is in them is as it was handed in");
    }
    // On a line of its own, to be copied.
    screen.aside(|out, _| writeln!(out, "next: {command}"));
}

fn tell_leftover(left: &Leftover, screen: &Screen) {
    if let Some((here, there)) = left.scaled {
        screen.note(&format!("an exercise of {here} points was scaled to the {there} points of the sheet"));
    }
    let lists = [
        ("rows for which nothing was found, left as they were", &left.rows),
        ("learners whom no row is about", &left.learners),
    ];
    for (what, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
        let shown =
            names.iter().take(LISTED).map(|name| crate::report::escape::one_line(name)).collect::<Vec<_>>().join("; ");
        let more = names.len().saturating_sub(LISTED);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        screen.note(&format!("{what} ({}): {shown}{more}", names.len()));
    }
}
