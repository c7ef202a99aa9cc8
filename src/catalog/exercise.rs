//! One exercise: what `exercise.toml` says, and where its files are.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::manifest::Manifest;
use super::{
    CheckSpec, Evidence, ExerciseId, Hint, Include, Limits, MutantRecords, Sample, SandboxNeeds, Together, Track,
    equivalents, hashing, hints, names, samples,
};
use crate::error::{Fault, IoContext as _, Result};

/// What a note begins as; the judge knows it too, so that nobody's template counts as an explanation.
const NOTE_TEMPLATE: &[u8] = include_bytes!("../../graders/grader/note.md");

#[derive(Clone, Debug)]
pub struct Exercise {
    pub id: ExerciseId,
    /// One line.
    pub title: String,
    /// One line.
    pub summary: String,
    pub track: Track,
    /// Where the files are in the learner's repository, with `/`; empty for the repository's own folder.
    pub folder: String,
    /// Names below `folder`, with `/`; at least one, the first is the module that probes get, the note is the last.
    pub files: Vec<String>,
    /// Those of `files` that may be absent.
    pub optional: Vec<String>,
    /// Takes further files below `folder`.
    pub include: Include,
    /// The one of `files` that explains, in Markdown; it may be absent.
    pub note: Option<String>,
    /// Import name of the first file; none when Python does not import it, and then probes get no module.
    pub module: Option<String>,
    /// Oldest interpreter: `(3, 11)`.
    pub python: (u32, u32),
    /// The hashed lock of the packages that the learner may use.
    pub requirements: Option<PathBuf>,
    /// Place in a list within the track.
    pub order: i64,
    pub limits: Limits,
    pub sandbox: SandboxNeeds,
    /// At least one.
    pub checks: Vec<CheckSpec>,
    /// Checks that fail together by their nature.
    pub together: Vec<Together>,
    /// What it shows of the mastery checklist.
    pub evidence: Vec<Evidence>,
    /// The folder that holds `exercises`, `graders` and `fixtures`.
    root: PathBuf,
    hash: OnceLock<String>,
}

impl Exercise {
    /// Loads the exercise `id` of the catalogue at `root`. The fault tells all mistakes that were found.
    pub(super) fn load(root: &Path, id: &ExerciseId) -> Result<Self> {
        let folder = root.join("exercises").join(id.as_str());
        if !folder.join("exercise.toml").is_file() {
            return Err(not_there(&folder.join("exercise.toml")));
        }
        let manifest = Manifest::open(&folder);
        let missing = missing_files(root, id);
        match manifest {
            Ok(manifest) => match Fault::join(missing) {
                Some(fault) => Err(fault),
                None => Ok(Self::new(root, id, manifest)),
            },
            Err(mut fault) => {
                fault.also.extend(missing);
                Err(fault)
            }
        }
    }

    fn new(root: &Path, id: &ExerciseId, manifest: Manifest) -> Self {
        let requirements = manifest.requirements.map(|name| root.join("exercises").join(id.as_str()).join(name));
        Self {
            id: id.clone(),
            title: manifest.title,
            summary: manifest.summary,
            track: manifest.track,
            folder: manifest.folder,
            files: manifest.files,
            optional: manifest.optional,
            include: manifest.include,
            note: manifest.note,
            module: manifest.module,
            python: manifest.python,
            requirements,
            order: manifest.order,
            limits: manifest.limits,
            sandbox: manifest.sandbox,
            checks: manifest.checks,
            together: manifest.together,
            evidence: manifest.evidence,
            root: root.to_owned(),
            hash: OnceLock::new(),
        }
    }

    /// The same exercise within other limits.
    #[must_use]
    pub fn within(&self, limits: Limits) -> Self {
        Self { limits, ..self.clone() }
    }

    /// What a suite is to the runner: an exercise whose checks are known only once its files have been collected.
    pub(crate) fn of_suite(name: &str, folder: &Path, files: Vec<String>, limits: Limits, hash: String) -> Self {
        let module = files.first().map_or("", |file| file.trim_end_matches(".py")).replace('/', ".");
        Self {
            id: ExerciseId::of_suite(name),
            title: name.to_owned(),
            summary: String::new(),
            track: Track::Drill,
            folder: String::new(),
            files,
            optional: Vec::new(),
            include: Include::default(),
            note: None,
            module: Some(module),
            python: (3, 11),
            requirements: None,
            order: 0,
            limits,
            sandbox: SandboxNeeds::default(),
            checks: Vec::new(),
            together: Vec::new(),
            evidence: Vec::new(),
            root: folder.to_owned(),
            hash: OnceLock::from(hash),
        }
    }

    /// `exercises/<id>/`.
    pub fn exercise_dir(&self) -> PathBuf {
        self.root.join("exercises").join(self.id.as_str())
    }

    /// `graders/<id>/`, with at least one `test_*.py`.
    pub fn grader_dir(&self) -> PathBuf {
        self.root.join("graders").join(self.id.as_str())
    }

    /// `fixtures/<id>/`; may be absent.
    pub fn fixtures_dir(&self) -> PathBuf {
        self.root.join("fixtures").join(self.id.as_str())
    }

    pub fn manifest_path(&self) -> PathBuf {
        self.exercise_dir().join("exercise.toml")
    }

    pub fn readme_path(&self) -> PathBuf {
        self.exercise_dir().join("README.md")
    }

    pub fn hints_path(&self) -> PathBuf {
        self.exercise_dir().join("hints.md")
    }

    /// Laid out as `files`.
    pub fn starter_dir(&self) -> PathBuf {
        self.exercise_dir().join("starter")
    }

    pub fn is_optional(&self, file: &str) -> bool {
        self.optional.iter().any(|optional| optional == file)
    }

    /// The path of one of `files` in the learner's repository, with `/`.
    pub fn path_of(&self, file: &str) -> String {
        in_folder(&self.folder, file)
    }

    /// Whether the file at `path` in the learner's repository is one of the exercise's.
    pub fn owns(&self, path: &str) -> bool {
        let below = |folder| path.strip_prefix(folder)?.strip_prefix('/');
        let name = if self.folder.is_empty() { Some(path) } else { below(self.folder.as_str()) };
        name.is_some_and(|name| self.files.iter().any(|file| file == name) || self.include.takes(name))
    }

    /// The path of the first file in the learner's repository: `week1/day4/decorators.py`.
    pub fn path(&self) -> String {
        self.files.first().map_or_else(|| self.folder.clone(), |file| self.path_of(file))
    }

    /// Whether any of the files is in the repository at `root`.
    pub fn is_present(&self, root: &Path) -> bool {
        self.files.iter().any(|file| root.join(self.path_of(file)).symlink_metadata().is_ok())
    }

    /// Sum of the checks' weights.
    pub fn points(&self) -> f64 {
        self.checks.iter().map(|check| check.weight).sum()
    }

    pub fn check(&self, id: &str) -> Option<&CheckSpec> {
        self.checks.iter().find(|check| check.id == id)
    }

    /// blake3 over the exercise, its grader and its fixtures; computed once.
    pub fn hash(&self) -> Result<&str> {
        if let Some(hash) = self.hash.get() {
            return Ok(hash);
        }
        let hash = hashing::hash(&[self.exercise_dir(), self.grader_dir(), self.fixtures_dir()])?;
        Ok(self.hash.get_or_init(|| hash))
    }

    /// Markdown: the whole contract.
    pub fn readme(&self) -> Result<String> {
        read_text(&self.readme_path())
    }

    /// At least one step of help, in order.
    pub fn hints(&self) -> Result<Vec<Hint>> {
        let path = self.hints_path();
        let hints = hints::split(&read_text(&path)?);
        if hints.is_empty() {
            let fault = Fault::author(format!("`{}` has no hints", path.display()));
            return Err(fault.hint("each hint is a section that starts with `## `"));
        }
        Ok(hints)
    }

    /// What `grade start` puts in place, as (name below `folder` with `/`, bytes), sorted; a template for the note among it.
    pub fn starter_files(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let folder = self.starter_dir();
        let read = |(name, path): (String, PathBuf)| std::fs::read(path).map(|bytes| (name, bytes));
        let mut files: Vec<_> = hashing::files_below(&folder)
            .and_then(|files| files.into_iter().map(read).collect())
            .or_machine(|| format!("read `{}`", folder.display()))?;
        if let Some(note) = self.note.as_ref().filter(|note| files.iter().all(|(name, _)| name != *note)) {
            files.push((note.clone(), NOTE_TEMPLATE.to_vec()));
            files.sort();
        }
        Ok(files)
    }

    /// `test_*.py` of the grader, in the order of their names.
    pub fn test_files(&self) -> Result<Vec<PathBuf>> {
        let folder = self.grader_dir();
        let entries = std::fs::read_dir(&folder).or_machine(|| format!("read `{}`", folder.display()))?;
        let is_test = |path: &PathBuf| path.file_name().is_some_and(|name| names::is_test(&name.to_string_lossy()));
        let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(is_test).collect();
        files.sort();
        Ok(files)
    }

    /// What is on record about mutants of right samples, by `fixtures/<id>/mutants.toml`.
    pub fn mutant_records(&self) -> Result<MutantRecords> {
        equivalents::load_all(self)
    }

    /// blake3 over what decides how many mutants there are and which of them are found: the grader, the right samples, and what is on
    /// record about mutants.
    pub fn mutants_hash(&self) -> Result<String> {
        let samples = self.samples()?.into_iter().filter(Sample::is_right).map(|sample| sample.dir);
        let records = self.fixtures_dir().join(equivalents::FILE);
        hashing::hash(&[self.grader_dir(), records].into_iter().chain(samples).collect::<Vec<_>>())
    }

    /// All sample submissions, sorted by name; the fault tells the mistakes of all of them.
    pub fn samples(&self) -> Result<Vec<Sample>> {
        samples::load_all(self)
    }
}

/// `folder/file`, or just `file` when the folder is empty.
pub(crate) fn in_folder(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

/// Files every exercise has that its `exercise.toml` does not name.
fn missing_files(root: &Path, id: &ExerciseId) -> Vec<Fault> {
    let folder = root.join("exercises").join(id.as_str());
    let texts = ["README.md", "hints.md"].map(|name| folder.join(name));
    let mut missing: Vec<_> = texts.iter().filter(|path| !path.is_file()).map(|path| not_there(path)).collect();
    let grader = root.join("graders").join(id.as_str());
    if !has_tests(&grader) {
        missing.push(not_there(&grader.join("test_*.py")));
    }
    missing
}

fn has_tests(grader: &Path) -> bool {
    let Ok(entries) = grader.read_dir() else { return false };
    let mut files = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    files.any(|name| names::is_test(&name))
}

fn not_there(path: &Path) -> Fault {
    Fault::author(format!("`{}` is not there", path.display()))
}

fn read_text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).or_machine(|| format!("read `{}`", path.display()))?;
    String::from_utf8(bytes)
        .map_err(|error| Fault::author(format!("`{}` is not UTF-8 text", path.display())).because(error.utf8_error()))
}
