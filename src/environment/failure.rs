//! Why an installer failed, read from what it printed, and what the user can do about it.

use super::command::{Ended, Finished, shown};
use crate::error::Fault;

/// How many of the last lines of an installer's output are shown, and how long each may be.
const LINES: usize = 6;
const LINE_CHARS: usize = 240;

/// The kinds of failure that ask for different things from the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Interrupted,
    DiskFull,
    NotWritable,
    HashMismatch,
    /// The lock lacks a hash or a package: its author's fault.
    LockIncomplete,
    /// Somebody between us and the index, a proxy most often, shows a certificate that is not trusted here.
    Untrusted,
    NoNetwork,
    NoWheel,
    NoVenv,
    TimedOut,
    Other,
}

/// What each kind looks like in the output of uv or pip, in lower case. The order counts: pip that can't reach its index goes on to say that it
/// found no matching version.
const SIGNS: &[(Kind, &[&str])] = &[
    (
        Kind::DiskFull,
        &["no space left on device", "os error 28)", "errno 28]", "disk quota exceeded", "os error 122)", "errno 122]"],
    ),
    (
        Kind::NotWritable,
        &["read-only file system", "os error 30)", "errno 30]", "permission denied", "os error 13)", "errno 13]"],
    ),
    (Kind::HashMismatch, &["do not match the hashes", "hash mismatch"]),
    (
        Kind::LockIncomplete,
        &[
            "hashes are required",
            "all requirements must have their versions pinned",
            "missing hashes",
            "no hashes were provided",
        ],
    ),
    (Kind::Untrusted, &["certificate_verify_failed", "invalid peer certificate"]),
    (
        Kind::NoNetwork,
        &[
            "failed to establish a new connection",
            "newconnectionerror",
            "max retries exceeded",
            "connection broken by",
            "temporary failure in name resolution",
            "name or service not known",
            "network is unreachable",
            "connection refused",
            "connection reset",
            "read timed out",
            "error sending request",
            "dns error",
            "tunnel error",
            "proxyerror",
            "network connectivity is disabled",
            "failed to fetch",
            "client error (connect)",
        ],
    ),
    (
        Kind::NoWheel,
        &[
            "no matching distribution",
            "could not find a version that satisfies",
            "no solution found",
            "has no wheels",
            "no usable wheels",
            "requires a different python",
            "not a supported wheel",
        ],
    ),
    (Kind::NoVenv, &["no module named venv", "no module named 'venv'"]),
];

/// One failed attempt.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    /// The command that failed, as one would type it: "uv pip install".
    pub(crate) tool: String,
    /// The end of its output, safe to show, oldest line first.
    pub(crate) lines: Vec<String>,
}

impl Failure {
    pub(crate) fn of(tool: &str, finished: &Finished) -> Self {
        let kind = match finished.ended {
            Ended::Interrupted => Kind::Interrupted,
            Ended::TimedOut => Kind::TimedOut,
            _ => classify(&finished.output),
        };
        Self { kind, tool: tool.into(), lines: last_lines(&finished.output) }
    }

    pub(crate) fn unstartable(tool: &str, error: &std::io::Error) -> Self {
        Self { kind: classify(&error.to_string()), tool: tool.into(), lines: vec![error.to_string()] }
    }

    /// Whether the same tool from another place could fare better: this one may simply be broken.
    pub(crate) fn is_obscure(&self) -> bool {
        self.kind == Kind::Other
    }

    /// Whether another kind of installer could fare better: it may know of another index, or of a proxy.
    pub(crate) fn may_pass_elsewhere(&self) -> bool {
        !matches!(
            self.kind,
            Kind::Interrupted | Kind::DiskFull | Kind::NotWritable | Kind::HashMismatch | Kind::LockIncomplete
        )
    }

    /// The fault for the user: `what` are the packages ("the judge"), `python` the version they are for.
    pub(crate) fn into_fault(self, what: &str, python: &str) -> Fault {
        let tool = &self.tool;
        let fault = match self.kind {
            Kind::Interrupted => return Fault::interrupted(),
            Kind::DiskFull => Fault::machine(format!("the disk is full: the packages of {what} can't be installed"))
                .hint("free some disk space (`grade cache clear` gives back ours), or set GRADE_CACHE_DIR to a folder on another disk"),
            Kind::NotWritable => Fault::machine(format!("the cache can't be written: the packages of {what} can't be installed"))
                .hint("set GRADE_CACHE_DIR to a folder that you can write to"),
            Kind::HashMismatch => Fault::machine(format!("a package of {what} is not the one that was locked: its hash differs"))
                .hint("the index or a proxy gave another file: try another network or index, and don't install that package by hand"),
            Kind::LockIncomplete => Fault::author(format!("the lock of {what} is incomplete: every package needs a version and a hash"))
                .hint("make it again: `uv pip compile requirements.in --generate-hashes --output-file requirements.txt`"),
            Kind::Untrusted => Fault::machine(format!("the package index shows a certificate that is not trusted here, and the packages of {what} are not installed yet"))
                .hint("if your network has a proxy with a certificate of its own, set SSL_CERT_FILE and PIP_CERT to its file"),
            Kind::NoNetwork => Fault::machine(format!("the package index can't be reached, and the packages of {what} are not installed yet"))
                .hint("connect to the network once, or point PIP_FIND_LINKS and UV_FIND_LINKS to a folder that holds the wheels"),
            Kind::NoWheel => Fault::machine(format!("a package of {what} has no wheel for Python {python} on this machine"))
                .hint("use another Python: `grade --python PATH`"),
            Kind::NoVenv => Fault::machine(format!("Python {python} has no `venv` module")).hint("run `sudo apt install python3-venv`, or install uv"),
            Kind::TimedOut => Fault::machine(format!("`{tool}` took too long and was stopped")).hint("try again on a faster network"),
            Kind::Other => Fault::machine(format!("`{tool}` can't install the packages of {what}"))
                .hint("run `grade doctor` to see what this machine gives, or try another Python: `grade --python PATH`"),
        };
        let fault = fault.because(format!("`{tool}` said"));
        self.lines.into_iter().fold(fault, Fault::because)
    }
}

fn classify(output: &str) -> Kind {
    let output = output.to_lowercase();
    SIGNS
        .iter()
        .find(|(_, signs)| signs.iter().any(|sign| output.contains(sign)))
        .map_or(Kind::Other, |(kind, _)| *kind)
}

/// The last lines that say something, control characters escaped.
fn last_lines(output: &str) -> Vec<String> {
    let mut lines: Vec<String> = output
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .rev()
        .take(LINES)
        .map(|line| shown(line, LINE_CHARS))
        .collect();
    lines.reverse();
    lines
}
