//! A run with people in it, and `grade report` at work on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use grade::store::{Closed, FaultRecord, Ledger, NewLearner, NewRound, NewRun, NewSubmission, Origin, RoundKind};
use grade::verdict::{CheckResult, Outcome, Told as TellsOf, Verdict, Visibility};

use crate::batch::hall::Told;
use crate::reports::verdicts;

/// Who hands something in, and what comes of it.
pub(super) struct Part {
    pub(super) learners: Vec<NewLearner>,
    pub(super) ending: Ending,
    pub(super) late: bool,
    /// The bytes of `decorators.py`.
    pub(super) source: String,
}

pub(super) enum Ending {
    Verdict(Box<Verdict>),
    Ungraded(&'static str),
}

/// A folder with `run` in it.
pub(super) struct Cast {
    folder: tempfile::TempDir,
}

pub(super) fn learner(key: &str, name: &str) -> NewLearner {
    NewLearner {
        key: key.to_owned(),
        name: Some(name.to_owned()),
        email: Some(format!("{key}@uni.example")),
        section: Some("Tuesday".to_owned()),
        on_roster: Some(true),
        ..NewLearner::default()
    }
}

pub(super) fn part(learner: NewLearner, verdict: Verdict) -> Part {
    let source = format!("# by {}\nreturn result\n", learner.name.as_deref().unwrap_or_default());
    Part { learners: vec![learner], ending: Ending::Verdict(Box::new(verdict)), late: false, source }
}

/// One of each kind that reports tell apart.
pub(super) fn everybody() -> Vec<Part> {
    let mut late = part(learner("grace", "Grace Hopper"), verdicts::printed_text());
    late.late = true;
    let mut group = part(learner("linus", "Linus Pauling"), verdicts::exception());
    group.learners.push(learner("marie", "Marie Curie"));
    let mut broken = part(learner("niels", "Niels Bohr"), verdicts::all_passed());
    broken.ending = Ending::Ungraded("no sandbox could be made");
    vec![
        part(learner("ada", "Ada Lovelace"), verdicts::all_passed()),
        part(learner("emmy", "Emmy Noether"), verdicts::wrong_value()),
        late,
        group,
        part(learner("max", "Max Planck"), verdicts::problem("syntax", "'(' was never closed", Some(2), Some(3))),
        broken,
    ]
}

/// A check of which learners are told as much as that, with words in every field that give it away.
pub(super) fn hidden(id: &str, now: TellsOf, after_due: TellsOf, marker: &str) -> CheckResult {
    let text = || Some(format!("{marker} in a field"));
    let mut check = verdicts::check(id, &format!("title of {id}"), Outcome::Failed);
    check.visibility = Visibility { now, after_due };
    check.message = format!("{marker} in the message");
    (check.called, check.expected, check.actual, check.reason) = (text(), text(), text(), text());
    (check.diff, check.hint) = (Some(format!("- {marker}\n+ other\n")), text());
    (check.stdout, check.stderr) = (marker.to_owned(), marker.to_owned());
    check.location = Some(grade::verdict::Location { file: format!("{marker}.py"), line: 1 });
    check
}

impl Cast {
    pub(super) fn new(parts: Vec<Part>) -> Self {
        let cast = Self { folder: tempfile::tempdir().unwrap() };
        write(&cast.path("run"), parts);
        cast
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// `grade report run --format FORMAT`, and more.
    pub(super) fn report(&self, format: &str, more: &[&str]) -> Told {
        self.report_with(format, more, &[])
    }

    pub(super) fn report_with(&self, format: &str, more: &[&str], variables: &[(&str, &str)]) -> Told {
        #[expect(clippy::disallowed_methods, reason = "the tests run the binary itself")]
        let mut command = Command::new(env!("CARGO_BIN_EXE_grade"));
        command.args(["report", "run", "--format", format]).args(more).current_dir(self.folder.path());
        command.env("GRADE_CACHE_DIR", crate::trial::cache()).envs(variables.iter().copied());
        command.stdin(Stdio::null()).output().unwrap().into()
    }

    /// The same, which works.
    pub(super) fn told(&self, format: &str, more: &[&str]) -> String {
        let told = self.report(format, more);
        assert_eq!(told.code, Some(0), "{}", told.stderr);
        told.stdout
    }

    /// Everything that a format writes, by path; what is on the screen has no name.
    pub(super) fn all(&self, format: &str, more: &[&str]) -> Vec<(String, String)> {
        let out = self.path(&format!("out-{format}"));
        let place = out.display().to_string();
        let is_folder = ["html", "gradescope", "classroom50", "exercism"].contains(&format);
        let mut arguments = if is_folder { vec!["--out", &place] } else { Vec::new() };
        arguments.extend(more);
        let told = self.report_with(format, &arguments, &[("CLASSROOM", "cs50")]);
        assert_eq!(told.code, Some(0), "{format}: {}", told.stderr);
        let mut all = vec![(String::new(), told.stdout), ("stderr".to_owned(), told.stderr.replace(&place, "OUT"))];
        if is_folder {
            collect(&out, &out, &mut all);
        }
        all
    }
}

fn collect(root: &Path, folder: &Path, all: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, all);
        } else {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            all.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Writes a run as `grade batch` does; `zoe` is on the roster and handed nothing in.
pub(super) fn write(path: &Path, parts: Vec<Part>) {
    let new = NewRun { exercise: "day4/decorators".into(), seed: 7, seed_is_asked: false, intake: "{}".into() };
    let mut ledger = Ledger::create(path, &new).unwrap();
    let intake = ledger.take_in().unwrap();
    intake.learner(&learner("zoe", "Zoe Zuse")).unwrap();
    intake.note(None, "downloads/zoe_zuse.zip", "a link was refused").unwrap();
    let (mut submissions, mut endings) = (Vec::new(), Vec::new());
    for part in parts {
        let learners: Vec<i64> = part.learners.iter().map(|learner| intake.learner(learner).unwrap()).collect();
        let hash = intake.keep(part.source.as_bytes()).unwrap();
        let source = format!("downloads/{}.zip", part.learners[0].key);
        let new = NewSubmission {
            learners,
            source,
            origin: Origin::Archive,
            attempt: 1,
            selected: true,
            late: Some(part.late),
            submitted_at: Some("2026-09-01T12:00:00Z".into()),
            files: Ok(vec![("decorators.py".into(), hash.clone())]),
            hash,
            notes: vec!["`Decorators.py` was taken for `decorators.py`".into()],
        };
        submissions.push(intake.submission(&new).unwrap());
        endings.push(part.ending);
    }
    intake.finish().unwrap();
    let round = NewRound { kind: RoundKind::Batch, only: None, exercise_hash: "e", grounds: "g" };
    let round = ledger.begin_round(&round, &submissions).unwrap();
    let leases = ledger.turn_over(round, &[], submissions.len()).unwrap();
    let closed = leases.into_iter().zip(endings).map(|(lease, ending)| {
        let how = match ending {
            Ending::Verdict(verdict) => Closed::Graded { verdict, key: "k".into(), grounds: "g".into(), reused: false },
            Ending::Ungraded(why) => {
                Closed::Ungraded(FaultRecord { blame: "machine".to_owned(), message: why.to_owned() })
            }
        };
        (lease, how)
    });
    ledger.turn_over(round, &closed.collect::<Vec<_>>(), 0).unwrap();
    ledger.finish_round(round).unwrap();
}
