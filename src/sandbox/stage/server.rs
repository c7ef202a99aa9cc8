//! The server: answers the supervisor's requests until its socket is closed.

use std::collections::HashMap;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, Signal, kill_process_group, pidfd_send_signal};

use super::instance::{self, Instance, Wanted};
use super::scratch::Scratch;
use super::zygote::{Order, Report, Zygote};
use super::{Step, StepError, processes, root};
use crate::sandbox::cgroup::{Cgroup, Gauges};
use crate::sandbox::placement::pin;
use crate::sandbox::policy::WORK;
use crate::sandbox::stage_protocol::{Boot, Closing, Event, ProcessLimits, Request};
use crate::sandbox::syscalls::Needs;
use crate::sandbox::{landlock, packet, policy, sys};
use crate::verdict::Level;

/// Longest wait for killed processes to be reported by the zygote.
const REAP_TIME: Duration = Duration::from_secs(2);

/// Process 1 of the slot's namespaces (level `full`).
pub(super) fn main(boot: &Boot, socket: &OwnedFd, cgroup: Option<&Cgroup>) -> ! {
    let outcome = (|| {
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).step("death signal")?;
        if boot.run_as.is_some() {
            rustix::thread::set_thread_groups(&[]).step("drop groups")?;
        }
        let gauges = cgroup.map(Cgroup::gauges);
        rustix::system::sethostname(b"sandbox").step("set the host name")?;
        root::build(&boot.view)?;
        let mut mechanisms: Vec<String> =
            ["userns", "pidns", "mountns", "ipcns", "utsns", "netns", "cgroupns"].map(str::to_owned).into();
        mechanisms.extend(cgroup.into_iter().flat_map(Cgroup::mechanisms));
        let ruleset = landlock::scopes_only();
        mechanisms.extend(ruleset.as_ref().map(|_| "landlock_scopes".to_owned()));
        let needs = Needs { alone: false, memory_counted: gauges.is_some(), signals_scoped: true };
        Server::start(boot, socket, needs, gauges, ruleset, mechanisms)?.serve()
    })();
    if let Err(failure) = outcome {
        let _ = packet::send(socket.as_fd(), &broken(&failure), &[]);
        sys::exit_now(1);
    }
    sys::exit_now(0)
}

/// The stage at the levels below `full`: no namespaces, one process.
pub(super) fn alone(boot: &Boot, socket: &OwnedFd) -> Result<(), StepError> {
    // Orphans of learner code come to us, so that none is missed when its session is killed.
    rustix::process::set_child_subreaper(Some(rustix::process::getpid())).step("become a subreaper")?;
    let cgroup =
        (boot.level > Level::None).then(|| Cgroup::enter(&boot.slot, boot.memory_bytes, boot.processes)).flatten();
    let scoped = sys::landlock_abi() >= landlock::SCOPES;
    let needs = Needs { alone: true, memory_counted: cgroup.is_some(), signals_scoped: scoped };
    let mut mechanisms: Vec<String> = cgroup.iter().flat_map(Cgroup::mechanisms).collect();
    if boot.level == Level::Landlock {
        mechanisms.push(if scoped { "landlock_scopes" } else { "signal_filter" }.to_owned());
    }
    let served = Server::start(boot, socket, needs, cgroup.as_ref().map(Cgroup::gauges), None, mechanisms)
        .and_then(|mut server| server.serve());
    processes::kill_children();
    if let Some(cgroup) = cgroup {
        cgroup.leave();
        cgroup.remove();
    }
    served
}

fn broken(failure: &StepError) -> Event {
    Event::Broken { step: failure.step.clone(), error: failure.error.to_string() }
}

/// Where a submission lives.
enum Place {
    Namespaces(Instance),
    Folder(Scratch),
}

/// A process that the zygote forked for us.
struct Running {
    instance: u64,
    /// Known at the lower levels, where its session is killed by number.
    pid: Option<i32>,
}

struct Server<'a> {
    boot: &'a Boot,
    socket: &'a OwnedFd,
    zygote: Zygote,
    gauges: Option<Gauges>,
    /// Counters at the last closing.
    last: Closing,
    /// The ruleset shared by all at level `full`.
    ruleset: Option<OwnedFd>,
    places: HashMap<u64, Place>,
    running: HashMap<u64, Running>,
    /// What ended processes used, by instance: CPU µs and peak KiB.
    used: HashMap<u64, (u64, u64)>,
}

impl<'a> Server<'a> {
    fn start(
        boot: &'a Boot,
        socket: &'a OwnedFd,
        needs: Needs,
        gauges: Option<Gauges>,
        ruleset: Option<OwnedFd>,
        mut mechanisms: Vec<String>,
    ) -> Result<Self, StepError> {
        let zygote = Zygote::start(boot, needs)?;
        let server = Self {
            boot,
            socket,
            zygote,
            gauges,
            last: Closing::default(),
            ruleset,
            places: HashMap::new(),
            running: HashMap::new(),
            used: HashMap::new(),
        };
        server.probe_landlock()?;
        mechanisms.extend(server.level_mechanisms());
        server.tell(&Event::Ready { mechanisms }).step("tell the supervisor")?;
        Ok(server)
    }

    /// A level is claimed only if its ruleset can be built here.
    fn probe_landlock(&self) -> Result<(), StepError> {
        if self.boot.level != Level::Landlock {
            return Ok(());
        }
        landlock::alone(&self.readable(), &[], policy::DEVICES)
            .map(drop)
            .map_err(std::io::Error::other)
            .step("build a Landlock ruleset")
    }

    fn level_mechanisms(&self) -> Vec<String> {
        let names: &[&str] = match self.boot.level {
            Level::Full => &["seccomp", "no_new_privs", "rlimits", "private_tmp"],
            Level::Landlock => &["landlock", "seccomp", "no_new_privs", "rlimits"],
            Level::Limits => &["rlimits"],
            Level::None => &[],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn tell(&self, event: &Event) -> std::io::Result<()> {
        packet::send(self.socket.as_fd(), event, &[])
    }

    /// Until the supervisor hangs up (fine) or the zygote dies (not).
    /// However it ends, nothing is left of the learner's: a supervisor that was killed shows as an error as often as by its silence.
    fn serve(&mut self) -> Result<(), StepError> {
        let outcome = self.serve_requests();
        // At level `full` the keeper's kill does the same, even where the zygote is dead and nothing would be reported.
        if outcome.is_ok() || self.boot.level < Level::Full {
            self.close_all();
        }
        outcome
    }

    fn serve_requests(&mut self) -> Result<(), StepError> {
        loop {
            let ready = {
                let mut waiting = [
                    PollFd::from_borrowed_fd(self.socket.as_fd(), PollFlags::IN),
                    PollFd::from_borrowed_fd(self.zygote.socket(), PollFlags::IN),
                    PollFd::new(&self.zygote.pidfd, PollFlags::IN),
                ];
                match poll(&mut waiting, None) {
                    Err(rustix::io::Errno::INTR) => continue,
                    other => other.step("poll")?,
                };
                waiting.map(|each| !each.revents().is_empty())
            };
            if ready[1] {
                self.take_report()?;
            } else if ready[2] {
                return Err(std::io::Error::other("it ended")).step("the zygote");
            }
            if ready[0] {
                let Some((request, descriptors)) =
                    packet::receive::<Request>(self.socket.as_fd()).step("read a request")?
                else {
                    return Ok(());
                };
                self.answer(request, descriptors).step("tell the supervisor")?;
            }
        }
    }

    fn answer(&mut self, request: Request, descriptors: Vec<OwnedFd>) -> std::io::Result<()> {
        match request {
            Request::Open { instance, files, loopback, scratch_bytes } => {
                let opened = self.open(instance, &files, loopback, scratch_bytes, descriptors);
                self.refuse_on_error(instance, opened)
            }
            Request::Spawn { instance, process, limits } => {
                let spawned = self.spawn(instance, process, limits, &descriptors);
                self.refuse_on_error(instance, spawned)
            }
            Request::Stack { process } => self.zygote.order(&Order::Stack { process }, &[]),
            Request::Pin { processor } => {
                // Only faster, never needed: a processor may have gone meanwhile.
                let _ = pin(Pid::from_raw(self.zygote.pid), processor);
                let _ = pin(None, processor);
                Ok(())
            }
            Request::Sample => {
                let sampled = processes::sample(self.zygote.pid, self.boot.level == Level::Full);
                self.tell(&Event::Sampled {
                    cpu_ms: sampled.cpu_ms,
                    resident_bytes: sampled.resident_bytes,
                    processes: sampled.processes,
                })
            }
            Request::Close { instance } => {
                let usage = self.close(instance);
                self.tell(&Event::Closed { instance, usage })
            }
        }
    }

    fn refuse_on_error(&self, instance: u64, outcome: Result<(), StepError>) -> std::io::Result<()> {
        match outcome {
            Ok(()) => Ok(()),
            Err(failure) => {
                self.tell(&Event::Refused { instance, step: failure.step, error: failure.error.to_string() })
            }
        }
    }

    fn open(
        &mut self,
        id: u64,
        sizes: &[(String, u64)],
        loopback: bool,
        scratch_bytes: u64,
        descriptors: Vec<OwnedFd>,
    ) -> Result<(), StepError> {
        let content =
            descriptors.into_iter().next().ok_or_else(|| std::io::Error::other("no content")).step("read the files")?;
        let files = instance::read_files(content, sizes).step("read the files")?;
        let place = if self.boot.level == Level::Full {
            let owner = u32::from(self.boot.run_as.is_some());
            Place::Namespaces(instance::open(&Wanted { files, loopback, scratch_bytes, owner })?)
        } else {
            Place::Folder(Scratch::make(
                &self.boot.scratch,
                &format!("{}-{id}", self.boot.slot),
                &files,
                self.boot.run_as,
            )?)
        };
        self.places.insert(id, place);
        Ok(())
    }

    fn spawn(&mut self, id: u64, process: u64, limits: ProcessLimits, given: &[OwnedFd]) -> Result<(), StepError> {
        let place = self.places.get(&id).ok_or_else(|| std::io::Error::other("no such sandbox")).step("spawn")?;
        let mut descriptors: Vec<BorrowedFd<'_>> = given.iter().map(AsFd::as_fd).collect();
        let limits = (self.boot.level > Level::None).then_some(limits);
        let made_for_it;
        let (namespaces, work, temporary) = match place {
            Place::Namespaces(instance) => {
                descriptors.push(instance.pidfd.as_fd());
                descriptors.extend(self.ruleset.as_ref().map(AsFd::as_fd));
                (instance.namespaces, WORK.to_owned(), "/tmp".to_owned())
            }
            Place::Folder(scratch) => {
                made_for_it = self.ruleset_for(scratch)?;
                descriptors.extend(made_for_it.as_ref().map(AsFd::as_fd));
                (0, scratch.work.display().to_string(), scratch.temporary.display().to_string())
            }
        };
        let landlock = descriptors.len() > given.len() + usize::from(namespaces != 0);
        let order = Order::Spawn { process, limits, namespaces, landlock, work: &work, temporary: &temporary };
        self.zygote.order(&order, &descriptors).step("ask the zygote to fork")?;
        self.running.insert(process, Running { instance: id, pid: None });
        Ok(())
    }

    fn readable(&self) -> Vec<std::path::PathBuf> {
        self.boot.view.binds.iter().map(|(outside, _)| outside.clone()).collect()
    }

    fn ruleset_for(&self, scratch: &Scratch) -> Result<Option<OwnedFd>, StepError> {
        if self.boot.level != Level::Landlock {
            return Ok(None);
        }
        let writable = [scratch.work.clone(), scratch.temporary.clone()];
        landlock::alone(&self.readable(), &writable, policy::DEVICES)
            .map(Some)
            .map_err(std::io::Error::other)
            .step("build a Landlock ruleset")
    }

    fn take_report(&mut self) -> Result<(), StepError> {
        let report = self
            .zygote
            .next()
            .step("read from the zygote")?
            .ok_or_else(|| std::io::Error::other("it ended"))
            .step("the zygote")?;
        match report {
            Report::Ready => {}
            Report::Spawned { process, pid } => {
                if let Some(running) = self.running.get_mut(&process) {
                    running.pid = Some(pid);
                }
            }
            Report::Refused { process, step, error } => {
                if let Some(running) = self.running.remove(&process) {
                    self.tell(&Event::Refused { instance: running.instance, step, error })
                        .step("tell the supervisor")?;
                }
            }
            Report::Exited { process, status, cpu_us, peak_kib } => {
                if let Some(running) = self.running.remove(&process) {
                    let used = self.used.entry(running.instance).or_default();
                    *used = (used.0 + cpu_us, used.1.max(peak_kib));
                }
                self.tell(&Event::Exited { process, status, cpu_us, peak_kib }).step("tell the supervisor")?;
            }
        }
        Ok(())
    }

    fn close(&mut self, id: u64) -> Closing {
        match self.places.remove(&id) {
            None => {}
            Some(Place::Namespaces(instance)) => {
                let _ = pidfd_send_signal(&instance.pidfd, Signal::KILL);
                if let Ok(Some(ended)) = sys::wait_usage(instance.pid, true) {
                    self.used.entry(id).or_default().0 += ended.cpu_us;
                }
                self.await_exits(id);
            }
            Some(Place::Folder(scratch)) => {
                self.kill_sessions(id);
                scratch.remove();
            }
        }
        self.account(id)
    }

    /// At the lower levels: the sessions first, then whatever fled from them and came to us as an orphan.
    fn kill_sessions(&mut self, id: u64) {
        let deadline = Instant::now() + REAP_TIME;
        while self.running.values().any(|running| running.instance == id) && Instant::now() < deadline {
            for running in self.running.values().filter(|running| running.instance == id) {
                if let Some(pid) = running.pid.and_then(Pid::from_raw) {
                    let _ = kill_process_group(pid, Signal::KILL);
                }
            }
            self.await_report(Duration::from_millis(20));
        }
        processes::kill_orphans(self.zygote.pid);
    }

    /// What was killed is reaped by the zygote, its parent, which then reports it.
    fn await_exits(&mut self, id: u64) {
        let deadline = Instant::now() + REAP_TIME;
        while self.running.values().any(|running| running.instance == id) && Instant::now() < deadline {
            self.await_report(Duration::from_millis(100));
        }
    }

    fn await_report(&mut self, time: Duration) {
        let timeout = rustix::event::Timespec { tv_sec: 0, tv_nsec: i64::from(time.subsec_nanos()) };
        let mut waiting = [PollFd::from_borrowed_fd(self.zygote.socket(), PollFlags::IN)];
        if matches!(poll(&mut waiting, Some(&timeout)), Ok(1..)) {
            let _ = self.take_report();
        }
    }

    /// From the cgroup where there is one: it misses no process. Else from what was waited for.
    fn account(&mut self, id: u64) -> Closing {
        let (waited_cpu, waited_peak) = self.used.remove(&id).unwrap_or_default();
        let Some(gauges) = &self.gauges else {
            return Closing { cpu_us: waited_cpu, memory_peak_bytes: waited_peak * 1024, out_of_memory: 0 };
        };
        let total = Closing {
            cpu_us: gauges.cpu_us().unwrap_or(self.last.cpu_us + waited_cpu),
            memory_peak_bytes: gauges.peak().unwrap_or(waited_peak * 1024),
            out_of_memory: gauges.out_of_memory(),
        };
        gauges.reset_peak();
        let since = Closing {
            cpu_us: if self.last.cpu_us == 0 { waited_cpu } else { total.cpu_us.saturating_sub(self.last.cpu_us) },
            memory_peak_bytes: total.memory_peak_bytes,
            out_of_memory: total.out_of_memory.saturating_sub(self.last.out_of_memory),
        };
        self.last = total;
        since
    }

    fn close_all(&mut self) {
        let open: Vec<u64> = self.places.keys().copied().collect();
        for id in open {
            self.close(id);
        }
    }
}
