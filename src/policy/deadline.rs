//! Whether something was handed in in time, as far as the source tells.

use jiff::Timestamp;
use serde::Serialize;

use super::Due;
use super::people::{Extension, People};
use crate::calendar;
use crate::store::{Learner, Submission};

/// How a submission stands to its due date. What is not known is said to be so: nothing is guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Lateness {
    /// The rules have no due date.
    NoDueDate,
    NothingHandedIn,
    InTime {
        /// UTC, as all times here; `None`: only the source's word is known.
        handed_in: Option<Timestamp>,
        due: Timestamp,
        /// After the due date, within the grace.
        in_grace: bool,
        extended: bool,
    },
    Late {
        /// `None` in anonymous reports.
        handed_in: Option<Timestamp>,
        due: Timestamp,
        /// Since `due`: who exceeds the grace is late from the beginning.
        seconds: i64,
        /// After the last day on which anything counts.
        closed: bool,
        extended: bool,
    },
    /// The source says that it is late, and not by how much.
    MarkedLate {
        due: Timestamp,
        extended: bool,
    },
    /// The source does not tell when it was handed in.
    Unknown {
        due: Timestamp,
    },
}

/// Until when somebody may hand in.
struct Own {
    due: Timestamp,
    closes: Option<Timestamp>,
    extended: bool,
}

pub(super) fn lateness(due: Option<&Due>, people: &People, learner: &Learner, submission: &Submission) -> Lateness {
    let Some(due) = due else { return Lateness::NoDueDate };
    let own = own(due, people.extension(learner));
    let told = submission.submitted_at.as_deref().and_then(|text| calendar::moment(text, Some(&due.zone)));
    match (people.time(learner).or(told), submission.late) {
        (Some(handed_in), _) => held_against(due, &own, handed_in),
        (None, Some(false)) => {
            Lateness::InTime { handed_in: None, due: own.due, in_grace: false, extended: own.extended }
        }
        (None, Some(true)) => match due.marked_late {
            Some(by) if !own.extended => held_against(due, &own, calendar::later(own.due, by, &due.zone)),
            _ => Lateness::MarkedLate { due: own.due, extended: own.extended },
        },
        (None, None) => Lateness::Unknown { due: own.due },
    }
}

fn own(due: &Due, extension: Option<&Extension>) -> Own {
    let extended = match extension {
        None => return Own { due: due.at, closes: due.closes, extended: false },
        Some(Extension::Until(until)) => *until,
        Some(Extension::By(span)) => calendar::later(due.at, *span, &due.zone),
    };
    // The last day moves with the first.
    let moved = extended.duration_since(due.at);
    let closes = due.closes.map(|closes| closes.checked_add(moved).unwrap_or(Timestamp::MAX));
    Own { due: extended, closes, extended: true }
}

fn held_against(due: &Due, own: &Own, handed_in: Timestamp) -> Lateness {
    if handed_in <= calendar::later(own.due, due.grace, &due.zone) {
        let in_grace = handed_in > own.due;
        return Lateness::InTime { handed_in: Some(handed_in), due: own.due, in_grace, extended: own.extended };
    }
    Lateness::Late {
        handed_in: Some(handed_in),
        due: own.due,
        seconds: handed_in.duration_since(own.due).as_secs(),
        closed: own.closes.is_some_and(|closes| handed_in > closes),
        extended: own.extended,
    }
}
