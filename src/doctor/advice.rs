//! What to do about a level that a machine refuses. Nothing is done here: each line is for a person to read, or to type.

use super::machine::{Container, Machine, Wsl};
use crate::ci::Platform;
use crate::verdict::Level;

/// What to do to get `level`, which came as far as `step`; a line that begins with spaces is a command.
pub(super) fn advice(level: Level, step: &str, machine: &Machine) -> Vec<String> {
    let mut lines = Vec::new();
    if machine.wsl == Some(Wsl::One) {
        lines.push("WSL 1 has no kernel of its own, and so no isolation. In a Windows terminal, with the name that `wsl --list` shows:".to_owned());
        lines.push("  wsl --set-version DISTRIBUTION 2".to_owned());
        return lines;
    }
    match level {
        Level::Full => full(machine, &mut lines),
        Level::Landlock => landlock(machine, &mut lines),
        Level::Limits | Level::None => {}
    }
    if lines.is_empty() {
        lines.push(match level {
            Level::Full => format!(
                "the kernel refused the step `{step}`; user, pid, mount and network namespaces must be allowed for this user"
            ),
            _ => format!("the kernel refused the step `{step}`"),
        });
    }
    lines
}

fn full(machine: &Machine, lines: &mut Vec<String>) {
    if machine.apparmor_gate {
        gate(machine, lines);
    }
    if machine.only_root {
        lines.push("this kernel lets only root use user namespaces:".to_owned());
        lines.push("  sudo sysctl -w kernel.unprivileged_userns_clone=1".to_owned());
    }
    if machine.no_namespaces {
        lines.push("user namespaces are switched off:".to_owned());
        lines.push("  sudo sysctl -w user.max_user_namespaces=10000".to_owned());
    }
    if let Some(container) = machine.container {
        contained(container, machine.platform, lines);
    }
    if machine.wsl == Some(Wsl::Two) && lines.is_empty() {
        lines.push(
            "this kernel of WSL 2 is without namespaces; the one that Windows brings has them. In a Windows terminal:"
                .to_owned(),
        );
        lines.push("  wsl --update".to_owned());
    }
}

/// Ubuntu 23.10 and later.
fn gate(machine: &Machine, lines: &mut Vec<String>) {
    let opened = "  sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
    match machine.platform {
        Some(Platform::Github) => {
            lines.push("this runner lets only programs with an AppArmor profile use user namespaces. The action of `grade` sees to that; a step of your own can, too:".to_owned());
            lines.push(opened.to_owned());
        }
        Some(_) => {
            lines.push(
                "this runner lets only programs with an AppArmor profile use user namespaces. On its host:".to_owned(),
            );
            lines.push(opened.to_owned());
        }
        None => {
            lines.push("Ubuntu 23.10 and later let only programs with an AppArmor profile use user namespaces. Give `grade` one:".to_owned());
            lines.extend(profile(machine));
            lines.push("it is for this very file; another `grade` needs its own, under another name".to_owned());
        }
    }
}

fn profile(machine: &Machine) -> [String; 2] {
    let program = machine.program.display();
    let text = format!(
        "abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile grade \"{program}\" flags=(unconfined) {{ userns, }}\\n"
    );
    [
        format!("  printf '{text}' | sudo tee /etc/apparmor.d/grade"),
        "  sudo apparmor_parser -r /etc/apparmor.d/grade".to_owned(),
    ]
}

fn contained(container: Container, platform: Option<Platform>, lines: &mut Vec<String>) {
    let (why, how) = match (container, platform) {
        (Container::Docker | Container::Podman, Some(Platform::Gitlab)) => (
            "containers forbid namespaces by default. Whoever runs this GitLab runner can allow them in its `config.toml`, under `[runners.docker]`:",
            "  security_opt = [\"seccomp=unconfined\", \"apparmor=unconfined\", \"systempaths=unconfined\"]",
        ),
        (Container::Docker, _) => (
            "containers forbid namespaces by default. Start this one with:",
            "  --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined",
        ),
        (Container::Podman, _) => (
            "containers forbid namespaces by default. Start this one with:",
            "  --security-opt seccomp=unconfined --security-opt unmask=ALL",
        ),
        (Container::Kubernetes, _) => (
            "pods forbid namespaces by default. In the pod's specification, with `hostUsers: false`:",
            "  securityContext: {seccompProfile: {type: Unconfined}, appArmorProfile: {type: Unconfined}, procMount: Unmasked}",
        ),
        (Container::Other, _) => (
            "containers forbid namespaces by default. LXC and Incus allow them, from outside, by:",
            "  incus config set CONTAINER security.nesting=true",
        ),
    };
    lines.push(why.to_owned());
    lines.push(how.to_owned());
    lines.push("or grade outside of the container; `--isolation landlock` is the next level".to_owned());
}

fn landlock(machine: &Machine, lines: &mut Vec<String>) {
    if machine.lacks_landlock() {
        let modules = machine.modules.as_deref().unwrap_or_default();
        lines.push("Landlock is switched off in this kernel. Add this to its command line, and restart:".to_owned());
        lines.push(format!("  lsm=landlock,{modules}"));
    } else if machine.wsl == Some(Wsl::Two) {
        lines.push("this kernel of WSL 2 is without Landlock; a newer one has it. In a Windows terminal:".to_owned());
        lines.push("  wsl --update".to_owned());
    } else if machine.container.is_some() {
        lines.push("this container's filter refuses Landlock, or the kernel is older than 5.13: Docker 20.10.10, Podman 3.4 and later let it through".to_owned());
    } else {
        lines.push("a newer kernel: Landlock is in Linux 5.13 and later".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Variables;

    /// A machine with these files and variables.
    fn machine(files: &[(&str, &str)], variables: &[(&str, &str)]) -> Machine {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let variables = variables.iter().fold(Variables::default(), |all, (name, value)| all.with(name, *value));
        Machine::read(root.path(), &variables, "/usr/local/bin/grade".into())
    }

    const GATE: (&str, &str) = ("proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
    const UBUNTU: (&str, &str) = ("proc/version", "Linux version 6.8.0-41-generic (buildd@lcy02) #41-Ubuntu SMP");

    fn full(files: &[(&str, &str)], variables: &[(&str, &str)]) -> String {
        advice(Level::Full, "write uid_map", &machine(files, variables)).join("\n")
    }

    #[test]
    fn ubuntu_is_given_the_text_of_a_profile_for_this_program() {
        insta::assert_snapshot!(full(&[GATE, UBUNTU], &[]));
    }

    #[test]
    fn a_runner_of_github_is_told_of_the_action_and_the_switch() {
        let told = full(&[GATE, UBUNTU], &[("GITHUB_ACTIONS", "true")]);
        assert!(told.contains("action of `grade`") && told.contains("restrict_unprivileged_userns=0"), "{told}");
    }

    #[test]
    fn every_container_is_told_in_its_own_words() {
        let docker = (".dockerenv", "");
        for (files, variables, words) in [
            (&[docker][..], &[][..], "systempaths=unconfined"),
            (&[docker], &[("GITLAB_CI", "true")], "[runners.docker]"),
            (&[("run/.containerenv", "")], &[], "unmask=ALL"),
            (&[docker], &[("KUBERNETES_SERVICE_HOST", "10.0.0.1")], "procMount"),
            (&[], &[("container", "lxc")], "security.nesting"),
        ] {
            let told = full(files, variables);
            assert!(told.contains(words) && told.contains("--isolation landlock"), "{told}");
        }
    }

    #[test]
    fn kernels_with_namespaces_switched_off_are_told_which_switch() {
        assert!(
            full(&[("proc/sys/kernel/unprivileged_userns_clone", "0")], &[]).contains("unprivileged_userns_clone=1")
        );
        assert!(full(&[("proc/sys/user/max_user_namespaces", "0")], &[]).contains("max_user_namespaces=10000"));
    }

    #[test]
    fn the_two_kinds_of_wsl_are_told_apart() {
        let one = ("proc/version", "Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) #1237-Microsoft");
        let two = ("proc/version", "Linux version 6.6.87.2-microsoft-standard-WSL2 (root@439a258ad544)");
        for level in [Level::Full, Level::Landlock, Level::Limits] {
            assert!(advice(level, "x", &machine(&[one], &[])).concat().contains("wsl --set-version"));
        }
        assert!(full(&[two], &[]).contains("wsl --update"));
        // Ubuntu within WSL 2 may have the gate: then that is the reason.
        assert!(!full(&[two, GATE], &[]).contains("wsl --update"));
    }

    #[test]
    fn a_kernel_without_landlock_is_told_its_own_command_line() {
        let off = machine(&[("sys/kernel/security/lsm", "capability,yama,apparmor\n")], &[]);
        assert!(advice(Level::Landlock, "x", &off).contains(&"  lsm=landlock,capability,yama,apparmor".to_owned()));
        let on = machine(&[("sys/kernel/security/lsm", "landlock,capability")], &[]);
        assert!(advice(Level::Landlock, "x", &on).concat().contains("newer kernel"));
    }

    #[test]
    fn where_nothing_is_known_the_step_is_named() {
        assert!(full(&[UBUNTU], &[]).contains("`write uid_map`"));
    }
}
