//! A request to stop (Ctrl-C, `SIGTERM`), seen by whatever waits for a tool or a lock.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Fault, Result};

/// A flag that is raised once and never lowered; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// A fault once it is raised, for whatever goes on step by step.
    pub fn check(&self) -> Result<()> {
        if self.is_raised() { Err(Fault::interrupted()) } else { Ok(()) }
    }

    /// A flag that `SIGINT`, `SIGTERM` and `SIGHUP` raise. From then on these signals no longer end this process by themselves: whoever asks
    /// for this must look at the flag, or listen on their own as well (tokio tells every listener).
    pub fn on_signals() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let flag = Self::default();
        let raised = flag.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (mut interrupt, mut terminate, mut hangup) = {
            let _context = runtime.enter();
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?)
        };
        std::thread::Builder::new().name("signals".into()).spawn(move || {
            runtime.block_on(async {
                tokio::select! { _ = interrupt.recv() => (), _ = terminate.recv() => (), _ = hangup.recv() => () }
            });
            raised.raise();
        })?;
        Ok(flag)
    }
}
