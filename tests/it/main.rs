//! Tests on the real binary, the real sandbox and real Python.

mod catalog;
mod environment;
mod sandbox;
mod support;
