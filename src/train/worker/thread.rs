//! What the training thread does in turn: commands, steps, snapshots, files.

use super::{
    keeper::{Keeper, Order},
    pool::Pool,
    watch::Watch,
};
use crate::{
    text::{Say as _, Sentence},
    train::{
        autosave::Autosave,
        checkpoint::Checkpoint,
        message::{Command, Event, Snapshot, Status},
        run::Run,
    },
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, TryRecvError},
    },
    time::{Duration, Instant},
};

/// The time between two snapshots of a running session.
pub(super) const PUBLISH_EVERY: Duration = Duration::from_millis(50);

pub(super) struct Worker {
    pub(super) pool: Pool,
    pub(super) commands: Receiver<Command>,
    pub(super) reports: SyncSender<Event>,
    pub(super) latest: Arc<Mutex<Option<Arc<Snapshot>>>>,
    pub(super) wake: Box<dyn Fn() + Send>,
    pub(super) runs: u64,
    /// The commands that changed filters.
    pub(super) filter_commands: u64,
    pub(super) run: Option<Run>,
    /// Files to save to when no evaluation is running.
    pub(super) saves: Vec<PathBuf>,
    pub(super) autosave: Option<Autosave>,
    /// The number that the run is kept under, once it is.
    pub(super) kept: Option<u64>,
    pub(super) watch: Watch,
    /// Writes moments while the run trains; `None` if its thread could not be started: then they are written when it pauses.
    pub(super) keeper: Option<Keeper>,
}

impl Worker {
    pub(super) fn live(&mut self) {
        loop {
            match catch_unwind(AssertUnwindSafe(|| self.work())) {
                Ok(()) => {
                    // Commands that came before the handle was dropped.
                    self.save();
                    self.keep(true);
                    return;
                }
                Err(panic) => {
                    let reason = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
                    let reason =
                        reason.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
                    self.give_up();
                    self.save();
                    let sentence = Sentence::new("the training thread failed and the run is lost: {reason}");
                    self.report(Event::Panicked(sentence.with("reason", reason)));
                }
            }
        }
    }

    /// Trains and carries out commands until the handle is dropped.
    fn work(&mut self) {
        loop {
            if !self.is_running() {
                let Ok(command) = self.commands.recv() else { return };
                self.obey(command);
                self.save();
                self.publish();
                self.keep(false);
                continue;
            }
            let begun = Instant::now();
            while begun.elapsed() < PUBLISH_EVERY {
                if !self.take_commands() {
                    return;
                }
                if !self.is_running() {
                    break;
                }
                self.train();
            }
            self.save();
            self.publish();
            self.keep(!self.is_running());
        }
    }

    fn is_running(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.status == Status::Running)
    }

    /// Carries out the waiting commands; `false` if the handle was dropped.
    pub(super) fn take_commands(&mut self) -> bool {
        loop {
            match self.commands.try_recv() {
                Ok(command) => self.obey(command),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    /// Saves the run to the files that are waiting.
    pub(super) fn save(&mut self) {
        for path in std::mem::take(&mut self.saves) {
            let Some(run) = &self.run else {
                let sentence = Sentence::new("{file}: there is no run to save").with("file", path.display());
                self.report(Event::SaveFailed(path, sentence));
                continue;
            };
            let mut checkpoint = Checkpoint::of(&run.session, &run.setup.data);
            checkpoint.seconds = run.seconds;
            checkpoint.log = Some(run.log.clone());
            match checkpoint.save(&path) {
                Ok(()) => self.report(Event::Saved(path)),
                Err(error) => self.report(Event::SaveFailed(path, error.say())),
            }
        }
    }

    /// Keeps the run if it is time, or if it has made steps since and `now` says so.
    pub(super) fn keep(&mut self, now: bool) {
        // What is being written comes before what is newer, and before its run is replaced.
        let written = self.keeper.as_mut().and_then(|keeper| if now { keeper.wait() } else { keeper.poll() });
        if let (Some(Err(error)), Some(autosave)) = (written, &mut self.autosave)
            && let Some(error) = autosave.lost_moments(error)
        {
            self.report(Event::Problem(error.say()));
        }
        if let (Some(autosave), Some(run)) = (&mut self.autosave, &self.run)
            && let Some(result) = autosave.save(run, now)
        {
            let is_new = self.kept != autosave.id();
            self.kept = autosave.id();
            if is_new {
                self.publish();
            }
            self.report(match result {
                Ok(id) => Event::Kept { run: self.runs, id },
                Err(error) => Event::Problem(error.say()),
            });
        }
        if let (Some(autosave), Some(run), Some(keeper)) = (&mut self.autosave, &self.run, &mut self.keeper)
            && !keeper.is_writing()
            && let Some((runs, id, timeline)) = autosave.take_moments(run)
        {
            keeper.write(Order { runs, id, timeline });
        }
    }

    /// Drops the run and its snapshot.
    pub(super) fn give_up(&mut self) {
        self.run = None;
        self.show(None);
    }

    fn publish(&mut self) {
        self.publish_as(None);
    }

    pub(super) fn publish_as(&mut self, status: Option<Status>) {
        if let Some(run) = &mut self.run {
            let mut snapshot = run.snapshot(self.runs, status.unwrap_or(run.status), self.filter_commands);
            snapshot.kept = self.kept;
            self.show(Some(Arc::new(snapshot)));
        }
        (self.wake)();
    }

    fn show(&self, snapshot: Option<Arc<Snapshot>>) {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = snapshot;
    }

    pub(super) fn report(&self, event: Event) {
        // If the channel is full, nobody polls; the snapshot still has the state.
        let _ = self.reports.try_send(event);
        (self.wake)();
    }
}
