//! `grade cache`: shows or clears what is kept.

use std::process::ExitCode;

use crate::cli::arguments::CacheCommand;
use crate::cli::screen::Screen;
use crate::error::{Fault, Result};
use crate::settings::Settings;

pub(in crate::cli) fn run(_settings: &Settings, _asked: CacheCommand, _screen: &Screen) -> Result<ExitCode> {
    Err(Fault::ourselves("not wired yet"))
}
