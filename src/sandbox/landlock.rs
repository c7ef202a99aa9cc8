//! Landlock rulesets, made here and enforced by each sandboxed process on itself.

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetError, Scope, path_beneath_rules,
};

use super::sys;

/// The version from which signals and abstract sockets can be kept inside (Linux 6.12).
pub const SCOPES: i64 = 6;
/// The version from which TCP can be refused (Linux 6.7).
const NETWORK: i64 = 4;

/// Beside namespaces: keeps signals and abstract sockets inside. `None` where the kernel is too old.
pub fn scopes_only() -> Option<OwnedFd> {
    if sys::landlock_abi() < SCOPES {
        return None;
    }
    let ruleset = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    ruleset.scope(Scope::AbstractUnixSocket | Scope::Signal).and_then(Ruleset::create).ok()?.into()
}

/// Instead of namespaces: `readable` for reading and executing, `writable` for everything, `devices` for reading and writing; no TCP. Every
/// right that this kernel's version knows is required, none is asked for "at best".
pub fn alone(readable: &[PathBuf], writable: &[PathBuf], devices: &[&str]) -> Result<OwnedFd, String> {
    build(readable, writable, devices)
        .map_err(|error| error.to_string())?
        .ok_or_else(|| "this kernel has no Landlock".to_owned())
}

fn build(readable: &[PathBuf], writable: &[PathBuf], devices: &[&str]) -> Result<Option<OwnedFd>, RulesetError> {
    let version = sys::landlock_abi();
    if version == 0 {
        return Ok(None);
    }
    let abi = match version {
        1 => ABI::V1,
        2 => ABI::V2,
        3 => ABI::V3,
        4 => ABI::V4,
        5 => ABI::V5,
        _ => ABI::V6,
    };
    let mut ruleset =
        Ruleset::default().set_compatibility(CompatLevel::HardRequirement).handle_access(AccessFs::from_all(abi))?;
    if version >= NETWORK {
        ruleset = ruleset.handle_access(AccessNet::from_all(abi))?;
    }
    if version >= SCOPES {
        ruleset = ruleset.scope(Scope::AbstractUnixSocket | Scope::Signal)?;
    }
    let device = AccessFs::ReadFile | AccessFs::WriteFile;
    let ruleset = ruleset
        .create()?
        .add_rules(path_beneath_rules(existing(readable), AccessFs::from_read(abi)))?
        .add_rules(path_beneath_rules(writable, AccessFs::from_all(abi)))?
        .add_rules(path_beneath_rules(devices, device))?;
    Ok(ruleset.into())
}

fn existing(paths: &[PathBuf]) -> impl Iterator<Item = &Path> {
    paths.iter().map(PathBuf::as_path).filter(|path| path.exists())
}
