//! Python's `repr` on one line.

use std::fmt::{self, Write};

use super::{Cut, Raised, Value, number, text};

/// What Python shows for a container inside itself, outermost container first.
pub(super) type Enclosing = Vec<&'static str>;

pub(super) fn flat(value: &Value) -> String {
    let mut out = String::new();
    // Writing into a `String` can't fail.
    let _ = write(value, &mut out, &mut Enclosing::new());
    out
}

/// Stops with an error when `out` does, so that a caller can bound the length.
pub(super) fn write(value: &Value, out: &mut dyn Write, enclosing: &mut Enclosing) -> fmt::Result {
    match value {
        Value::None => out.write_str("None"),
        Value::Bool(true) => out.write_str("True"),
        Value::Bool(false) => out.write_str("False"),
        Value::Int(value) => write!(out, "{value}"),
        Value::BigInt(value) => out.write_str(&value.repr()),
        Value::Float(value) => out.write_str(&number::float_repr(*value)),
        Value::Complex(real, imaginary) => out.write_str(&number::complex_repr(*real, *imaginary)),
        Value::Str(text) => text::write_str(out, text.chars().map(u32::from)),
        Value::Surrogates(points) => text::write_str(out, points.iter().copied()),
        Value::Bytes(bytes) => text::write_bytes(out, bytes),
        Value::ByteArray(bytes) => text::write_bytearray(out, bytes),
        Value::Exception(raised) => exception(raised, out, enclosing),
        Value::Class(kind) => write!(out, "<class '{}'>", kind.full_name()),
        Value::Cycle(levels) => out.write_str(cycle(*levels, enclosing)),
        Value::Cut(Cut::Depth) => out.write_str("<nested too deeply to show>"),
        Value::Cut(Cut::Size) => out.write_str("<too much to show>"),
        Value::Opaque(kind, None) => write!(out, "<{} object>", kind.full_name()),
        Value::Opaque(kind, Some(base)) => {
            write!(out, "<{}: ", kind.full_name())?;
            write(base, out, enclosing)?;
            out.write_char('>')
        }
        Value::List(_) | Value::Tuple(_) | Value::Set(_) | Value::FrozenSet(_) | Value::Dict(_) => {
            container(value, out, enclosing)
        }
    }
}

fn container(value: &Value, out: &mut dyn Write, enclosing: &mut Enclosing) -> fmt::Result {
    let Some(shape) = Shape::of(value) else { return Ok(()) };
    if shape.entries.is_empty() {
        return out.write_str(shape.empty);
    }
    enclosing.push(shape.inside_itself);
    out.write_str(shape.open)?;
    for (index, entry) in shape.entries.iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        if let Some(key) = entry.key {
            write(key, out, enclosing)?;
            out.write_str(": ")?;
        }
        write(entry.value, out, enclosing)?;
    }
    if shape.entries.len() == 1 && matches!(value, Value::Tuple(_)) {
        out.write_char(',')?;
    }
    enclosing.pop();
    out.write_str(shape.close)
}

/// How a container is written around its entries.
pub(super) struct Shape<'a> {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    pub(super) empty: &'static str,
    pub(super) inside_itself: &'static str,
    pub(super) entries: Vec<Entry<'a>>,
}

pub(super) struct Entry<'a> {
    pub(super) key: Option<&'a Value>,
    pub(super) value: &'a Value,
}

impl<'a> Shape<'a> {
    /// None for what is no container.
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        let (open, close, empty, inside_itself) = match value {
            Value::List(_) => ("[", "]", "[]", "[...]"),
            Value::Tuple(_) => ("(", ")", "()", "(...)"),
            Value::Set(_) => ("{", "}", "set()", "set(...)"),
            Value::FrozenSet(_) => ("frozenset({", "})", "frozenset()", "frozenset(...)"),
            Value::Dict(_) => ("{", "}", "{}", "{...}"),
            _ => return None,
        };
        let entries = match value {
            Value::List(items) | Value::Tuple(items) => items.iter().map(Entry::item).collect(),
            Value::Set(items) | Value::FrozenSet(items) => sorted(items),
            Value::Dict(pairs) => pairs.iter().map(|(key, value)| Entry { key: Some(key), value }).collect(),
            _ => Vec::new(),
        };
        Some(Self { open, close, empty, inside_itself, entries })
    }
}

impl<'a> Entry<'a> {
    fn item(value: &'a Value) -> Self {
        Self { key: None, value }
    }
}

/// Numbers by size, then text by alphabet, then the rest by how it is written.
fn sorted(items: &[Value]) -> Vec<Entry<'_>> {
    let mut items: Vec<&Value> = items.iter().collect();
    items.sort_by_cached_key(|item| match item {
        Value::Int(value) => (0, *value, String::new()),
        Value::Float(value) => (1, total_order(*value), String::new()),
        Value::Str(text) => (2, 0, text.clone()),
        other => (3, 0, flat(other)),
    });
    items.into_iter().map(Entry::item).collect()
}

/// Integers in the order of IEEE 754's `totalOrder`, as `f64::total_cmp` makes them.
fn total_order(value: f64) -> i64 {
    let bits = value.to_bits().cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

fn exception(raised: &Raised, out: &mut dyn Write, enclosing: &mut Enclosing) -> fmt::Result {
    out.write_str(raised.kind.name())?;
    match &raised.args {
        Value::Tuple(args) if args.len() == 1 => {
            out.write_char('(')?;
            write(&args[0], out, enclosing)?;
            out.write_char(')')
        }
        Value::Tuple(_) => write(&raised.args, out, enclosing),
        _ => out.write_str("(...)"),
    }
}

fn cycle(levels: u32, enclosing: &Enclosing) -> &'static str {
    let up = usize::try_from(levels).unwrap_or(usize::MAX);
    enclosing.len().checked_sub(up).and_then(|index| enclosing.get(index)).copied().unwrap_or("...")
}
