//! Flags, environment and `grade.toml`, resolved once.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use etcetera::BaseStrategy as _;

use crate::catalog::{Catalog, embedded};
use crate::configuration::{Configuration, Entry};
use crate::error::{Fault, IoContext as _, Result};
use crate::repository::{CONFIG, Repository};
use crate::verdict::Level;

/// How results are told on stdout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// One JSON document a line.
    Jsonl,
    /// For CI systems.
    #[value(help = "JUnit XML")]
    Junit,
    /// A table: `grade report`.
    Csv,
    /// Pages, for the class and each learner: `grade report`.
    Html,
    /// A table in Markdown: `grade report`.
    Markdown,
    /// `results.json` of Gradescope: `grade report`.
    Gradescope,
    /// `result.json` of Classroom 50: `grade report`.
    Classroom50,
    /// `results.json` of Exercism: `grade report`.
    Exercism,
    /// Canvas' gradebook, filled in: `grade report`.
    Canvas,
    /// Moodle's grading worksheet, filled in: `grade report`.
    Moodle,
}

impl Format {
    /// A fault unless it is one of `known`, which are those that `command` has.
    pub fn of(self, command: &str, known: &[Self]) -> Result<Self> {
        if known.contains(&self) {
            return Ok(self);
        }
        let name = |format: &Self| clap::ValueEnum::to_possible_value(format).map(|value| value.get_name().to_owned());
        let names: Vec<_> = known.iter().filter_map(name).map(|name| format!("`{name}`")).collect();
        let asked = name(&self).unwrap_or_default();
        Err(Fault::usage(format!("`{command}` does not have the format `{asked}`"))
            .hint(format!("it has {}", names.join(", "))))
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorWhen {
    /// On a terminal that has them, unless `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

impl ColorWhen {
    /// Whether to use colours on a stream that is, or is not, a terminal.
    pub fn applies(self, is_terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            // https://no-color.org
            Self::Auto => is_terminal && set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb"),
        }
    }
}

/// Which `grade.toml` counts, and how far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// The repository's own, in all that it says: whoever types the command owns it.
    #[default]
    Repository,
    /// The repository's own, but no catalogue that it names: who hands in must not choose the graders.
    Entries,
    /// This file, and nothing that the repository says.
    File(PathBuf),
}

/// What the command line and its environment variables ask for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub repo: Option<PathBuf>,
    pub catalogs: Vec<PathBuf>,
    pub python: Option<PathBuf>,
    pub seed: Option<u64>,
    pub isolation: Option<Level>,
    pub format: Format,
    pub jobs: Option<NonZeroUsize>,
    pub color: ColorWhen,
    pub plain: bool,
    pub trust: Trust,
}

/// What holds for this run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Absent when the current folder is in none.
    repository: Option<Repository>,
    /// Catalogues beyond the embedded one; of two exercises with one id the later catalogue's counts.
    pub catalogs: Vec<PathBuf>,
    /// What `grade.toml` asks for.
    pub entries: Vec<Entry>,
    /// The interpreter that was asked for.
    pub python: Option<PathBuf>,
    /// The seed that was asked for; none means that every submission gets a new one.
    pub seed: Option<u64>,
    /// The level that was asked for; none means the strongest that this machine gives.
    pub isolation: Option<Level>,
    pub format: Format,
    /// How many submissions are graded at once.
    pub jobs: NonZeroUsize,
    pub color: ColorWhen,
    /// No symbols, no redrawing.
    pub plain: bool,
    pub cache_dir: PathBuf,
}

impl Settings {
    /// Resolves what was asked for; `grade.toml` adds its catalogue below those of the command line.
    pub fn resolve(asked: Asked) -> Result<Self> {
        let repository = match &asked.repo {
            Some(root) => Some(Repository::at(root)?),
            None => Repository::find(&current_dir()?)?,
        };
        let own = configuration(repository.as_ref(), &asked.trust)?;
        Ok(Self {
            catalogs: own.catalog.into_iter().chain(asked.catalogs).collect(),
            entries: own.entries,
            repository,
            python: asked.python,
            seed: asked.seed,
            isolation: asked.isolation,
            format: asked.format,
            jobs: asked.jobs.unwrap_or_else(all_processors),
            color: asked.color,
            plain: asked.plain,
            cache_dir: cache_dir()?,
        })
    }

    /// The learner's repository, or a fault that tells how to get one.
    pub fn repository(&self) -> Result<&Repository> {
        self.repository.as_ref().ok_or_else(|| {
            let here = current_dir().map_or_else(|_| ".".to_owned(), |folder| folder.display().to_string());
            Fault::usage(format!("`{here}` is in no repository"))
                .hint("`git init` makes this folder one, and `--repo DIR` names another")
        })
    }

    /// The learner's repository, if there is one.
    pub fn found_repository(&self) -> Option<&Repository> {
        self.repository.as_ref()
    }

    /// The folders of all exercises: embedded, of `grade.toml`, of `--catalog`.
    pub fn catalog_roots(&self) -> Result<Vec<PathBuf>> {
        let mut roots = vec![embedded::root(&self.cache_dir)?];
        for catalog in &self.catalogs {
            roots.push(
                std::path::absolute(catalog).or_machine(|| format!("use the catalogue `{}`", catalog.display()))?,
            );
        }
        Ok(roots)
    }

    /// All exercises in them.
    pub fn catalog(&self) -> Result<Catalog> {
        Catalog::load(&self.catalog_roots()?)
    }
}

fn configuration(repository: Option<&Repository>, trust: &Trust) -> Result<Configuration> {
    if let Trust::File(file) = trust {
        if !file.is_file() {
            return Err(Fault::usage(format!("there is no file `{}`", file.display())));
        }
        return Configuration::open(file);
    }
    let Some(repository) = repository else { return Ok(Configuration::default()) };
    let configuration = repository.configuration()?;
    if *trust == Trust::Entries && configuration.catalog.is_some() {
        let what = format!("`{CONFIG}` names a catalogue, and who hands in must not choose the graders");
        return Err(Fault::usage(what).hint(
            "take `catalog` out and name it by `--catalog DIR`, or use another file by `--config FILE`; `--trust-catalog` allows it",
        ));
    }
    Ok(configuration)
}

/// Where `grade` keeps what it can make again: `GRADE_CACHE_DIR`, else `grade` in the user's cache folder. Absolute; may not be there yet.
pub fn cache_dir() -> Result<PathBuf> {
    if let Some(named) = set("GRADE_CACHE_DIR") {
        return std::path::absolute(&named).or_machine(|| format!("use the cache folder `{}`", named.display()));
    }
    let strategy = etcetera::choose_base_strategy().map_err(|error| {
        Fault::machine("there is no home folder to keep a cache in")
            .because(error)
            .hint("set GRADE_CACHE_DIR to a folder that you can write to")
    })?;
    Ok(strategy.cache_dir().join("grade"))
}

fn set(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn current_dir() -> Result<PathBuf> {
    std::env::current_dir().map_err(|error| {
        Fault::machine("the current folder can't be read").because(error).hint("change to a folder that is there")
    })
}

fn all_processors() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_asked_for_need_no_terminal_and_forbidden_ones_heed_none() {
        assert!(ColorWhen::Always.applies(false));
        assert!(!ColorWhen::Never.applies(true));
        assert!(!ColorWhen::Auto.applies(false));
    }
}
