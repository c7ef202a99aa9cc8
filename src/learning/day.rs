//! A day, as `2026-11-21`.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the Gregorian calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i64,
    month: u32,
    of_month: u32,
}

const DAY_SECONDS: u64 = 24 * 60 * 60;

impl Day {
    pub fn today() -> Self {
        Self::of(SystemTime::now())
    }

    /// The day of a moment; that of 1970 for one before it.
    pub fn of(moment: SystemTime) -> Self {
        let days = moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / DAY_SECONDS);
        Self::since_1970(i64::try_from(days).unwrap_or_default())
    }

    /// Counts in years that begin with March, so that the day that leap years have more is the last of one.
    fn since_1970(days: i64) -> Self {
        let days = days + 719_468;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let of_month = u32::try_from(day_of_year - (153 * march_month + 2) / 5 + 1).unwrap_or(1);
        let month = u32::try_from((march_month + 2) % 12 + 1).unwrap_or(1);
        Self { year: year + era * 400 + i64::from(month <= 2), month, of_month }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        // As `date -d '1970-01-01 +N days'` has them.
        let table = [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (19_782, "2024-02-29"),
            (20_819, "2027-01-01"),
            (47_541, "2100-03-01"),
        ];
        for (days, day) in table {
            assert_eq!(Day::since_1970(days).to_string(), day);
        }
    }
}
