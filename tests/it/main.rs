//! Tests on the real binary, the real sandbox and real Python.

mod environment;
mod reports;
mod sandbox;
mod schema;
