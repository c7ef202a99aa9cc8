//! Hashes of values that could be in a set, made while they are read: what is equal in Python hashes alike.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};

use super::Value;
use super::builder::Kind;
use super::scan::EXACT;

/// Hashes with a key of its own, so that nobody can make two values collide on purpose.
#[derive(Debug, Default)]
pub(super) struct Hashes {
    hasher: RandomState,
    /// Objects seen; each is equal to itself only.
    objects: u64,
}

impl Hashes {
    /// Of a value without parts; `None` when it can't be hashed.
    pub(super) fn leaf(&mut self, value: &Value) -> Option<u64> {
        Some(match value {
            Value::ByteArray(_) => return None,
            Value::Str(text) => self.of(&(1, text)),
            Value::Bool(value) => self.of(&(2, i64::from(*value))),
            Value::Int(value) => self.of(&(2, *value)),
            Value::Float(value) => self.float(*value),
            Value::Bytes(bytes) => self.of(&(3, bytes)),
            Value::Class(kind) => self.of(&(4, &kind.module, &kind.qualname, &kind.bases)),
            other => match other.equality_key() {
                Some(key) => self.of(&(5, key)),
                None => self.object(),
            },
        })
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "whole and below 2^53")]
    fn float(&self, value: f64) -> u64 {
        if value.fract() == 0.0 && value.abs() < EXACT as f64 {
            return self.of(&(2, value as i64));
        }
        match Value::Float(value).equality_key() {
            Some(key) => self.of(&(5, key)),
            // A `nan`: to the judge two of them are the same object.
            None => self.of(&6),
        }
    }

    /// Of something that is equal to nothing else.
    pub(super) fn object(&mut self) -> u64 {
        self.objects += 1;
        self.of(&(7, self.objects))
    }

    /// Of a container, from the hashes of its items or keys; `None` when it can't be hashed.
    pub(super) fn container(&self, kind: Kind, mut hashes: Vec<u64>) -> Option<u64> {
        match kind {
            Kind::Tuple => Some(self.of(&(8, hashes))),
            Kind::FrozenSet => {
                hashes.sort_unstable();
                Some(self.of(&(9, hashes)))
            }
            Kind::List | Kind::Set | Kind::Dict => None,
        }
    }

    fn of(&self, value: &impl Hash) -> u64 {
        self.hasher.hash_one(value)
    }
}

/// Whether no two of the hashes are the same.
pub(super) fn are_distinct(hashes: &[u64]) -> bool {
    hashes.iter().collect::<HashSet<_>>().len() == hashes.len()
}
