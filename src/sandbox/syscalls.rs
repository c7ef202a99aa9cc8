//! The system-call policy, as data: what is allowed, what is refused, how, and why.
//!
//! What is not named here answers `ENOSYS`, as on an older kernel: programs have a fallback for that. Numbers come from libc, so that the table
//! is the same for x86-64 and aarch64; foreign architectures and x32 are killed by the emitter (`seccomp.rs`).

use libc::c_long;

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allow,
    /// Fails with this `errno`; chosen so that Python raises an exception that says what is true.
    Refuse(i32),
    /// Allowed or refused by an argument.
    Inspect(Inspection),
}

/// A rule on one argument. Only register values are looked at, never memory, so there is nothing to race.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inspection {
    /// Refused with the errno when any of these bits is set in the argument's low 32 bits.
    AnyBit { argument: u8, bits: u32, errno: i32 },
    /// Allowed only when the argument's low 32 bits are one of the values.
    OneOf { argument: u8, values: &'static [u32], errno: i32 },
    /// Refused when the argument's low 32 bits are one of the values.
    NoneOf { argument: u8, values: &'static [u32], errno: i32 },
}

/// A row of the policy.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub call: c_long,
    pub name: &'static str,
    pub verdict: Verdict,
    pub reason: &'static str,
}

/// Which process the filter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// No namespaces stand behind the filter: sockets, sessions and signals must be refused here.
    pub alone: bool,
    /// A memory cgroup counts what is not mapped (memfd).
    pub memory_counted: bool,
    /// Landlock (ABI 6) keeps signals inside; if not, and alone, the filter has to.
    pub signals_scoped: bool,
}

/// Stands for the learner's own pid, which is known only in the child: the child puts it in place of this operand.
pub const OWN_PID: u32 = 0x5eed_0bad;

macro_rules! rules {
    ($reason:literal, $verdict:expr; $($name:ident),+ $(,)?) => {
        &[$(Rule { call: calls::$name, name: stringify!($name), verdict: $verdict, reason: $reason },)+]
    };
}

/// The numbers, under their plain names.
mod calls {
    #![allow(non_upper_case_globals, reason = "system calls are written as in their manual pages")]
    macro_rules! numbers {
        ($($name:ident = $constant:ident),+ $(,)?) => { $(pub(super) const $name: libc::c_long = libc::$constant;)+ };
    }
    /// Calls that this architecture does not have: no number, no rule.
    #[cfg(not(target_arch = "x86_64"))]
    macro_rules! absent {
        ($($name:ident),+ $(,)?) => { $(pub(super) const $name: libc::c_long = -1;)+ };
    }
    include!("syscall_numbers.rs");
}

const ALLOW: Verdict = Verdict::Allow;
const fn refuse(errno: i32) -> Verdict {
    Verdict::Refuse(errno)
}

const NAMESPACE_FLAGS: u32 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWCGROUP) as u32;

/// `TIOCSTI` and `TIOCLINUX` (`asm-generic/ioctls.h`).
const TERMINAL_INPUT: &[u32] = &[0x5412, 0x541c];

include!("syscall_table.rs");

/// The rules that hold for everything in a sandbox, the zygote included; installed once, before the zygote starts.
pub fn base_rules(needs: Needs) -> Vec<Rule> {
    let mut rules: Vec<Rule> =
        BASE.iter().flat_map(|group| group.iter().copied()).filter(|rule| rule.call >= 0).collect();
    if needs.alone {
        override_with(&mut rules, ALONE);
    }
    if !needs.memory_counted {
        override_with(&mut rules, UNCOUNTED);
    }
    rules
}

/// The rules that are added in the child, last of all, before learner code loads: what only the set-up needed.
pub fn final_rules(needs: Needs) -> Vec<Rule> {
    let mut rules = FINAL.to_vec();
    if needs.alone {
        rules.extend(FINAL_ALONE.iter().flat_map(|group| group.iter().copied()));
    }
    if needs.alone && !needs.signals_scoped {
        rules.extend(UNSCOPED.iter().flat_map(|group| group.iter().copied()).filter(|rule| rule.call >= 0));
    }
    rules
}

fn override_with(rules: &mut Vec<Rule>, stronger: &[Rule]) {
    rules.retain(|rule| stronger.iter().all(|other| other.call != rule.call));
    rules.extend_from_slice(stronger);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_call_has_two_rules() {
        for needs in [
            Needs { alone: false, memory_counted: true, signals_scoped: true },
            Needs { alone: true, memory_counted: false, signals_scoped: false },
        ] {
            let rules = base_rules(needs);
            let mut calls: Vec<_> = rules.iter().map(|rule| rule.call).collect();
            calls.sort_unstable();
            let before = calls.len();
            calls.dedup();
            assert_eq!(before, calls.len());
        }
    }

    #[test]
    fn every_rule_says_why() {
        assert!(
            base_rules(Needs { alone: true, memory_counted: false, signals_scoped: false })
                .iter()
                .all(|rule| rule.reason.len() > 10)
        );
    }
}
