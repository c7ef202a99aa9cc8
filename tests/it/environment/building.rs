//! Environments that are built, shared, and survive what kills their builders.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use grade::environment::{Environment, Environments, Event, Progress, Requirements, Silent, bytecode};
use rustix::process::{Pid, Signal, kill_process};

use super::helper::{helper, text};
use super::python::{Machine, absent, all, run, usable, uv};
use super::wheel::Wheels;

/// Keeps the events.
#[derive(Default)]
struct Heard(Mutex<Vec<Event>>);

impl Progress for Heard {
    fn event(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

/// A machine with one Python and no network, and the wheels it can have.
pub(super) fn offline_machine() -> (Machine, Wheels) {
    let machine = Machine::new();
    machine.link("bin/python3", &usable());
    let wheels = Wheels::in_folder(&machine.path("wheels"));
    let variables = wheels.only(machine.variables.clone());
    (Machine { variables, ..machine }, wheels)
}

pub(super) fn environments(machine: &Machine) -> Environments {
    Environments::new(machine.cache()).with_variables(machine.variables.clone())
}

/// Holds for every finished environment.
fn assert_sound(environment: &Environment, machine: &Machine) {
    let root = environment.root.as_deref().unwrap();
    let site_packages = environment.site_packages.as_deref().unwrap();
    assert!(site_packages.join("sample/__init__.py").is_file());
    let print = "import sys, sample; print(sample.answer, sys.prefix, sample.__cached__ if hasattr(sample, '__cached__') else sample.__spec__.cached)";
    let output = run(&environment.python(), &["-I", "-c", print]);
    let cached = site_packages.join(format!("sample/__pycache__/__init__.{}.pyc", environment.interpreter.cache_tag));
    assert_eq!(text(&output).trim(), format!("42 {} {}", root.display(), cached.display()));
    // PEP 552: flags 0b01 are a hash that is not checked.
    assert_eq!(fs::read(&cached).unwrap()[4..8], [1, 0, 0, 0]);
    assert_eq!(names(&machine.path("cache/venvs")), [environment.key.clone(), format!("{}.lock", environment.key)]);
    let found = super::python::command("grep").args(["-rl", "tmp-"]).arg(root).output().unwrap();
    assert_eq!(text(&found), "", "a file still names the folder that it was built in");
    assert!(
        fs::read_dir(root.join("bin"))
            .unwrap()
            .flatten()
            .all(|file| file.file_name().to_string_lossy().starts_with("python"))
    );
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn pip_builds_where_there_is_no_uv() {
    let (machine, wheels) = offline_machine();
    let heard = Heard::default();
    let python = machine.discover().unwrap();
    let environment = environments(&machine).prepare(&python, &wheels.requirements(), &heard).unwrap();
    assert_sound(&environment, &machine);
    let ready = fs::read_to_string(environment.root.unwrap().join("ready.json")).unwrap();
    assert!(ready.contains(r#""installer": "pip""#), "{ready}");
    let events = heard.0.into_inner().unwrap();
    assert!(
        matches!(&events[..], [Event::Building { what, .. }, Event::Built { .. }] if what == "the sample"),
        "{events:?}"
    );
}

#[test]
fn uv_builds_where_it_is_there() {
    let Some(uv) = uv() else { return };
    let (machine, wheels) = offline_machine();
    machine.link("bin/uv", &uv);
    let python = machine.discover().unwrap();
    let environment = environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap();
    assert_sound(&environment, &machine);
    let ready = fs::read_to_string(environment.root.unwrap().join("ready.json")).unwrap();
    assert!(ready.contains(r#""installer": "uv""#), "{ready}");
}

#[test]
fn a_broken_uv_gives_way_to_pip() {
    let (machine, wheels) = offline_machine();
    machine.script("bin/uv", "echo 'uv: cannot open shared object file' >&2; exit 127");
    let python = machine.discover().unwrap();
    assert_sound(&environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap(), &machine);
}

#[test]
fn settings_that_mislead_pip_do_no_harm() {
    let (machine, wheels) = offline_machine();
    let elsewhere = machine.path("elsewhere");
    let machine = machine
        .with("PIP_TARGET", &elsewhere)
        .with("PIP_USER", "1")
        .with("PIP_REQUIRE_VIRTUALENV", "1")
        .with("PYTHONPATH", &elsewhere)
        .with("PYTHONDONTWRITEBYTECODE", "1");
    let python = machine.discover().unwrap();
    assert_sound(&environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap(), &machine);
}

#[test]
fn every_python_here_gets_an_environment_of_its_own() {
    let (machine, wheels) = offline_machine();
    let mut keys = Vec::new();
    for (file, _) in all().iter().filter(|(_, version)| *version >= (3, 11)) {
        let python = machine.discover_explicit(file).unwrap();
        let environment = environments(&machine).prepare(&python, &wheels.requirements(), &Silent);
        match environment {
            Ok(environment) => keys.push(environment.key),
            Err(fault) => panic!("{}: {fault}", file.display()),
        }
    }
    let built = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), built);
}

#[test]
fn a_ready_environment_needs_no_tool_and_little_time() {
    let (machine, wheels) = offline_machine();
    let python = machine.discover().unwrap();
    let first = environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap();
    fs::remove_dir_all(machine.path("bin")).unwrap();
    let heard = Heard::default();
    let started = Instant::now();
    let second = environments(&machine).prepare(&python, &wheels.requirements(), &heard).unwrap();
    assert!(started.elapsed() < Duration::from_millis(50));
    assert_eq!(first.root, second.root);
    assert_eq!(heard.0.into_inner().unwrap(), []);
}

#[test]
fn no_requirements_need_no_environment_and_no_network() {
    let machine = Machine::new();
    machine.link("bin/python3", &usable());
    let python = machine.discover().unwrap();
    let none = Requirements::new("nothing", "# only a comment\n\n");
    let environment = environments(&machine).prepare(&python, &none, &Silent).unwrap();
    assert_eq!((environment.root.as_deref(), environment.site_packages.as_deref()), (None, None));
    assert_eq!(environment.python(), python.executable);
    assert!(!machine.path("cache/venvs").exists());
}

#[test]
fn two_processes_make_one_environment() {
    let (machine, wheels) = offline_machine();
    machine.write("lock.txt", &wheels.lock);
    let start = || {
        helper(&machine, &machine.variables, &machine.path("lock.txt"))
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };
    let (one, other) = (start(), start());
    let said = [text(&one.wait_with_output().unwrap()), text(&other.wait_with_output().unwrap())];
    let count = |what: &str| said.iter().filter(|text| text.contains(what)).count();
    assert_eq!((count("event Building"), count("event Waiting"), count("ready ")), (1, 1, 2), "{said:#?}");
    assert_eq!(names(&machine.path("cache/venvs")).len(), 2);
}

/// A uv that takes for ever once the environment's folder is there, in a process that can be told from all others.
fn slow_uv(machine: &Machine, seconds: u32) {
    let make = "for last; do :; done; mkdir -p \"$last/bin\"; : > \"$last/half\"; exit";
    machine.script("bin/uv", &format!("[ \"$1\" = venv ] && {{ {make}; }}\n/bin/sleep {seconds} & wait"));
}

/// The processes that sleep for so long.
fn sleepers(seconds: u32) -> Vec<Pid> {
    let line = format!("/bin/sleep\0{seconds}\0").into_bytes();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let processes =
        processes.filter(|process| fs::read(process.path().join("cmdline")).is_ok_and(|found| found == line));
    processes.map(|process| Pid::from_raw(process.file_name().to_str().unwrap().parse().unwrap()).unwrap()).collect()
}

fn wait_for(what: &str, condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(30), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_build_that_is_stopped_leaves_nothing_that_the_next_trips_over() {
    let (machine, wheels) = offline_machine();
    machine.write("lock.txt", &wheels.lock);
    let home = machine.path("home");
    let machine = machine.with("PATH", format!("{}:/usr/bin:/bin", home.parent().unwrap().join("bin").display()));
    let seconds = 1_000_000 + std::process::id();
    slow_uv(&machine, seconds);
    let start = || {
        helper(&machine, &machine.variables, &machine.path("lock.txt"))
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };

    // Asked to end: the tool and what it started go as well, and the folder with them.
    let asked = start();
    wait_for("the slow installer", || sleepers(seconds).len() == 1);
    kill_process(Pid::from_child(&asked), Signal::INT).unwrap();
    let said = text(&asked.wait_with_output().unwrap());
    assert!(said.contains("fault 130 interrupted"), "{said}");
    wait_for("the end of the installer", || sleepers(seconds).is_empty());
    assert_eq!(names(&machine.path("cache/venvs")).len(), 1, "the lock's file only");

    // Killed without a chance: its folder stays and its tool lives on, and neither matters.
    let mut killed = start();
    wait_for("the slow installer", || sleepers(seconds).len() == 1);
    kill_process(Pid::from_child(&killed), Signal::KILL).unwrap();
    killed.wait().unwrap();
    assert_eq!(names(&machine.path("cache/venvs")).len(), 2, "the lock's file and the unfinished folder");
    fs::remove_file(machine.path("bin/uv")).unwrap();
    let python = machine.discover().unwrap();
    let environment = environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap();
    assert_sound(&environment, &machine);
    for orphan in sleepers(seconds) {
        kill_process(orphan, Signal::KILL).unwrap();
    }
}

#[test]
fn an_environment_without_its_ready_file_is_built_again() {
    let (machine, wheels) = offline_machine();
    let python = machine.discover().unwrap();
    let first = environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap();
    let root = first.root.clone().unwrap();
    drop(first);
    fs::remove_file(root.join("ready.json")).unwrap();
    fs::remove_file(root.join("pyvenv.cfg")).unwrap();
    assert_sound(&environments(&machine).prepare(&python, &wheels.requirements(), &Silent).unwrap(), &machine);
}

#[test]
fn the_judges_lock_installs_here() {
    let machine = Machine::new();
    machine.link("bin/python3", &usable());
    if let Some(uv) = uv() {
        machine.link("bin/uv", &uv);
    }
    let path = machine.path("bin");
    let variables = grade::environment::Variables::of_this_process().with("PATH", path);
    let lock = Requirements::of_the_judge();
    let python = machine.discover().unwrap();
    match Environments::new(machine.cache()).with_variables(variables).prepare(&python, &lock, &Silent) {
        Err(fault) if fault.what.contains("can't be reached") => absent("the judge's lock: there is no network"),
        Err(fault) => panic!("{fault}"),
        Ok(environment) => {
            let said = text(&run(&environment.python(), &["-I", "-m", "pytest", "--version"]));
            assert!(said.starts_with("pytest 9."), "{said}");
        }
    }
}

#[test]
fn the_judges_lock_names_no_place_and_hashes_everything() {
    let lock = include_str!("../../../graders/requirements.txt");
    assert!(!lock.contains("://"));
    let packages = lock.lines().filter(|line| !line.starts_with([' ', '#'])).collect::<Vec<_>>();
    assert!(packages.iter().all(|line| line.contains("==") && line.ends_with('\\')), "{packages:?}");
    assert!(packages.len() >= 5);
}

#[test]
fn our_own_files_are_compiled_once_and_then_left_alone() {
    let machine = Machine::new();
    machine.link("bin/python3", &usable());
    machine.write("ours/grader/__init__.py", "x = 1\n");
    machine.write("ours/grader/deep/inner.py", "y = 2\n");
    let python = machine.discover().unwrap();
    let tag = python.cache_tag.clone();
    let environment = environments(&machine).prepare(&python, &Requirements::none("nothing"), &Silent).unwrap();
    let folder = machine.path("ours/grader");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| bytecode::compile(&environment, &[&folder], None).unwrap());
        }
    });
    let inner = folder.join(format!("deep/__pycache__/inner.{tag}.pyc"));
    assert_eq!(fs::read(&inner).unwrap()[4..8], [1, 0, 0, 0]);
    fs::remove_file(&inner).unwrap();
    bytecode::compile(&environment, &[&folder], None).unwrap();
    assert!(!inner.exists(), "the second time nothing is compiled");
}
