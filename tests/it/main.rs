//! Tests on the real binary, the real sandbox and real Python.

mod batch;
mod behaviour;
mod catalog;
mod ci;
mod disclosure;
mod documents;
mod engine;
mod environment;
mod hostile;
mod learning;
mod notes;
mod own_tests;
mod python;
mod reports;
mod run_reports;
mod sandbox;
mod schema;
mod security;
mod suites;
mod support;
mod trial;
mod verify;
