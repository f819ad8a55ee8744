//! The training thread, as a window drives it. Nothing sleeps: every wait is for the thread's own `wake`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod train_support;

use convlens::{
    data::DataSet,
    nn::{Network, Serial, optim::Schedule},
    train::{
        Checkpoint, Command, Event, History, KeptRuns, LiveChange, RunSetup, Session, Snapshot, Status,
        TrainConfig, TrainerHandle, session::Due,
    },
};
use std::{
    cell::RefCell,
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::{Duration, Instant},
};
use train_support::{COUPLED, PLAIN, config, corners, data, misleading, network, noisy};

/// Far longer than any wait here takes: only a thread that is stuck reaches it.
const PATIENCE: Duration = Duration::from_mins(1);

struct Trainer {
    handle: TrainerHandle,
    woken: Receiver<()>,
    heard: RefCell<Vec<Event>>,
}

impl Trainer {
    fn spawn(threads: usize) -> Self {
        let (wake, woken) = channel();
        let wake = move || {
            // Nobody listens any more when the test is over.
            let _ = wake.send(());
        };
        let handle = TrainerHandle::spawn(threads, wake).unwrap();
        Self { handle, woken, heard: RefCell::default() }
    }

    /// With a run of these layers and images, at step 0.
    fn loaded(config: TrainConfig, layers: &str, data: &DataSet) -> Self {
        let trainer = Self::spawn(2);
        trainer.load(config, network(layers), data);
        trainer.wait("the first moment", |s| s.run == 1);
        trainer
    }

    fn send(&self, command: Command) {
        assert!(self.handle.send(command), "the order was not taken");
    }

    fn load(&self, config: TrainConfig, network: Network, data: &DataSet) {
        let setup = RunSetup { config, network: Arc::new(network), data: data.clone() };
        self.send(Command::Load(Box::new(setup)));
    }

    /// Waits until `look` finds something, looking whenever the thread wakes.
    fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            let left = PATIENCE.saturating_sub(begun.elapsed());
            assert!(self.woken.recv_timeout(left).is_ok(), "{what} never came; heard {:?}", self.heard);
        }
    }

    /// Waits for such a moment.
    fn wait(&self, what: &str, is_it: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        self.until(what, || self.handle.latest().filter(|snapshot| is_it(snapshot)))
    }

    /// Waits for such an event and takes it and those before it off the list.
    fn event<T>(&self, what: &str, pick: impl Fn(&Event) -> Option<T>) -> T {
        self.until(what, || {
            let mut heard = self.heard.borrow_mut();
            heard.extend(self.handle.poll());
            let (at, found) = heard.iter().enumerate().find_map(|(i, event)| Some((i, pick(event)?)))?;
            heard.drain(..=at);
            Some(found)
        })
    }

    fn problem(&self) -> String {
        let message = self.event("a problem", |event| match event {
            Event::Problem(sentence) => Some(sentence.to_string()),
            _ => None,
        });
        assert!(!message.is_empty() && !message.contains('\n'), "{message}");
        message
    }

    fn finished(&self) -> (usize, f64) {
        self.event("the end", |event| match event {
            Event::Finished { epochs, accuracy } => Some((*epochs, *accuracy)),
            _ => None,
        })
    }

    /// The moment after all orders so far were carried out: an order of no consequence comes back after them.
    fn settled(&self) -> Arc<Snapshot> {
        let lr = self.handle.latest().map_or(0.5, |snapshot| snapshot.config.lr + 0.5);
        self.send(Command::Change(LiveChange::LearningRate(lr)));
        self.wait("the next moment", |snapshot| snapshot.config.lr == lr)
    }
}

/// Every bit of weights and buffers.
fn bits(network: &Network) -> Vec<u32> {
    let tensors = network.parameters().iter().chain(network.buffers()).flatten();
    tensors.flat_map(|t| t.values().iter().map(|v| v.to_bits())).collect()
}

/// A run that does not end by itself.
fn endless() -> TrainConfig {
    TrainConfig { epochs: 10_000, ..config() }
}

/// A network that takes long for each image, and a set that takes it far longer than any wait here to evaluate.
fn slow_to_evaluate() -> (String, DataSet) {
    let layers = r#"{"type":"conv2d","out_channels":64,"kernel_size":3,"padding":1}, {"type":"relu"},
        {"type":"conv2d","out_channels":64,"kernel_size":3,"padding":1}, {"type":"flatten"},
        {"type":"linear","out_features":4}"#;
    let test = Arc::new(corners(0, 300_000));
    (layers.to_owned(), DataSet { test, ..data(16, 4) })
}

#[test]
fn a_run_is_loaded_paused_at_step_0() {
    let trainer = Trainer::spawn(1);
    assert!(trainer.handle.latest().is_none());
    let set = data(100, 20);
    trainer.load(config(), network(PLAIN), &set);
    let snapshot = trainer.wait("the first moment", |_| true);
    assert_eq!((snapshot.run, snapshot.step, snapshot.status), (1, 0, Status::Paused));
    assert_eq!((snapshot.epoch, snapshot.epochs, snapshot.batch, snapshot.batches_per_epoch), (0, 4, 0, 7));
    assert!(!snapshot.is_active() && !snapshot.validation);
    assert_eq!((snapshot.progress(), snapshot.images_per_second, snapshot.seconds_left), (0.0, 0.0, None));
    assert_eq!(*snapshot.history, History::default());
    assert!(Arc::ptr_eq(&snapshot.network, &snapshot.initial));
    assert_eq!(bits(&snapshot.network), bits(&network(PLAIN)));
    assert_eq!(trainer.settled().step, 0, "and it stays there");
    assert!(trainer.handle.poll().is_empty());
}

#[test]
fn one_batch_is_one_step() {
    let trainer = Trainer::loaded(config(), PLAIN, &data(100, 20));
    for step in 1..=3 {
        trainer.send(Command::OneBatch);
        let snapshot = trainer.wait("the step", |s| s.step == step && s.status == Status::Paused);
        assert_eq!((snapshot.epoch, snapshot.batch), (0, step as usize));
        assert!(snapshot.images_per_second > 0.0 && snapshot.seconds_left.unwrap().is_finite());
        assert_eq!(trainer.settled().step, step, "and no other");
    }
}

#[test]
fn one_epoch_stops_at_its_end_with_a_full_evaluation() {
    let trainer = Trainer::loaded(config(), PLAIN, &data(100, 20));
    trainer.send(Command::OneBatch);
    // From within an epoch to its end, from an end to the next.
    for epoch in 1..=2 {
        trainer.send(Command::OneEpoch);
        let is_there = |s: &Snapshot| s.epoch == epoch && s.status == Status::Paused;
        let snapshot = trainer.wait("the end of the epoch", is_there);
        assert_eq!((snapshot.step, snapshot.batch), (7 * epoch as u64, 0));
        assert_eq!(snapshot.history.full.len(), epoch);
        let point = snapshot.history.full[epoch - 1];
        assert_eq!((point.step, point.images), (7 * epoch as u64, 20));
        assert_eq!(trainer.settled().step, 7 * epoch as u64);
    }
    assert!(trainer.handle.poll().is_empty(), "two of four epochs are no end");
}

#[test]
fn a_run_ends_with_the_curve_of_a_session() {
    let set = data(100, 20);
    let trainer = Trainer::loaded(config(), COUPLED, &set);
    trainer.send(Command::Run);
    let (epochs, accuracy) = trainer.finished();
    let snapshot = trainer.wait("the last moment", |s| s.status == Status::Finished);
    assert_eq!((epochs, snapshot.epoch, snapshot.step, snapshot.batch), (4, 4, 28, 0));
    assert_eq!(accuracy, snapshot.history.full.last().unwrap().accuracy);
    assert_eq!((snapshot.progress(), snapshot.seconds_left), (1.0, Some(0.0)));
    assert!(snapshot.images_per_second > 0.0 && !snapshot.is_active());

    let mut session = Session::new(config(), network(COUPLED), &set).unwrap();
    while session.steps() < 28 {
        let due = session.step(&Serial).unwrap();
        if due != Due::Step {
            let mut evaluator = session.evaluator(due);
            while session.evaluate(due, &mut evaluator, &Serial).is_none() {}
        }
    }
    assert_eq!(*snapshot.history, *session.history());
    assert_eq!(bits(&snapshot.network), bits(session.network()));
}

#[test]
fn what_is_wanted_after_the_end_adds_epochs() {
    let trainer = Trainer::loaded(TrainConfig { epochs: 2, ..config() }, PLAIN, &data(100, 20));
    trainer.send(Command::Run);
    assert_eq!(trainer.finished().0, 2);
    trainer.send(Command::Run);
    assert_eq!(trainer.finished().0, 4);
    trainer.send(Command::OneBatch);
    let snapshot = trainer.wait("a step more", |s| s.step == 29 && s.status == Status::Paused);
    assert_eq!((snapshot.epoch, snapshot.epochs, snapshot.batch), (4, 5, 1));
    assert!(snapshot.progress() < 1.0 && snapshot.seconds_left.unwrap() > 0.0);
    trainer.send(Command::OneEpoch);
    assert_eq!(trainer.finished().0, 5);
    trainer.send(Command::OneEpoch);
    assert_eq!(trainer.finished().0, 6);
    assert_eq!(trainer.wait("the end", |s| s.status == Status::Finished).history.full.len(), 6);
}

#[test]
fn pause_stops_and_run_goes_on() {
    let trainer = Trainer::loaded(endless(), PLAIN, &data(100, 20));
    trainer.send(Command::Run);
    let running = trainer.wait("a running moment", |s| s.step > 0);
    assert!(running.is_active() && running.images_per_second > 0.0);
    assert!(running.progress() > 0.0 && running.progress() < 1.0);
    let left = running.seconds_left.unwrap();
    assert!(left.is_finite() && left > 0.0);
    trainer.send(Command::Pause);
    let paused = trainer.wait("the pause", |s| s.status == Status::Paused);
    let later = trainer.settled();
    assert_eq!(later.step, paused.step);
    // What has not changed is not copied.
    assert!(Arc::ptr_eq(&later.network, &paused.network) && Arc::ptr_eq(&later.history, &paused.history));
    trainer.send(Command::Run);
    trainer.wait("steps after the pause", |s| s.step > paused.step);
}

#[test]
fn reset_leads_back_and_the_same_way_again() {
    let trainer = Trainer::loaded(config(), COUPLED, &data(100, 20));
    let initial = trainer.handle.latest().unwrap().initial.clone();
    let run = || {
        trainer.send(Command::Run);
        trainer.finished();
        trainer.wait("the end", |s| s.status == Status::Finished)
    };
    let first = run();
    trainer.send(Command::Change(LiveChange::LearningRate(0.5)));
    trainer.send(Command::Reset);
    let reset = trainer.wait("the start", |s| s.step == 0);
    assert_eq!((reset.run, reset.status, reset.epoch, reset.epochs), (1, Status::Paused, 0, 4));
    assert_eq!(reset.config, config());
    assert_eq!(*reset.history, History::default());
    assert!(Arc::ptr_eq(&reset.network, &initial) && Arc::ptr_eq(&reset.initial, &initial));
    let second = run();
    assert_eq!(*second.history, *first.history);
    assert_eq!(bits(&second.network), bits(&first.network));
}

#[test]
fn reset_and_load_while_running_stop_before_the_first_step() {
    let set = data(100, 20);
    let trainer = Trainer::loaded(endless(), PLAIN, &set);
    for run in 2..=6 {
        trainer.send(Command::Run);
        trainer.wait("a running moment", |s| s.step > 0);
        trainer.send(Command::Reset);
        let snapshot = trainer.wait("the reset", |s| s.status == Status::Paused);
        assert_eq!((snapshot.run, snapshot.step), (run - 1, 0));
        trainer.send(Command::Run);
        trainer.wait("a running moment", |s| s.step > 0);
        trainer.load(endless(), network(PLAIN), &set);
        let snapshot = trainer.wait("the new run", |s| s.run == run);
        assert_eq!((snapshot.step, snapshot.status), (0, Status::Paused));
    }
}

#[test]
fn settings_change_while_it_runs() {
    let trainer = Trainer::loaded(endless(), PLAIN, &data(100, 20));
    trainer.send(Command::Run);
    trainer.send(Command::Change(LiveChange::LearningRate(0.0125)));
    trainer.send(Command::Change(LiveChange::Momentum(0.75)));
    let changed = |s: &Snapshot| s.config.lr == 0.0125 && s.config.optimizer.momentum() == Some(0.75);
    let snapshot = trainer.wait("the new settings", changed);
    assert!(snapshot.is_active());
    trainer.send(Command::Change(LiveChange::LearningRate(-1.0)));
    assert_eq!(trainer.problem(), "learning rate is -1, but must be a number above 0");
    trainer.send(Command::Change(LiveChange::Momentum(2.0)));
    assert_eq!(trainer.problem(), "momentum is 2, but must be at least 0 and below 1");
    let step = trainer.handle.latest().unwrap().step;
    let later = trainer.wait("steps after it", |s| s.step > step + 1);
    assert!(changed(&later) && later.is_active(), "{:?}", later.config);
}

#[test]
fn divergence_pauses_and_says_why() {
    let set = data(100, 20);
    let layers = PLAIN.replace("relu", "leaky_relu");
    let trainer = Trainer::loaded(TrainConfig { lr: 1e6, ..endless() }, &layers, &set);
    trainer.send(Command::Run);
    let diverged = trainer.wait("divergence", |s| s.status == Status::Diverged);
    let message = trainer.problem();
    let step = format!("training diverged at step {}: ", diverged.step + 1);
    assert!(message.contains(&step) && message.contains("1000000"), "{message}");
    assert!(diverged.network.is_finite() && !diverged.is_active());
    assert_eq!(diverged.history.last().map_or(0, |point| point.step), diverged.step);
    // Another try is another try, and a reset leads out of it.
    trainer.send(Command::OneBatch);
    assert_eq!(trainer.problem(), message);
    assert_eq!(trainer.wait("divergence", |s| s.status == Status::Diverged).step, diverged.step);
    trainer.send(Command::Reset);
    trainer.wait("the start", |s| s.step == 0 && s.status == Status::Paused);
}

#[test]
fn a_load_that_fails_leaves_no_run() {
    let set = data(100, 20);
    let trainer = Trainer::loaded(endless(), PLAIN, &set);
    trainer.send(Command::Run);
    trainer.wait("a running moment", |s| s.step > 0);
    trainer.load(TrainConfig { batch: 0, ..config() }, network(PLAIN), &set);
    assert_eq!(trainer.problem(), "batch is 0, but must be from 1 to 4096");
    assert!(trainer.handle.latest().is_none(), "the old run must not go on under a new number");
    for command in [Command::Run, Command::OneBatch, Command::OneEpoch] {
        trainer.send(command);
        assert_eq!(trainer.problem(), "there is no run to train");
    }
    for command in [
        Command::Pause,
        Command::Reset,
        Command::Change(LiveChange::LearningRate(0.1)),
        Command::Change(LiveChange::Momentum(0.1)),
    ] {
        trainer.send(command);
    }
    trainer.load(config(), network(PLAIN), &set);
    let snapshot = trainer.wait("the next run", |_| true);
    assert_eq!((snapshot.run, snapshot.step), (3, 0));
    trainer.send(Command::Run);
    assert_eq!(trainer.finished().0, 4);
    assert!(trainer.heard.borrow().is_empty(), "{:?}", trainer.heard);
}

#[test]
fn a_panic_is_an_event_and_the_thread_takes_the_next_run() {
    let set = data(100, 20);
    let trainer = Trainer::spawn(2);
    // A network that lost a tensor: the fault is in the middle of a step, in a thread of the pool.
    let mut broken = network(PLAIN);
    broken.parameters_mut()[0].clear();
    trainer.load(config(), broken, &set);
    trainer.wait("the broken run", |s| s.run == 1);
    trainer.send(Command::Run);
    let message = trainer.event("the panic", |event| match event {
        Event::Panicked(sentence) => Some(sentence.to_string()),
        _ => None,
    });
    assert!(
        message.starts_with("the training thread failed and the run is lost: ") && message.len() > 50,
        "{message}"
    );
    assert!(trainer.handle.latest().is_none(), "the run is lost");
    trainer.load(config(), network(PLAIN), &set);
    trainer.wait("the next run", |s| s.run == 2 && s.step == 0);
    trainer.send(Command::Run);
    assert_eq!(trainer.finished().0, 4);
}

#[test]
fn an_evaluation_is_shown_and_can_be_given_up() {
    let (layers, set) = slow_to_evaluate();
    let trainer = Trainer::loaded(config(), &layers, &set);
    trainer.send(Command::OneEpoch);
    let evaluating = trainer.wait("the evaluation", |s| s.status == Status::Evaluating);
    assert!(evaluating.is_active() && evaluating.history.full.is_empty());
    assert_eq!(evaluating.step, 1);
    let later = trainer.settled();
    assert!(Arc::ptr_eq(&later.network, &evaluating.network), "the same weights, the same copy");
    trainer.send(Command::Reset);
    let reset = trainer.wait("the start", |s| s.step == 0);
    assert_eq!((reset.status, &*reset.history), (Status::Paused, &History::default()));

    trainer.send(Command::OneEpoch);
    trainer.wait("the evaluation", |s| s.status == Status::Evaluating);
    let begun = Instant::now();
    drop(trainer);
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "the evaluation was waited for: {:?}",
        begun.elapsed()
    );
}

#[test]
fn a_pause_in_the_last_evaluation_does_not_hide_the_end() {
    let (layers, set) = slow_to_evaluate();
    let set = DataSet { test: Arc::new(set.test.take(0..5_000)), ..set };
    let trainer = Trainer::loaded(TrainConfig { epochs: 1, ..config() }, &layers, &set);
    trainer.send(Command::Run);
    trainer.wait("the evaluation", |s| s.status == Status::Evaluating);
    trainer.send(Command::Pause);
    assert_eq!(trainer.finished().0, 1);
    let end = trainer.wait("the end", |s| s.status == Status::Finished);
    assert_eq!(end.history.full.len(), 1);
}

#[test]
fn dropping_the_handle_stops_the_thread() {
    // Nothing loaded; paused; running.
    let (wake, woken) = channel::<()>();
    let alive = move || {
        let _ = wake.send(());
    };
    let handle = TrainerHandle::spawn(1, alive).unwrap();
    drop(handle);
    assert!(woken.recv().is_err(), "the thread is gone with all that it held");

    drop(Trainer::loaded(config(), PLAIN, &data(100, 20)));

    let trainer = Trainer::loaded(endless(), PLAIN, &data(100, 20));
    trainer.send(Command::Run);
    trainer.wait("a running moment", |s| s.step > 0);
    let begun = Instant::now();
    drop(trainer);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn an_early_stop_is_told_and_shows_the_best_weights() {
    let config = TrainConfig { validation: 0.5, early_stop: 2, epochs: 500, ..config() };
    let trainer = Trainer::loaded(config, PLAIN, &misleading());
    trainer.send(Command::Run);
    let (epochs, best, loss) = trainer.event("the early stop", |event| match event {
        Event::StoppedEarly { epochs, best, loss } => Some((*epochs, *best, *loss)),
        _ => None,
    });
    let end = trainer.wait("the end", |s| s.status == Status::Finished);
    assert_eq!((end.epoch, epochs), (epochs, best + 2));
    assert_eq!(end.history.full[best - 1].loss, loss);
    // The same run by hand, up to the best epoch.
    let mut session = Session::new(config, network(PLAIN), &misleading()).unwrap();
    while session.epoch() < best {
        session.step(&Serial).unwrap();
    }
    assert_eq!(end.network.parameters(), session.network().parameters());
    // And on, when asked.
    trainer.send(Command::OneEpoch);
    trainer.wait("one epoch more", |s| s.epoch == epochs + 1 && s.status != Status::Running);
}

#[test]
fn a_run_is_saved_between_steps_and_never_within_an_evaluation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.safetensors");
    let data = data(64, 400);
    let trainer = Trainer::loaded(TrainConfig { epochs: 400, batch: 32, ..config() }, PLAIN, &data);
    trainer.send(Command::Run);
    for _ in 0..20 {
        trainer.send(Command::Save(path.clone()));
        let saved = trainer.event("a file", |event| match event {
            Event::Saved(path) => Some(path.clone()),
            _ => None,
        });
        assert_eq!(saved, path);
        let session = Checkpoint::load(&path).unwrap().resume(&data).unwrap();
        assert_eq!(session.history().full.len(), session.epoch(), "step {}", session.steps());
    }
    // Where nothing can be written, a sentence says so and training goes on.
    trainer.send(Command::Save(folder.path().join("none/run.safetensors")));
    assert!(trainer.problem().contains("none/run.training.safetensors: "));
    let step = trainer.handle.latest().unwrap().step;
    trainer.wait("more steps", |s| s.step > step || s.status == Status::Finished);
}

#[test]
fn a_resumed_run_is_paused_where_it_stood_and_resets_to_its_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.safetensors");
    let set = data(64, 16);
    let trainer = Trainer::loaded(config(), PLAIN, &set);
    trainer.send(Command::OneEpoch);
    trainer.wait("an epoch", |s| s.epoch == 1 && s.status == Status::Paused);
    trainer.send(Command::Save(path.clone()));
    trainer.event("a file", |event| matches!(event, Event::Saved(_)).then_some(()));
    let checkpoint = Checkpoint::load(&path).unwrap();
    let initial = Arc::new(checkpoint.initial_network().unwrap());
    let setup = RunSetup { config: checkpoint.state.config, network: initial.clone(), data: set };
    trainer.send(Command::Resume(Box::new((setup.clone(), checkpoint.clone()))));
    let there = trainer.wait("the run", |s| s.run == 2);
    assert_eq!((there.step, there.epoch, there.status), (4, 1, Status::Paused));
    assert_eq!(there.network.parameters(), checkpoint.state.network.parameters());
    assert_eq!(there.initial.parameters(), network(PLAIN).parameters());
    trainer.send(Command::Reset);
    let begun = trainer.wait("step 0", |s| s.step == 0);
    assert_eq!(begun.network.parameters(), initial.parameters());
    // On other images it is refused, and there is no run.
    let other = RunSetup { data: data(65, 16), ..setup };
    trainer.send(Command::Resume(Box::new((other, checkpoint))));
    assert!(trainer.problem().contains("the run was trained on corners (64 images"));
    assert!(trainer.handle.latest().is_none());
}

#[test]
fn a_finished_run_goes_on_with_a_rate_above_zero() {
    let config = TrainConfig { schedule: Schedule::Cosine, epochs: 2, ..config() };
    let trainer = Trainer::loaded(config, PLAIN, &data(64, 16));
    trainer.send(Command::Run);
    assert_eq!(trainer.finished().0, 2);
    let first = trainer.wait("the end", |s| s.status == Status::Finished);
    trainer.send(Command::Run);
    assert_eq!(trainer.finished().0, 4);
    let second = trainer.wait("the second end", |s| s.status == Status::Finished && s.epoch == 4);
    assert_ne!(second.network.parameters(), first.network.parameters());
    // One more, and as many as are asked for.
    trainer.send(Command::OneEpoch);
    trainer.wait("one more", |s| s.epoch == 5 && s.status == Status::Finished && s.config.epochs == 5);
    trainer.send(Command::Change(LiveChange::Epochs(7)));
    trainer.send(Command::Run);
    trainer.wait("seven", |s| s.epoch == 7 && s.status == Status::Finished && s.epochs == 7);
    trainer.send(Command::Change(LiveChange::Epochs(0)));
    assert!(trainer.problem().contains("epochs is 0, but must be from 1"));
}

#[test]
fn what_is_to_be_saved_is_saved_whatever_is_ordered_next() {
    let folder = tempfile::tempdir().unwrap();
    let (layers, set) = slow_to_evaluate();
    let is_of_step = |path: &Path| Checkpoint::load(path).unwrap().state.step;
    for (name, next) in [("load", 0), ("reset", 1), ("drop", 2)] {
        let path = folder.path().join(format!("{name}.safetensors"));
        let trainer = Trainer::loaded(config(), &layers, &set);
        trainer.send(Command::OneEpoch);
        trainer.wait("the evaluation", |s| s.status == Status::Evaluating);
        trainer.send(Command::Save(path.clone()));
        match next {
            0 => trainer.load(config(), network(PLAIN), &data(64, 16)),
            1 => trainer.send(Command::Reset),
            _ => {
                drop(trainer);
                assert_eq!(is_of_step(&path), 1, "{name}");
                continue;
            }
        }
        trainer.wait("the next run", |s| s.step == 0);
        trainer.event("a file", |event| matches!(event, Event::Saved(_)).then_some(()));
        assert_eq!(is_of_step(&path), 1, "{name}");
    }
}

#[test]
fn runs_are_kept_as_they_go_and_when_they_end() {
    let folder = tempfile::tempdir().unwrap();
    let runs = KeptRuns { folder: folder.path().join("runs"), max_runs: 9, max_bytes: u64::MAX };
    let steps =
        |runs: &KeptRuns| runs.list().iter().map(|run| (run.id, run.summary.step)).collect::<Vec<_>>();
    let set = data(64, 16);
    let trainer = Trainer::loaded(config(), PLAIN, &set);
    trainer.send(Command::KeepRuns(runs.clone()));
    let kept =
        || trainer.event("a kept run", |event| if let Event::Kept(id) = event { Some(*id) } else { None });
    trainer.send(Command::OneEpoch);
    assert_eq!((kept(), steps(&runs)), (1, vec![(1, 4)]));
    trainer.send(Command::OneBatch);
    assert_eq!((kept(), steps(&runs)), (1, vec![(1, 5)]), "the same run");
    // A reset begins another run; nothing is kept of a run without a step.
    trainer.send(Command::Reset);
    trainer.send(Command::Reset);
    trainer.send(Command::OneBatch);
    assert_eq!((kept(), steps(&runs)), (2, vec![(2, 1), (1, 5)]));
    // A kept run goes on under its number.
    let checkpoint = runs.load(1).unwrap();
    let initial = Arc::new(checkpoint.initial_network().unwrap());
    let setup = RunSetup { config: checkpoint.state.config, network: initial, data: set };
    trainer.send(Command::ResumeKept(Box::new((setup, checkpoint)), 1));
    let there = trainer.wait("the kept run", |s| s.step == 5);
    assert_eq!(there.status, Status::Paused);
    trainer.send(Command::OneBatch);
    assert_eq!((kept(), steps(&runs)), (1, vec![(2, 1), (1, 6)]));
    // The end of the program.
    trainer.send(Command::Run);
    trainer.wait("a step", |s| s.step > 6);
    drop(trainer);
    assert!(steps(&runs)[1].1 > 6, "{:?}", steps(&runs));
}

#[test]
fn a_run_that_died_says_why_and_goes_back() {
    let trainer = Trainer::loaded(endless(), PLAIN, &noisy(800, 16));
    trainer.send(Command::Run);
    trainer.wait("something learnt", |s| s.good_step > 0);
    trainer.send(Command::Change(LiveChange::LearningRate(1000.0)));
    let dead = trainer.wait("the end", |s| s.status == Status::Diverged);
    let trouble = dead.trouble.clone().unwrap();
    assert!(trainer.problem().starts_with(&trouble.to_string()));
    trainer.send(Command::Rewind);
    let back = trainer.wait("the way back", |s| s.step == dead.good_step);
    assert_eq!((back.status, &back.trouble, back.config.lr), (Status::Paused, &None, endless().lr));
    trainer.send(Command::Run);
    trainer.wait("steps", |s| s.step > back.step + 10);
}
