//! Which parts of the host a slot sees.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::policy::{KIT, LIBRARIES, MADE_UP, PACKAGES, SUPPORT, TOOL_FOLDERS};
use super::stage_protocol::View;

/// The files of an interpreter that a run needs, as host paths.
#[derive(Clone, Debug)]
pub struct PythonFiles {
    /// `sys.executable`, resolved.
    pub executable: PathBuf,
    /// `sys.base_prefix`, `sys.base_exec_prefix` and where the standard library lies, if elsewhere.
    pub folders: Vec<PathBuf>,
}

/// A view that holds the interpreter, the C library, our kit and the exercise's packages and tools, and nothing else.
///
/// A tool that is not on this machine is left out; the exercise's checks meet its absence as a learner's program would.
pub fn view(python: &PythonFiles, kit: &Path, packages: Option<&Path>, tools: &[String]) -> View {
    let mut view = View::default();
    let mut shown = BTreeSet::new();
    for path in LIBRARIES.iter().map(Path::new) {
        show(&mut view, &mut shown, path);
    }
    for folder in &python.folders {
        for part in needed_of(folder) {
            show(&mut view, &mut shown, &part);
        }
    }
    show(&mut view, &mut shown, &python.executable);
    for path in SUPPORT
        .iter()
        .map(Path::new)
        .filter(|path| *path != Path::new("/nix/store") || python.executable.starts_with(path))
    {
        show(&mut view, &mut shown, path);
    }
    for tool in tools {
        if let Some(found) = TOOL_FOLDERS
            .iter()
            .map(|folder| Path::new(folder).join(tool))
            .find_map(|path| Some((path.canonicalize().ok()?, path)))
        {
            view.binds.push((found.0, Path::new("/bin").join(found.1.file_name().unwrap_or_default())));
        }
    }
    view.binds.push((kit.to_owned(), KIT.into()));
    view.binds.extend(packages.map(|packages| (packages.to_owned(), PACKAGES.into())));
    view.files = MADE_UP.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect();
    view
}

/// Of a system prefix only the libraries, not every program and document on the machine.
fn needed_of(prefix: &Path) -> Vec<PathBuf> {
    if prefix == Path::new("/usr") || prefix == Path::new("/usr/local") {
        return vec![prefix.join("lib")];
    }
    vec![prefix.to_owned()]
}

/// Adds one host path under its own name, unless something above it is shown already; a link is shown as a link.
fn show(view: &mut View, shown: &mut BTreeSet<PathBuf>, path: &Path) {
    if shown.iter().any(|above| path.starts_with(above)) {
        return;
    }
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    if metadata.is_symlink() {
        let (Ok(target), Ok(resolved)) = (fs::read_link(path), path.canonicalize()) else { return };
        show(view, shown, &resolved);
        view.links.push((path.to_owned(), target));
    } else {
        view.binds.push((path.to_owned(), path.to_owned()));
    }
    shown.insert(path.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_interpreter_does_not_bring_all_programs_along() {
        let python = PythonFiles { executable: "/usr/bin/env".into(), folders: vec!["/usr".into()] };
        let view = view(&python, Path::new("/kit"), None, &[]);
        assert!(view.binds.iter().all(|(outside, _)| outside != Path::new("/usr") && outside != Path::new("/usr/bin")));
        assert!(view.binds.iter().any(|(outside, _)| outside == Path::new("/usr/lib")));
    }

    #[test]
    fn no_home_folder_is_shown() {
        let python = PythonFiles { executable: "/usr/bin/env".into(), folders: vec!["/usr".into()] };
        let view = view(&python, Path::new("/kit"), None, &["sh".to_owned()]);
        assert!(
            view.binds.iter().all(|(outside, _)| !outside.starts_with("/home") && !outside.starts_with("/etc/shadow"))
        );
    }
}
