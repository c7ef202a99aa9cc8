//! Our idea of Python's `repr` against Python's.

use std::io::Write as _;
use std::process::Stdio;

use grade::wire::value::{BigInt, Value};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

/// Runs `python3 -c script` on `input` and gives what it printed.
#[expect(clippy::disallowed_methods, reason = "Python itself is the reference that the test asks")]
pub(crate) fn python(script: &str, input: &[u8]) -> String {
    let mut child = std::process::Command::new("python3")
        .args(["-I", "-X", "utf8", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is on the path");
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{script}");
    String::from_utf8(output.stdout).unwrap()
}

/// Decodes a line of plain data and prints its repr, escaped to one line of ASCII. Sets have one item, since their order means nothing.
const REFERENCE: &str = r#"
import base64, json, sys
def value(x):
    if not isinstance(x, list):
        return x
    tag, rest = x[0], x[1:]
    if tag == "i": return int(rest[0], 16)
    if tag == "n": return float(rest[0])
    if tag == "c": return complex(value(rest[0]), value(rest[1]))
    if tag == "u": return base64.b64decode(rest[0]).decode("utf-8", "surrogatepass")
    if tag == "b": return base64.b64decode(rest[0])
    if tag == "y": return bytearray(base64.b64decode(rest[0]))
    items = [value(item) for item in rest]
    if tag == "d": return dict(zip(items[::2], items[1::2]))
    return {"l": list, "t": tuple, "s": set, "f": frozenset}[tag](items)
for line in sys.stdin:
    print(ascii(repr(value(json.loads(line)))))
"#;

fn scalar() -> impl Strategy<Value = Value> {
    // Characters whose printability no version of Unicode after Python's has changed.
    let text = proptest::collection::vec(
        prop_oneof![
            (0u32..0x250).prop_filter_map("char", char::from_u32),
            (0x2000u32..0x2060).prop_filter_map("char", char::from_u32),
            Just('\''),
            Just('"'),
            Just('\\'),
            Just('日'),
            Just('👍'),
            Just('\u{feff}'),
            Just('\u{e000}'),
            Just('\u{10ffff}'),
        ],
        0..12,
    );
    prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        (-(1i64 << 53) + 1..1i64 << 53).prop_map(Value::Int),
        "-?0x[1-9a-f][0-9a-f]{14,60}".prop_filter_map("small", |text| BigInt::from_hex(&text)).prop_map(Value::BigInt),
        any::<f64>().prop_map(Value::Float),
        (-400i32..400).prop_map(|power| Value::Float(10f64.powi(power))),
        (-100_000i32..100_000, 0i32..8).prop_map(|(n, power)| Value::Float(f64::from(n) / 10f64.powi(power))),
        Just(Value::Float(f64::NAN)),
        Just(Value::Float(f64::INFINITY)),
        Just(Value::Float(-0.0)),
        (any::<f64>(), any::<f64>()).prop_map(|(re, im)| Value::Complex(re, im)),
        (-3i32..4, -3i32..4).prop_map(|(re, im)| Value::Complex(f64::from(re), f64::from(im))),
        text.prop_map(|chars| Value::Str(chars.into_iter().collect())),
        proptest::collection::vec(0xdc00u32..0xdd00, 1..4).prop_map(Value::Surrogates),
        any::<Vec<u8>>().prop_map(Value::Bytes),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![6 => scalar(), 1 => any::<Vec<u8>>().prop_map(Value::ByteArray)];
    leaf.prop_recursive(3, 24, 5, |inner| {
        let items = proptest::collection::vec(inner.clone(), 0..5);
        let one = || proptest::collection::vec(scalar(), 0..2);
        prop_oneof![
            items.clone().prop_map(Value::List),
            items.prop_map(Value::Tuple),
            one().prop_map(Value::Set),
            one().prop_map(Value::FrozenSet),
            proptest::collection::vec((any::<String>().prop_map(|_| String::new()), inner), 0..5)
                .prop_map(numbered_dict),
        ]
    })
}

fn numbered_dict(items: Vec<(String, Value)>) -> Value {
    Value::Dict(
        items.into_iter().enumerate().map(|(index, (_, value))| (Value::Str(format!("k'{index}")), value)).collect(),
    )
}

#[test]
fn python_repr_is_what_python_shows() {
    let mut runner = TestRunner::deterministic();
    let values: Vec<Value> = (0..600).map(|_| value().new_tree(&mut runner).unwrap().current()).collect();
    let lines: Vec<u8> = values.iter().flat_map(|value| [value.encode(), vec![b'\n']].concat()).collect();
    let shown = python(REFERENCE, &lines);
    assert_eq!(shown.lines().count(), values.len());
    for (value, shown) in values.iter().zip(shown.lines()) {
        let ours = Value::Str(value.python_repr(usize::MAX)).encode();
        // Both as Python literals: `ascii` in Python, JSON here.
        let theirs = python_literal(shown);
        assert_eq!(Value::decode(&ours).unwrap().python_str(), theirs, "{value:?}");
    }
}

/// The text of a Python string literal as `ascii` writes it.
fn python_literal(literal: &str) -> String {
    let inner = &literal[1..literal.len() - 1];
    let mut text = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        let kind = chars.next().unwrap();
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            other => {
                text.push(other);
                continue;
            }
        };
        let hex: String = chars.by_ref().take(digits).collect();
        text.push(char::from_u32(u32::from_str_radix(&hex, 16).unwrap()).unwrap());
    }
    text
}
