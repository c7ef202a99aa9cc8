//! One file for each command: from arguments and settings to what is told.

pub(super) mod batch;
pub(super) mod cache;
pub(super) mod ci;
pub(super) mod doctor;
pub(super) mod grade;
pub(super) mod hint;
pub(super) mod init;
pub(super) mod list;
pub(super) mod new;
pub(super) mod next;
pub(super) mod progress;
pub(super) mod regrade;
pub(super) mod report;
pub(super) mod review;
pub(super) mod show;
pub(super) mod start;
pub(super) mod suite;
pub(super) mod verify;
pub(super) mod watch;
