//! A slot's cgroup: memory, number of processes, CPU time. Version 2 where it is delegated, version 1 where it is writable (root).
//!
//! The slot's first process enters before it makes any child, and everything inherits: writing a pid later costs ten milliseconds.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A cgroup made for one slot; removed by [`Cgroup::remove`] when it is empty.
#[derive(Debug)]
pub struct Cgroup {
    /// One folder with version 2; one for each controller with version 1.
    memory: Option<PathBuf>,
    pids: Option<PathBuf>,
    cpu: Option<PathBuf>,
    version: Version,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

const MOUNT: &str = "/sys/fs/cgroup";

/// The leaf that [`prepare_delegation`] moves us into; slots are made beside it.
const LEAF: &str = "/grade-supervisor";

impl Cgroup {
    /// Makes the slot's cgroup below our own and puts this process into it. `None` where none can be had: not an error, the
    /// level's mechanisms tell.
    pub fn enter(slot: &str, memory_bytes: u64, processes: u64) -> Option<Self> {
        let cgroup = Self::version_two(slot).or_else(|| Self::version_one(slot))?;
        if cgroup.limit(memory_bytes, processes).and_then(|()| cgroup.attach()).is_err() {
            cgroup.remove();
            return None;
        }
        Some(cgroup)
    }

    fn version_two(slot: &str) -> Option<Self> {
        let own = own_path("")?;
        let own = own.strip_suffix(LEAF).unwrap_or(&own);
        let parent = Path::new(MOUNT).join(own.trim_start_matches('/'));
        let enabled = fs::read_to_string(parent.join("cgroup.subtree_control")).ok()?;
        if !(enabled.contains("memory") && enabled.contains("pids")) {
            return None;
        }
        let folder = parent.join(slot);
        fs::create_dir(&folder).ok()?;
        Some(Self {
            memory: Some(folder.clone()),
            pids: Some(folder.clone()),
            cpu: Some(folder),
            version: Version::Two,
        })
    }

    fn version_one(slot: &str) -> Option<Self> {
        let make = |controller: &str| {
            let folder =
                Path::new(MOUNT).join(controller).join(own_path(controller)?.trim_start_matches('/')).join(slot);
            fs::create_dir(&folder).ok()?;
            Some(folder)
        };
        let memory = make("memory")?;
        Some(Self { memory: Some(memory), pids: make("pids"), cpu: make("cpuacct"), version: Version::One })
    }

    /// Removes what a slot left whose keeper was killed; for its supervisor, which is in the cgroup above.
    pub fn remove_left(slot: &str) {
        let below = |hierarchy: &str| {
            let own = own_path(hierarchy)?;
            let parent = own.strip_suffix(LEAF).unwrap_or(&own).trim_start_matches('/').to_owned();
            Some(Path::new(MOUNT).join(hierarchy).join(parent).join(slot)).filter(|folder| folder.is_dir())
        };
        for folder in ["", "memory", "pids", "cpuacct"].into_iter().filter_map(below) {
            remove(&folder);
        }
    }

    fn limit(&self, memory_bytes: u64, processes: u64) -> io::Result<()> {
        if let Some(folder) = &self.memory {
            let file = if self.version == Version::Two { "memory.max" } else { "memory.limit_in_bytes" };
            fs::write(folder.join(file), memory_bytes.to_string())?;
            if self.version == Version::Two {
                // No swap: a learner who fills memory should meet the limit, not slow the machine down. Absent without swap accounting.
                let _ = fs::write(folder.join("memory.swap.max"), "0");
            }
        }
        if let Some(folder) = &self.pids {
            fs::write(folder.join("pids.max"), processes.to_string())?;
        }
        Ok(())
    }

    fn attach(&self) -> io::Result<()> {
        let mut folders: Vec<_> = [&self.memory, &self.pids, &self.cpu].into_iter().flatten().collect();
        folders.dedup();
        folders.into_iter().try_for_each(|folder| fs::write(folder.join("cgroup.procs"), "0"))
    }

    /// Goes back to the parent, so that the folders can be removed.
    pub fn leave(&self) {
        for folder in [&self.memory, &self.pids, &self.cpu].into_iter().flatten() {
            if let Some(parent) = folder.parent() {
                let _ = fs::write(parent.join("cgroup.procs"), "0");
            }
        }
    }

    /// Names for the verdict's list of mechanisms.
    pub fn mechanisms(&self) -> Vec<String> {
        let named = [(&self.memory, "cgroup_memory"), (&self.pids, "cgroup_pids"), (&self.cpu, "cgroup_cpu")];
        named.iter().filter(|(folder, _)| folder.is_some()).map(|(_, name)| (*name).to_owned()).collect()
    }

    /// Opened before the process goes where cgroup files can't be seen.
    pub fn gauges(&self) -> Gauges {
        let open = |folder: &Option<PathBuf>, name: &str| {
            fs::File::options().read(true).open(folder.as_ref()?.join(name)).ok()
        };
        let (peak, kills, cpu) = match self.version {
            Version::Two => ("memory.peak", "memory.events", "cpu.stat"),
            Version::One => ("memory.max_usage_in_bytes", "memory.oom_control", "cpuacct.usage"),
        };
        let reset =
            self.memory.as_ref().and_then(|folder| fs::File::options().write(true).open(folder.join(peak)).ok());
        Gauges {
            version: self.version,
            peak: open(&self.memory, peak),
            reset,
            kills: open(&self.memory, kills),
            cpu: open(&self.cpu, cpu),
        }
    }

    /// Removes the folders; they must be empty of processes.
    pub fn remove(&self) {
        for folder in [&self.memory, &self.pids, &self.cpu].into_iter().flatten() {
            remove(folder);
        }
    }
}

/// With version 2 it is one folder named three times; and what is left for a moment by a dying process is retried.
fn remove(folder: &Path) {
    for _ in 0..50 {
        match fs::remove_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            _ => break,
        }
    }
}

/// Open counters of a cgroup.
#[derive(Debug)]
pub struct Gauges {
    version: Version,
    peak: Option<fs::File>,
    reset: Option<fs::File>,
    kills: Option<fs::File>,
    cpu: Option<fs::File>,
}

impl Gauges {
    /// CPU microseconds of everything that ever ran in the slot.
    pub fn cpu_us(&self) -> Option<u64> {
        let text = read(self.cpu.as_ref()?)?;
        match self.version {
            Version::One => Some(text.trim().parse::<u64>().ok()? / 1000),
            Version::Two => field(&text, "usage_usec"),
        }
    }

    /// Processes that were killed for memory so far.
    pub fn out_of_memory(&self) -> u64 {
        self.kills.as_ref().and_then(read).and_then(|text| field(&text, "oom_kill")).unwrap_or(0)
    }

    /// Largest memory since the last reset, bytes.
    pub fn peak(&self) -> Option<u64> {
        read(self.peak.as_ref()?)?.trim().parse().ok()
    }

    /// Starts a new peak; where the kernel can't (version 2 before Linux 6.12) the peak is that of the slot.
    pub fn reset_peak(&self) {
        if let Some(file) = &self.reset {
            use std::os::unix::fs::FileExt as _;
            let _ = file.write_all_at(b"0", 0);
        }
    }
}

fn read(file: &fs::File) -> Option<String> {
    use std::os::unix::fs::FileExt as _;
    let mut buffer = [0; 1024];
    let length = file.read_at(&mut buffer, 0).ok()?;
    String::from_utf8(buffer[..length].to_vec()).ok()
}

fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
}

/// Our own path in the hierarchy of a version-1 controller, or of version 2 (empty name).
fn own_path(controller: &str) -> Option<String> {
    let table = fs::read_to_string("/proc/self/cgroup").ok()?;
    table.lines().find_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (names, path) = (parts.next()?, parts.next()?);
        names.split(',').any(|name| name == controller).then(|| path.to_owned())
    })
}

/// Prepares a delegated version-2 cgroup (`systemd-run --user --scope -p Delegate=yes grade …`) for slots: processes must be in leaves, so we
/// move ourselves into one and hand the controllers down. Does nothing where that is not allowed.
pub fn prepare_delegation() {
    let Some(own) = own_path("") else { return };
    let folder = Path::new(MOUNT).join(own.trim_start_matches('/'));
    let available = fs::read_to_string(folder.join("cgroup.controllers")).unwrap_or_default();
    if !(available.contains("memory") && available.contains("pids")) || own == "/" || own.ends_with(LEAF) {
        return;
    }
    let leaf = folder.join(LEAF.trim_start_matches('/'));
    let moved = fs::create_dir_all(&leaf).and_then(|()| fs::write(leaf.join("cgroup.procs"), "0"));
    if moved.is_ok() {
        let _ = fs::write(folder.join("cgroup.subtree_control"), "+memory +pids");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        let events = "low 0\nhigh 0\noom 3\noom_kill 2\noom_group_kill 0\n";
        assert_eq!(field(events, "oom_kill"), Some(2));
        assert_eq!(field(events, "oom"), Some(3));
        assert_eq!(field(events, "missing"), None);
    }
}
