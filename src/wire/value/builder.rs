//! What the grammar makes of what it reads: a tree, or nothing.

use super::{Raised, RaisedFrame, TypeRef, Value};

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
    pub(super) kind: TypeRef,
    pub(super) args: N,
    pub(super) cause: Option<N>,
    pub(super) context: Option<N>,
    pub(super) frames: Vec<RaisedFrame>,
    pub(super) filename: Option<N>,
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
        let Exception { kind, args, cause, context, frames, filename } = parts;
        Value::Exception(Box::new(Raised { kind, args, cause, context, frames, filename: filename.map(Box::new) }))
    }

    fn opaque(&self, kind: TypeRef, base: Option<Value>) -> Value {
        Value::Opaque(kind, base.map(Box::new))
    }
}
