//! Reasons for differences between containers.

use std::collections::HashMap;

use crate::wire::value::Value;

use super::reason::{a, quote};

/// Items named in a reason.
const MOST_NAMED: usize = 3;

/// The one place in which two dicts with the same keys, or two sequences of the same kind and length, differ.
pub(super) fn only_difference<'a>(expected: &'a Value, actual: &'a Value) -> Option<(String, &'a Value, &'a Value)> {
    let pairs: Vec<(String, &Value, &Value)> = match (expected, actual) {
        (Value::List(old), Value::List(new)) | (Value::Tuple(old), Value::Tuple(new)) if old.len() == new.len() => {
            // A moved item is better told as another order.
            if same_items(old, new) {
                return None;
            }
            old.iter()
                .zip(new)
                .enumerate()
                .map(|(index, (old, new))| (format!("item {}", index + 1), old, new))
                .collect()
        }
        (Value::Dict(old), Value::Dict(new)) if old.len() == new.len() => {
            let found = keyed(new)?;
            let pair = |(name, old): &'a (Value, Value)| Some((key(name), old, *found.get(&name.equality_key()?)?));
            old.iter().map(pair).collect::<Option<_>>()?
        }
        _ => return None,
    };
    let size = pairs.len();
    let mut different = pairs.into_iter().filter(|(_, old, new)| !same(old, new));
    let only = different.next()?;
    // A container of a single item is told as a whole unless it is a dict, where the key says something.
    (different.next().is_none() && (size > 1 || matches!(expected, Value::Dict(_)))).then_some(only)
}

/// Text in quotes is a name already; `5` alone might be a place.
fn key(name: &Value) -> String {
    if matches!(name, Value::Str(_)) { quote(name) } else { format!("key {}", quote(name)) }
}

/// Equal and of the same type.
fn same(a: &Value, b: &Value) -> bool {
    a.type_name() == b.type_name() && a.equals(b)
}

fn keyed(pairs: &[(Value, Value)]) -> Option<HashMap<String, &Value>> {
    pairs.iter().map(|(name, value)| Some((name.equality_key()?, value))).collect()
}

fn same_items(old: &[Value], new: &[Value]) -> bool {
    matches!(surplus(old, new), Some((missing, extra)) if missing.is_empty() && extra.is_empty())
}

/// The right value, but within a container, or without the one that is expected.
pub(super) fn wrapped(expected: &Value, actual: &Value) -> Option<String> {
    if let Some(item) = only_item(actual).filter(|item| item.equals(expected)) {
        return Some(format!("the right value, {}, but inside {}", quote(item), a(actual.type_name())));
    }
    let item = only_item(expected).filter(|item| item.equals(actual))?;
    Some(format!("the right value, {}, but not inside {}", quote(item), a(expected.type_name())))
}

fn only_item(value: &Value) -> Option<&Value> {
    match value {
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => match items.as_slice() {
            [only] => Some(only),
            _ => None,
        },
        _ => None,
    }
}

/// A list for a tuple and so on.
pub(super) fn kinds(expected: &Value, actual: &Value) -> Option<String> {
    let (old, new) = (items(expected)?, items(actual)?);
    let (wanted, given) = (expected.type_name(), actual.type_name());
    if wanted == given {
        return None;
    }
    let right = if old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.equals(new)) {
        "the right items in "
    } else if same_items(old, new) {
        "the right items, in "
    } else {
        ""
    };
    Some(format!("{right}{}, but {} is expected", a(given), a(wanted)))
}

fn items(value: &Value) -> Option<&[Value]> {
    match value {
        Value::List(items) | Value::Tuple(items) | Value::Set(items) | Value::FrozenSet(items) => Some(items),
        _ => None,
    }
}

pub(super) fn sequences(expected: &Value, actual: &Value) -> Option<String> {
    let ((Value::List(old), Value::List(new)) | (Value::Tuple(old), Value::Tuple(new))) = (expected, actual) else {
        return None;
    };
    if new.is_empty() && !old.is_empty() {
        return Some(format!("the {} is empty", actual.type_name()));
    }
    let (missing, extra) = surplus(old, new)?;
    match (missing.as_slice(), extra.as_slice()) {
        ([], []) if old.iter().rev().zip(new).all(|(old, new)| old.equals(new)) && old.len() == new.len() => {
            Some("the same items, but the other way round".to_owned())
        }
        ([], []) => Some("the same items, but in another order".to_owned()),
        (missing, []) => Some(are("missing", missing)),
        ([], extra) => Some(too_many(extra, old)),
        _ if old.len() != new.len() => Some(format!("{} instead of {}", count(new.len()), old.len())),
        _ => None,
    }
}

pub(super) fn sets(expected: &Value, actual: &Value) -> Option<String> {
    let ((Value::Set(old), Value::Set(new)) | (Value::FrozenSet(old), Value::FrozenSet(new))) = (expected, actual)
    else {
        return None;
    };
    let (missing, extra) = surplus(old, new)?;
    match (missing.as_slice(), extra.as_slice()) {
        ([], []) => None,
        (missing, []) => Some(are("missing", missing)),
        ([], extra) => Some(are("too many", extra)),
        (missing, extra) => Some(format!("{}; {}", are("missing", missing), are("too many", extra))),
    }
}

pub(super) fn dicts(expected: &Value, actual: &Value) -> Option<String> {
    let (Value::Dict(old), Value::Dict(new)) = (expected, actual) else { return None };
    let (before, after) = (keyed(old)?, keyed(new)?);
    let absent = |pairs: &'_ [(Value, Value)], from: &HashMap<String, &Value>| -> Vec<(Value, Value)> {
        pairs
            .iter()
            .filter(|(name, _)| name.equality_key().is_some_and(|key| !from.contains_key(&key)))
            .cloned()
            .collect()
    };
    let (missing, extra) = (absent(old, &after), absent(new, &before));
    if let ([(wanted, old)], [(given, new)]) = (missing.as_slice(), extra.as_slice())
        && old.equals(new)
    {
        return Some(format!("the key {} should be {}", quote(given), quote(wanted)));
    }
    let names = |pairs: &[(Value, Value)]| -> String { named(&pairs.iter().map(|(name, _)| name).collect::<Vec<_>>()) };
    let keys =
        |pairs: &[(Value, Value)]| format!("the {} {}", if pairs.len() == 1 { "key" } else { "keys" }, names(pairs));
    let are = if missing.len() == 1 { "is" } else { "are" };
    let absent = (!missing.is_empty()).then(|| format!("{} {are} missing", keys(&missing)));
    let surplus = (!extra.is_empty()).then(|| format!("{} should not be there", keys(&extra)));
    let told: Vec<String> = absent.into_iter().chain(surplus).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// The items that each side has more of than the other. `None` when an item equals nothing, not even itself.
fn surplus<'a>(old: &'a [Value], new: &'a [Value]) -> Option<(Vec<&'a Value>, Vec<&'a Value>)> {
    Some((more_of(old, new)?, more_of(new, old)?))
}

fn more_of<'a>(items: &'a [Value], others: &[Value]) -> Option<Vec<&'a Value>> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for value in others {
        *counts.entry(value.equality_key()?).or_default() += 1;
    }
    let mut more = Vec::new();
    for value in items {
        match counts.get_mut(&value.equality_key()?) {
            Some(count) if *count > 0 => *count -= 1,
            _ => more.push(value),
        }
    }
    Some(more)
}

fn are(state: &str, items: &[&Value]) -> String {
    match items.len() {
        1 => format!("one item is {state}: {}", named(items)),
        count => format!("{count} items are {state}: {}", named(items)),
    }
}

fn too_many(extra: &[&Value], expected: &[Value]) -> String {
    let repeated = extra.iter().all(|item| expected.iter().any(|other| item.equals(other)));
    match (extra.len(), repeated) {
        (1, true) => format!("one item is there once too often: {}", named(extra)),
        (1, false) => format!("one item too many: {}", named(extra)),
        (count, true) => format!("{count} items are repeated: {}", named(extra)),
        (count, false) => format!("{count} items too many: {}", named(extra)),
    }
}

fn named(items: &[&Value]) -> String {
    let mut names: Vec<String> = items.iter().take(MOST_NAMED).map(|item| quote(item)).collect();
    if items.len() > MOST_NAMED {
        names.push(format!("and {} more", items.len() - MOST_NAMED));
    }
    names.join(", ")
}

fn count(items: usize) -> String {
    if items == 1 { "1 item".to_owned() } else { format!("{items} items") }
}
