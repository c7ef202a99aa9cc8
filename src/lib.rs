//! `grade` observes inside and judges outside: learner code runs in a sandbox, what it did comes back as plain data, and a process that
//! never loads it decides. The way of the data is one way: settings → catalog → plan → runner ⇄ (sandbox, judge) → verdict → reports.

pub mod batch;
pub mod catalog;
pub mod class;
pub mod cli;
pub mod doctor;
pub mod document;
pub mod environment;
pub mod error;
pub mod events;
pub mod hints_seen;
pub mod intake;
pub mod judge;
pub mod judging;
pub mod learning;
pub mod policy;
pub mod report;
pub mod repository;
pub mod runner;
pub mod sandbox;
pub mod settings;
pub mod starter;
pub mod store;
pub mod submission;
pub mod suggest;
pub mod suite;
pub mod template;
pub mod verdict;
pub mod verify;
pub mod watch;
pub mod wire;
pub mod workshop;
