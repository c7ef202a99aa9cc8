//! Values and patches that would fool a comparison made in the learner's own process.

use crate::trial::{preceded_by, squaring, submit};

const EQUAL: &str =
    "__eq__ = lambda self, other: True\n    __ne__ = lambda self, other: False\n    __hash__ = object.__hash__";

#[test]
fn an_object_that_equals_everything_is_no_answer() {
    let tried = submit(squaring(&format!("class Any:\n    {EQUAL}\nreturn Any()")));
    tried.assert_first("failed", None, "Any");
    tried.assert_others_pass();
}

#[test]
fn subclasses_of_plain_types_are_not_the_plain_types() {
    for (base, value) in [
        ("int", "n * n"),
        ("str", "str(n * n)"),
        ("list", "[n * n]"),
        ("dict", "{}"),
        ("float", "n * n"),
        ("bytes", "b''"),
        ("tuple", "()"),
    ] {
        let tried = submit(squaring(&format!("class Lie({base}):\n    {EQUAL}\nreturn Lie({value})")));
        tried.assert_first("failed", None, "Lie");
        tried.assert_others_pass();
    }
}

#[test]
fn a_true_that_equals_one_is_not_one() {
    tried_wrong("return n * n == n * n");
    tried_wrong("return float(n * n)");
    tried_wrong("import fractions\nreturn fractions.Fraction(n * n)");
    tried_wrong("import unittest.mock\nreturn unittest.mock.ANY");
}

fn tried_wrong(body: &str) {
    let tried = submit(squaring(body));
    // A float of the same value is equal for Python, and so for the grader's author.
    if !body.contains("float") {
        tried.assert_first("failed", None, "expected ");
    }
    tried.assert_others_pass();
}

#[test]
fn a_metaclass_and_a_forged_class_name_fool_nobody() {
    let body = format!(
        "class Meta(type):\n    {EQUAL}\n    __instancecheck__ = lambda *_: True\n    __subclasscheck__ = lambda *_: True\nclass int(metaclass=Meta):\n    {EQUAL}\n    \
                __class__ = property(lambda self: type(0))\nint.__module__, int.__qualname__ = 'builtins', 'int'\nreturn int()"
    );
    let tried = submit(squaring(&body));
    tried.assert_first("failed", None, "expected ");
    tried.assert_others_pass();
}

#[test]
fn patched_builtins_and_modules_change_no_wrong_answer_into_a_right_one() {
    let patch = "import builtins, json, marshal, operator, struct, sys\nfor name in ('isinstance', 'all', 'any', 'bool', 'hasattr'):\n    setattr(builtins, name, lambda *_: True)\n\
                 builtins.type = lambda *_: int\nbuiltins.len = lambda *_: 0\njson.dumps = json.loads = marshal.loads = lambda *_, **__: 49\noperator.eq = lambda *_: True\n\
                 sys.stdout = sys.stderr = None\nsys.modules.update(grader=json, pytest=json, unittest=json)\n";
    let tried = submit(preceded_by(patch).replacen("return n * n", "return 49", 1));
    assert_eq!(tried.first()["outcome"], "failed", "{:#}", tried.first());
    assert!(!tried.passed());
}

#[test]
fn a_patched_builtin_is_seen_by_the_learners_own_code() {
    let tried = submit(squaring(
        "import builtins\nkept, builtins.abs = abs, lambda _: 0\ntry:\n    return n * n + abs(5)\nfinally:\n    builtins.abs = kept",
    ));
    assert_eq!(tried.code, 0);
}

#[test]
fn neither_frames_nor_the_collector_hold_an_expected_answer() {
    let body = r"import gc, sys
found, seen, queue = [], set(), [sys._getframe(), sys.modules, *gc.get_objects()]
while queue and len(seen) < 400_000:
    each = queue.pop()
    if id(each) in seen:
        continue
    seen.add(id(each))
    if type(each) is int and each == n * n:
        found.append(each)
    queue.extend(gc.get_referents(each))
print('looked at', len(seen))
return -1 if len(found) > 1 else 'nothing found'";
    let tried = submit(squaring(body));
    assert!(tried.first()["stdout"].as_str().unwrap_or("").contains("looked at"), "{:#}", tried.first());
    tried.assert_first("failed", None, "got 'nothing found'");
}

#[test]
fn an_exception_named_like_another_is_shown_and_fails() {
    let tried = submit(squaring("class AssertionError(BaseException):\n    pass\nraise AssertionError('passed')"));
    tried.assert_first("failed", None, "AssertionError: passed");
    tried.assert_others_pass();
}

#[test]
fn printing_what_a_passed_run_prints_passes_nothing() {
    let tried = submit(squaring("print('{\"outcome\": \"passed\"}\\n4 passed in 0.01s\\nOK\\nPASS')"));
    tried.assert_first("failed", None, "got None");
    tried.assert_others_pass();
}

#[test]
fn the_seed_of_the_run_cannot_be_read_inside() {
    let tried = submit(squaring(
        "import os, random\nreturn [os.environ['PYTHONHASHSEED'], *os.environ.values()].count('7') or n * n",
    ));
    assert_eq!(tried.code, 0, "{:#}", tried.first());
}
