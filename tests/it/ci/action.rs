//! The scripts of the action, run with faked services: a folder for releases, and programs that note how they were called.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const VERSION: &str = "v9.8.7";

/// A runner's folders, with `bin` before everything else on its path.
struct Runner {
    folder: tempfile::TempDir,
}

struct Told {
    code: Option<i32>,
    words: String,
}

impl Runner {
    fn new() -> Self {
        let runner = Self { folder: tempfile::tempdir().unwrap() };
        for name in ["bin", "temp", "repo", "apparmor.d"] {
            fs::create_dir_all(runner.at(name)).unwrap();
        }
        runner
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_default()
    }

    fn file(self, path: &str, text: &str) -> Self {
        fs::write(self.at(path), text).unwrap();
        self
    }

    /// A program that notes its arguments in `calls`, and then does this.
    fn program(self, name: &str, then: &str) -> Self {
        let calls = self.at("calls").display().to_string();
        let text = format!("#!/bin/sh\necho \"{name} $*\" >>'{calls}'\n{then}\n");
        let runner = self.file(&format!("bin/{name}"), &text);
        fs::set_permissions(runner.at(&format!("bin/{name}")), fs::Permissions::from_mode(0o755)).unwrap();
        runner
    }

    fn run(&self, script: &str, variables: &[(&str, &str)]) -> Told {
        let path = format!("{}:{}", self.at("bin").display(), std::env::var("PATH").unwrap());
        let script = format!("{}/.github/actions/grade/{script}", env!("CARGO_MANIFEST_DIR"));
        #[expect(clippy::disallowed_methods, reason = "the tests run the action's scripts")]
        let output = Command::new(script)
            .current_dir(self.at("repo"))
            .env_clear()
            .env("PATH", path)
            .env("HOME", std::env::var_os("HOME").unwrap_or_default())
            .env("RUNNER_TEMP", self.at("temp"))
            .env("GITHUB_PATH", self.at("path"))
            .env("GITHUB_OUTPUT", self.at("output"))
            .env("APPARMOR_GATE", self.at("gate"))
            .env("APPARMOR_PROFILES", self.at("apparmor.d"))
            .env("RELEASES", format!("file://{}", self.at("releases").display()))
            .env("ACTION_REPOSITORY", "tools/grade")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let words = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        Told { code: output.status.code(), words }
    }

    /// A release as `.github/workflows/release.yml` makes it, of a program that says its version.
    fn release(self) -> Self {
        let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
        let script = format!(
            "mkdir -p releases/{VERSION} && cd releases/{VERSION} && printf '#!/bin/sh\\necho grade 9.8.7\\n' >grade && chmod +x grade && \
             tar -czf grade-{VERSION}-{target}.tar.gz grade && rm grade && sha256sum -- * >SHA256SUMS"
        );
        #[expect(clippy::disallowed_methods, reason = "the tests make a release")]
        let made = Command::new("sh").args(["-c", &script]).current_dir(self.folder.path()).status().unwrap();
        assert!(made.success());
        self
    }

    fn archive(&self) -> PathBuf {
        let names = fs::read_dir(self.at(&format!("releases/{VERSION}"))).unwrap().flatten().map(|entry| entry.path());
        names.into_iter().find(|path| path.extension().is_some_and(|end| end == "gz")).unwrap()
    }
}

#[test]
fn a_release_is_installed_and_put_on_the_path() {
    let runner = Runner::new().release();
    let told = runner.run("install.sh", &[("VERSION", VERSION)]);
    assert_eq!(told.code, Some(0), "{}", told.words);
    assert!(told.words.contains("installed grade 9.8.7"), "{}", told.words);
    let bin = runner.at("temp/grade/bin");
    assert_eq!(runner.read("path"), format!("{}\n", bin.display()));
    assert!(
        bin.join("grade").exists() && runner.read("output").starts_with("key=9.8.7-3."),
        "{}",
        runner.read("output")
    );
}

#[test]
fn the_version_is_that_by_which_the_action_is_named() {
    let told = Runner::new().release().run("install.sh", &[("ACTION_REF", VERSION)]);
    assert_eq!(told.code, Some(0), "{}", told.words);
    // A branch is no version: its own sources are built, which needs a compiler.
    let runner = Runner::new().program("cargo", "exit 9");
    assert_ne!(runner.run("install.sh", &[("ACTION_REF", "main")]).code, Some(0));
    assert!(runner.read("calls").starts_with("cargo build --release --locked"), "{}", runner.read("calls"));
}

#[test]
fn an_archive_that_is_not_what_was_released_is_not_run() {
    let runner = Runner::new().release();
    let mut bytes = fs::read(runner.archive()).unwrap();
    bytes.push(0);
    fs::write(runner.archive(), bytes).unwrap();
    let told = runner.run("install.sh", &[("VERSION", VERSION)]);
    assert_eq!(told.code, Some(3), "{}", told.words);
    assert!(told.words.contains("is not what SHA256SUMS says"), "{}", told.words);
    assert!(!runner.at("temp/grade/bin/grade").exists() && runner.read("path").is_empty());
}

#[test]
fn an_archive_without_a_checksum_is_not_run() {
    let runner = Runner::new().release().file(&format!("releases/{VERSION}/SHA256SUMS"), "");
    let told = runner.run("install.sh", &[("VERSION", VERSION)]);
    assert_eq!(told.code, Some(3), "{}", told.words);
    assert!(told.words.contains("does not say what"), "{}", told.words);
}

#[test]
fn an_archive_of_another_builder_is_not_run() {
    let variables = [("VERSION", VERSION), ("GH_TOKEN", "x")];
    let runner = Runner::new().release().program("gh", "exit 1");
    let told = runner.run("install.sh", &variables);
    assert_eq!(told.code, Some(3), "{}", told.words);
    assert!(
        runner.read("calls").contains("gh attestation verify") && runner.read("calls").contains("--repo tools/grade")
    );
    assert!(!runner.at("temp/grade/bin/grade").exists());
    let told = Runner::new().release().program("gh", "exit 0").run("install.sh", &variables);
    assert_eq!(told.code, Some(0), "{}", told.words);
}

#[test]
fn a_version_that_is_a_path_or_is_not_there_is_refused() {
    for version in ["../../x", "1.0", "v1;id", "v1.0.0"] {
        let told = Runner::new().release().run("install.sh", &[("VERSION", version)]);
        assert_eq!(told.code, Some(3), "{version}: {}", told.words);
    }
}

#[test]
fn a_runner_that_gives_full_is_left_as_it_is() {
    let runner = Runner::new().program("grade", "exit 0").program("sudo", "exit 9").file("gate", "1\n");
    assert_eq!(runner.run("namespaces.sh", &[]).code, Some(0));
    assert_eq!(runner.read("calls"), "grade doctor\n");
}

/// `grade` gets `full` once the file `opened` is there.
const ONCE_OPENED: &str = "test -e \"$RUNNER_TEMP/opened\" && exit 0; echo 'full: not available'; exit 3";

#[test]
fn a_gated_runner_gets_a_profile_for_grade_alone() {
    let sudo = "case $1 in tee) exec \"$@\" ;; apparmor_parser) touch \"$RUNNER_TEMP/opened\" ;; *) exit 9 ;; esac";
    let runner = Runner::new().program("grade", ONCE_OPENED).program("sudo", sudo).file("gate", "1\n");
    let told = runner.run("namespaces.sh", &[]);
    assert_eq!(told.code, Some(0), "{}", told.words);
    let profile = runner.read("apparmor.d/grade");
    assert!(
        profile
            .contains(&format!("profile grade {}/grade flags=(unconfined) {{ userns, }}", runner.at("bin").display())),
        "{profile}"
    );
    assert!(!runner.read("calls").contains("sysctl"));
}

#[test]
fn the_gate_is_opened_for_all_only_when_a_profile_does_not_do() {
    let sudo =
        "case $1 in tee) exec \"$@\" ;; apparmor_parser) exit 1 ;; sysctl) touch \"$RUNNER_TEMP/opened\" ;; esac";
    let runner = Runner::new().program("grade", ONCE_OPENED).program("sudo", sudo).file("gate", "1\n");
    let told = runner.run("namespaces.sh", &[]);
    assert_eq!(told.code, Some(0), "{}", told.words);
    assert!(runner.read("calls").contains("sysctl --quiet --write kernel.apparmor_restrict_unprivileged_userns=0"));
}

#[test]
fn a_runner_without_full_fails_with_the_words_of_the_doctor() {
    let runner = Runner::new().program("grade", ONCE_OPENED).program("sudo", "exit 9");
    let told = runner.run("namespaces.sh", &[]);
    assert_eq!(told.code, Some(3), "{}", told.words);
    assert!(told.words.contains("full: not available"), "{}", told.words);
    assert!(!runner.read("calls").contains("sudo"), "there is no gate to open");
}

#[test]
fn the_inputs_of_the_action_become_arguments_and_nothing_else() {
    let runner = Runner::new().program("grade", "exit 1");
    let told = runner.run("run.sh", &[]);
    assert_eq!(told.code, Some(1), "{}", told.words);
    let reports = runner.at("temp/grade/reports").display().to_string();
    assert_eq!(
        runner.read("calls"),
        format!("grade ci --repo . --junit {reports}/junit.xml --json {reports}/grade.json\n")
    );
    let variables = [
        ("REPO", "a b; id"),
        ("CONFIG", "c/grade.toml"),
        ("CATALOG", "c"),
        ("CHANGED", "true"),
        ("ISOLATION", "landlock"),
    ];
    runner.run("run.sh", &variables);
    let last = runner.read("calls").lines().last().unwrap().to_owned();
    assert!(last.starts_with("grade ci --repo a b; id --junit "), "{last}");
    assert!(last.ends_with("--config c/grade.toml --catalog c --isolation landlock --changed"), "{last}");
}
