//! `--roster CSV`: who is in the class. Read by its headers: those of Classroom 50, Canvas, Moodle and plain sheets are known.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::names::folded;
use super::recognise::Identity;
use crate::document::delimiter;
use crate::error::{Fault, IoContext as _, Result};

/// Larger files are no rosters.
const MAX_BYTES: u64 = 64 << 20;

/// One learner of the class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) section: Option<String>,
    /// Every column by its header.
    pub(super) details: BTreeMap<String, String>,
}

/// The class, in the order of the file.
#[derive(Debug)]
pub(super) struct Roster {
    pub(super) entries: Vec<Entry>,
    /// Whom an id or address stands for; `None`: several.
    ids: HashMap<String, Option<usize>>,
    /// Whom a name stands for, in either order of its parts.
    names: HashMap<String, Option<usize>>,
    /// What a person should look at.
    pub(super) notes: Vec<String>,
}

/// Headers of the column that learners are called by, the best first; in small letters.
const KEYS: [&str; 15] = [
    "learner",
    "learner_id",
    "student_id",
    "id",
    "username",
    "login",
    "github_username",
    "sis login id",
    "sid",
    "sis user id",
    "id number",
    "email",
    "email address",
    "name",
    "student",
];
/// Headers of columns that identify a learner in some system.
const IDS: [&str; 18] = [
    "learner",
    "learner_id",
    "student_id",
    "id",
    "username",
    "login",
    "github_username",
    "github_id",
    "github",
    "sis login id",
    "sid",
    "sis user id",
    "id number",
    "uid",
    "email",
    "email address",
    "identifier",
    "participant",
];

impl Roster {
    /// # Errors
    /// Usage: there is no such file, or it is no table with a column that identifies learners.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let size = path
            .metadata()
            .map_err(|error| Fault::usage(format!("can't read the roster `{shown}`")).because(error))?
            .len();
        if size > MAX_BYTES {
            return Err(Fault::usage(format!("the roster `{shown}` is larger than {} MiB", MAX_BYTES >> 20)));
        }
        let bytes = std::fs::read(path).or_machine(|| format!("read `{shown}`"))?;
        Self::parse(&bytes).map_err(|fault| fault.because(format!("in the roster `{shown}`")))
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(bytes))
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let refuse = |error: csv::Error| Fault::usage("the roster is no CSV table").because(error);
        let headers: Vec<String> = reader
            .byte_headers()
            .map_err(refuse)?
            .iter()
            .map(|header| String::from_utf8_lossy(header).into_owned())
            .collect();
        let small: Vec<String> = headers.iter().map(|header| header.to_lowercase()).collect();
        let Some(key) = KEYS.iter().find_map(|key| small.iter().position(|header| header == key)) else {
            return Err(Fault::usage(format!(
                "the roster has no column that says who a learner is: {}",
                headers.join(", ")
            ))
            .hint("name one of its columns `learner`, `username`, `id` or `email`"));
        };
        let mut roster = Self { entries: Vec::new(), ids: HashMap::new(), names: HashMap::new(), notes: Vec::new() };
        for record in reader.byte_records() {
            let record = record.map_err(refuse)?;
            let cells = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned());
            roster.add(&headers, &small, key, &cells.collect::<Vec<_>>());
        }
        Ok(roster)
    }

    fn add(&mut self, headers: &[String], small: &[String], key: usize, cells: &[String]) {
        let cell = |names: &[&str]| {
            names.iter().find_map(|name| {
                let at = small.iter().position(|header| header == name)?;
                cells.get(at).filter(|cell| !cell.is_empty()).cloned()
            })
        };
        let Some(key) = cells.get(key).filter(|key| !key.is_empty()) else {
            // Canvas has a row with the points that are possible, which has no id.
            return;
        };
        if self.entries.iter().any(|entry| entry.key == *key) {
            self.notes.push(format!("the roster has `{key}` twice; the first counts"));
            return;
        }
        let first = cell(&["first_name", "first name", "given name", "firstname"]);
        let last = cell(&["last_name", "last name", "surname", "family name", "lastname"]);
        let both = [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = cell(&["name", "student", "full name", "full_name"]).or(Some(both)).filter(|name| !name.is_empty());
        let place = self.entries.len();
        for (header, id) in small.iter().zip(cells) {
            if IDS.contains(&header.as_str()) && !id.is_empty() {
                note(&mut self.ids, folded(id), place);
            }
        }
        for name in name.iter().flat_map(|name| squashed(name)) {
            note(&mut self.names, name, place);
        }
        self.entries.push(Entry {
            key: key.clone(),
            name,
            email: cell(&["email", "email address"]),
            section: cell(&["section", "group", "groups", "sections"]),
            details: headers.iter().cloned().zip(cells.iter().cloned()).collect(),
        });
    }

    /// Who is meant, if that is clear.
    pub(super) fn find(&self, identity: &Identity) -> Option<usize> {
        let ids = [Some(&identity.key), identity.email.as_ref()].into_iter().flatten().chain(identity.details.values());
        let by_id = || ids.into_iter().find_map(|id| self.ids.get(&folded(id)).copied().flatten());
        let by_name = || {
            let names = [identity.name.as_deref(), Some(&identity.key)].into_iter().flatten();
            names.flat_map(squashed).find_map(|name| self.names.get(&name).copied().flatten())
        };
        by_id().or_else(by_name).or_else(|| self.by_repository(identity))
    }

    /// `assignment-login`: the longest login that it ends with.
    fn by_repository(&self, identity: &Identity) -> Option<usize> {
        let repository = folded(identity.details.get("repository")?);
        let mut logins = repository.match_indices('-').map(|(at, _)| &repository[at + 1..]);
        logins.find_map(|login| self.ids.get(login).copied().flatten())
    }
}

fn note(known: &mut HashMap<String, Option<usize>>, text: String, place: usize) {
    known.entry(text).and_modify(|one| *one = one.filter(|one| *one == place)).or_insert(Some(place));
}

/// A name as Canvas writes it in file names, in both orders: `adalovelace`, `lovelaceada`.
fn squashed(name: &str) -> Vec<String> {
    let squash = |text: &str| folded(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let mut ways = vec![squash(name)];
    // "Lovelace, Ada", and "Ada King Lovelace" by its last part.
    if let Some((last, first)) = name.split_once(',') {
        ways.push(squash(&format!("{first}{last}")));
    } else if let Some((first, last)) = name.rsplit_once(' ') {
        ways.push(squash(&format!("{last}{first}")));
    }
    ways.retain(|way| !way.is_empty());
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'r>(roster: &'r Roster, identity: &Identity) -> Option<&'r str> {
        roster.find(identity).map(|place| roster.entries[place].key.as_str())
    }

    fn named(key: &str, name: Option<&str>) -> Identity {
        Identity { key: key.into(), name: name.map(str::to_owned), ..Identity::default() }
    }

    #[test]
    fn the_sheets_of_several_systems_are_read() {
        let classroom = "username,first_name,last_name,email,section,github_id\nada,Ada,Lovelace,a@x.org,A,77\n";
        let roster = Roster::parse(classroom.as_bytes()).unwrap();
        assert_eq!((roster.entries[0].key.as_str(), roster.entries[0].name.as_deref()), ("ada", Some("Ada Lovelace")));
        assert_eq!(found(&roster, &named("77", None)), Some("ada"));
        assert_eq!(found(&roster, &named("x", Some("lovelaceada"))), Some("ada"));
        let canvas =
            "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n\"Hopper, Grace\",12,s9,grace,B\n";
        let roster = Roster::parse(canvas.as_bytes()).unwrap();
        assert_eq!(roster.entries.len(), 1);
        assert_eq!(found(&roster, &named("s9", None)), Some("12"));
        assert_eq!(found(&roster, &named("hoppergrace", None)), Some("12"));
        let german = "\u{feff}Name;E-Mail;ID number\nZoë Müller;z@x.org;5\n";
        let roster = Roster::parse(german.as_bytes()).unwrap();
        assert_eq!(found(&roster, &named("ZOË MÜLLER", None)), Some("5"));
    }

    #[test]
    fn who_could_be_two_is_nobody() {
        let roster = Roster::parse(b"id,name\n1,Ada Byron\n2,Ada Byron\n2,Twice\n").unwrap();
        assert_eq!(found(&roster, &named("Ada Byron", None)), None);
        assert_eq!(roster.notes, ["the roster has `2` twice; the first counts"]);
    }

    #[test]
    fn a_repository_belongs_to_the_login_that_it_ends_with() {
        let roster = Roster::parse(b"login\nhopper\ngrace-hopper\n").unwrap();
        let repository = |name: &str| Identity {
            details: BTreeMap::from([("repository".to_owned(), name.to_owned())]),
            ..named("unknown", None)
        };
        assert_eq!(found(&roster, &repository("day4-grace-hopper")), Some("grace-hopper"));
        assert_eq!(found(&roster, &repository("day4-hopper")), Some("hopper"));
    }

    #[test]
    fn a_table_without_anybody_in_it_is_refused() {
        let fault = Roster::parse(b"colour,size\nred,3\n").unwrap_err();
        assert!(fault.what.contains("colour, size") && fault.exit_code() == 2, "{fault:?}");
    }
}
