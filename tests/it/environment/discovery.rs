//! Which Python is found, and what is said when none is.

use std::fs;
use std::time::{Duration, Instant};

use grade::error::Blame;

use super::python::{Machine, all, run, too_old, usable};

#[test]
fn python3_on_path_is_found_and_described_by_its_real_binary() {
    let machine = Machine::new();
    machine.link("bin/python3", &usable());
    let found = machine.discover().unwrap();
    assert_eq!(found.executable, usable());
    assert!(found.is_at_least((3, 11)));
    assert_eq!(found.implementation, "cpython");
    assert!(found.stdlib.join("json/__init__.py").is_file());
    assert!(found.dynload.iter().all(|folder| folder.is_dir()));
    assert_eq!(found.magic.len(), 8);
    assert!(found.extension_suffix.contains("cpython"));
}

#[test]
fn every_python_here_describes_itself() {
    for (file, version) in all().iter().filter(|(_, version)| *version >= (3, 11)) {
        let found = Machine::new().discover_explicit(file).unwrap();
        assert_eq!((found.version.0, found.version.1), *version);
        assert_eq!(&found.executable, file);
        assert_eq!(found.cache_tag, format!("cpython-{}{}", version.0, version.1));
    }
}

#[test]
fn the_second_time_no_python_is_started() {
    let machine = Machine::new();
    machine.link("bin/python3", &usable());
    let first = machine.discover().unwrap();
    let file = fs::read_dir(machine.path("cache/interpreters")).unwrap().next().unwrap().unwrap().path();
    let told = fs::read_to_string(&file).unwrap();
    // What is remembered is what is given: a changed memory shows, so the interpreter was not asked.
    fs::write(&file, told.replace("\"cache_tag\":\"cpython-", "\"cache_tag\":\"remembered-")).unwrap();
    let second = machine.discover().unwrap();
    assert!(second.cache_tag.starts_with("remembered-"));
    assert_eq!(second.executable, first.executable);
}

#[test]
fn a_changed_interpreter_is_asked_again() {
    let machine = Machine::new();
    machine.link("bin/python3", &usable());
    machine.discover().unwrap();
    let file = fs::read_dir(machine.path("cache/interpreters")).unwrap().next().unwrap().unwrap().path();
    let told = fs::read_to_string(&file).unwrap();
    let aged = told.replace("\"cache_tag\":\"cpython-", "\"cache_tag\":\"remembered-").replacen(
        "\"seen\":[",
        "\"seen\":[1",
        1,
    );
    fs::write(&file, aged).unwrap();
    assert!(machine.discover().unwrap().cache_tag.starts_with("cpython-"));
}

#[test]
fn the_order_is_explicit_then_variable_then_venv_then_path() {
    let newer: Vec<_> = all().iter().filter(|(_, version)| *version >= (3, 11)).collect();
    let [first, second, ..] = newer[..] else {
        return super::python::absent("the order of discovery: it needs two Pythons");
    };
    let machine = Machine::new();
    machine.link("bin/python3", &first.0);
    assert_eq!(machine.discover().unwrap().executable, first.0);

    let (home, name) = (second.0.parent().unwrap(), second.0.file_name().unwrap().to_str().unwrap());
    let version = name.trim_start_matches("python");
    machine.write("venv/pyvenv.cfg", &format!("home = {}\nversion = {version}.0\n", home.display()));
    let venv = machine.path("venv");
    let machine = machine.with("VIRTUAL_ENV", venv);
    assert_eq!(machine.discover().unwrap().executable, second.0, "the venv's base");

    let machine = machine.with("GRADE_PYTHON", &first.0);
    assert_eq!(machine.discover().unwrap().executable, first.0, "GRADE_PYTHON");
    assert_eq!(machine.discover_explicit(&second.0).unwrap().executable, second.0, "--python");
}

#[test]
fn versioned_names_are_tried_after_python3() {
    let Some(old) = too_old() else { return };
    let machine = Machine::new();
    machine.link("bin/python3", &old);
    machine.link("bin/python3.12", &usable());
    assert_eq!(machine.discover().unwrap().executable, usable());
}

#[test]
fn pyenv_versions_come_last() {
    let machine = Machine::new();
    let minor = all().iter().find(|(file, _)| *file == usable()).unwrap().1.1;
    machine.link(&format!("home/.pyenv/versions/3.{minor}.1/bin/python3.{minor}"), &usable());
    assert_eq!(machine.discover().unwrap().executable, usable());
}

#[test]
fn what_uv_finds_is_used() {
    let machine = Machine::new();
    machine.script(
        "bin/uv",
        &format!("[ \"$1 $2\" = 'python find' ] && [ $UV_PYTHON_DOWNLOADS = never ] && echo {}", usable().display()),
    );
    assert_eq!(machine.discover().unwrap().executable, usable());
}

#[test]
fn a_venv_leads_to_its_base() {
    let machine = Machine::new();
    for (folder, option) in [("linked", "--symlinks"), ("copied", "--copies")] {
        let venv = machine.path(folder);
        assert!(run(&usable(), &["-m", "venv", "--without-pip", option, venv.to_str().unwrap()]).status.success());
        for asked in [venv.join("bin/python3"), venv.clone()] {
            assert_eq!(machine.discover_explicit(&asked).unwrap().executable, usable(), "{}", asked.display());
        }
    }
}

#[test]
fn pyenv_shims_are_understood_without_running_them() {
    let machine = Machine::new();
    machine.script("pyenv/shims/python3", "echo the shim was run >&2; exit 9");
    machine.link("pyenv/versions/9.9.1/bin/python3", &usable());
    machine.write("pyenv/version", "9.9.1\n");
    let path = machine.path("pyenv/shims");
    let machine = machine.with("PATH", path);
    assert_eq!(machine.discover().unwrap().executable, usable(), "the global version");

    machine.write("pyenv/version", "none-such\n");
    machine.write("work/.python-version", "# here\n9.9.1\n");
    assert_eq!(machine.discover().unwrap().executable, usable(), "a file in the folder");

    machine.write("work/.python-version", "none-such\n");
    let machine = machine.with("PYENV_VERSION", "other:9.9.1");
    assert_eq!(machine.discover().unwrap().executable, usable(), "the variable");
}

#[test]
fn a_shim_set_to_the_system_leaves_the_choice_to_the_rest_of_path() {
    let machine = Machine::new();
    machine.script("pyenv/shims/python3", "echo the shim was run >&2; exit 9");
    machine.link("pyenv/versions/9.9.1/bin/python3", &usable());
    machine.write("pyenv/version", "system\n");
    machine.link("bin/python3", &usable());
    let path = std::env::join_paths([machine.path("pyenv/shims"), machine.path("bin")]).unwrap();
    let shim = machine.path("pyenv/shims/python3");
    let machine = machine.with("PATH", path);
    assert_eq!(machine.discover().unwrap().executable, usable());
    let fault = machine.discover_explicit(shim).unwrap_err();
    assert!(fault.what.ends_with("is a pyenv shim, and pyenv is set to the system's Python"), "{fault}");
}

#[test]
fn a_version_file_that_leads_out_of_pyenv_is_not_followed() {
    let machine = Machine::new();
    machine.script("pyenv/shims/python3", "echo the shim was run; exit 9");
    machine.link("pyenv/versions/9.9.1/bin/python3", &usable());
    machine.link("work/evil/bin/python3", &usable());
    machine.write("work/.python-version", "../../work/evil\n");
    let path = machine.path("pyenv/shims");
    let fault = machine.with("PATH", path).discover().unwrap_err();
    assert!(fault.to_string().contains("the shim was run"), "{fault}");
}

#[test]
fn another_launcher_is_run_and_its_python_found() {
    let machine = Machine::new();
    machine.script("bin/python3", &format!("exec {} \"$@\"", usable().display()));
    assert_eq!(machine.discover().unwrap().executable, usable());
}

#[test]
fn a_broken_python_is_passed_over_and_named_when_nothing_else_is_there() {
    let machine = Machine::new();
    machine.script("bin/python3", "echo 'cannot open shared object file' >&2; exit 127");
    machine.script("bin/python3.12", "kill -SEGV $$");
    machine.script("bin/python3.13", "echo hello");
    let fault = machine.discover().unwrap_err();
    let said = fault.to_string();
    assert_eq!(fault.blame, Blame::Machine);
    assert!(said.contains("no Python 3.11 or newer was found"), "{said}");
    assert!(said.contains("python3` ends with exit code 127: cannot open shared object file"), "{said}");
    assert!(said.contains("python3.12` is ended by signal 11"), "{said}");
    assert!(said.contains("python3.13` does not answer as a Python does"), "{said}");

    machine.link("bin/python3.11", &usable());
    assert_eq!(machine.discover().unwrap().executable, usable());
}

#[test]
fn a_python_that_hangs_is_given_up_with_all_it_started() {
    let machine = Machine::new();
    machine.script("bin/python3", "/bin/sleep 4242 & wait");
    machine.link("bin/python3.11", &usable());
    let started = Instant::now();
    assert_eq!(machine.discover().unwrap().executable, usable());
    assert!(started.elapsed() < Duration::from_secs(30));
    let sleeping = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .any(|process| fs::read(process.path().join("cmdline")).is_ok_and(|line| line == b"/bin/sleep\x004242\x00"));
    assert!(!sleeping, "the hanging interpreter's child still runs");
}

#[test]
fn a_too_old_python_is_named_with_its_version() {
    let Some(old) = too_old() else { return };
    let machine = Machine::new();
    let fault = machine.discover_explicit(&old).unwrap_err();
    assert_eq!(fault.exit_code(), 3);
    assert!(fault.what.contains("(given by --python) is Python 3."), "{fault}");
    assert!(fault.what.ends_with("but 3.11 or newer is needed"), "{fault}");

    machine.link("bin/python3", &old);
    let fault = machine.discover().unwrap_err();
    assert!(fault.to_string().contains("but 3.11 or newer is needed"), "{fault}");
    assert!(fault.hint.unwrap().contains("uv python install"));
}

#[test]
fn a_python_2_is_named_by_its_version() {
    let machine = Machine::new();
    let fake = machine.script(
        "bin/python2",
        "[ \"$1\" = -V ] && echo 'Python 2.7.18' && exit; echo 'Unknown option: -I' >&2; exit 2",
    );
    let fault = machine.discover_explicit(fake).unwrap_err();
    assert!(fault.what.ends_with("(given by --python) is Python 2.7.18"), "{fault}");
}

#[test]
fn an_explicit_python_that_is_not_there_is_an_error_even_if_another_is() {
    let machine = Machine::new();
    machine.link("bin/python3", &usable());
    let fault = machine.discover_explicit("no/such/python").unwrap_err();
    assert_eq!(fault.what, "there is no Python at `no/such/python` (given by --python)");
    let fault = machine.with("GRADE_PYTHON", "/no/such").discover().unwrap_err();
    assert_eq!(fault.what, "there is no Python at `/no/such` (given by GRADE_PYTHON)");
}

#[test]
fn a_version_or_a_name_will_do_for_an_explicit_python() {
    let machine = Machine::new();
    machine.link("bin/python3.77", &usable());
    assert_eq!(machine.discover_explicit("3.77").unwrap().executable, usable());
    assert_eq!(machine.discover_explicit("python3.77").unwrap().executable, usable());
}

#[test]
fn a_python_in_the_learners_folder_is_not_taken_for_one_on_path() {
    let machine = Machine::new();
    machine.script("work/python3", "echo run > run");
    let fault = machine.with("PATH", ".:").discover().unwrap_err();
    assert!(fault.what.starts_with("no Python"));
}

#[test]
fn what_a_broken_python_prints_can_not_steer_the_terminal() {
    let machine = Machine::new();
    machine.script("bin/python3", "printf '\\033[2Jgone\\n' >&2; exit 1");
    let said = machine.discover().unwrap_err().to_string();
    assert!(said.contains("\\u{1b}[2Jgone"), "{said}");
    assert!(!said.contains('\u{1b}'));
}
