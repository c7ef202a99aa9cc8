//! Writing the canonical encoding.

use std::fmt::{Arguments, Write as _};

use data_encoding::BASE64;

use super::{Cut, Raised, TypeRef, Value, number, text};

pub(super) fn encode(value: &Value) -> Vec<u8> {
    let mut out = String::new();
    write(value, &mut out);
    out.into_bytes()
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::None => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::BigInt(value) => tagged(out, "i", &value.to_hex()),
        Value::Float(value) => float(*value, out),
        Value::Complex(real, imaginary) => {
            out.push_str("[\"c\",");
            float(*real, out);
            out.push(',');
            float(*imaginary, out);
            out.push(']');
        }
        Value::Str(text) => string(text, out),
        Value::Surrogates(points) => tagged(out, "u", &BASE64.encode(&text::surrogate_bytes(points))),
        Value::Bytes(bytes) => tagged(out, "b", &BASE64.encode(bytes)),
        Value::ByteArray(bytes) => tagged(out, "y", &BASE64.encode(bytes)),
        Value::List(items) => array(out, "l", items),
        Value::Tuple(items) => array(out, "t", items),
        Value::Set(items) => sorted(out, "s", items),
        Value::FrozenSet(items) => sorted(out, "f", items),
        Value::Dict(pairs) => array(out, "d", pairs.iter().flat_map(|(key, value)| [key, value])),
        Value::Exception(raised) => exception(raised, out),
        Value::Class(kind) => {
            out.push_str("[\"T\",");
            type_ref(kind, out);
            out.push(']');
        }
        Value::Cycle(levels) => append(out, format_args!("[\"cycle\",{levels}]")),
        Value::Cut(Cut::Depth) => out.push_str("[\"cut\",\"depth\"]"),
        Value::Cut(Cut::Size) => out.push_str("[\"cut\",\"size\"]"),
        Value::Opaque(kind, base) => {
            out.push_str("[\"o\",");
            type_ref(kind, out);
            if let Some(base) = base {
                out.push(',');
                write(base, out);
            }
            out.push(']');
        }
    }
}

fn append(out: &mut String, text: Arguments<'_>) {
    // Writing into a `String` can't fail.
    let _ = out.write_fmt(text);
}

/// A JSON string in ASCII.
fn string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            _ => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| append(out, format_args!("\\u{unit:04x}"))),
        }
    }
    out.push('"');
}

fn tagged(out: &mut String, tag: &str, content: &str) {
    append(out, format_args!("[\"{tag}\",\"{content}\"]"));
}

fn float(value: f64, out: &mut String) {
    if value.is_finite() && !(value == 0.0 && value.is_sign_negative()) {
        out.push_str(&number::float_repr(value));
    } else {
        tagged(out, "n", &number::float_repr(value));
    }
}

fn array<'a>(out: &mut String, tag: &str, items: impl IntoIterator<Item = &'a Value>) {
    append(out, format_args!("[\"{tag}\""));
    for item in items {
        out.push(',');
        write(item, out);
    }
    out.push(']');
}

fn sorted(out: &mut String, tag: &str, items: &[Value]) {
    let mut encoded: Vec<String> = items
        .iter()
        .map(|item| {
            let mut text = String::new();
            write(item, &mut text);
            text
        })
        .collect();
    encoded.sort_unstable();
    append(out, format_args!("[\"{tag}\""));
    for item in encoded {
        out.push(',');
        out.push_str(&item);
    }
    out.push(']');
}

fn type_ref(kind: &TypeRef, out: &mut String) {
    out.push('[');
    string(&kind.module, out);
    out.push(',');
    string(&kind.qualname, out);
    out.push_str(",[");
    for (index, base) in kind.bases.iter().enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        string(base, out);
    }
    out.push_str("]]");
}

fn exception(raised: &Raised, out: &mut String) {
    out.push_str("[\"e\",");
    type_ref(&raised.kind, out);
    for part in [Some(&raised.args), raised.cause.as_ref(), raised.context.as_ref()] {
        out.push(',');
        write(part.unwrap_or(&Value::None), out);
    }
    out.push_str(",[");
    for (index, frame) in raised.frames.iter().enumerate() {
        out.push_str(if index > 0 { ",[" } else { "[" });
        string(&frame.file, out);
        append(out, format_args!(",{},", frame.line));
        string(&frame.function, out);
        out.push(']');
    }
    out.push(']');
    if let Some(filename) = &raised.filename {
        out.push(',');
        write(filename, out);
    }
    out.push(']');
}
