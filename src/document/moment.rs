//! Points in time as they are written in TOML: a day, or a day and a time with its offset.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use toml::value::{Datetime, Offset};

/// A point in time; a day alone begins at midnight UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Since 1970-01-01T00:00:00Z.
    seconds: i64,
    /// As it was written.
    text: String,
}

impl Moment {
    /// Nothing for a time without a day, and for a time of which nobody knows in which zone it is.
    pub(super) fn of(written: &Datetime) -> Option<Self> {
        let date = written.date?;
        let midnight = days_since_1970(i64::from(date.year), i64::from(date.month), i64::from(date.day)) * 86_400;
        let seconds = match (written.time, written.offset) {
            (None, None) => midnight,
            (Some(time), Some(offset)) => {
                let of_day = i64::from(time.hour) * 3600
                    + i64::from(time.minute) * 60
                    + i64::from(time.second.unwrap_or_default());
                let east = match offset {
                    Offset::Z => 0,
                    Offset::Custom { minutes } => i64::from(minutes) * 60,
                };
                midnight + of_day - east
            }
            _ => return None,
        };
        Some(Self { seconds, text: written.to_string() })
    }

    pub fn is_after(&self, now: SystemTime) -> bool {
        let since = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        i64::try_from(since).is_ok_and(|now| self.seconds > now)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Of a day of the Gregorian calendar. Years are counted from March, so that the day that leap years have more is the last of one.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        Moment::of(&text.parse().unwrap()).map(|moment| moment.seconds)
    }

    #[test]
    fn moments_are_those_of_the_calendar() {
        // As `date -u -d TEXT +%s` has them.
        for (text, expected) in [
            ("1970-01-01", 0),
            ("2000-02-29", 951_782_400),
            ("2026-03-02", 1_772_409_600),
            ("2026-03-02T08:30:05Z", 1_772_440_205),
            ("2026-03-02T08:30:05+02:00", 1_772_433_005),
            ("2100-03-01", 4_107_542_400),
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
        assert!(moment.is_after(UNIX_EPOCH + Duration::from_secs(86_399)));
        assert!(!moment.is_after(UNIX_EPOCH + Duration::from_secs(86_400)));
    }
}
