//! `grade.toml`: which catalogue a repository adds, and which exercises it is asked for (docs/configuration.md).

use std::path::{Path, PathBuf};

use toml::Spanned;

use crate::document::{Document, Moment, Section};
use crate::error::{Blame, Place, Result};

const KEYS: &[&str] = &["catalog", "exercise"];
const ENTRY_KEYS: &[&str] = &["id", "from", "required"];

/// What a `grade.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// A folder that is there.
    pub catalog: Option<PathBuf>,
    /// What `grade ci` looks at; whatever is there when it is empty.
    pub entries: Vec<Entry>,
}

/// One `[[exercise]]`.
#[derive(Clone, Debug)]
pub struct Entry {
    /// An exercise, a group or a track.
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// Not looked at before.
    pub from: Option<Moment>,
    /// Whether a job fails without it.
    pub required: bool,
}

impl Configuration {
    /// Reads `file`; paths in it count from its own folder. The fault (wrong usage) tells all mistakes with their places.
    pub fn open(file: &Path) -> Result<Self> {
        let folder = file.parent().unwrap_or(Path::new("."));
        Document::open(file, Blame::Usage)?.read(KEYS, |root| {
            let entries = root.sections("exercise", ENTRY_KEYS);
            let entries: Vec<_> = entries.iter().map(entry).collect();
            refuse_twins(root, &entries);
            let entries = entries.into_iter().flatten().map(|(_, entry)| entry).collect();
            Some(Self { catalog: catalog(root, folder), entries })
        })
    }
}

fn catalog(root: &Section, folder: &Path) -> Option<PathBuf> {
    let named = root.text("catalog")?;
    let span = named.span();
    let catalog = folder.join(Spanned::into_inner(named));
    if !catalog.is_dir() {
        root.mistake(span, format!("there is no folder `{}`", catalog.display()));
    }
    Some(catalog)
}

type Spot = std::ops::Range<usize>;

fn entry(section: &Section) -> Option<(Spot, Entry)> {
    let id = section.required_text("id");
    let from = section.moment("from").map(Spanned::into_inner);
    let required = section.boolean("required").unwrap_or(true);
    let id = id?;
    let (span, name) = (id.span(), id.into_inner().trim_end_matches('/').to_owned());
    let place = section.document().place(span.clone());
    Some((span, Entry { name, place, from, required }))
}

/// Of two entries with one name nobody could say which is meant.
fn refuse_twins(root: &Section, entries: &[Option<(Spot, Entry)>]) {
    let known: Vec<_> = entries.iter().flatten().collect();
    for (index, (span, entry)) in known.iter().enumerate() {
        if let Some((_, first)) = known[..index].iter().find(|(_, other)| other.name == entry.name) {
            root.mistake(span.clone(), format!("`{}` is asked for on line {} already", entry.name, first.place.line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Configuration> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("grade.toml");
        std::fs::write(&file, text).unwrap();
        Configuration::open(&file)
    }

    fn mistakes(text: &str) -> Vec<(String, usize, Option<String>)> {
        let first = read(text).unwrap_err();
        assert_eq!(first.exit_code(), 2);
        let told = |fault: &crate::error::Fault| {
            (fault.what.clone(), fault.place.as_ref().map_or(0, |place| place.line), fault.hint.clone())
        };
        std::iter::once(told(&first)).chain(first.also.iter().map(told)).collect()
    }

    #[test]
    fn entries_are_read_in_their_order_and_are_required_by_default() {
        let text = "[[exercise]]\nid = \"day4/\"\n[[exercise]]\nid = \"proof\"\nfrom = 2026-03-02\nrequired = false\n";
        let entries = read(text).unwrap().entries;
        let told: Vec<_> = entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.from.as_ref().map(ToString::to_string), entry.required))
            .collect();
        assert_eq!(told, [("day4", None, true), ("proof", Some("2026-03-02".to_owned()), false)]);
        assert_eq!((entries[1].place.line, entries[1].place.column), (4, 6));
    }

    #[test]
    fn an_empty_file_asks_for_nothing() {
        let configuration = read("").unwrap();
        assert!(configuration.catalog.is_none() && configuration.entries.is_empty());
    }

    #[test]
    fn every_mistake_has_its_line_and_the_nearest_key() {
        let text = "[[exercise]]\nid = \"a/b\"\nrequierd = true\n\n[[exercise]]\nfrom = \"2026-03-02\"\n\n\
                    [[exercise]]\nid = \"c/d\"\nfrom = 2026-03-02T08:00:00\n";
        insta::assert_debug_snapshot!(mistakes(text));
    }

    #[test]
    fn what_is_asked_for_twice_is_told_with_both_lines() {
        let text = "[[exercise]]\nid = \"day4\"\n[[exercise]]\nid = \"day4/\"\n";
        assert_eq!(mistakes(text), [("`day4` is asked for on line 2 already".to_owned(), 4, None)]);
    }

    #[test]
    fn exercises_that_are_no_list_of_tables_are_refused() {
        let [(what, line, _)] = &mistakes("exercise = \"day4\"\n")[..] else { panic!("one mistake") };
        assert!(what.contains("must be a list of tables") && *line == 1, "{what}");
    }
}
