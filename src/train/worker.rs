//! The training thread, and the pool of threads that compute the shards of a batch.

use super::{
    autosave::Autosave,
    checkpoint,
    message::{Command, Event, Snapshot, Status},
    run::Run,
    session::Due,
};
use crate::{
    nn::{Executor, parallel::SHARDS},
    text::{Say, Sentence},
};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, TryRecvError, sync_channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// The time between two snapshots of a running session.
const PUBLISH_EVERY: Duration = Duration::from_millis(33);

/// The most commands that wait during a step.
const COMMANDS: usize = 256;

/// The most events that wait to be polled. Later ones are dropped: the snapshot has the state.
const EVENTS: usize = 64;

/// Threads that compute the shards of a batch.
#[derive(Debug)]
pub struct Pool(rayon::ThreadPool);

impl Pool {
    /// A pool of `threads` threads, named `shard-0` and so on.
    pub fn new(threads: usize) -> io::Result<Self> {
        let name = |i| format!("shard-{i}");
        let builder = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).thread_name(name);
        builder.build().map(Self).map_err(io::Error::other)
    }

    /// As many threads as the machine has cores.
    pub fn default_threads() -> usize {
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
    }
}

impl Executor for Pool {
    /// On one of the pool's threads: any other thread would be put to sleep and woken for each call of `for_each`.
    fn install(&self, job: &mut (dyn FnMut() + Send)) {
        self.0.install(job);
    }

    fn for_each(&self, job: &(dyn Fn(usize) + Sync)) {
        self.0.install(|| (0..SHARDS).into_par_iter().for_each(job));
    }
}

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
            run: None,
            saves: Vec::new(),
            autosave: None,
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

struct Worker {
    pool: Pool,
    commands: Receiver<Command>,
    reports: SyncSender<Event>,
    latest: Arc<Mutex<Option<Arc<Snapshot>>>>,
    wake: Box<dyn Fn() + Send>,
    runs: u64,
    run: Option<Run>,
    /// Files to save to when no evaluation is running.
    saves: Vec<PathBuf>,
    autosave: Option<Autosave>,
}

impl Worker {
    fn live(&mut self) {
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
    fn take_commands(&mut self) -> bool {
        loop {
            match self.commands.try_recv() {
                Ok(command) => self.obey(command),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Load(setup) => {
                return self.load(Run::new(*setup), None, self.runs + 1);
            }
            Command::Resume(resume) => {
                let (setup, checkpoint) = *resume;
                return self.load(Run::resume(setup, checkpoint), None, self.runs + 1);
            }
            Command::ResumeKept(resume, id) => {
                let (setup, checkpoint) = *resume;
                return self.load(Run::resume(setup, checkpoint), Some(id), self.runs + 1);
            }
            Command::KeepRuns(runs) => {
                self.autosave = Some(Autosave::new(runs));
                return;
            }
            Command::Save(path) => return self.saves.push(path),
            _ => {}
        }
        let Some(run) = &mut self.run else {
            if matches!(command, Command::Run | Command::OneBatch | Command::OneEpoch) {
                self.report(Event::Problem(Sentence::new("there is no run to train")));
            }
            return;
        };
        let step = run.session.steps();
        let per_epoch = run.session.batches_per_epoch() as u64;
        let mut refused = None;
        match command {
            Command::Load(_)
            | Command::Resume(_)
            | Command::ResumeKept(..)
            | Command::KeepRuns(_)
            | Command::Save(_) => {}
            Command::Run => {
                if run.session.epoch() >= run.epochs {
                    run.at_least(run.session.epoch() + run.setup.config.epochs);
                }
                run.stop_at = None;
                run.status = Status::Running;
            }
            Command::Pause => {
                if run.status == Status::Running {
                    run.status = Status::Paused;
                }
            }
            Command::OneBatch => run.train_until(step + 1),
            Command::OneEpoch => run.train_until((step / per_epoch + 1) * per_epoch),
            Command::Reset => {
                let setup = run.setup.clone();
                self.load(Run::new(setup), None, self.runs);
            }
            Command::Rewind => run.rewind(),
            Command::Change(change) => refused = run.change(change).err(),
        }
        if let Some(error) = refused {
            self.report(Event::Problem(error.say()));
        }
    }

    /// Replaces the run. `number` is the new one's [`Snapshot::run`].
    fn load(&mut self, run: Result<Run, impl Say>, kept: Option<u64>, number: u64) {
        // The waiting saves are of the run before.
        self.save();
        self.keep(true);
        self.runs = number;
        self.give_up();
        match run {
            Ok(run) => {
                if let Some(autosave) = &mut self.autosave {
                    autosave.begin(kept, run.session.steps());
                }
                self.run = Some(run);
            }
            Err(error) => self.report(Event::Problem(error.say())),
        }
    }

    /// Saves the run to the files that are waiting.
    fn save(&mut self) {
        for path in std::mem::take(&mut self.saves) {
            let Some(run) = &self.run else {
                let sentence = Sentence::new("{file}: there is no run to save").with("file", path.display());
                self.report(Event::SaveFailed(path, sentence));
                continue;
            };
            match checkpoint::save(&path, &run.session, &run.setup.data) {
                Ok(()) => self.report(Event::Saved(path)),
                Err(error) => self.report(Event::SaveFailed(path, error.say())),
            }
        }
    }

    /// Keeps the run if it is time, or if it has made steps since and `now` says so.
    fn keep(&mut self, now: bool) {
        if let (Some(autosave), Some(run)) = (&mut self.autosave, &self.run)
            && let Some(result) = autosave.save(run, now)
        {
            self.report(match result {
                Ok(id) => Event::Kept { run: self.runs, id },
                Err(error) => Event::Problem(error.say()),
            });
        }
    }

    /// Drops the run and its snapshot.
    fn give_up(&mut self) {
        self.run = None;
        self.show(None);
    }

    /// Makes one step, and the evaluation that is due after it.
    fn train(&mut self) {
        let Some(run) = &mut self.run else { return };
        let (begun, seen) = (Instant::now(), run.session.images_seen());
        let due = match run.session.step(&self.pool) {
            Ok(due) => due,
            Err(error) => {
                run.status = Status::Diverged;
                let good = run.session.good_step();
                let sentence = Sentence::new(match good {
                    0 => "{problem}; use a lower learning rate and reset",
                    _ => "{problem}; use a lower learning rate and go back to step {step}, or reset",
                })
                .part("problem", error.say())
                .with("step", good);
                run.trouble = Some(error);
                self.report(Event::Problem(sentence));
                return;
            }
        };
        run.trouble = None;
        run.throughput.add(run.session.images_seen() - seen, begun.elapsed().as_secs_f64());
        if due != Due::Step && !self.evaluate(due) {
            return;
        }
        let Some(run) = &mut self.run else { return };
        if run.stop_at.is_some_and(|stop| run.session.steps() >= stop) {
            run.status = Status::Paused;
        }
        if run.session.has_stopped_early() {
            run.status = Status::Finished;
            let epochs = run.session.epoch();
            if let Some(best) = run.session.best() {
                let event = Event::StoppedEarly { epochs, best: best.epoch, loss: best.loss };
                self.report(event);
            }
            return;
        }
        // Also if a pause came during the last evaluation.
        if run.session.epoch() >= run.epochs {
            run.status = Status::Finished;
            let accuracy = run.session.history().full.last().map_or(0.0, |point| point.accuracy);
            let epochs = run.session.epoch();
            self.report(Event::Finished { epochs, accuracy });
        }
    }

    /// Evaluates between two steps and goes on taking commands; `false` if the evaluation or the run was given up.
    fn evaluate(&mut self, due: Due) -> bool {
        let Some(run) = &mut self.run else { return false };
        let number = self.runs;
        let steps = run.session.steps();
        let mut evaluator = run.session.evaluator(due);
        let mut published = Instant::now();
        loop {
            let Some(run) = &mut self.run else { return false };
            if run.session.evaluate(due, &mut evaluator, &self.pool).is_some() {
                return true;
            }
            if published.elapsed() >= PUBLISH_EVERY {
                published = Instant::now();
                if !self.take_commands() {
                    return false;
                }
                let same = |run: &Run| self.runs == number && run.session.steps() == steps;
                if !self.run.as_ref().is_some_and(same) {
                    return false;
                }
                if due == Due::FullEvaluation {
                    self.publish_as(Some(Status::Evaluating));
                }
            }
        }
    }

    fn publish(&mut self) {
        self.publish_as(None);
    }

    fn publish_as(&mut self, status: Option<Status>) {
        if let Some(run) = &mut self.run {
            let snapshot = run.snapshot(self.runs, status.unwrap_or(run.status));
            self.show(Some(Arc::new(snapshot)));
        }
        (self.wake)();
    }

    fn show(&self, snapshot: Option<Arc<Snapshot>>) {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = snapshot;
    }

    fn report(&self, event: Event) {
        // If the channel is full, nobody polls; the snapshot still has the state.
        let _ = self.reports.try_send(event);
        (self.wake)();
    }
}
