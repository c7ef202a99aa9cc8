//! What kind of machine this is, as far as it decides what isolation it gives.

use std::path::{Path, PathBuf};

use crate::ci::Platform;
use crate::environment::Variables;

/// Who made the container that this runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Docker,
    Podman,
    Kubernetes,
    /// LXC, Incus, systemd-nspawn, and whatever else says that it is one.
    Other,
}

/// Linux inside of Windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wsl {
    /// Imitates a kernel, and has no namespaces.
    One,
    /// Has a kernel.
    Two,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Machine {
    /// Only programs with a profile of `AppArmor` may use user namespaces.
    pub apparmor_gate: bool,
    /// Debian's switch is off: only root may use them.
    pub only_root: bool,
    /// There may be none at all.
    pub no_namespaces: bool,
    pub container: Option<Container>,
    pub wsl: Option<Wsl>,
    /// Where a CI job runs.
    pub platform: Option<Platform>,
    /// The security modules of the kernel, where it tells: `capability,landlock,yama`.
    pub modules: Option<String>,
    /// This very program, as profiles name it.
    pub program: PathBuf,
}

impl Machine {
    /// The machine whose files are below `root`, as a process with these variables sees it.
    pub(super) fn read(root: &Path, variables: &Variables, program: PathBuf) -> Self {
        let text = |path: &str| {
            std::fs::read_to_string(root.join(path)).map(|text| text.trim().to_owned()).unwrap_or_default()
        };
        let platform = Platform::of(variables);
        let modules = text("sys/kernel/security/lsm");
        Self {
            apparmor_gate: text("proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1",
            only_root: text("proc/sys/kernel/unprivileged_userns_clone") == "0",
            no_namespaces: text("proc/sys/user/max_user_namespaces") == "0",
            container: container(root, variables),
            wsl: wsl(&text("proc/version")),
            platform: (platform != Platform::Plain).then_some(platform),
            modules: (!modules.is_empty()).then_some(modules),
            program,
        }
    }

    /// Whether the kernel says that Landlock is switched off.
    pub(super) fn lacks_landlock(&self) -> bool {
        self.modules.as_ref().is_some_and(|modules| !modules.split(',').any(|name| name == "landlock"))
    }
}

fn container(root: &Path, variables: &Variables) -> Option<Container> {
    let is_there = |path: &str| root.join(path).exists();
    if variables.get("KUBERNETES_SERVICE_HOST").is_some() || is_there("var/run/secrets/kubernetes.io") {
        Some(Container::Kubernetes)
    } else if is_there(".dockerenv") {
        Some(Container::Docker)
    } else if is_there("run/.containerenv") {
        Some(Container::Podman)
    } else {
        // systemd's convention, which LXC and nspawn follow: https://systemd.io/CONTAINER_INTERFACE
        (variables.get("container").is_some() || is_there("run/systemd/container")).then_some(Container::Other)
    }
}

/// `proc/version` of WSL 1 ends its release with `-Microsoft`, that of WSL 2 with `-microsoft-standard-WSL2`.
fn wsl(version: &str) -> Option<Wsl> {
    if version.contains("WSL2") || version.contains("microsoft-standard") {
        Some(Wsl::Two)
    } else {
        version.contains("Microsoft").then_some(Wsl::One)
    }
}
