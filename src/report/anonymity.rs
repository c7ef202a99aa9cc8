//! Codes in place of names. Which code is whose is in a key file, which stays with the instructor.

mod codes;
mod scrub;

pub use codes::Codes;
use scrub::{Scrub, own_names};

use crate::error::Result;
use crate::store::{Graded, Learner, State};
use crate::verdict::{Frame, Location, Verdict};

/// Takes out of a run's records who they are about.
#[derive(Debug)]
pub struct Anonymity {
    codes: Codes,
    everybody: Scrub,
}

impl Anonymity {
    /// For a run with these learners.
    pub fn new(codes: Codes, learners: &[Learner]) -> Result<Self> {
        let names = learners.iter().flat_map(|learner| {
            let code = codes.of(&learner.key);
            // A short word may be anybody's: of the others only what is plainly a name or an address is looked for.
            let told = [learner.name.as_deref(), learner.email.as_deref()].into_iter().flatten();
            told.filter(|name| name.contains([' ', '@'])).map(move |name| (name.to_owned(), code.to_owned()))
        });
        Ok(Self { everybody: Scrub::new(names)?, codes })
    }

    pub fn code<'a>(&'a self, learner: &'a Learner) -> &'a str {
        self.codes.of(&learner.key)
    }

    /// A learner of whom nothing but the code is left.
    pub fn learner(&self, learner: &Learner) -> Learner {
        Learner {
            id: learner.id,
            key: self.code(learner).to_owned(),
            name: None,
            email: None,
            section: None,
            on_roster: learner.on_roster,
            details: std::collections::BTreeMap::new(),
        }
    }

    /// A submission without names, source, time and notes; what its program said is searched for names.
    pub fn graded(&self, mut graded: Graded) -> Result<Graded> {
        let submission = &mut graded.submission;
        let own = Scrub::new(
            submission
                .learners
                .iter()
                .flat_map(|learner| own_names(learner).into_iter().map(|name| (name, self.code(learner).to_owned()))),
        )?;
        let clean = |text: &mut String| *text = own.clean(&self.everybody.clean(text));
        submission.learners = submission.learners.iter().map(|learner| self.learner(learner)).collect();
        submission.learners.sort_by(|a, b| a.key.cmp(&b.key));
        submission.source.clear();
        submission.submitted_at = None;
        submission.notes.clear();
        let learner = submission.learner();
        match &mut graded.state {
            State::Graded { verdict, .. } => {
                verdict.submission.learner = Some(learner);
                clean_verdict(verdict, &clean);
            }
            State::Ungraded { fault } => clean(&mut fault.message),
            State::Waiting => {}
        }
        Ok(graded)
    }
}

/// Whatever the learner's own files could have put there.
fn clean_verdict(verdict: &mut Verdict, clean: &dyn Fn(&mut String)) {
    let place = |location: &mut Option<Location>| location.iter_mut().for_each(|location| clean(&mut location.file));
    if let Some(problem) = &mut verdict.problem {
        clean(&mut problem.message);
        place(&mut problem.location);
    }
    for check in &mut verdict.checks {
        let always = [&mut check.message, &mut check.stdout, &mut check.stderr];
        let sometimes = [
            &mut check.called,
            &mut check.expected,
            &mut check.actual,
            &mut check.reason,
            &mut check.diff,
            &mut check.review,
        ];
        always.into_iter().chain(sometimes.into_iter().flatten()).for_each(clean);
        place(&mut check.location);
        for Frame { file, function, .. } in &mut check.traceback {
            clean(file);
            clean(function);
        }
    }
}
