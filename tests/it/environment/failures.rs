//! What is said when an environment can't be built, and what is left behind: nothing.

use std::fs;

use grade::environment::{Requirements, Silent};
use grade::error::{Blame, Fault};

use super::building::{environments, offline_machine};
use super::helper::{helper_after, text};
use super::python::{Machine, usable, uv};
use super::wheel::Wheels;

/// The same with pip and, where it can be had, with uv.
fn with_each_installer(test: impl Fn(&Machine, &Wheels, &str)) {
    let (machine, wheels) = offline_machine();
    test(&machine, &wheels, "pip install");
    if let Some(uv) = uv() {
        let (machine, wheels) = offline_machine();
        machine.link("bin/uv", &uv);
        test(&machine, &wheels, "uv pip install");
    }
}

fn fault(machine: &Machine, lock: impl Into<Vec<u8>>) -> Fault {
    let python = machine.discover().unwrap();
    let fault = environments(machine).prepare(&python, &Requirements::new("the sample", lock), &Silent).unwrap_err();
    let left = fs::read_dir(machine.path("cache/venvs")).unwrap().flatten().map(|entry| entry.path());
    assert_eq!(
        left.filter(|path| path.extension().is_none_or(|ext| ext != "lock")).count(),
        0,
        "something is left behind"
    );
    assert!(fault.hint.is_some());
    fault
}

#[test]
fn another_file_than_the_locked_one_is_refused() {
    with_each_installer(|machine, _, tool| {
        let fault = fault(machine, format!("sample==1.0 --hash=sha256:{}\n", "0".repeat(64)));
        assert_eq!(fault.what, "a package of the sample is not the one that was locked: its hash differs", "{fault}");
        assert_eq!((fault.exit_code(), &fault.causes[0]), (3, &format!("`{tool}` said")));
        assert!(fault.causes.len() > 1);
    });
}

#[test]
fn a_lock_without_hashes_is_its_authors_fault() {
    with_each_installer(|machine, _, _| {
        let fault = fault(machine, "sample==1.0\n");
        assert_eq!(fault.blame, Blame::Author, "{fault}");
        assert!(fault.what.starts_with("the lock of the sample is incomplete"));
    });
}

#[test]
fn an_index_out_of_reach_is_told_with_what_mends_it() {
    with_each_installer(|machine, wheels, _| {
        let nowhere = "http://127.0.0.1:9/simple";
        let unconnected = Machine::new()
            .with("PATH", machine.path("bin"))
            .with("PIP_INDEX_URL", nowhere)
            .with("UV_DEFAULT_INDEX", nowhere)
            .with("PIP_RETRIES", "0")
            .with("UV_HTTP_RETRIES", "0");
        let fault = fault(&unconnected, wheels.lock.clone());
        assert_eq!(
            fault.what, "the package index can't be reached, and the packages of the sample are not installed yet",
            "{fault}"
        );
        assert!(fault.hint.unwrap().contains("PIP_FIND_LINKS"));
    });
}

#[test]
fn a_package_without_a_fitting_wheel_is_told() {
    with_each_installer(|machine, wheels, _| {
        let fault = fault(machine, wheels.lock.replace("1.0", "2.0"));
        assert!(fault.what.starts_with("a package of the sample has no wheel for Python 3."), "{fault}");
    });
}

#[test]
fn without_any_installer_the_fault_names_the_ones_that_would_do() {
    let (machine, wheels) = offline_machine();
    // A Python whose pip can't be imported is what Debian's is without `python3-pip`.
    let broken = machine
        .script("bin/broken", &format!("case \"$*\" in *'-m pip'*) exit 1;; esac; exec {} \"$@\"", usable().display()));
    let mut python = machine.discover().unwrap();
    python.executable = broken;
    fs::remove_file(machine.path("bin/python3")).unwrap();
    let fault = environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap_err();
    assert_eq!(fault.what, "neither uv nor pip is there to install the packages of the sample");
    assert!(fault.hint.unwrap().contains("sudo apt install python3-pip"));
}

#[test]
fn a_pip_that_is_too_old_is_not_tried() {
    let (machine, wheels) = offline_machine();
    let mut python = machine.discover().unwrap();
    python.executable = machine.script("bin/old", "echo 'pip 22.2.9 from somewhere'");
    fs::remove_file(machine.path("bin/python3")).unwrap();
    let fault = environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap_err();
    assert!(fault.what.starts_with("neither uv nor pip"), "{fault}");
}

#[test]
fn a_full_disk_is_told_and_gets_nothing_half_done() {
    with_each_installer(|machine, wheels, _| {
        machine.write("lock.txt", &wheels.lock);
        fs::create_dir_all(machine.cache()).unwrap();
        let before = format!("mount -t tmpfs -o size=1m tmpfs '{}'", machine.cache().display());
        let Some(output) = helper_after(&before, machine, &machine.variables, &machine.path("lock.txt")) else {
            return;
        };
        let said = text(&output);
        assert!(said.contains("fault 3 the disk is full: the packages of the sample can't be installed"), "{said}");
        assert!(said.contains("hint free some disk space"), "{said}");
    });
}

#[test]
fn a_cache_that_can_not_be_written_is_told_but_serves_what_it_has() {
    let (machine, wheels) = offline_machine();
    machine.write("lock.txt", &wheels.lock);
    fs::create_dir_all(machine.cache()).unwrap();
    let cache = machine.cache().display().to_string();
    let before = format!("mount --bind '{cache}' '{cache}' && mount -o remount,ro,bind '{cache}'");
    let run = || helper_after(&before, &machine, &machine.variables, &machine.path("lock.txt"));
    let Some(output) = run() else { return };
    let said = text(&output);
    assert!(said.contains("fault 3 can't make the cache folder"), "{said}");
    assert!(said.contains("hint set GRADE_CACHE_DIR to a folder that you can write to"), "{said}");

    let python = machine.discover().unwrap();
    let built = environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap();
    let said = text(&run().unwrap());
    assert!(said.contains(&format!("ready {}", built.root.unwrap().display())), "{said}");
}
