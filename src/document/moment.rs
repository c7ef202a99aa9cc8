//! Points in time as they are written in TOML: a day, or a day and a time with its offset.

use std::fmt;

use jiff::Timestamp;
use toml::value::Datetime;

/// A point in time; a day alone begins at midnight UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    time: Timestamp,
    /// As it was written.
    text: String,
}

impl Moment {
    /// Nothing for a time without a day, and for a time of which nobody knows in which zone it is.
    pub(super) fn of(written: &Datetime) -> Option<Self> {
        let text = written.to_string();
        let time: Timestamp = match (written.date, written.time, written.offset) {
            (Some(_), None, None) => format!("{text}T00:00:00Z").parse().ok()?,
            (Some(_), Some(_), Some(_)) => text.parse().ok()?,
            _ => return None,
        };
        Some(Self { time, text })
    }

    pub fn is_after(&self, now: Timestamp) -> bool {
        self.time > now
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        Moment::of(&text.parse().unwrap()).map(|moment| moment.time.as_second())
    }

    #[test]
    fn a_day_begins_at_midnight_utc_and_an_offset_counts() {
        // As `date -u -d TEXT +%s` has them.
        for (text, expected) in [
            ("1970-01-01", 0),
            ("2000-02-29", 951_782_400),
            ("2026-03-02T08:30:05Z", 1_772_440_205),
            ("2026-03-02T08:30:05+02:00", 1_772_433_005),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_time_without_a_day_or_a_zone_is_no_moment() {
        assert_eq!(seconds("08:30:00"), None);
        assert_eq!(seconds("2026-03-02T08:30:00"), None);
    }

    #[test]
    fn a_moment_is_over_when_it_is_reached() {
        let moment = Moment::of(&"1970-01-02".parse().unwrap()).unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(moment.is_after(at(86_399)) && !moment.is_after(at(86_400)));
    }
}
