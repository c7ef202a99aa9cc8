//! Gradescope's "Export submissions": `submission_metadata.yml` beside the folders that it names, written with Ruby's symbols for keys.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Handin, Identity, passed_over, strangers};
use crate::intake::tree::{Seen, Tree, joined};
use crate::store::Origin;

type Manifest = BTreeMap<String, Record>;

#[derive(Debug, Deserialize)]
pub(super) struct Record {
    #[serde(rename = ":submitters", default)]
    submitters: Vec<Submitter>,
    #[serde(rename = ":created_at", default)]
    created_at: Option<Text>,
}

#[derive(Debug, Deserialize)]
struct Submitter {
    #[serde(rename = ":name", default)]
    name: Option<Text>,
    #[serde(rename = ":sid", default)]
    sid: Option<Text>,
    #[serde(rename = ":email", default)]
    email: Option<Text>,
}

/// A student's number may be written as one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Text {
    Text(String),
    Number(i64),
}

impl Text {
    fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) if text.trim().is_empty() => None,
            Self::Text(text) => Some(text.trim().to_owned()),
            Self::Number(number) => Some(number.to_string()),
        }
    }
}

/// The error is one line.
pub(super) fn read(text: &[u8]) -> Result<Manifest, String> {
    let text = std::str::from_utf8(text).map_err(|_| "it is not UTF-8 text".to_owned())?;
    serde_saphyr::from_str(text).map_err(|error| error.to_string().lines().next().unwrap_or("").to_owned())
}

/// Each record is a submission; several submitters are a group.
pub(super) fn handins(manifest: &Manifest, path: &str, tree: &Tree) -> (Vec<Handin>, Vec<String>) {
    let way = path.rsplit_once('/').map_or("", |(way, _)| way);
    let handins = manifest.iter().map(|(folder, record)| handin(way, folder, record, tree)).collect();
    let known = |path: &str| {
        let top = path.strip_prefix(way).unwrap_or(path).trim_start_matches('/').split('/').next().unwrap_or("");
        manifest.contains_key(top)
    };
    let mut strange: Vec<&str> = tree.files.iter().map(|seen| seen.path.as_str()).filter(|path| !known(path)).collect();
    strange.sort_unstable();
    (handins, strangers(&strange))
}

fn handin(way: &str, folder: &str, record: &Record, tree: &Tree) -> Handin {
    let inside = joined(way, folder);
    let start = format!("{inside}/");
    let below = |path: &str| path.strip_prefix(&start).map(str::to_owned);
    let mut learners: Vec<Identity> = record.submitters.iter().map(identity).collect();
    if learners.is_empty() {
        learners.push(Identity::named(folder));
    }
    let skipped: Vec<_> = tree.skipped.iter().filter_map(|(path, why)| Some((below(path)?, why.clone()))).collect();
    Handin {
        learners,
        inside,
        origin: Origin::Gradescope,
        late: None,
        submitted_at: record.created_at.as_ref().and_then(Text::text),
        files: tree
            .files
            .iter()
            .filter_map(|seen| Some(Seen { path: below(&seen.path)?, what: seen.what.clone() }))
            .collect(),
        others: tree.others.iter().filter_map(|path| below(path)).collect(),
        notes: passed_over(&skipped),
    }
}

fn identity(submitter: &Submitter) -> Identity {
    let text = |text: &Option<Text>| text.as_ref().and_then(Text::text);
    let (name, sid, email) = (text(&submitter.name), text(&submitter.sid), text(&submitter.email));
    let key = [&sid, &email, &name].into_iter().flatten().next().map_or("", String::as_str).to_owned();
    let identity = Identity { key, name, email, ..Identity::default() };
    match sid {
        Some(sid) => identity.with("sid", sid),
        None => identity,
    }
}
