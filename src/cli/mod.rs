//! The command line: definitions, dispatch, one file for each command.

mod arguments;
mod commands;
mod completion;
mod dispatch;
mod flags;
mod grading;
mod hidden;
mod ids;
mod rounds;
mod screen;
mod session;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use arguments::Arguments;
use screen::Screen;

/// Runs the program with the arguments and environment of this process.
pub fn main() -> ExitCode {
    // Before anything else: these processes are single-threaded and start from nothing.
    hidden::run_if_asked();
    clap_complete::CompleteEnv::with_factory(Arguments::command).complete();
    let arguments = Arguments::parse();
    let screen = Screen::new(arguments.flags.color);
    match dispatch::dispatch(arguments, &screen) {
        Ok(code) => code,
        Err(fault) => {
            screen.tell(&fault);
            ExitCode::from(fault.exit_code())
        }
    }
}
