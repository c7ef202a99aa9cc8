//! Reads `exercise.toml` (docs/exercise-format.md) strictly.

use std::collections::HashSet;
use std::path::Path;

use toml::Spanned;

use super::{CheckSpec, Evidence, Include, Limits, SandboxNeeds, Together, Track, check, evidence, names, together};
use crate::document::{Document, Section};
use crate::error::{Blame, Result};

/// What `exercise.toml` says.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    pub title: String,
    pub summary: String,
    pub track: Track,
    pub folder: String,
    /// The note is the last of them.
    pub files: Vec<String>,
    pub optional: Vec<String>,
    pub include: Include,
    pub note: Option<String>,
    /// Nothing where the first file is none that Python imports.
    pub module: Option<String>,
    pub python: (u32, u32),
    pub requirements: Option<String>,
    pub order: i64,
    pub limits: Limits,
    pub sandbox: SandboxNeeds,
    pub checks: Vec<CheckSpec>,
    pub together: Vec<Together>,
    pub evidence: Vec<Evidence>,
}

const KEYS: &[&str] = &[
    "title",
    "summary",
    "track",
    "folder",
    "files",
    "optional",
    "include",
    "note",
    "module",
    "python",
    "requirements",
    "order",
    "limits",
    "sandbox",
    "check",
    "together",
    "evidence",
];

/// The oldest interpreter that `grade` itself supports.
const OLDEST_PYTHON: (u32, u32) = (3, 11);

impl Manifest {
    /// Reads the manifest in `folder`; all its mistakes are told at once, also files it names that are not there.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let document = Document::open(&folder.join("exercise.toml"), Blame::Author)?;
        document.read(KEYS, |root| read(root, folder))
    }
}

/// Reads every part before giving up on one, so that no mistake hides another.
fn read(root: &Section, folder: &Path) -> Option<Manifest> {
    let title = root.required_text("title").map(Spanned::into_inner);
    let summary = root.required_text("summary").map(Spanned::into_inner);
    let track = read_track(root);
    let place = read_folder(root);
    let files = read_files(root);
    let mut optional = read_optional(root, &files);
    let include = read_include(root, place.as_deref());
    let note = read_note(root, &files);
    let module = read_module(root, &files, !include.is_empty());
    let python = read_python(root);
    let requirements = read_requirements(root, folder);
    let order = root.integer("order").map_or(0, Spanned::into_inner);
    let limits = Limits::read(root);
    let sandbox = SandboxNeeds::read(root);
    let checks = check::read_all(root);
    let together = together::read_all(root, &checks);
    let evidence = evidence::read(root);
    require_starter(root, folder, &files, &optional);
    let mut files: Vec<String> = files.into_iter().map(Spanned::into_inner).collect();
    // Without its note a submission can still be graded: only the checks about the note miss it.
    files.extend(note.clone());
    optional.extend(note.clone());
    Some(Manifest {
        title: title?,
        summary: summary?,
        track: track?,
        folder: place?,
        files,
        optional,
        include,
        note,
        module,
        python: python?,
        requirements,
        order,
        limits,
        sandbox,
        checks,
        together,
        evidence,
    })
}

fn read_track(root: &Section) -> Option<Track> {
    let text = root.required_text("track")?;
    let track = Track::parse(text.get_ref());
    if track.is_none() {
        let known = Track::ALL.map(Track::name);
        root.unknown(text.span(), format!("`track` must be one of {}", known.join(", ")), text.get_ref(), known);
    }
    track
}

/// `.` stands for the repository's own folder and becomes the empty path.
fn read_folder(root: &Section) -> Option<String> {
    let text = root.required_text("folder")?;
    match text.get_ref().as_str() {
        "." => Some(String::new()),
        folder if names::is_relative(folder) => Some(folder.to_owned()),
        _ => {
            root.mistake(text.span(), "`folder` must be a path below the repository, with `/`, as `week1/day4`");
            None
        }
    }
}

fn read_files(root: &Section) -> Vec<Spanned<String>> {
    let files = root.texts("files");
    let mut seen = HashSet::new();
    for file in &files {
        if !names::is_relative(file.get_ref()) {
            root.mistake(file.span(), "a file must be a path below `folder`, with `/`, as `decorators.py`");
        } else if !seen.insert(file.get_ref()) {
            root.mistake(file.span(), format!("`{}` is named twice", file.get_ref()));
        }
    }
    if files.is_empty() && root.has("files") {
        root.mistake(root.span_of("files"), "`files` names no file");
    } else if files.is_empty() {
        root.missing("files");
    }
    files
}

fn read_optional(root: &Section, files: &[Spanned<String>]) -> Vec<String> {
    let optional = root.texts("optional");
    let known = || files.iter().map(|file| file.get_ref().as_str());
    for name in &optional {
        if !known().any(|file| file == name.get_ref()) {
            root.unknown(name.span(), format!("`{}` is none of `files`", name.get_ref()), name.get_ref(), known());
        } else if known().next() == Some(name.get_ref()) {
            root.mistake(name.span(), "the first file is what probes get, so it can't be optional");
        }
    }
    optional.into_iter().map(Spanned::into_inner).collect()
}

/// A whole repository is never taken by pattern: its other folders are other exercises.
fn read_include(root: &Section, folder: Option<&str>) -> Include {
    let include = Include::read(root);
    if !include.is_empty() && folder == Some("") {
        root.mistake(root.span_of("include"), "`include` needs a `folder` of the exercise's own, not the top folder");
    }
    include
}

/// The note that explains, beside the files.
fn read_note(root: &Section, files: &[Spanned<String>]) -> Option<String> {
    let note = root.text("note")?;
    let is_markdown = Path::new(note.get_ref()).extension().is_some_and(|extension| extension == "md");
    if !names::is_relative(note.get_ref()) || !is_markdown {
        root.mistake(note.span(), "`note` must be a Markdown file below `folder`, with `/`, as `aliasing.md`");
    } else if files.iter().any(|file| file.get_ref() == note.get_ref()) {
        root.mistake(note.span(), format!("`{}` is named by `files` too", note.get_ref()));
    }
    Some(note.into_inner())
}

/// A mistake is noted; a project, whose first file may be a `pyproject.toml`, has no module where it names none.
fn read_module(root: &Section, files: &[Spanned<String>], is_project: bool) -> Option<String> {
    let first = files.first()?;
    if let Some(module) = root.text("module") {
        if !names::is_module(module.get_ref()) {
            root.mistake(module.span(), "`module` must be the name by which Python imports the first file");
        } else if names::is_in_package(module.get_ref(), first.get_ref())
            && names::import_root(module.get_ref(), first.get_ref()).is_none()
        {
            root.mistake(module.span(), format!("Python does not import `{}` by this name", first.get_ref()));
        }
        return Some(module.into_inner());
    }
    if is_project && !names::is_python_file(first.get_ref()) {
        return None;
    }
    let path = Path::new(first.get_ref());
    let named = if path.ends_with("__init__.py") { path.parent()?.file_name()? } else { path.file_stem()? };
    let module = named.to_str()?.to_owned();
    if !names::is_identifier(&module) || !names::is_python_file(first.get_ref()) {
        root.mistake(first.span(), "Python can't import a file of this name; say by `module` what probes get");
    }
    Some(module)
}

fn read_python(root: &Section) -> Option<(u32, u32)> {
    let Some(text) = root.text("python") else { return Some(OLDEST_PYTHON) };
    let version =
        text.get_ref().split_once('.').and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    match version {
        Some(version) if version >= OLDEST_PYTHON && version.0 == 3 => Some(version),
        _ => {
            root.mistake(text.span(), "`python` must be a version from 3.11 on, as \"3.12\"");
            None
        }
    }
}

fn read_requirements(root: &Section, folder: &Path) -> Option<String> {
    let text = root.text("requirements")?;
    if !names::is_relative(text.get_ref()) {
        root.mistake(text.span(), "`requirements` must be a file beside `exercise.toml`");
    } else if !folder.join(text.get_ref()).is_file() {
        root.mistake(text.span(), format!("`{}` is not there", folder.join(text.get_ref()).display()));
    }
    Some(text.into_inner())
}

/// Every file that a learner must hand in has a starter.
fn require_starter(root: &Section, folder: &Path, files: &[Spanned<String>], optional: &[String]) {
    let required = files.iter().filter(|file| names::is_relative(file.get_ref()) && !optional.contains(file.get_ref()));
    for file in required {
        let starter = folder.join("starter").join(file.get_ref());
        if !starter.is_file() {
            root.mistake(
                file.span(),
                format!("there is no starter for `{}` at `{}`", file.get_ref(), starter.display()),
            );
        }
    }
}
