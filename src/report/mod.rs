//! Everything that is printed or written for people and machines.

pub mod catalog_view;
pub mod fault;

mod anonymity;
pub mod batch;
pub mod cache;
pub mod ci;
pub mod doctor;
pub mod environment;
pub mod escape;
pub mod html;
pub mod human;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod learning;
mod page;
mod plain;
pub mod progress;
pub mod regrade;
pub mod run;
pub mod source;
pub mod style;
mod traceback;
pub mod verify;
pub mod watch;
mod words;

pub use anonymity::{Anonymity, Codes};
pub use human::human;
pub use source::{NoSource, SourceLines};
pub use style::Style;
