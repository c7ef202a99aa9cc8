//! The program `grade`: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    grade::cli::main()
}
