//! What an exercise needs from the sandbox beyond its limits: the `[sandbox]` table.

use crate::document::Section;

/// Which checks share one process of the sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharing {
    /// All checks of a submission.
    #[default]
    Shared,
    /// Each check has its own.
    Check,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SandboxNeeds {
    pub process: Sharing,
    /// A private loopback interface that is up.
    pub loopback: bool,
    /// Names of programs of the host that the learner may run: `sh`.
    pub tools: Vec<String>,
    /// Standard modules that are imported before the fork.
    pub preload: Vec<String>,
    /// mypy stands ready, in a sandbox of its own.
    pub types: bool,
}

const KEYS: &[&str] = &["process", "loopback", "tools", "preload", "types"];

impl SandboxNeeds {
    /// Reads `[sandbox]` below `root`; what is absent keeps its default.
    pub(super) fn read(root: &Section) -> Self {
        let Some(section) = root.section("sandbox", KEYS) else { return Self::default() };
        Self {
            process: read_sharing(&section),
            loopback: section.boolean("loopback").unwrap_or_default(),
            tools: named(&section, "tools", "the name of a program, without a path", super::names::is_program),
            preload: named(&section, "preload", "the name of a module", super::names::is_module),
            types: section.boolean("types").unwrap_or_default(),
        }
    }
}

fn read_sharing(section: &Section) -> Sharing {
    let Some(text) = section.text("process") else { return Sharing::default() };
    match text.get_ref().as_str() {
        "shared" => Sharing::Shared,
        "check" => Sharing::Check,
        other => {
            let what = format!("`process` must be `shared` or `check`, not `{other}`");
            section.unknown(text.span(), what, other, ["shared", "check"]);
            Sharing::default()
        }
    }
}

fn named(section: &Section, key: &str, wanted: &str, fits: fn(&str) -> bool) -> Vec<String> {
    let mut names = Vec::new();
    for name in section.texts(key) {
        if fits(name.get_ref()) {
            names.push(name.into_inner());
        } else {
            section.mistake(name.span(), format!("each of `{key}` must be {wanted}"));
        }
    }
    names
}
