//! Time on the wall and CPU time of everything that runs below the benchmark, sandboxed and killed processes included.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::tree;

/// For one submission, on average.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spent {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
}

#[derive(Debug)]
pub(crate) enum Meter {
    /// A cgroup (version 1, cpuacct) that the whole benchmark is in: it misses nothing.
    Cgroup(PathBuf),
    /// `/proc`: misses what was killed together with its pid namespace, the zygote of a cold run for instance.
    Processes,
}

impl Meter {
    pub(crate) fn new() -> Self {
        cgroup().map_or(Self::Processes, Self::Cgroup)
    }

    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Cgroup(_) => "cpuacct cgroup (everything)",
            Self::Processes => "/proc (without what is killed with its pid namespace)",
        }
    }

    pub(crate) fn cpu(&self) -> Outcome<Duration> {
        match self {
            Self::Cgroup(folder) => {
                let text = fs::read_to_string(folder.join("cpuacct.usage"))?;
                Ok(Duration::from_nanos(text.trim().parse()?))
            }
            Self::Processes => Ok(Duration::from_micros(tree::cpu_us(&tree::below(std::process::id())?))),
        }
    }

    /// What `work` on `count` submissions takes, for each. `work` may say itself how long it took on the wall, without its own preparation.
    pub(crate) fn measure(&self, count: usize, work: impl FnOnce() -> Outcome<Duration>) -> Outcome<Spent> {
        let before = self.cpu()?;
        let wall = work()?;
        let cpu = self.cpu()?.saturating_sub(before);
        let count = u32::try_from(count.max(1))?;
        Ok(Spent { wall: wall / count, cpu: cpu / count })
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Self::Cgroup(folder) = self {
            // It can be removed once nothing is in it: we go back to where we came from.
            let _ = fs::write(folder.with_file_name("cgroup.procs"), "0");
            let _ = fs::remove_dir(folder);
        }
    }
}

fn cgroup() -> Option<PathBuf> {
    let table = fs::read_to_string("/proc/self/cgroup").ok()?;
    let own = table.lines().find_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (names, path) = (parts.next()?, parts.next()?);
        names.split(',').any(|name| name == "cpuacct").then(|| path.trim_start_matches('/').to_owned())
    })?;
    let folder = PathBuf::from("/sys/fs/cgroup/cpuacct").join(own).join(format!("compare-{}", std::process::id()));
    fs::create_dir(&folder).ok()?;
    if fs::write(folder.join("cgroup.procs"), "0").is_err() {
        let _ = fs::remove_dir(&folder);
        return None;
    }
    Some(folder)
}

/// How long something takes.
pub(crate) fn timed(work: impl FnOnce() -> Outcome<()>) -> Outcome<Duration> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed())
}
