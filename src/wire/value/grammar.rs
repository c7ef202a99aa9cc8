//! The grammar of plain data, walked once for both validating and decoding.

use data_encoding::BASE64;

use super::scan::{Scanner, Token};
use super::{BigInt, Bounds, Cut, Raised, RaisedFrame, TypeRef, Value, WireError, text};

const MOST_FRAMES: usize = 32;
const MOST_BASES: usize = 1000;

/// What is made of each node of the tree.
pub(super) trait Builder {
    type Node;
    fn leaf(&self, value: Value) -> Self::Node;
    /// `items` alternates keys and values for [`Kind::Dict`].
    fn container(&self, kind: Kind, items: Vec<Self::Node>) -> Self::Node;
    fn exception(&self, parts: Exception<Self::Node>) -> Self::Node;
    fn opaque(&self, kind: TypeRef, base: Option<Self::Node>) -> Self::Node;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Tuple,
    Set,
    FrozenSet,
    Dict,
}

#[derive(Debug)]
pub(super) struct Exception<N> {
    kind: TypeRef,
    args: N,
    cause: Option<N>,
    context: Option<N>,
    frames: Vec<RaisedFrame>,
}

/// Keeps nothing: a `Vec<()>` never allocates.
#[derive(Debug)]
pub(super) struct Nothing;

impl Builder for Nothing {
    type Node = ();
    fn leaf(&self, _: Value) {}
    fn container(&self, _: Kind, _: Vec<()>) {}
    fn exception(&self, _: Exception<()>) {}
    fn opaque(&self, _: TypeRef, _: Option<()>) {}
}

/// Builds a [`Value`].
#[derive(Debug)]
pub(super) struct Tree;

impl Builder for Tree {
    type Node = Value;

    fn leaf(&self, value: Value) -> Value {
        value
    }

    fn container(&self, kind: Kind, items: Vec<Value>) -> Value {
        match kind {
            Kind::List => Value::List(items),
            Kind::Tuple => Value::Tuple(items),
            Kind::Set => Value::Set(items),
            Kind::FrozenSet => Value::FrozenSet(items),
            Kind::Dict => {
                let mut pairs = Vec::with_capacity(items.len() / 2);
                let mut items = items.into_iter();
                while let (Some(key), Some(value)) = (items.next(), items.next()) {
                    pairs.push((key, value));
                }
                Value::Dict(pairs)
            }
        }
    }

    fn exception(&self, parts: Exception<Value>) -> Value {
        let Exception { kind, args, cause, context, frames } = parts;
        Value::Exception(Box::new(Raised { kind, args, cause, context, frames }))
    }

    fn opaque(&self, kind: TypeRef, base: Option<Value>) -> Value {
        Value::Opaque(kind, base.map(Box::new))
    }
}

/// What a node is, as far as its surroundings ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Null,
    Text,
    Tuple,
    Dict,
    Exception,
    /// A cycle or a cut: something else stood here.
    Absent,
    Other,
}

#[derive(Debug)]
pub(super) struct Parsed<N> {
    pub(super) node: N,
    pub(super) form: Form,
    /// Whether Python could have had it in a set. A judge that decodes an unhashable item would fail, and the author be blamed.
    hashable: bool,
}

/// Parses exactly one value.
pub(super) fn parse<B: Builder>(bytes: &[u8], bounds: &Bounds, builder: B) -> Result<B::Node, WireError> {
    let mut parser = Parser::new(bytes, bounds, builder)?;
    let parsed = parser.value()?;
    parser.end()?;
    Ok(parsed.node)
}

#[derive(Debug)]
pub(super) struct Parser<'a, B> {
    scanner: Scanner<'a>,
    builder: B,
}

impl<'a, B: Builder> Parser<'a, B> {
    pub(super) fn new(bytes: &'a [u8], bounds: &Bounds, builder: B) -> Result<Self, WireError> {
        Ok(Self { scanner: Scanner::new(bytes, bounds)?, builder })
    }

    pub(super) fn end(&mut self) -> Result<(), WireError> {
        self.scanner.end()
    }

    pub(super) fn error(&self, what: &'static str) -> WireError {
        self.scanner.error(what)
    }

    pub(super) fn value(&mut self) -> Result<Parsed<B::Node>, WireError> {
        let (value, form) = match self.scanner.token()? {
            Token::Open => return self.tagged(),
            Token::Close => return Err(self.error("a value is missing")),
            Token::Null => (Value::None, Form::Null),
            Token::Bool(value) => (Value::Bool(value), Form::Other),
            Token::Int(value) => (Value::Int(value), Form::Other),
            Token::Float(value) => (Value::Float(value), Form::Other),
            Token::Str(value) => (Value::Str(value.into_owned()), Form::Text),
        };
        Ok(Parsed { node: self.builder.leaf(value), form, hashable: true })
    }

    fn tagged(&mut self) -> Result<Parsed<B::Node>, WireError> {
        let tag = self.text()?;
        match tag.as_str() {
            "l" => self.container(Kind::List),
            "t" => self.container(Kind::Tuple),
            "s" => self.container(Kind::Set),
            "f" => self.container(Kind::FrozenSet),
            "d" => self.container(Kind::Dict),
            "e" => self.exception(),
            "o" => self.opaque(),
            "cycle" | "cut" => self.absent(&tag),
            _ => self.scalar(&tag),
        }
    }

    fn scalar(&mut self, tag: &str) -> Result<Parsed<B::Node>, WireError> {
        let (value, form) = match tag {
            "i" => (Value::BigInt(self.big_int()?), Form::Other),
            "n" => (Value::Float(self.special_float()?), Form::Other),
            "c" => (Value::Complex(self.float()?, self.float()?), Form::Other),
            "u" => (Value::Surrogates(self.surrogates()?), Form::Text),
            "b" => (Value::Bytes(self.base64()?), Form::Other),
            "y" => (Value::ByteArray(self.base64()?), Form::Other),
            "T" => (Value::Class(self.type_ref()?), Form::Other),
            _ => return Err(self.error("an unknown tag")),
        };
        self.close()?;
        Ok(Parsed { node: self.builder.leaf(value), form, hashable: tag != "y" })
    }

    fn container(&mut self, kind: Kind) -> Result<Parsed<B::Node>, WireError> {
        let mut items = Vec::new();
        let mut all_hashable = true;
        while !self.scanner.closes() {
            let item = self.value()?;
            let is_key = kind == Kind::Dict && items.len() % 2 == 0;
            if !item.hashable && (is_key || matches!(kind, Kind::Set | Kind::FrozenSet)) {
                return Err(self.error("an unhashable item"));
            }
            all_hashable &= item.hashable;
            items.push(item.node);
        }
        self.close()?;
        if kind == Kind::Dict && items.len() % 2 == 1 {
            return Err(self.error("a key without value"));
        }
        let (form, hashable) = match kind {
            Kind::Tuple => (Form::Tuple, all_hashable),
            Kind::FrozenSet => (Form::Other, true),
            Kind::Dict => (Form::Dict, false),
            Kind::List | Kind::Set => (Form::Other, false),
        };
        Ok(Parsed { node: self.builder.container(kind, items), form, hashable })
    }

    fn exception(&mut self) -> Result<Parsed<B::Node>, WireError> {
        let kind = self.type_ref()?;
        let args = self.value()?;
        if !matches!(args.form, Form::Tuple | Form::Absent) {
            return Err(self.error("exception arguments that are no tuple"));
        }
        let cause = self.linked_exception()?;
        let context = self.linked_exception()?;
        let frames = self.frames()?;
        self.close()?;
        let node = self.builder.exception(Exception { kind, args: args.node, cause, context, frames });
        Ok(Parsed { node, form: Form::Exception, hashable: true })
    }

    fn linked_exception(&mut self) -> Result<Option<B::Node>, WireError> {
        let linked = self.value()?;
        match linked.form {
            Form::Null => Ok(None),
            Form::Exception | Form::Absent => Ok(Some(linked.node)),
            _ => Err(self.error("a cause that is no exception")),
        }
    }

    fn frames(&mut self) -> Result<Vec<RaisedFrame>, WireError> {
        self.open()?;
        let mut frames = Vec::new();
        while !self.scanner.closes() {
            if frames.len() == MOST_FRAMES {
                return Err(self.error("too many frames"));
            }
            self.open()?;
            let file = self.text()?;
            let line = self.small_int()?;
            let function = self.text()?;
            self.close()?;
            frames.push(RaisedFrame { file, line, function });
        }
        self.close()?;
        Ok(frames)
    }

    fn opaque(&mut self) -> Result<Parsed<B::Node>, WireError> {
        let kind = self.type_ref()?;
        let base = if self.scanner.closes() { None } else { Some(self.value()?.node) };
        self.close()?;
        Ok(Parsed { node: self.builder.opaque(kind, base), form: Form::Other, hashable: true })
    }

    fn absent(&mut self, tag: &str) -> Result<Parsed<B::Node>, WireError> {
        let value = if tag == "cycle" {
            Value::Cycle(self.small_int()?)
        } else {
            match self.text()?.as_str() {
                "depth" => Value::Cut(Cut::Depth),
                "size" => Value::Cut(Cut::Size),
                _ => return Err(self.error("an unknown kind of cut")),
            }
        };
        self.close()?;
        Ok(Parsed { node: self.builder.leaf(value), form: Form::Absent, hashable: true })
    }

    fn type_ref(&mut self) -> Result<TypeRef, WireError> {
        self.open()?;
        let module = self.text()?;
        let qualname = self.text()?;
        self.open()?;
        let mut bases = Vec::new();
        while !self.scanner.closes() {
            if bases.len() == MOST_BASES {
                return Err(self.error("too many bases"));
            }
            bases.push(self.text()?);
        }
        self.close()?;
        self.close()?;
        Ok(TypeRef { module, qualname, bases })
    }

    pub(super) fn open(&mut self) -> Result<(), WireError> {
        match self.scanner.token()? {
            Token::Open => Ok(()),
            _ => Err(self.error("an array is missing")),
        }
    }

    pub(super) fn close(&mut self) -> Result<(), WireError> {
        match self.scanner.token()? {
            Token::Close => Ok(()),
            _ => Err(self.error("too many items")),
        }
    }

    pub(super) fn text(&mut self) -> Result<String, WireError> {
        match self.scanner.token()? {
            Token::Str(text) => Ok(text.into_owned()),
            _ => Err(self.error("a string is missing")),
        }
    }

    fn small_int(&mut self) -> Result<u32, WireError> {
        let Token::Int(value) = self.scanner.token()? else { return Err(self.error("an integer is missing")) };
        u32::try_from(value).map_err(|_| self.error("an integer out of range"))
    }

    fn big_int(&mut self) -> Result<BigInt, WireError> {
        let text = self.text()?;
        BigInt::from_hex(&text).ok_or_else(|| self.error("an integer in no allowed form"))
    }

    fn special_float(&mut self) -> Result<f64, WireError> {
        match self.text()?.as_str() {
            "nan" => Ok(f64::NAN),
            "inf" => Ok(f64::INFINITY),
            "-inf" => Ok(f64::NEG_INFINITY),
            "-0.0" => Ok(-0.0),
            _ => Err(self.error("an unknown special float")),
        }
    }

    /// A float in either of its encodings.
    fn float(&mut self) -> Result<f64, WireError> {
        match self.scanner.token()? {
            Token::Float(value) => Ok(value),
            Token::Open if self.text()? == "n" => {
                let value = self.special_float()?;
                self.close()?;
                Ok(value)
            }
            _ => Err(self.error("a float is missing")),
        }
    }

    fn base64(&mut self) -> Result<Vec<u8>, WireError> {
        let text = self.text()?;
        BASE64.decode(text.as_bytes()).map_err(|_| self.error("bad base64"))
    }

    fn surrogates(&mut self) -> Result<Vec<u32>, WireError> {
        let bytes = self.base64()?;
        text::code_points(&bytes).ok_or_else(|| self.error("text that needs no surrogate, or is no text"))
    }
}
