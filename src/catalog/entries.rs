//! All exercises, found by id and read when they are asked for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::{Exercise, ExerciseId};
use crate::error::{Fault, IoContext as _, Result};

/// The exercises of one or more folders of the same shape; of two with the same id the later folder's counts, whole.
#[derive(Debug)]
pub struct Catalog {
    entries: BTreeMap<ExerciseId, Entry>,
    strays: Vec<Fault>,
}

/// Where an exercise is, and what was found there once it was read.
#[derive(Debug)]
struct Entry {
    root: PathBuf,
    exercise: OnceLock<Result<Arc<Exercise>>>,
}

impl Catalog {
    /// Finds the exercises in all `roots`. Only names are looked at: an exercise is read when it is asked for,
    /// so that a broken one stops nobody who wants another.
    pub fn load(roots: &[PathBuf]) -> Result<Self> {
        let mut catalog = Self { entries: BTreeMap::new(), strays: Vec::new() };
        for root in roots {
            catalog.add(root)?;
        }
        Ok(catalog)
    }

    fn add(&mut self, root: &Path) -> Result<()> {
        let exercises = root.join("exercises");
        if !exercises.is_dir() {
            let fault = Fault::usage(format!("`{}` is no catalogue: it has no folder `exercises`", root.display()));
            return Err(fault.hint("a catalogue has the folders `exercises`, `graders` and `fixtures`"));
        }
        for group in folders_in(&exercises)? {
            for name in folders_in(&exercises.join(&group))? {
                match ExerciseId::parse(&format!("{group}/{name}")) {
                    Some(id) => self.insert(id, root),
                    None => self.strays.push(no_id(&exercises.join(&group).join(&name))),
                }
            }
            if exercises.join(&group).join("exercise.toml").exists() {
                self.strays.push(no_id(&exercises.join(&group)));
            }
        }
        Ok(())
    }

    fn insert(&mut self, id: ExerciseId, root: &Path) {
        self.entries.insert(id, Entry { root: root.to_owned(), exercise: OnceLock::new() });
    }

    /// All ids, sorted; also those of broken exercises.
    pub fn ids(&self) -> impl Iterator<Item = &ExerciseId> {
        self.entries.keys()
    }

    /// Folders that look like exercises but can't be: no fault of any one exercise.
    pub fn strays(&self) -> &[Fault] {
        &self.strays
    }

    /// The exercise `id`; nothing when there is none, its fault when it is broken.
    pub fn get(&self, id: &ExerciseId) -> Option<Result<Arc<Exercise>>> {
        let entry = self.entries.get(id)?;
        Some(entry.exercise.get_or_init(|| Exercise::load(&entry.root, id).map(Arc::new)).clone())
    }

    /// `exercises/<id>/` of the catalogue that counts.
    pub(super) fn folder_of(&self, id: &ExerciseId) -> Option<PathBuf> {
        Some(self.entries.get(id)?.root.join("exercises").join(id.as_str()))
    }

    /// Every exercise with its id, or its fault, sorted by id; reads all of them.
    pub fn all(&self) -> impl Iterator<Item = (&ExerciseId, Result<Arc<Exercise>>)> {
        self.ids().filter_map(|id| Some((id, self.get(id)?)))
    }
}

/// Names of the folders in `folder`, sorted, without hidden ones and what tools leave behind.
fn folders_in(folder: &Path) -> Result<Vec<String>> {
    let doing = || format!("read `{}`", folder.display());
    let mut names = Vec::new();
    for entry in folder.read_dir().or_machine(doing)? {
        let entry = entry.or_machine(doing)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().or_machine(doing)?;
        let is_folder = kind.is_dir() || (kind.is_symlink() && entry.path().is_dir());
        if is_folder && !name.starts_with('.') && !super::strays::is_stray(&name) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn no_id(folder: &Path) -> Fault {
    Fault::author(format!("`{}` is no place for an exercise", folder.display()))
        .hint("an exercise is `exercises/<group>/<name>`, in lower-case letters, digits, `_` and `-`")
}
