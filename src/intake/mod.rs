//! Taking in what was handed in: folders, archives and bulk downloads become submissions of learners. Nothing is unpacked, nothing of it is
//! run, and what is graded later are the bytes that were read here.

mod archive;
mod folder;
mod limits;
mod names;
mod people;
mod recognise;
mod resolve;
mod roster;
mod tree;

use std::fs::File;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use people::Summary;
pub use recognise::Pattern;

use crate::catalog::Exercise;
use crate::environment::Interrupt;
use crate::error::{Fault, IoContext as _, Result};
use crate::store::{Intake, Origin, Unusable};
use people::{Arrived, People};
use recognise::{Around, Handin, Identity};
use roster::Roster;
use tree::{Collector, Seen, Tree, What};

/// Which of a learner's attempts are graded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Attempts {
    /// The last one
    #[default]
    Latest,
    /// Every one
    All,
}

/// What was asked for; kept with the run, so that an interrupted intake can be done again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Absolute.
    pub paths: Vec<PathBuf>,
    pub roster: Option<PathBuf>,
    pub id_from: Option<String>,
    pub attempts: Attempts,
}

/// Takes everything in that `request` names; what could not be used is noted and stops nothing.
///
/// # Errors
/// Usage: a path that is not there, a roster or a pattern that can't be used. Machine: the disk. Interrupted: at once, wherever it is.
pub fn take_in(request: &Request, exercise: &Exercise, intake: &Intake<'_>, interrupt: &Interrupt) -> Result<Summary> {
    let pattern = request.id_from.as_deref().map(Pattern::new).transpose()?;
    let roster = request.roster.as_deref().map(Roster::read).transpose()?;
    for path in &request.paths {
        let refused = |why: &str| Err(Fault::usage(format!("can't read `{}`", path.display())).because(why));
        match path.metadata() {
            Err(error) => return refused(&error.to_string()),
            Ok(data) if !data.is_dir() && !data.is_file() => return refused("it is neither a folder nor a file"),
            Ok(_) => {}
        }
    }
    let mut taker = Taker { exercise, intake, interrupt, people: People::new(roster, request.attempts) };
    let sources = request.paths.iter().map(|path| taker.read(path)).collect::<Result<Vec<_>>>()?;
    // `submissions/*.zip`: each is somebody's, unless one of them shows that they are whole classes.
    let are_learners = sources.len() > 1 && sources.iter().all(|source| taker.may_be_one(source));
    for source in sources {
        taker.recognise(source, are_learners, pattern.as_ref())?;
    }
    taker.people.settle(intake, interrupt)
}

/// A path that was given, and what is in it.
#[derive(Debug)]
struct Source {
    shown: String,
    /// The last part of the path.
    name: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Folder(Tree),
    Archive(Tree),
    /// One file, which is what the exercise asks for, whatever its name is.
    File(Tree),
    /// An archive that can't be read; the words complete "`x` ...".
    Broken(String),
}

/// Takes sources in.
struct Taker<'a> {
    exercise: &'a Exercise,
    intake: &'a Intake<'a>,
    interrupt: &'a Interrupt,
    people: People,
}

impl<'a> Taker<'a> {
    fn collector(&self) -> Collector<'a> {
        Collector::new(self.intake, self.exercise, self.interrupt)
    }

    fn read(&self, path: &Path) -> Result<Source> {
        let shown = names::escaped(path.as_os_str().as_encoded_bytes());
        let name = path.file_name().map_or_else(String::new, |name| names::escaped(name.as_encoded_bytes()));
        let content = if path.is_dir() {
            let mut collector = self.collector();
            folder::walk(path, &mut collector)?;
            Content::Folder(collector.finish())
        } else if names::archive_stem(&name).is_some() {
            self.archive(path)?
        } else {
            Content::File(self.single_file(path)?)
        };
        Ok(Source { shown, name, content })
    }

    fn archive(&self, path: &Path) -> Result<Content> {
        let mut collector = self.collector();
        let doing = || format!("read `{}`", path.display());
        let file = File::open(path).or_machine(doing)?;
        let size = file.metadata().or_machine(doing)?.len();
        let read = collector.archive("", 0, file, size, limits::ENTRIES)?;
        Ok(read.map_or_else(Content::Broken, |()| Content::Archive(collector.finish())))
    }

    fn single_file(&self, path: &Path) -> Result<Tree> {
        let mut collector = self.collector();
        let mut file = File::open(path).or_machine(|| format!("read `{}`", path.display()))?;
        let first = self.exercise.files.first().cloned().unwrap_or_default();
        match collector.file(first, 0, &mut file) {
            Err(archive::Stop::Fault(fault)) => Err(fault),
            Ok(()) | Err(archive::Stop::Broken(_)) => Ok(collector.finish()),
        }
    }

    fn may_be_one(&self, source: &Source) -> bool {
        match &source.content {
            Content::Folder(tree) => recognise::may_be_one(tree, self.exercise, false),
            Content::Archive(tree) => recognise::may_be_one(tree, self.exercise, true),
            Content::File(_) | Content::Broken(_) => true,
        }
    }

    fn recognise(&mut self, source: Source, is_learners: bool, pattern: Option<&Pattern>) -> Result<()> {
        let Source { shown, name, content } = source;
        let stem = names::archive_stem(&name).unwrap_or(&name);
        let (tree, is_archive) = match content {
            Content::Folder(tree) => (tree, false),
            Content::Archive(tree) => (tree, true),
            Content::File(tree) => {
                let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
                return self.arrive(&shown, alone(stem, Origin::File, tree));
            }
            Content::Broken(why) => return self.arrive(&shown, broken(stem, &name, why)),
        };
        let around = Around { exercise: self.exercise, stem, is_archive, is_learners, pattern };
        let (handins, notes) = recognise::recognise(tree, around);
        if handins.is_empty() && notes.is_empty() {
            self.people.note(&shown, "nothing in it was taken for a submission");
        }
        for note in &notes {
            self.people.note(&shown, note);
        }
        handins.into_iter().try_for_each(|handin| self.arrive(&shown, handin))
    }

    /// Decides what of a submission is graded.
    fn arrive(&mut self, source: &str, handin: Handin) -> Result<()> {
        self.interrupt.check()?;
        let others: Vec<&str> = handin.others.iter().map(String::as_str).collect();
        let mut notes = handin.notes;
        let files = resolve::resolve(self.exercise, &handin.files, &others, &mut notes);
        let hash = match &files {
            Ok(files) => self.hash(files)?,
            Err(_) => String::new(),
        };
        self.people.arrive(Arrived {
            learners: handin.learners,
            source: if handin.inside.is_empty() { source.to_owned() } else { format!("{source}: {}", handin.inside) },
            origin: handin.origin,
            late: handin.late,
            submitted_at: handin.submitted_at,
            files,
            hash,
            notes,
        });
        Ok(())
    }

    fn hash(&self, files: &resolve::Files) -> Result<String> {
        let mut handed = Vec::new();
        for (name, hash) in files {
            handed.push(crate::submission::HandedFile { name: name.clone(), bytes: self.intake.kept(hash)? });
        }
        Ok(crate::submission::Submission::new(handed).hash)
    }
}

fn alone(stem: &str, origin: Origin, tree: Tree) -> Handin {
    Handin {
        learners: vec![Identity { key: stem.to_owned(), ..Identity::default() }],
        inside: String::new(),
        origin,
        late: None,
        submitted_at: None,
        files: tree.files,
        others: tree.others,
        notes: Vec::new(),
    }
}

/// An archive that can't be read is somebody's all the same.
fn broken(stem: &str, name: &str, why: String) -> Handin {
    let files = vec![Seen { path: name.to_owned(), what: What::Broken(why) }];
    alone(stem, Origin::Archive, Tree { files, ..Tree::default() })
}

/// Kept in [`Arrived`] until everybody is known.
type Decided = std::result::Result<resolve::Files, Unusable>;

#[cfg(test)]
mod tests;
