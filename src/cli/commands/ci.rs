//! `grade ci`: grades what `grade.toml` asks for, and tells it the way the platform of the job reads it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;

use crate::catalog::Exercise;
use crate::ci::{self, Account, Changes, Fate, Plan, Planned, Platform, Row};
use crate::cli::arguments::CiArguments;
use crate::cli::grading::{Graded, grade_all};
use crate::cli::rounds::{below_full, open_session};
use crate::cli::screen::Screen;
use crate::cli::session::{block_on, style};
use crate::environment::Variables;
use crate::error::{Fault, Result};
use crate::report::{self, NoSource, SourceLines, source::RepositorySource};
use crate::repository::Repository;
use crate::settings::{Format, Settings, Trust};
use crate::verdict::Verdict;

use super::grade::exit_code;

/// GitHub refuses a larger summary as a whole, bytes.
const MOST_SUMMARY: u64 = 1 << 20;

/// How far the repository's own settings count.
pub(in crate::cli) fn trust(asked: &CiArguments) -> Trust {
    match &asked.config {
        Some(file) => Trust::File(file.clone()),
        None if asked.trust_catalog => Trust::Repository,
        None => Trust::Entries,
    }
}

pub(in crate::cli) fn run(settings: Result<Settings>, asked: &CiArguments, screen: &Screen) -> Result<ExitCode> {
    let variables = Variables::of_this_process();
    let job = Job { asked, platform: asked.platform.unwrap_or_else(|| Platform::of(&variables)), variables, screen };
    settings.and_then(|settings| job.run(&settings)).or_else(|fault| job.refuse(fault))
}

/// One invocation.
struct Job<'a> {
    asked: &'a CiArguments,
    platform: Platform,
    variables: Variables,
    screen: &'a Screen,
}

impl Job<'_> {
    fn run(&self, settings: &Settings) -> Result<ExitCode> {
        settings.format.of("grade ci", &[Format::Human])?;
        let repository = settings.repository()?;
        let plan = ci::plan(&settings.catalog()?, &settings.entries, repository.root())?;
        if plan.planned.is_empty() && plan.broken.is_empty() {
            self.refuse(nothing_to_grade(repository))?;
            return Ok(ExitCode::from(1));
        }
        let mut account = self.account(settings, repository, plan)?;
        let source = RepositorySource::new(repository.root());
        let report = self.write_reports(&account, repository, &source);
        account.faults.extend(report.err());
        let style = style(settings, self.screen, self.asked.all);
        self.tell(&account, &source, |out| report::ci::log(out, &account, &source, &style))?;
        Ok(code(&account))
    }

    /// Grades what is to be graded, and says of the rest why it is not.
    fn account(&self, settings: &Settings, repository: &Repository, plan: Plan) -> Result<Account> {
        let mut account = Account { prefix: prefix(repository.root()), faults: plan.broken, ..Account::default() };
        let changes = self.changes(repository)?;
        account.notes.extend(changes.iter().map(|changes| changes.words().to_owned()));
        if plan.others > 0 {
            account.notes.push(format!("Exercises that are here and not asked for: {}.", plan.others));
        }
        let spared = |planned: &Planned| spared(planned, changes.as_ref(), repository);
        let fates = plan.planned.iter().map(spared).collect::<Result<Vec<_>>>()?;
        let open = plan.planned.iter().zip(&fates).filter(|(_, fate)| fate.is_none());
        let exercises: Vec<_> = open.map(|(planned, _)| Arc::clone(&planned.exercise)).collect();
        let graded = self.grade(settings, repository, &exercises)?;
        let unreached = graded.stopped.as_ref().map(|fault| Fault::new(fault.blame, "grading was stopped before it"));
        account.faults.extend(graded.stopped);
        let mut each = graded.each.into_iter();
        for (planned, fate) in plan.planned.into_iter().zip(fates) {
            let fate = fate.or_else(|| each.next().map(fate_of)).or_else(|| unreached.clone().map(Fate::Ungraded));
            let fate = fate.ok_or_else(|| Fault::ourselves("an exercise was not graded, and nothing says why"))?;
            account.rows.push(Row { exercise: planned.exercise.id.to_string(), required: planned.required, fate });
        }
        Ok(account)
    }

    fn changes(&self, repository: &Repository) -> Result<Option<Changes>> {
        if !self.asked.changed {
            return Ok(None);
        }
        let base = ci::base(self.asked.base.as_deref(), self.platform, &self.variables)?;
        Changes::since(base, repository.root(), &self.variables).map(Some)
    }

    fn grade(&self, settings: &Settings, repository: &Repository, exercises: &[Arc<Exercise>]) -> Result<Graded> {
        if exercises.is_empty() {
            return Ok(Graded::default());
        }
        let mut session = open_session(settings.clone(), exercises, self.screen)?;
        block_on(grade_all(&mut session, repository, exercises)).map_err(below_full)
    }

    /// Writes all files that were asked for or that the platform has; the fault joins those of all that could not be written.
    fn write_reports(&self, account: &Account, repository: &Repository, source: &dyn SourceLines) -> Result<()> {
        let verdicts: Vec<Verdict> = account.verdicts().cloned().collect();
        let root = repository.root();
        let results = [
            replace(self.asked.junit.as_deref(), root, |out| report::junit::junit(out, &verdicts)),
            replace(self.asked.json.as_deref(), root, |out| report::json::json(out, &verdicts)),
            replace(self.asked.codequality.as_deref(), root, |out| report::ci::codequality(out, account, source)),
            self.write_summary(account, source),
            self.write_outputs(account),
        ];
        Fault::join(results.into_iter().filter_map(Result::err)).map_or(Ok(()), Err)
    }

    fn write_summary(&self, account: &Account, source: &dyn SourceLines) -> Result<()> {
        let Some(file) = self.file_of_github("GITHUB_STEP_SUMMARY") else { return Ok(()) };
        let room = usize::try_from(ci::room_in(&file, MOST_SUMMARY)).unwrap_or(usize::MAX);
        ci::append(&file, &report::ci::summary(account, source, room))
    }

    fn write_outputs(&self, account: &Account) -> Result<()> {
        let Some(file) = self.file_of_github("GITHUB_OUTPUT") else { return Ok(()) };
        ci::append(&file, &report::ci::outputs(account, &ci::token()?))
    }

    fn file_of_github(&self, variable: &str) -> Option<PathBuf> {
        self.variables.get(variable).filter(|_| self.platform == Platform::Github).map(PathBuf::from)
    }

    /// Writes the log, and what the platform takes from it.
    fn tell(
        &self,
        account: &Account,
        source: &dyn SourceLines,
        log: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        if self.platform != Platform::Github {
            self.screen.results(|out, _| log(out))?;
            account.grave_faults().for_each(|fault| self.screen.tell(fault));
            return Ok(());
        }
        // Nothing goes to stderr: a fault may quote what a learner wrote, and no fence holds both streams.
        let token = ci::token()?;
        self.screen.results(|out, columns| {
            let mut text = Vec::new();
            log(&mut text)?;
            account.grave_faults().try_for_each(|fault| report::fault::write(&mut text, fault, false, columns))?;
            report::ci::fenced(out, &token, &text)?;
            report::ci::annotations(out, account, source)
        })
    }

    /// Says everywhere that nothing was graded, and why.
    fn refuse(&self, fault: Fault) -> Result<ExitCode> {
        let code = ExitCode::from(fault.exit_code());
        let mut account = Account { faults: vec![fault], ..Account::default() };
        let unwritten = [self.write_summary(&account, &NoSource), self.write_outputs(&account)];
        account.faults.extend(unwritten.into_iter().filter_map(Result::err));
        self.tell(&account, &NoSource, |_| Ok(()))?;
        Ok(code)
    }
}

fn nothing_to_grade(repository: &Repository) -> Fault {
    Fault::usage(format!("there is nothing to grade in `{}`", repository.root().display()))
        .hint("`[[exercise]]` entries in `grade.toml` say what is asked for; without any, what is there is graded")
}

/// Why an exercise is not graded; nothing when it is to be.
fn spared(planned: &Planned, changes: Option<&Changes>, repository: &Repository) -> Result<Option<Fate>> {
    if let Some(from) = planned.from.as_ref().filter(|from| from.is_after(Timestamp::now())) {
        return Ok(Some(Fate::Later(from.clone())));
    }
    if !planned.required && !planned.exercise.is_present(repository.root()) {
        return Ok(Some(Fate::Absent));
    }
    match changes {
        Some(changes) if !changes.touch(&planned.exercise)? => Ok(Some(Fate::Untouched)),
        _ => Ok(None),
    }
}

fn fate_of(graded: Result<Verdict>) -> Fate {
    graded.map_or_else(Fate::Ungraded, |verdict| Fate::Graded(Box::new(verdict)))
}

/// Writes a report, if one was asked for.
fn replace(file: Option<&Path>, root: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(|error| Fault::ourselves("can't write a report").because(error))?;
    ci::replace(file, root, &bytes)
}

/// From the top folder of the clone to `root`, with `/` at its end: what git and the platforms put before paths.
fn prefix(root: &Path) -> String {
    let top = root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(root);
    let below = root.strip_prefix(top).unwrap_or(Path::new(""));
    let parts = below.iter().map(|part| part.to_string_lossy());
    // An empty last part ends the path with a `/`, and no parts are no path.
    parts.chain(std::iter::once("".into())).collect::<Vec<_>>().join("/")
}

fn code(account: &Account) -> ExitCode {
    let verdicts: Vec<Verdict> = account.required().filter_map(Row::verdict).cloned().collect();
    let faults: Vec<Fault> = account.grave_faults().cloned().collect();
    exit_code(&verdicts, &faults)
}
