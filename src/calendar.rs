//! Points in time and lengths of time, as instructors and systems write them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

/// A point in time: with an offset (`2026-03-01T23:59:00+01:00`, `2026-03-01 22:59:00 UTC`), or without one, in `zone`.
pub fn moment(text: &str, zone: Option<&TimeZone>) -> Option<Timestamp> {
    let text = text.trim();
    with_offset(text).or_else(|| in_zone(text.parse().ok()?, zone?))
}

/// The same, or a date alone: its end.
pub fn deadline(text: &str, zone: Option<&TimeZone>) -> Option<Timestamp> {
    let end_of_day = || {
        let date: Date = text.trim().parse().ok()?;
        in_zone(date.tomorrow().ok()?.into(), zone?)
    };
    // jiff takes a date alone for its midnight.
    let is_date = !text.trim().contains([':', 'T', ' ']);
    if is_date { end_of_day() } else { moment(text, zone) }
}

fn with_offset(text: &str) -> Option<Timestamp> {
    // Ruby writes `2026-03-01 23:59:00.000000000 -08:00` and `… UTC`.
    let joined = match text.rsplit_once(' ') {
        Some((time, "UTC" | "GMT" | "Z")) => format!("{time}Z"),
        Some((time, offset)) if offset.starts_with(['+', '-']) && time.contains(':') => format!("{time}{offset}"),
        _ => text.to_owned(),
    };
    let parsed = joined.parse().ok();
    parsed.or_else(|| jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp()))
}

fn in_zone(time: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(time).ok()
}

/// A length of time: `15 min`, `2 days`, `1 day 12 h`; not negative.
pub fn length(text: &str) -> Option<Span> {
    let span: Span = text.trim().parse().ok()?;
    (!span.is_negative()).then_some(span)
}

/// So much later by the calendar and clocks of a zone: a day later is the same time of day.
pub fn later(from: Timestamp, by: Span, zone: &TimeZone) -> Timestamp {
    let moved = from.to_zoned(zone.clone()).checked_add(by);
    moved.map_or(Timestamp::MAX, |moved| moved.timestamp())
}

/// `2026-03-01 23:59 Europe/Berlin`
pub fn shown(time: Timestamp, zone: &TimeZone) -> String {
    let zoned: Zoned = time.to_zoned(zone.clone());
    let name = zone.iana_name().map_or_else(|| zoned.strftime("%:z").to_string(), str::to_owned);
    let seconds = if zoned.second() == 0 { "" } else { ":%S" };
    format!("{} {name}", zoned.strftime(&format!("%Y-%m-%d %H:%M{seconds}")))
}

/// `3 days 4 h`, `5 min`: what is left of a length of time at two units.
pub fn spoken(seconds: i64) -> String {
    let parts =
        [(seconds / 86_400, "day"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let told = |(number, unit): &(i64, &str)| {
        let plural = if *unit == "day" && *number != 1 { "s" } else { "" };
        format!("{number} {unit}{plural}")
    };
    let first = parts.iter().position(|(number, _)| *number > 0).unwrap_or(parts.len() - 1);
    let shown = parts.iter().skip(first).take(2).filter(|(number, _)| *number > 0);
    let words: Vec<String> = shown.map(told).collect();
    if words.is_empty() { "0 s".to_owned() } else { words.join(" ") }
}
