//! The training thread, and the pool of threads that compute the shards of a batch.

mod commands;
mod keeper;
mod pool;
mod steps;
mod thread;
mod watch;

pub use pool::Pool;

use self::{thread::Worker, watch::Watch};
use super::message::{Command, Event, Snapshot};
use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

/// The most commands that wait during a step.
const COMMANDS: usize = 256;

/// The most events that wait to be polled. Later ones are dropped: the snapshot has the state.
const EVENTS: usize = 64;

/// The owner of the training thread. Dropping it stops the thread after the present step and waits for it.
#[derive(Debug)]
pub struct TrainerHandle {
    commands: Option<SyncSender<Command>>,
    events: Receiver<Event>,
    latest: Arc<Mutex<Option<Arc<Snapshot>>>>,
    thread: Option<JoinHandle<()>>,
}

impl TrainerHandle {
    /// Starts the thread, which calls `wake` for every new snapshot and event.
    pub fn spawn(threads: usize, wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        let pool = Pool::new(threads)?;
        let (commands, received) = sync_channel(COMMANDS);
        let (reports, events) = sync_channel(EVENTS);
        let latest = Arc::new(Mutex::new(None));
        let mut worker = Worker {
            pool,
            commands: received,
            reports,
            latest: latest.clone(),
            wake: Box::new(wake),
            runs: 0,
            filter_commands: 0,
            run: None,
            saves: Vec::new(),
            autosave: None,
            kept: None,
            watch: Watch::default(),
            keeper: None,
        };
        let thread = std::thread::Builder::new().name("trainer".into()).spawn(move || worker.live())?;
        Ok(Self { commands: Some(commands), events, latest, thread: Some(thread) })
    }

    /// Sends a command; `false` if it is lost because hundreds are waiting or the thread is gone.
    pub fn send(&self, command: Command) -> bool {
        self.commands.as_ref().is_some_and(|commands| commands.try_send(command).is_ok())
    }

    /// The events since the last call.
    pub fn poll(&self) -> Vec<Event> {
        self.events.try_iter().collect()
    }

    /// The newest snapshot; `None` without a run: before the first one, and after one that could not start or failed.
    pub fn latest(&self) -> Option<Arc<Snapshot>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl TrainerHandle {
    /// Stops the thread after the present step, waits for it, and returns the last events, such as
    /// [`Event::Kept`].
    pub fn close(mut self) -> Vec<Event> {
        self.stop();
        self.poll()
    }

    fn stop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported as an event.
            let _ = thread.join();
        }
    }
}

impl Drop for TrainerHandle {
    fn drop(&mut self) {
        self.stop();
    }
}
