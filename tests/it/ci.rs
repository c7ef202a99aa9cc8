//! `grade ci` and `grade init` on real git repositories; the action's scripts and all workflows, as far as they can be run without the service.

mod action;
mod changes;
mod course;
mod grading;
mod hostile;
mod setup;
mod workflows;
