//! Finding Pythons and building environments, with real interpreters and real installers.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

mod building;
mod cache;
mod discovery;
mod failures;
mod helper;
mod python;
mod wheel;
