//! Test files that belong to no exercise, and the solutions they are to judge: from what was typed to what is run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalog::{Exercise, Limits, add_file};
use crate::error::{Fault, IoContext as _, Result};
use crate::judge::SuiteLoad;
use crate::runner::{Job, SuiteJob};
use crate::submission::{Handed, Submission, is_python};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Test files, or folders with some.
    pub tests: Vec<PathBuf>,
    /// Files or folders; none: each of `tests` holds its own.
    pub solutions: Vec<PathBuf>,
    /// Import names of the learner's modules; none: those of the solution's files.
    pub modules: Vec<String>,
    /// Wall time of a whole submission, seconds.
    pub seconds: u64,
    pub seed: u64,
}

/// Memory that learner code may use under a suite, MiB: nobody has tried how little is enough, as authors of exercises do.
const MEMORY_MB: u64 = 512;
/// What one answer of the learner's code may be, KiB.
const ANSWER_KB: u64 = 8 * 1024;

/// Everything to be graded, in the order in which it was asked for.
///
/// # Errors
/// When a path is not there, holds no tests, or it can't be told whose a module is.
pub fn jobs(asked: &Asked) -> Result<Vec<SuiteJob>> {
    if asked.solutions.is_empty() {
        return asked.tests.iter().map(|place| together(asked, place)).collect();
    }
    let tests = test_files(&asked.tests)?;
    let name = asked.tests.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    asked.solutions.iter().map(|solution| apart(asked, &name, &tests, solution)).collect()
}

/// Folders that the judge has to read.
pub fn folders(jobs: &[SuiteJob]) -> Vec<PathBuf> {
    let parents = jobs.iter().flat_map(|job| &job.load.tests).filter_map(|path| path.parent());
    parents.map(Path::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Tests and solution in one folder: what is no test is the solution.
fn together(asked: &Asked, place: &Path) -> Result<SuiteJob> {
    let tests = test_files(&[place.to_owned()])?;
    let folder = if place.is_dir() { place } else { parent(place) };
    let handed = Submission::read_folder(folder, is_of_tests)?;
    let modules = if asked.modules.is_empty() { modules_of(&handed) } else { asked.modules.clone() };
    let load = SuiteLoad { tests, modules, own: false };
    job(asked, &place.display().to_string(), load, handed, folder, None)
}

fn apart(asked: &Asked, name: &str, tests: &[PathBuf], solution: &Path) -> Result<SuiteJob> {
    let (folder, handed, own) = if solution.is_dir() {
        let inside = canonical(solution)?;
        let own = !tests.iter().any(|test| test.starts_with(&inside));
        (solution, Submission::read_folder(solution, is_of_tests)?, own)
    } else {
        let file = solution.file_name().and_then(|name| name.to_str());
        let file = file.ok_or_else(|| Fault::usage(format!("`{}` is no file", solution.display())))?;
        canonical(solution)?;
        (parent(solution), Submission::read_one(parent(solution), file)?, true)
    };
    let modules = if !asked.modules.is_empty() {
        asked.modules.clone()
    } else if own && solution.is_dir() {
        learners_modules(tests, &handed, folder)?
    } else {
        modules_of(&handed)
    };
    let learner = (asked.solutions.len() > 1).then(|| solution.display().to_string());
    job(asked, name, SuiteLoad { tests: tests.to_vec(), modules, own }, handed, folder, learner)
}

fn job(
    asked: &Asked,
    name: &str,
    load: SuiteLoad,
    handed: Handed,
    folder: &Path,
    learner: Option<String>,
) -> Result<SuiteJob> {
    let ms = asked.seconds * 1000;
    let limits = Limits {
        wall_ms: ms,
        cpu_ms: ms,
        total_wall_ms: ms,
        memory_mb: MEMORY_MB,
        observation_kb: ANSWER_KB,
        ..Limits::default()
    };
    let files = match &handed {
        Handed::Files(submission) => submission.files.iter().map(|file| file.name.clone()).collect(),
        Handed::Unusable { .. } => Vec::new(),
    };
    let root = load.tests.first().map_or(Path::new("/"), |test| parent(test));
    let exercise = Exercise::of_suite(name, root, in_order(files, &load.modules), limits, hash(&load.tests)?);
    let shown = folder.display().to_string();
    let folder = if shown == "." || shown.is_empty() { String::new() } else { shown.trim_end_matches('/').to_owned() };
    Ok(SuiteJob { job: Job { exercise: Arc::new(exercise), handed, folder, learner, seed: asked.seed }, load })
}

/// The file of the first module first: it is what a verdict names.
fn in_order(mut files: Vec<String>, modules: &[String]) -> Vec<String> {
    let first = modules.first().map(|module| format!("{}.py", module.replace('.', "/")));
    files.sort_by_key(|file| (Some(file) != first.as_ref(), !is_python(file), file.clone()));
    files
}

/// The test files among `places` and below them; absolute, without links.
fn test_files(places: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for place in places {
        let path = canonical(place)?;
        if path.is_file() {
            found.push(path);
            continue;
        }
        let before = found.len();
        below(&path, &mut found, 8)?;
        if found.len() == before {
            return Err(Fault::usage(format!("there are no tests in `{}`", place.display()))
                .hint("test files are named `test_….py` or `…_test.py`; any other can be named itself"));
        }
    }
    found.dedup();
    Ok(found)
}

fn below(folder: &Path, found: &mut Vec<PathBuf>, depth: usize) -> Result<()> {
    let entries = folder.read_dir().or_machine(|| format!("read the folder `{}`", folder.display()))?;
    let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_symlink() || name.starts_with('.') || name == "__pycache__" {
            continue;
        }
        if path.is_dir() && depth > 0 {
            below(&path, found, depth - 1)?;
        } else if is_test(&name) {
            found.push(path);
        }
    }
    Ok(())
}

/// As pytest finds them.
fn is_test(name: &str) -> bool {
    let stem = name.strip_suffix(".py");
    stem.is_some_and(|stem| stem.starts_with("test_") || stem.ends_with("_test"))
}

/// What lies beside a solution and is none of it: tests, and what pytest would read of its own accord.
fn is_of_tests(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    is_test(name) || name == "conftest.py"
}

/// Top-level import names of what was handed in.
fn modules_of(handed: &Handed) -> Vec<String> {
    let Handed::Files(submission) = handed else { return Vec::new() };
    let names = submission.files.iter().filter(|file| is_python(&file.name)).filter_map(|file| {
        let (first, is_file) =
            file.name.split_once('/').map_or((file.name.as_str(), true), |(folder, _)| (folder, false));
        if is_file { first.strip_suffix(".py") } else { Some(first) }
    });
    names.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Those of the solution's modules that are not also beside the tests. What is the same in both places is the author's; what differs could be either's.
fn learners_modules(tests: &[PathBuf], handed: &Handed, folder: &Path) -> Result<Vec<String>> {
    let mut learners = Vec::new();
    for name in modules_of(handed) {
        let file = format!("{name}.py");
        let beside = tests.iter().map(|test| parent(test).join(&file)).find(|path| path.is_file());
        let Some(beside) = beside else {
            learners.push(name);
            continue;
        };
        let authors = std::fs::read(&beside).or_machine(|| format!("read `{}`", beside.display()))?;
        let own = if let Handed::Files(submission) = handed {
            submission.files.iter().find(|handed| handed.name == file).map(|handed| handed.bytes.as_slice())
        } else {
            None
        };
        if own != Some(authors.as_slice()) {
            let what = format!("`{file}` is beside the tests and in the solution, and differs");
            let hint = format!(
                "`--solution {}` names the file that is the learner's, `--module {name}` the module",
                folder.join(&file).display()
            );
            return Err(Fault::usage(what).hint(hint));
        }
    }
    Ok(learners)
}

fn canonical(path: &Path) -> Result<PathBuf> {
    path.canonicalize().map_err(|error| Fault::usage(format!("can't open `{}`", path.display())).because(error))
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => Path::new("/"),
    }
}

fn hash(tests: &[PathBuf]) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    for test in tests {
        let bytes = std::fs::read(test).or_machine(|| format!("read `{}`", test.display()))?;
        let name = test.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        add_file(&mut hasher, &name, &bytes);
    }
    Ok(hasher.finalize().to_hex().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    fn asked(tests: Vec<PathBuf>, solutions: Vec<PathBuf>) -> Asked {
        Asked { tests, solutions, modules: Vec::new(), seconds: 60, seed: 1 }
    }

    #[test]
    fn what_is_no_test_in_a_folder_is_the_solution() {
        let folder = folder(&[
            ("a.py", "x = 1"),
            ("a_test.py", ""),
            ("conftest.py", "boom"),
            ("pkg/b.py", "y = 1"),
            (".x.py", ""),
        ]);
        let jobs = jobs(&asked(vec![folder.path().to_owned()], Vec::new())).unwrap();
        assert_eq!(jobs[0].load.modules, ["a", "pkg"]);
        assert_eq!(jobs[0].job.exercise.files, ["a.py", "pkg/b.py"]);
        assert!(!jobs[0].load.own);
    }

    #[test]
    fn a_helper_beside_the_tests_stays_the_authors() {
        let tests = folder(&[("test_a.py", ""), ("helper.py", "x = 1")]);
        let solution = folder(&[("a.py", "x = 1"), ("helper.py", "x = 1")]);
        let jobs = jobs(&asked(vec![tests.path().to_owned()], vec![solution.path().to_owned()])).unwrap();
        assert_eq!(jobs[0].load.modules, ["a"]);
        assert!(jobs[0].load.own);
    }

    #[test]
    fn a_module_that_could_be_eithers_is_asked_about() {
        let tests = folder(&[("test_a.py", ""), ("helper.py", "x = 1")]);
        let solution = folder(&[("a.py", "x = 1"), ("helper.py", "x = 2")]);
        let mut asked = asked(vec![tests.path().to_owned()], vec![solution.path().to_owned()]);
        assert!(jobs(&asked).unwrap_err().what.contains("helper.py"));
        asked.modules = vec!["a".to_owned()];
        assert_eq!(jobs(&asked).unwrap()[0].load.modules, ["a"]);
    }

    #[test]
    fn a_named_file_is_the_learners_whatever_lies_beside_the_tests() {
        let tests = folder(&[("test_a.py", ""), ("a.py", "reference")]);
        let solution = folder(&[("a.py", "mine")]);
        let jobs = jobs(&asked(vec![tests.path().join("test_a.py")], vec![solution.path().join("a.py")])).unwrap();
        assert_eq!(jobs[0].load.modules, ["a"]);
    }

    #[test]
    fn a_folder_without_tests_is_wrong_usage() {
        let folder = folder(&[("a.py", "x = 1")]);
        let fault = jobs(&asked(vec![folder.path().to_owned()], Vec::new())).unwrap_err();
        assert!(fault.what.contains("no tests"));
    }
}
