//! A Python value as plain data: what a sandbox may say about a value and nothing more (`docs/protocol.md`, "Plain data").
//!
//! The bytes come from learner code. [`validate`] and [`Value::decode`] walk the same grammar: one keeps nothing, the other builds a tree.

mod builder;
mod encode;
mod equal;
mod grammar;
mod hashes;
mod message;
mod number;
mod pretty;
#[cfg(test)]
mod properties;
mod repr;
mod scan;
mod text;

use std::fmt;

pub use message::{Answer, OracleCall, validate_answer, validate_oracle_call, validate_prompt};
pub use number::BigInt;

/// A Python value, by its exact type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    None,
    Bool(bool),
    /// Absolute value below 2^53.
    Int(i64),
    /// Absolute value of at least 2^53.
    BigInt(BigInt),
    Float(f64),
    Complex(f64, f64),
    Str(String),
    /// A `str` with lone surrogates, as its code points.
    Surrogates(Vec<u32>),
    Bytes(Vec<u8>),
    ByteArray(Vec<u8>),
    List(Vec<Value>),
    Tuple(Vec<Value>),
    Set(Vec<Value>),
    FrozenSet(Vec<Value>),
    /// In insertion order.
    Dict(Vec<(Value, Value)>),
    Exception(Box<Raised>),
    /// A class itself, not an instance of it.
    Class(TypeRef),
    /// A container inside itself; the number of levels up to it, 1 is the parent.
    Cycle(u32),
    Cut(Cut),
    /// Anything else; with its base part when it is an instance of a subclass of a plain type.
    Opaque(TypeRef, Option<Box<Value>>),
}

/// Why the encoder stopped before the end of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    Depth,
    Size,
}

/// The name of a class, as the sandbox reported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeRef {
    pub module: String,
    pub qualname: String,
    /// `module.qualname` of each base in method resolution order, `object` left out.
    pub bases: Vec<String>,
}

impl TypeRef {
    /// The class name without what encloses it: `Account` for `Bank.Account`.
    pub fn name(&self) -> &str {
        self.qualname.rsplit('.').next().unwrap_or(&self.qualname)
    }

    /// `decorators.Account`; classes of `builtins` go without their module, as in Python's own reprs.
    pub fn full_name(&self) -> String {
        if self.is_builtin() { self.qualname.clone() } else { format!("{}.{}", self.module, self.qualname) }
    }

    /// Whether the class claims to live in `builtins`.
    pub fn is_builtin(&self) -> bool {
        self.module == "builtins"
    }
}

/// An exception object and what is known of where it was raised.
#[derive(Clone, Debug, PartialEq)]
pub struct Raised {
    pub kind: TypeRef,
    /// A [`Value::Tuple`], or a [`Value::Cut`].
    pub args: Value,
    pub cause: Option<Value>,
    pub context: Option<Value>,
    /// In the learner's files only, outermost first.
    pub frames: Vec<RaisedFrame>,
    /// The file name of an `OSError`.
    pub filename: Option<Box<Value>>,
}

/// One frame of a traceback in the learner's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaisedFrame {
    pub file: String,
    /// From 1; 0 when Python did not know.
    pub line: u32,
    pub function: String,
}

/// What is accepted from the sandbox.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Largest encoded size in bytes.
    pub bytes: usize,
    /// Deepest nesting of the encoded form.
    pub depth: usize,
}

impl Default for Bounds {
    /// 1 MiB and 200 levels, as in `docs/protocol.md`.
    fn default() -> Self {
        Self { bytes: 1 << 20, depth: 200 }
    }
}

/// Why bytes are no plain data: what was wrong, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireError {
    pub what: &'static str,
    /// Offset from 0.
    pub at: usize,
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.what, self.at)
    }
}

impl std::error::Error for WireError {}

/// Accepts exactly the encodings of one value within `bounds`, without building it.
///
/// # Errors
/// The first thing that is not as `docs/protocol.md` says.
pub fn validate(bytes: &[u8], bounds: &Bounds) -> Result<(), WireError> {
    grammar::parse(bytes, bounds, builder::Nothing)
}

impl Value {
    /// Decodes what [`validate`] accepts under the default bounds.
    ///
    /// # Errors
    /// As [`validate`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        Self::decode_within(bytes, &Bounds::default())
    }

    /// Decodes what [`validate`] accepts under `bounds`.
    ///
    /// # Errors
    /// As [`validate`].
    pub fn decode_within(bytes: &[u8], bounds: &Bounds) -> Result<Self, WireError> {
        grammar::parse(bytes, bounds, builder::Tree)
    }

    /// The one canonical encoding; set items are put in the order of their encoded text.
    pub fn encode(&self) -> Vec<u8> {
        encode::encode(self)
    }

    /// Whether `==` holds in Python. Nothing that is not plain equals anything, and neither does a `nan`.
    pub fn equals(&self, other: &Self) -> bool {
        self.equality_key().zip(other.equality_key()).is_some_and(|(a, b)| a == b)
    }

    /// A text that two plain values share exactly when Python finds them equal; `None` for what equals nothing, not even itself.
    pub fn equality_key(&self) -> Option<String> {
        equal::key(self)
    }

    /// What Python's `repr` shows, on one line; longer than `limit` characters it is cut in the middle.
    ///
    /// Items of sets are sorted, since their order means nothing.
    pub fn python_repr(&self, limit: usize) -> String {
        text::cut_middle(&repr::flat(self), limit)
    }

    /// The same over several lines, one item each, wherever the flat form is wider than `width`; made to be compared line by line.
    pub fn python_pretty(&self, width: usize) -> String {
        pretty::pretty(self, width)
    }

    /// What Python's `str` shows: the text itself for a `str`, the repr for everything plain.
    pub fn python_str(&self) -> String {
        match self {
            Self::Str(text) => text.clone(),
            Self::Exception(raised) => raised.message(),
            other => repr::flat(other),
        }
    }

    /// The word for the type in a sentence: `list`, `NoneType`, `Account`.
    pub fn type_name(&self) -> &str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::BigInt(_) => "int",
            Self::Float(_) => "float",
            Self::Complex(..) => "complex",
            Self::Str(_) | Self::Surrogates(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::ByteArray(_) => "bytearray",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Set(_) => "set",
            Self::FrozenSet(_) => "frozenset",
            Self::Dict(_) => "dict",
            Self::Exception(raised) => raised.kind.name(),
            Self::Class(_) => "type",
            Self::Cycle(_) | Self::Cut(_) => "value",
            Self::Opaque(kind, _) => kind.name(),
        }
    }
}

impl Raised {
    /// The text that `str(exception)` shows, derived from the arguments as `BaseException.__str__` does.
    pub fn message(&self) -> String {
        let Value::Tuple(args) = &self.args else { return String::new() };
        match args.as_slice() {
            [] => String::new(),
            [only] if self.is_a("KeyError") => repr::flat(only),
            [only] => only.python_str(),
            [errno, text] if self.is_a("OSError") => {
                let file = self.filename.as_ref().map(|name| format!(": {}", repr::flat(name))).unwrap_or_default();
                format!("[Errno {}] {}{file}", errno.python_str(), text.python_str())
            }
            _ => repr::flat(&self.args),
        }
    }

    /// Whether the exception reports to be of the builtin class `name` or of a subclass.
    pub fn is_a(&self, name: &str) -> bool {
        let builtin = format!("builtins.{name}");
        (self.kind.is_builtin() && self.kind.qualname == name) || self.kind.bases.contains(&builtin)
    }
}
