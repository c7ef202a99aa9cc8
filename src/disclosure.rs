//! What of a verdict a learner is told, by the `visibility` of its checks. Everything that reaches a learner goes through [`for_learner`].

use crate::verdict::{CheckResult, Outcome, Score, SubmissionOutcome, Told, Verdict, Withheld};

/// When a learner is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Now,
    AfterDue,
}

/// The verdict as its learner is told it: score and outcome are of what is told, so that they give nothing else away.
#[must_use]
pub fn for_learner(mut verdict: Verdict, moment: Moment) -> Verdict {
    if verdict.checks.iter().all(|check| told(check, moment) == Told::Details) {
        return verdict;
    }
    let mut withheld = Withheld { checks: 0, points: 0.0, until_due: true };
    verdict.checks.retain_mut(|check| {
        let told = told(check, moment);
        if told < Told::Outcome {
            withheld.checks += 1;
            withheld.points += check.weight;
            withheld.until_due &= check.visibility.after_due > told;
        }
        strip(check, told);
        told > Told::Nothing
    });
    let counted = || verdict.checks.iter().filter(|check| check.outcome != Outcome::Withheld);
    verdict.score = Score {
        earned: counted().map(|check| check.earned).sum(),
        possible: counted().map(|check| check.weight).sum(),
    };
    if verdict.outcome == SubmissionOutcome::Failed
        && verdict.problem.is_none()
        && !counted().any(|check| check.outcome.is_to_mend())
    {
        verdict.outcome = SubmissionOutcome::Passed;
    }
    verdict.withheld = (withheld.checks > 0).then_some(withheld);
    verdict
}

fn told(check: &CheckResult, moment: Moment) -> Told {
    match moment {
        Moment::Now => check.visibility.now,
        Moment::AfterDue => check.visibility.after_due,
    }
}

fn strip(check: &mut CheckResult, told: Told) {
    if told == Told::Details {
        return;
    }
    let shows_outcome = told == Told::Outcome;
    // Built anew rather than cleared field by field: a field that is added later is then not told by mistake.
    *check = CheckResult {
        outcome: if shows_outcome { check.outcome } else { Outcome::Withheld },
        weight: check.weight,
        earned: if shows_outcome { check.earned } else { 0.0 },
        visibility: check.visibility,
        ..CheckResult::new(std::mem::take(&mut check.id), std::mem::take(&mut check.title))
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{Evidence, Isolation, Kind, Level, SubmissionInfo, Usage, Visibility};

    fn check(id: &str, outcome: Outcome, now: Told, after_due: Told) -> CheckResult {
        CheckResult {
            outcome,
            weight: 2.0,
            earned: if outcome == Outcome::Passed { 2.0 } else { 0.0 },
            message: "SECRET".to_owned(),
            expected: Some("SECRET".to_owned()),
            hint: Some("SECRET".to_owned()),
            visibility: Visibility { now, after_due },
            ..CheckResult::new(id.to_owned(), id.to_owned())
        }
    }

    fn verdict(checks: Vec<CheckResult>) -> Verdict {
        let passed = checks.iter().all(|check| check.outcome == Outcome::Passed);
        Verdict {
            kind: Kind::Exercise,
            exercise: "a/b".to_owned(),
            exercise_hash: String::new(),
            submission: SubmissionInfo { path: "b.py".to_owned(), hash: String::new(), learner: None },
            outcome: if passed { SubmissionOutcome::Passed } else { SubmissionOutcome::Failed },
            score: Score {
                earned: checks.iter().map(|check| check.earned).sum(),
                possible: checks.iter().map(|check| check.weight).sum(),
            },
            seed: 1,
            evidence: Evidence::Outside,
            isolation: Isolation { level: Level::Full, mechanisms: Vec::new() },
            python: "3.11.7".to_owned(),
            duration_ms: 1,
            usage: Usage::default(),
            problem: None,
            withheld: None,
            checks,
        }
    }

    fn with_hidden(outcome: Outcome, now: Told) -> Verdict {
        let open = CheckResult {
            message: String::new(),
            expected: None,
            hint: None,
            ..check("open", Outcome::Passed, Told::Details, Told::Details)
        };
        verdict(vec![open, check("hidden", outcome, now, Told::Details)])
    }

    #[test]
    fn whether_a_withheld_check_passed_can_not_be_told_from_what_is_told() {
        for now in [Told::Nothing, Told::Name] {
            let [right, wrong] = [Outcome::Passed, Outcome::Failed]
                .map(|outcome| serde_json::to_string(&for_learner(with_hidden(outcome, now), Moment::Now)).unwrap());
            assert_eq!(right, wrong);
            assert!(!right.contains("SECRET"), "{right}");
            assert_eq!(right.contains("hidden"), now == Told::Name, "{right}");
        }
    }

    #[test]
    fn an_outcome_is_told_without_its_reasons() {
        let told = for_learner(with_hidden(Outcome::Failed, Told::Outcome), Moment::Now);
        assert_eq!(
            (told.outcome, told.checks[1].outcome, told.score.possible),
            (SubmissionOutcome::Failed, Outcome::Failed, 4.0)
        );
        assert_eq!(told.withheld, None);
        assert!(!serde_json::to_string(&told).unwrap().contains("SECRET"));
    }

    #[test]
    fn after_the_due_date_everything_is_told_that_may_be() {
        let told = for_learner(with_hidden(Outcome::Failed, Told::Nothing), Moment::AfterDue);
        assert_eq!((told.checks[1].message.as_str(), told.withheld), ("SECRET", None));
    }

    #[test]
    fn what_is_held_back_is_counted() {
        let told = for_learner(with_hidden(Outcome::Failed, Told::Nothing), Moment::Now);
        assert_eq!(told.withheld, Some(Withheld { checks: 1, points: 2.0, until_due: true }));
        assert_eq!((told.score.earned, told.score.possible), (2.0, 2.0));
    }
}
