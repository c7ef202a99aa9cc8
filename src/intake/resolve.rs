//! Which of a learner's files are those that the exercise asks for.

use super::names::{base, folded};
use super::tree::{Seen, What, joined};
use crate::catalog::Exercise;
use crate::store::Unusable;
use crate::submission::tree;
use crate::verdict::{Problem, SubmissionOutcome};

/// What is graded: names in the exercise, and the hashes of their bytes.
pub(super) type Files = Vec<(String, String)>;

/// How many names a sentence lists.
const LISTED: usize = 5;

/// The exercise's files among `files` (paths relative to what the learner handed in), and what a person should know about the choice.
/// `others` are the learner's files of no interest.
pub(super) fn resolve(
    exercise: &Exercise,
    files: &[Seen],
    others: &[&str],
    notes: &mut Vec<String>,
) -> Result<Files, Unusable> {
    let first = exercise.files.first().map_or("", String::as_str);
    let folders: Vec<&str> = files.iter().filter_map(|seen| folder_of(&seen.path, first)).collect();
    let folder = match choose(&folders, &exercise.folder) {
        Choice::One(folder) => folder,
        Choice::None => {
            return misnamed(exercise, files, notes).unwrap_or_else(|| Err(missing(exercise, files, others)));
        }
        Choice::Several(folders) => return Err(ambiguous(first, &folders)),
    };
    let mut found = gather(exercise, |name| {
        let path = joined(folder, name);
        files.iter().find(|seen| seen.path == path)
    })?;
    found.extend(by_pattern(exercise, folder, files)?);
    Ok(found)
}

/// What the exercise takes by pattern from `folder`, sorted; what belongs to a virtual environment is passed over.
fn by_pattern(exercise: &Exercise, folder: &str, files: &[Seen]) -> Result<Files, Unusable> {
    let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let environments: Vec<&str> = files.iter().filter_map(|seen| seen.path.strip_suffix("pyvenv.cfg")).collect();
    let is_taken = |seen: &&Seen| {
        let Some(name) = seen.path.strip_prefix(&start) else { return false };
        let is_installed = environments.iter().any(|environment| seen.path.starts_with(environment));
        !is_installed && !exercise.files.iter().any(|file| file == name) && tree::is_taken(&exercise.include, name)
    };
    let (mut taken, mut room) = (Files::new(), tree::MOST_BYTES);
    for seen in files.iter().filter(is_taken) {
        match &seen.what {
            What::Kept { hash, bytes, .. } if *bytes <= room && taken.len() < tree::MOST_FILES => {
                room -= bytes;
                taken.push((seen.path[start.len()..].to_owned(), hash.clone()));
            }
            What::Kept { .. } => {
                let most = format!("{} files and {} MiB", tree::MOST_FILES, tree::MOST_BYTES >> 20);
                return Err(unusable("too_large", format!("It has more than {most}, which is as much as is taken.")));
            }
            What::Refused { kind, why } => return Err(unusable(kind, format!("`{}` {why}.", seen.path))),
            What::Broken(why) => return Err(unusable("archive", format!("`{}` {why}.", seen.path))),
        }
    }
    taken.sort();
    Ok(taken)
}

/// The files of `exercise`, each as `find` has it.
fn gather<'s>(exercise: &Exercise, find: impl Fn(&str) -> Option<&'s Seen>) -> Result<Files, Unusable> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for (place, name) in exercise.files.iter().enumerate() {
        match find(name).map(|seen| (&seen.path, &seen.what)) {
            Some((path, What::Kept { blank: true, .. })) if place == 0 => {
                return Err(unusable("empty", format!("`{path}` is empty.")));
            }
            Some((_, What::Kept { hash, .. })) => found.push((name.clone(), hash.clone())),
            Some((path, What::Refused { kind, why })) => return Err(unusable(kind, format!("`{path}` {why}."))),
            Some((path, What::Broken(why))) => return Err(unusable("archive", format!("`{path}` {why}."))),
            None if exercise.is_optional(name) => {}
            None => missing.push(format!("`{name}`")),
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let are = if missing.len() == 1 { "is" } else { "are" };
    Err(unusable("missing", format!("{} {are} not among what was handed in.", missing.join(" and "))))
}

enum Choice<'a> {
    None,
    One(&'a str),
    Several(Vec<&'a str>),
}

/// The folder that the exercise names, wherever it is; else the one nearest to the top.
fn choose<'a>(folders: &[&'a str], named: &str) -> Choice<'a> {
    let is_named = |folder: &&&str| !named.is_empty() && (**folder == named || folder.ends_with(&format!("/{named}")));
    let depth = |folder: &str| if folder.is_empty() { 0 } else { folder.split('/').count() };
    let preferred: Vec<&str> = folders.iter().filter(is_named).copied().collect();
    let among = if preferred.is_empty() { folders } else { &preferred };
    let Some(least) = among.iter().map(|folder| depth(folder)).min() else { return Choice::None };
    let nearest: Vec<&str> = among.iter().filter(|folder| depth(folder) == least).copied().collect();
    match nearest.as_slice() {
        [one] => Choice::One(one),
        _ => Choice::Several(nearest),
    }
}

/// The folder in which `path` is the exercise's file `name`.
pub(super) fn folder_of<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let folder = path.strip_suffix(name)?;
    if folder.is_empty() { Some(folder) } else { folder.strip_suffix('/') }
}

/// Downloads and editors change names a little: `Decorators.py`, `decorators (1).py`, `decorators-1.py`. One such file is taken for the one
/// that is asked for, when the exercise needs no other.
fn misnamed(exercise: &Exercise, files: &[Seen], notes: &mut Vec<String>) -> Option<Result<Files, Unusable>> {
    let first = exercise.files.first()?;
    let alike: Vec<&Seen> = files.iter().filter(|seen| is_alike(base(&seen.path), base(first))).collect();
    let [seen] = alike.as_slice() else { return None };
    let needed = exercise.files.iter().filter(|name| !exercise.is_optional(name)).count();
    if needed > 1 {
        return None;
    }
    notes.push(format!("`{}` was taken for `{first}`", seen.path));
    Some(gather(exercise, |name| (name == first).then_some(seen)))
}

fn is_alike(name: &str, wanted: &str) -> bool {
    let (Some((stem, end)), Some((wanted_stem, wanted_end))) = (name.rsplit_once('.'), wanted.rsplit_once('.')) else {
        return false;
    };
    let stem = folded(stem);
    let Some(rest) = stem.strip_prefix(&folded(wanted_stem)) else { return false };
    let rest = rest.trim_matches(|c: char| c.is_ascii_digit() || " -_()".contains(c));
    folded(end) == folded(wanted_end) && (rest.is_empty() || rest == "copy")
}

fn missing(exercise: &Exercise, files: &[Seen], others: &[&str]) -> Unusable {
    if let Some((path, why)) = files.iter().find_map(|seen| match &seen.what {
        What::Broken(why) => Some((&seen.path, why)),
        _ => None,
    }) {
        return unusable("archive", format!("`{path}` {why}."));
    }
    let asked: Vec<_> =
        exercise.files.iter().filter(|name| !exercise.is_optional(name)).map(|name| format!("`{name}`")).collect();
    let are = if asked.len() == 1 { "is" } else { "are" };
    let handed: Vec<&str> = files.iter().map(|seen| seen.path.as_str()).chain(others.iter().copied()).collect();
    let what = if handed.is_empty() { "nothing".to_owned() } else { listed(&handed) };
    let message = format!("{} {are} not among what was handed in: {what}.", asked.join(" and "));
    let outcome = if files.is_empty() { SubmissionOutcome::Missing } else { SubmissionOutcome::Failed };
    Unusable { outcome, ..unusable("missing", message) }
}

fn ambiguous(first: &str, folders: &[&str]) -> Unusable {
    let paths: Vec<String> = folders.iter().map(|folder| joined(folder, first)).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    unusable("ambiguous", format!("`{first}` is there more than once: {}. Hand in one.", listed(&paths)))
}

/// `` `a`, `b` and 3 more ``
pub(super) fn listed(names: &[&str]) -> String {
    let shown: Vec<_> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(LISTED);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

pub(super) fn unusable(kind: &str, message: String) -> Unusable {
    let problem = Problem { kind: kind.to_owned(), message, location: None, column: None };
    Unusable { outcome: SubmissionOutcome::Failed, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_the_exercise_names_comes_before_the_nearest() {
        let one = |folders: &[&'static str]| match choose(folders, "week1/day4") {
            Choice::One(folder) => Some(folder.to_owned()),
            Choice::None | Choice::Several(_) => None,
        };
        assert_eq!(one(&["", "old/week1/day4"]).as_deref(), Some("old/week1/day4"));
        assert_eq!(one(&["a", "a/b"]).as_deref(), Some("a"));
        assert_eq!(one(&["a", "b"]), None);
        assert_eq!(folder_of("a/b.py", "b.py"), Some("a"));
        assert_eq!(folder_of("ab.py", "b.py"), None);
    }

    #[test]
    fn a_copys_name_is_alike_and_another_name_is_not() {
        for name in ["Adding.py", "adding (1).py", "adding-2.py", "adding copy.py", "adding_1.PY"] {
            assert!(is_alike(name, "adding.py"), "{name}");
        }
        for name in ["adding2go.py", "my_adding.py", "adding.txt", "test_adding.py", "addings.py"] {
            assert!(!is_alike(name, "adding.py"), "{name}");
        }
    }
}
