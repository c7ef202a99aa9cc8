//! The key file: which code is whose. Codes are drawn at random, since what is computed from a name can be computed again by whoever has the names.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::error::{Fault, IoContext as _, Result};
use crate::report::escape::cell;
use crate::store::Learner;

const HEADER: [&str; 4] = ["code", "learner", "name", "email"];

/// The code of each learner, by key.
#[derive(Clone, Debug)]
pub struct Codes(HashMap<String, String>);

impl Codes {
    /// Reads the key file at `path` and adds those who have no code yet; a learner keeps a code once they have it.
    ///
    /// # Errors
    /// Usage: there is another file at `path`. Machine: it can't be written.
    pub fn open(path: &Path, learners: &[Learner]) -> Result<Self> {
        let known = read(path)?;
        let mut used: HashSet<String> = known.values().cloned().collect();
        let mut codes = HashMap::new();
        let mut rows = Vec::new();
        for learner in learners {
            let shown = cell(&learner.key).into_owned();
            let code = if let Some(code) = known.get(&shown) {
                code.clone()
            } else {
                let code = unused(&used)?;
                used.insert(code.clone());
                let told = |text: &Option<String>| cell(text.as_deref().unwrap_or_default()).into_owned();
                rows.push([code.clone(), shown, told(&learner.name), told(&learner.email)]);
                code
            };
            codes.insert(learner.key.clone(), code);
        }
        if !rows.is_empty() {
            append(path, &rows)?;
        }
        Ok(Self(codes))
    }

    /// The code of a learner that this was opened for.
    pub fn of(&self, key: &str) -> &str {
        self.0.get(key).map_or("unknown", String::as_str)
    }
}

/// Codes by key, as the file writes it.
fn read(path: &Path) -> Result<HashMap<String, String>> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(HashMap::new()),
        Err(error) => return Err(error).or_machine(|| format!("read `{}`", path.display())),
    };
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let is_ours = reader.headers().is_ok_and(|header| header.iter().eq(HEADER));
    let rows: Option<Vec<_>> = is_ours.then(|| reader.records().collect::<std::result::Result<_, _>>().ok()).flatten();
    let rows = rows.ok_or_else(|| {
        Fault::usage(format!("`{}` is no key file", path.display()))
            .hint("`--key FILE` names a file to be made, or one that an earlier `--anonymous` made")
    })?;
    Ok(rows.iter().map(|row| (row[1].to_owned(), row[0].to_owned())).collect())
}

/// Written whole and then put in place, so that it is never half of one; readable by its owner alone.
fn append(path: &Path, rows: &[[String; 4]]) -> Result<()> {
    let doing = || format!("write the key file `{}`", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let before = if path.exists() { std::fs::read(path).or_machine(doing)? } else { Vec::new() };
    let mut writer = csv::Writer::from_writer(before);
    if writer.get_ref().is_empty() {
        writer.write_record(HEADER).map_err(std::io::Error::from).or_machine(doing)?;
    }
    for row in rows {
        writer.write_record(row).map_err(std::io::Error::from).or_machine(doing)?;
    }
    let text = writer.into_inner().map_err(csv::IntoInnerError::into_error).or_machine(doing)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).or_machine(doing)?;
    std::io::Write::write_all(&mut file, &text).or_machine(doing)?;
    file.persist(path).map(drop).map_err(|error| error.error).or_machine(doing)
}

/// Begins with a letter, so that no sheet takes it for a number.
fn unused(used: &HashSet<String>) -> Result<String> {
    loop {
        let mut bytes = [0; 5];
        rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())
            .map_err(std::io::Error::from)
            .or_machine(|| "draw a code".to_owned())?;
        let code = format!("L{}", &data_encoding::BASE32.encode(&bytes)[1..]);
        if !used.contains(&code) {
            return Ok(code);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn learner(key: &str) -> Learner {
        Learner {
            id: 1,
            key: key.to_owned(),
            name: Some("Ada Lovelace".to_owned()),
            email: None,
            section: None,
            on_roster: None,
            details: std::collections::BTreeMap::new(),
        }
    }

    #[test]
    fn a_learner_keeps_a_code_and_others_are_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.csv");
        let first = Codes::open(&path, &[learner("=ada"), learner("bob")]).unwrap();
        let again = Codes::open(&path, &[learner("=ada"), learner("cyd")]).unwrap();
        assert_eq!(first.of("=ada"), again.of("=ada"));
        assert_ne!(again.of("=ada"), again.of("cyd"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.contains(&format!("{},'=ada,Ada Lovelace,", first.of("=ada"))), "{text}");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn another_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("thesis.txt");
        std::fs::write(&path, "once upon a time\n").unwrap();
        assert!(Codes::open(&path, &[learner("ada")]).unwrap_err().what.contains("is no key file"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "once upon a time\n");
    }
}
