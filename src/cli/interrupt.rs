//! Interrupting a run: Ctrl+C or SIGTERM ends it after the present step.

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};
use std::{
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// Receives the signals.
#[derive(Debug)]
pub(super) struct Interrupt(Arc<AtomicUsize>);

impl Interrupt {
    /// Starts to receive the signals. A second signal ends the program at once.
    pub(super) fn register() -> io::Result<Self> {
        let received = Arc::new(AtomicUsize::new(0));
        let is_second = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            flag::register_conditional_shutdown(signal, exit_code(signal), is_second.clone())?;
            flag::register(signal, is_second.clone())?;
            flag::register_usize(signal, received.clone(), signal as usize)?;
        }
        Ok(Self(received))
    }

    /// The signal that was received.
    pub(super) fn received(&self) -> Option<i32> {
        Some(self.0.load(Ordering::Relaxed) as i32).filter(|signal| *signal != 0)
    }
}

/// A run that a signal ended. Its message says how to go on.
#[derive(Debug)]
pub struct Interrupted {
    pub(super) signal: i32,
    pub(super) message: String,
}

impl Interrupted {
    /// The exit code of a shell for a program that the signal ended.
    pub(super) fn exit_code(&self) -> u8 {
        exit_code(self.signal) as u8
    }
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Interrupted {}

fn exit_code(signal: i32) -> i32 {
    128 + signal
}
