//! Which exercises a learner has begun, found without reading more of the others than where their files go.

use std::fs;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::exercise::in_folder;
use super::select::list_order;
use super::{Catalog, Selection, names};

impl Catalog {
    /// The exercises of which a file is in the repository at `root`, in the order of the list.
    ///
    /// An optional file alone doesn't count: a `.gitignore` is in every repository.
    ///
    /// One that is there but broken is told; one that does not even say where its files go is passed over, as nobody named it.
    pub fn present(&self, root: &Path) -> Selection {
        let mut selection = Selection::default();
        for id in self.ids() {
            let paths = self.folder_of(id).and_then(|folder| paths(&folder));
            if !paths.is_some_and(|paths| paths.iter().any(|path| root.join(path).symlink_metadata().is_ok())) {
                continue;
            }
            match self.get(id) {
                Some(Ok(exercise)) => selection.exercises.push(exercise),
                Some(Err(fault)) => selection.broken.push(fault),
                None => {}
            }
        }
        selection.exercises.sort_by(|a, b| list_order(a).cmp(&list_order(b)));
        selection
    }
}

/// Where the files that the exercise in `folder` can't do without go in a repository; nothing when that can't be read.
fn paths(folder: &Path) -> Option<Vec<String>> {
    let text = fs::read_to_string(folder.join("exercise.toml")).ok()?;
    paths_in(&text)
}

/// Reads the keys before the first table only: in TOML all keys of the root come first, and the checks are most of a file.
fn paths_in(text: &str) -> Option<Vec<String>> {
    let end = text.find("\n[").map_or(text.len(), |newline| newline + 1);
    let root = DeTable::parse(&text[..end]).ok()?;
    let place = match root.get_ref().get("folder")?.get_ref().as_str()? {
        "." => "",
        folder => folder,
    };
    let optional = texts(root.get_ref(), "optional").unwrap_or_default();
    let files = texts(root.get_ref(), "files")?;
    let needed = files.iter().filter(|file| !optional.contains(file));
    Some(needed.map(|file| in_folder(place, file)).filter(|path| names::is_relative(path)).collect())
}

/// The texts in the array under `key`; nothing when there is no array.
fn texts<'a>(table: &'a DeTable<'_>, key: &str) -> Option<Vec<&'a str>> {
    let DeValue::Array(items) = table.get(key)?.get_ref() else { return None };
    Some(items.iter().filter_map(|item| item.get_ref().as_str()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_are_read_whatever_comes_after_them() {
        let text = "folder = \"week1\"\nfiles = [\n  \"a.py\", # [[check]]\n  \"b.py\",\n]\n\n[[check]\nbroken";
        assert_eq!(paths_in(text), Some(vec!["week1/a.py".to_owned(), "week1/b.py".to_owned()]));
    }

    #[test]
    fn optional_files_are_no_sign_that_somebody_has_begun() {
        let text = "folder = \".\"\nfiles = [\"day0/hello.py\", \".gitignore\"]\noptional = [\".gitignore\"]";
        assert_eq!(paths_in(text), Some(vec!["day0/hello.py".to_owned()]));
    }

    #[test]
    fn the_top_folder_has_no_name() {
        assert_eq!(paths_in("folder = \".\"\nfiles = [\"a.py\"]"), Some(vec!["a.py".to_owned()]));
    }

    #[test]
    fn a_path_out_of_the_repository_is_no_path() {
        assert_eq!(paths_in("folder = \"..\"\nfiles = [\"a.py\"]"), Some(Vec::new()));
        assert_eq!(paths_in("folder = 1"), None);
    }
}
