//! A second process that prepares an environment: for tests about processes that meet, die, or stand on a strange disk.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use grade::environment::{Environments, Event, Interrupt, Progress, Request, Requirements, Variables, discover};

use super::python::{Machine, command};

const CACHE: &str = "GRADE_TEST_CACHE";
const LOCK: &str = "GRADE_TEST_LOCK";

/// What the helper prints for each event and at its end.
struct Telling;

#[expect(clippy::print_stdout, reason = "what it prints is what the test that started it reads")]
impl Progress for Telling {
    fn event(&self, event: Event) {
        println!("\nevent {event:?}");
    }
}

#[test]
#[ignore = "a process that other tests start"]
fn prepare_in_a_process_of_its_own() {
    let (Some(cache), Some(lock)) = (std::env::var_os(CACHE), std::env::var_os(LOCK)) else { return };
    let cache = PathBuf::from(cache);
    let interrupt = Interrupt::on_signals().unwrap();
    let interpreter = discover(&Request::new(None, (3, 11), &cache)).unwrap();
    let requirements = Requirements::new("the sample", std::fs::read(lock).unwrap());
    let environments = Environments::new(cache).with_variables(Variables::of_this_process()).with_interrupt(interrupt);
    match environments.prepare(&interpreter, &requirements, &Telling) {
        Ok(environment) => println!("\nready {}", environment.root.unwrap().display()),
        Err(fault) => {
            println!("\nfault {} {}\nhint {}", fault.exit_code(), fault, fault.hint.as_deref().unwrap_or("-"));
        }
    }
}

/// The helper on `machine`, for the lock in this file.
pub(crate) fn helper(machine: &Machine, variables: &Variables, lock_file: &Path) -> Command {
    let mut command = command(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "--nocapture", "environment::helper::prepare_in_a_process_of_its_own"]);
    command.env_clear().envs(variables.iter()).env(CACHE, machine.cache()).env(LOCK, lock_file);
    command.current_dir(machine.path("work"));
    command
}

/// The helper after `before` (shell commands) in a user and mount namespace of its own; `None` where the kernel does not give one.
pub(crate) fn helper_after(before: &str, machine: &Machine, variables: &Variables, lock_file: &Path) -> Option<Output> {
    let plain = helper(machine, variables, lock_file);
    let mut wrapped = command("/usr/bin/env");
    wrapped.args(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]);
    wrapped.arg(format!("{before} || exit 99; exec \"$0\" \"$@\"")).arg(plain.get_program()).args(plain.get_args());
    wrapped
        .env_clear()
        .envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .current_dir(machine.path("work"));
    let path = variables.get("PATH").unwrap().to_str().unwrap();
    wrapped.env("PATH", format!("{path}:/usr/sbin:/usr/bin:/sbin:/bin"));
    let output = wrapped.output().unwrap();
    if output.status.code() == Some(99) || String::from_utf8_lossy(&output.stderr).contains("unshare") {
        super::python::absent("this kernel refuses user and mount namespaces");
        return None;
    }
    Some(output)
}

pub(crate) fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
