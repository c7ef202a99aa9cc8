//! Everything that is printed or written for people and machines.

pub mod catalog_view;
pub mod fault;
mod outside;

pub mod cache;
pub mod environment;
