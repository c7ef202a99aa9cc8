//! What `grade cache list` and `grade cache clear` print.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::environment::cache::{Cleared, Entry, Kind};

/// The list as text, with a last line for the total; paths are relative to `cache_dir`, ages count up to `now`.
pub fn list(entries: &[Entry], cache_dir: &Path, now: SystemTime) -> String {
    if entries.is_empty() {
        return format!("The cache `{}` is empty.\n", cache_dir.display());
    }
    let mut text = String::new();
    for entry in entries {
        let age = now.duration_since(entry.last_used).unwrap_or_default();
        let (kind, bytes, age) = (kind_name(entry.kind), size(entry.bytes), self::age(age));
        let place = entry.path.strip_prefix(cache_dir).unwrap_or(&entry.path).display();
        // Writing to a string can't fail.
        let _ = writeln!(text, "{kind:<12}{bytes:>9}  {age:<12}  {}  ({place})", entry.detail);
    }
    let total: u64 = entries.iter().map(|entry| entry.bytes).sum();
    let _ = writeln!(text, "{} in {} in `{}`", size(total), count(entries.len()), cache_dir.display());
    text
}

/// What was removed, and what was not and why.
pub fn cleared(cleared: &Cleared) -> String {
    let bytes: u64 = cleared.removed.iter().map(|entry| entry.bytes).sum();
    let mut text = match cleared.removed.len() {
        0 => "Nothing to remove.\n".to_owned(),
        number => format!("Removed {}: {}.\n", count(number), size(bytes)),
    };
    for entry in &cleared.in_use {
        let _ = writeln!(text, "Kept, for a running grade uses it: {}", entry.detail);
    }
    text
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Environment => "environment",
        Kind::Interpreter => "interpreter",
        Kind::Unfinished => "unfinished",
        Kind::Catalog => "catalog",
        Kind::Results => "results",
    }
}

fn count(number: usize) -> String {
    if number == 1 { "1 entry".into() } else { format!("{number} entries") }
}

/// `15.4 MB`, in powers of ten as package indexes count.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}

/// `3 days ago`, in the largest unit that is not zero.
fn age(age: Duration) -> String {
    let seconds = age.as_secs();
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    match units.iter().find(|(length, _)| seconds >= *length) {
        None => "just now".into(),
        Some((length, unit)) if seconds / length == 1 => format!("1 {unit} ago"),
        Some((length, unit)) => format!("{} {unit}s ago", seconds / length),
    }
}
