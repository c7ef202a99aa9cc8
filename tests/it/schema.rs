//! Holds documents against `docs/verdict.schema.json`; every test that produces one calls [`assert_valid`].

use std::sync::LazyLock;

use serde_json::Value;

const SCHEMA: &str = include_str!("../../docs/verdict.schema.json");

static LENIENT: LazyLock<jsonschema::Validator> = LazyLock::new(|| compile(&schema()));
static STRICT: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let mut schema = schema();
    forbid_unknown(&mut schema);
    compile(&schema)
});

/// Panics, naming each place, when the document is not as the schema says, or has a field that the schema does not know: readers must
/// expect such fields, but ours have to be described.
pub(crate) fn assert_valid(document: &Value) {
    for (validator, what) in [(&*LENIENT, "the schema"), (&*STRICT, "the schema without unknown fields")] {
        let errors: Vec<String> =
            validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "against {what}:\n{}\n{document:#}", errors.join("\n"));
    }
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("the schema is JSON")
}

fn compile(schema: &Value) -> jsonschema::Validator {
    jsonschema::draft202012::new(schema).expect("the schema is a schema")
}

/// Adds `additionalProperties: false` to every object that lists its properties.
fn forbid_unknown(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let lists = fields.get("properties").is_some_and(Value::is_object);
            fields.values_mut().for_each(forbid_unknown);
            if lists {
                fields.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(forbid_unknown),
        _ => {}
    }
}

#[test]
fn unknown_and_missing_fields_and_wrong_words_are_found() {
    let good = serde_json::json!({"schema": "grade/1", "verdicts": []});
    assert_valid(&good);
    for bad in [
        serde_json::json!({"schema": "grade/2", "verdicts": []}),
        serde_json::json!({"schema": "grade/1"}),
        serde_json::json!({"schema": "grade/1", "verdicts": [], "extra": 1}),
        serde_json::json!({"schema": "grade/1", "verdicts": [{"exercise": "x"}]}),
    ] {
        assert!(std::panic::catch_unwind(|| assert_valid(&bad)).is_err(), "{bad}");
    }
}
