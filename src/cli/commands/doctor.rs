//! `grade doctor`: what this machine gives.

use std::process::ExitCode;

use crate::cli::screen::Screen;
use crate::error::{Fault, Result};
use crate::settings::Settings;

pub(in crate::cli) fn run(_settings: &Settings, _screen: &Screen) -> Result<ExitCode> {
    Err(Fault::ourselves("not wired yet"))
}
