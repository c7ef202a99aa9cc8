//! `grade verify`: holds sample submissions against their expected verdicts.

use std::process::ExitCode;

use crate::cli::arguments::VerifyArguments;
use crate::cli::screen::Screen;
use crate::error::{Fault, Result};
use crate::settings::Settings;

pub(in crate::cli) fn run(_settings: &Settings, _asked: &VerifyArguments, _screen: &Screen) -> Result<ExitCode> {
    Err(Fault::ourselves("not wired yet"))
}
