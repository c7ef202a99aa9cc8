//! Generated values and bytes: the codec loses nothing and never panics.

use proptest::prelude::*;

use super::{BigInt, Bounds, Cut, Raised, RaisedFrame, TypeRef, Value, validate};

fn type_ref() -> impl Strategy<Value = TypeRef> {
    ("[a-z]{1,8}", "[A-Z][a-z]{0,8}", proptest::collection::vec("[a-z]{1,4}\\.[A-Z]{1,4}", 0..3))
        .prop_map(|(module, qualname, bases)| TypeRef { module, qualname, bases })
}

fn hashable() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        (-(1i64 << 53) + 1..1i64 << 53).prop_map(Value::Int),
        "-?0x[1-9a-f][0-9a-f]{14,40}"
            .prop_filter_map("too small", |text| BigInt::from_hex(&text))
            .prop_map(Value::BigInt),
        any::<f64>().prop_map(Value::Float),
        (any::<f64>(), any::<f64>()).prop_map(|(re, im)| Value::Complex(re, im)),
        any::<String>().prop_map(Value::Str),
        proptest::collection::vec(0xd800u32..0xe000, 1..4).prop_map(Value::Surrogates),
        any::<Vec<u8>>().prop_map(Value::Bytes),
        type_ref().prop_map(Value::Class),
        type_ref().prop_map(|kind| Value::Opaque(kind, None)),
    ]
}

/// Values of which no two are equal.
fn distinct() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(hashable(), 0..6).prop_map(|items| {
        let mut seen = std::collections::HashSet::new();
        items
            .into_iter()
            .filter(|item| seen.insert(item.equality_key().unwrap_or_else(|| format!("{item:?}"))))
            .collect()
    })
}

fn exception(args: Vec<Value>, kind: TypeRef) -> Value {
    let frames = vec![RaisedFrame { file: "a b.py".to_owned(), line: 3, function: "<module>".to_owned() }];
    Value::Exception(Box::new(Raised {
        kind,
        args: Value::Tuple(args),
        cause: None,
        context: None,
        frames,
        filename: None,
    }))
}

/// Any value that the grammar allows.
pub(super) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![4 => hashable(), 1 => any::<Vec<u8>>().prop_map(Value::ByteArray), 1 => Just(Value::Cut(Cut::Depth))];
    leaf.prop_recursive(4, 48, 6, |inner| {
        let items = proptest::collection::vec(inner.clone(), 0..6);
        prop_oneof![
            items.clone().prop_map(Value::List),
            items.clone().prop_map(Value::Tuple),
            distinct().prop_map(Value::Set),
            distinct().prop_map(Value::FrozenSet),
            (distinct(), items.clone()).prop_map(|(keys, items)| Value::Dict(keys.into_iter().zip(items).collect())),
            (items.clone(), type_ref()).prop_map(|(args, kind)| exception(args, kind)),
            (type_ref(), items).prop_map(|(kind, items)| Value::Opaque(kind, Some(Box::new(Value::List(items))))),
            inner.prop_map(|inner| Value::List(vec![inner, Value::Cycle(1)])),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_the_same_encoding(value in value()) {
        let encoded = value.encode();
        prop_assert_eq!(validate(&encoded, &Bounds::default()), Ok(()));
        let decoded = Value::decode(&encoded).unwrap();
        prop_assert_eq!(decoded.encode(), encoded);
        prop_assert_eq!(decoded.python_repr(usize::MAX), value.python_repr(usize::MAX));
    }

    #[test]
    fn arbitrary_bytes_are_refused_or_decoded_without_panic(bytes in any::<Vec<u8>>()) {
        prop_assert_eq!(validate(&bytes, &Bounds::default()).err(), Value::decode(&bytes).err());
    }

    #[test]
    fn mutated_encodings_are_refused_or_decoded_without_panic(
        value in value(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let mut bytes = value.encode();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        prop_assert_eq!(validate(&bytes, &Bounds::default()).err(), Value::decode(&bytes).err());
    }

    #[test]
    fn pretty_shows_the_same_characters_as_flat(value in value(), width in 1usize..80) {
        let bare = |text: &str| text.replace([' ', '\n', ','], "");
        prop_assert_eq!(bare(&value.python_pretty(width)), bare(&value.python_repr(usize::MAX)));
    }
}

#[test]
fn what_the_protocol_does_not_list_is_refused() {
    let refused = [
        "",
        "{}",
        "[]",
        "[1]",
        "[\"l\"",
        "[\"l\",]",
        "[\"l\" 1]",
        "[,\"l\"]",
        "1 2",
        "]",
        "nul",
        "-0",
        "01",
        "1.",
        ".5",
        "1e",
        "1e400",
        "-0.0",
        "9007199254740992",
        "99999999999999999999999",
        "NaN",
        "Infinity",
        "'a'",
        "\"\\ud800\"",
        "[\"i\",\"0x1f\"]",
        "[\"i\",\"0X20000000000000\"]",
        "[\"i\",\"0x020000000000000\"]",
        "[\"i\",5]",
        "[\"n\",\"NaN\"]",
        "[\"n\",\"1.0\"]",
        "[\"c\",1,2]",
        "[\"c\",1.0]",
        "[\"b\",\"YQ\"]",
        "[\"b\",\"YR==\"]",
        "[\"b\",\"Y!==\"]",
        "[\"u\",\"YQ==\"]",
        "[\"d\",1]",
        "[\"d\",[\"l\"],1]",
        "[\"s\",[\"t\",[\"l\"]]]",
        "[\"z\",1]",
        "[\"T\",\"int\"]",
        "[\"o\",[\"m\",\"Q\",[]],1,2]",
        "[\"cut\",\"short\"]",
        "[\"cycle\",-1]",
        "[\"cycle\",1]",
        "[\"l\",[\"cycle\",2]]",
        " 1",
        "1 ",
        "[\"l\", 1]",
        "\"é\"",
        "[\"s\",1,1.0]",
        "[\"s\",[\"t\",1],[\"t\",true]]",
        "[\"f\",[\"f\",1,2],[\"f\",2,1]]",
        "[\"d\",1,2,1,2]",
        "[\"o\",[\"m\",\"Q\",[]],null]",
        "[\"o\",[\"m\",\"Q\",[]],[\"T\",[\"m\",\"Q\",[]]]]",
        "[\"e\",[\"m\",\"Q\",[]],[\"l\"],null,null,[]]",
        "[\"e\",[\"m\",\"Q\",[]],[\"t\"],1,null,[]]",
        "null null",
        "\"a\nb\"",
        "[\"ok\",1]",
    ];
    for text in refused {
        assert!(Value::decode(text.as_bytes()).is_err(), "{text:?} was decoded");
    }
    assert!(Value::decode(b"\"\xff\"").is_err());
}

#[test]
fn nesting_is_bounded_at_exactly_the_given_depth() {
    let nested = |levels: usize| format!("{}{}", "[\"l\",".repeat(levels - 1) + "[\"l\"", "]".repeat(levels));
    assert_eq!(validate(nested(200).as_bytes(), &Bounds::default()), Ok(()));
    assert_eq!(validate(nested(201).as_bytes(), &Bounds::default()).unwrap_err().what, "nested too deeply");
    assert!(validate(nested(100_000).as_bytes(), &Bounds::default()).is_err());
}

#[test]
fn size_is_bounded() {
    let bounds = Bounds { bytes: 4, ..Bounds::default() };
    assert_eq!(validate(b"1234", &bounds), Ok(()));
    assert!(validate(b"12345", &bounds).is_err());
}
