//! The grammar of plain data, walked once for both validating and decoding.

use data_encoding::BASE64;

use super::builder::{Builder, Exception, Kind};
use super::hashes::{Hashes, are_distinct};
use super::scan::{Scanner, Token};
use super::{BigInt, Bounds, Cut, RaisedFrame, TypeRef, Value, WireError, text};

const MOST_FRAMES: usize = 32;
const MOST_BASES: usize = 32;

/// What a node is, as far as its surroundings ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Null,
    Tuple,
    Dict,
    Exception,
    /// A cycle or a cut: something else stood here.
    Absent,
    /// Plain data of another type.
    Plain,
    /// `True`, `False`, a class, an object.
    Other,
}

#[derive(Debug)]
pub(super) struct Parsed<N> {
    pub(super) node: N,
    pub(super) form: Form,
    /// Equal values have the same; `None` when Python could not have it in a set. The judge's decoder refuses unhashable and repeated items.
    hash: Option<u64>,
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
    hashes: Hashes,
    /// Containers and exceptions that are open.
    up: u32,
}

impl<'a, B: Builder> Parser<'a, B> {
    pub(super) fn new(bytes: &'a [u8], bounds: &Bounds, builder: B) -> Result<Self, WireError> {
        Ok(Self { scanner: Scanner::new(bytes, bounds)?, builder, hashes: Hashes::default(), up: 0 })
    }

    pub(super) fn end(&self) -> Result<(), WireError> {
        self.scanner.end()
    }

    /// How many bytes were read.
    pub(super) fn position(&self) -> usize {
        self.scanner.position()
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
            Token::Int(value) => (Value::Int(value), Form::Plain),
            Token::Float(value) => (Value::Float(value), Form::Plain),
            Token::Str(value) => (Value::Str(value.into_owned()), Form::Plain),
        };
        Ok(self.leaf(value, form))
    }

    fn leaf(&mut self, value: Value, form: Form) -> Parsed<B::Node> {
        let hash = self.hashes.leaf(&value);
        Parsed { node: self.builder.leaf(value), form, hash }
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
        let value = match tag {
            "i" => Value::BigInt(self.big_int()?),
            "n" => Value::Float(self.special_float()?),
            "c" => Value::Complex(self.float()?, self.float()?),
            "u" => Value::Surrogates(self.surrogates()?),
            "b" => Value::Bytes(self.base64()?),
            "y" => Value::ByteArray(self.base64()?),
            "T" => Value::Class(self.type_ref()?),
            _ => return Err(self.error("an unknown tag")),
        };
        self.close()?;
        let form = if tag == "T" { Form::Other } else { Form::Plain };
        Ok(self.leaf(value, form))
    }

    fn container(&mut self, kind: Kind) -> Result<Parsed<B::Node>, WireError> {
        self.up += 1;
        let mut items = Vec::new();
        // Of what has to be hashable: the items, the keys of a dict; and of a tuple as long as it may be.
        let mut hashes = (kind != Kind::List).then(Vec::new);
        while !self.scanner.closes() {
            let item = self.value()?;
            let is_hashed = match kind {
                Kind::Set | Kind::FrozenSet => true,
                Kind::Dict => items.len() % 2 == 0,
                Kind::List | Kind::Tuple => false,
            };
            if is_hashed && item.hash.is_none() {
                return Err(self.error("an unhashable item"));
            }
            if is_hashed || kind == Kind::Tuple {
                hashes = hashes.zip(item.hash).map(|(mut hashes, hash)| {
                    hashes.push(hash);
                    hashes
                });
            }
            items.push(item.node);
        }
        self.close()?;
        self.up -= 1;
        if kind == Kind::Dict && items.len() % 2 == 1 {
            return Err(self.error("a key without value"));
        }
        if kind != Kind::Tuple && hashes.as_deref().is_some_and(|hashes| !are_distinct(hashes)) {
            return Err(self.error("an item or key comes twice"));
        }
        let hash = hashes.and_then(|hashes| self.hashes.container(kind, hashes));
        let form = match kind {
            Kind::Tuple => Form::Tuple,
            Kind::Dict => Form::Dict,
            Kind::List | Kind::Set | Kind::FrozenSet => Form::Plain,
        };
        Ok(Parsed { node: self.builder.container(kind, items), form, hash })
    }

    fn exception(&mut self) -> Result<Parsed<B::Node>, WireError> {
        self.up += 1;
        let kind = self.type_ref()?;
        let args = self.value()?;
        if !matches!(args.form, Form::Tuple | Form::Absent) {
            return Err(self.error("exception arguments that are no tuple"));
        }
        let cause = self.linked_exception()?;
        let context = self.linked_exception()?;
        let frames = self.frames()?;
        let filename = if self.scanner.closes() { None } else { Some(self.value()?.node) };
        self.close()?;
        self.up -= 1;
        let node = self.builder.exception(Exception { kind, args: args.node, cause, context, frames, filename });
        Ok(Parsed { node, form: Form::Exception, hash: Some(self.hashes.object()) })
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
        let base = if self.scanner.closes() {
            None
        } else {
            let base = self.value()?;
            if !matches!(base.form, Form::Tuple | Form::Dict | Form::Absent | Form::Plain) {
                return Err(self.error("a base part that is not plain"));
            }
            Some(base.node)
        };
        self.close()?;
        Ok(Parsed { node: self.builder.opaque(kind, base), form: Form::Other, hash: Some(self.hashes.object()) })
    }

    fn absent(&mut self, tag: &str) -> Result<Parsed<B::Node>, WireError> {
        let value = if tag == "cycle" {
            let levels = self.small_int()?;
            if !(1..=self.up).contains(&levels) {
                return Err(self.error("a cycle that points at nothing"));
            }
            Value::Cycle(levels)
        } else {
            match self.text()?.as_str() {
                "depth" => Value::Cut(Cut::Depth),
                "size" => Value::Cut(Cut::Size),
                _ => return Err(self.error("an unknown kind of cut")),
            }
        };
        self.close()?;
        Ok(self.leaf(value, Form::Absent))
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
