//! `grade doctor`: what this machine gives.

use std::process::ExitCode;

use crate::cli::screen::Screen;
use crate::cli::session::{Session, block_on};
use crate::doctor::examine;
use crate::error::{Fault, Result};
use crate::report::doctor::{self, Examination};
use crate::settings::{Format, Settings};
use crate::verdict::Level;

pub(in crate::cli) fn run(settings: &Settings, screen: &Screen) -> Result<ExitCode> {
    if !matches!(settings.format, Format::Human | Format::Json) {
        return Err(Fault::usage("`grade doctor` has the formats `human` and `json`"));
    }
    let session = Session::open(settings, &[], Vec::new(), screen, false)?;
    let levels = block_on(async { Ok(examine(&session.workshop.plain_slot()).await) })?;
    let interpreter = session.workshop.interpreter();
    let system = rustix::system::uname();
    let examination = Examination {
        version: env!("CARGO_PKG_VERSION"),
        python: interpreter.version().to_string(),
        interpreter: interpreter.executable.display().to_string(),
        kernel: format!("{} {}", system.sysname().to_string_lossy(), system.release().to_string_lossy()),
        user: if rustix::process::geteuid().is_root() {
            "root".to_owned()
        } else {
            format!("uid {}", rustix::process::geteuid().as_raw())
        },
        cache: settings.cache_dir.display().to_string(),
        levels,
    };
    screen.results(|out, _| match settings.format {
        Format::Json => doctor::json(&examination, out),
        _ => doctor::human(&examination, out),
    })?;
    Ok(if examination.strongest() == Level::Full { ExitCode::SUCCESS } else { ExitCode::from(3) })
}
