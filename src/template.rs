//! A new exercise: three folders that verify at once, to be changed into what its author has in mind.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::ExerciseId;
use crate::error::{Fault, IoContext as _, Result};

/// What is in the folder of each kind; `@id@`, `@group@`, `@module@` and `@path@` are filled in, in names too.
const EXERCISE: [(&str, &str); 4] = [
    ("exercise.toml", include_str!("template/exercise.toml")),
    ("README.md", include_str!("template/README.md")),
    ("hints.md", include_str!("template/hints.md")),
    ("starter/@module@.py", include_str!("template/starter.py")),
];
const GRADER: (&str, &str) = ("test_@module@.py", include_str!("template/test.py"));

/// Sample submissions: name, what is expected, source.
const SAMPLES: [(&str, &str, &str); 4] = [
    ("right_plain", "outcome = \"passed\"\nwhy = \"the textbook answer\"\n", include_str!("template/right_plain.py")),
    (
        "right_by_hand",
        "outcome = \"passed\"\nwhy = \"a loop, and the opposite condition\"\n",
        include_str!("template/right_by_hand.py"),
    ),
    (
        "leaves_the_bounds_out",
        "outcome = \"failed\"\nfails = [\"keeps_what_is_within\"]\nwhy = \"takes `between` to leave the ends out\"\n",
        include_str!("template/leaves_the_bounds_out.py"),
    ),
    (
        "swaps_the_bounds",
        "outcome = \"failed\"\nfails = [\"refuses_bounds_in_the_wrong_order\"]\nwhy = \"means well, and mends what it should refuse\"\n",
        include_str!("template/swaps_the_bounds.py"),
    ),
];

/// Writes the exercise `id` into the catalogue at `root`; gives the files, relative to it, in the order in which an author changes them.
///
/// # Errors
///
/// There is something of that id already (nothing is overwritten), or the folder can't be written.
pub fn write(root: &Path, id: &ExerciseId) -> Result<Vec<PathBuf>> {
    for kind in ["exercises", "graders", "fixtures"] {
        let folder = root.join(kind).join(id.as_str());
        if folder.symlink_metadata().is_ok() {
            return Err(Fault::usage(format!("`{}` is there already", folder.display())).hint("choose another id"));
        }
    }
    let module = module(id);
    let fill = |text: &str| {
        let path = format!("{}/{module}.py", id.group());
        text.replace("@id@", id.as_str())
            .replace("@group@", id.group())
            .replace("@module@", &module)
            .replace("@path@", &path)
    };
    let mut files: Vec<(String, String)> = Vec::new();
    for (name, text) in EXERCISE {
        files.push((format!("exercises/{id}/{}", fill(name)), fill(text)));
    }
    files.push((format!("graders/{id}/{}", fill(GRADER.0)), fill(GRADER.1)));
    for (name, expected, source) in SAMPLES {
        let folder = format!("fixtures/{id}/submissions/{name}");
        files.push((format!("{folder}/{module}.py"), source.to_owned()));
        files.push((format!("{folder}/expected.toml"), expected.to_owned()));
    }
    files.iter().map(|(name, text)| put(root, name, text)).collect()
}

fn put(root: &Path, name: &str, text: &str) -> Result<PathBuf> {
    let path = root.join(name);
    let doing = || format!("write `{}`", path.display());
    fs::create_dir_all(path.parent().unwrap_or(root)).or_machine(doing)?;
    fs::write(&path, text).or_machine(doing)?;
    Ok(PathBuf::from(name))
}

/// The last part of an id as a name that Python can import: `two-ways` is `two_ways`, `3sum` is `m3sum`.
fn module(id: &ExerciseId) -> String {
    let name = id.name().replace('-', "_");
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("m{name}") } else { name }
}
