//! How runs end: at the last epoch, early, by divergence, by a failed load or a panic.

use super::{Trainer, bits, endless};
use crate::support::{COUPLED, PLAIN, config, data, misleading, network};
use convlens::{
    nn::{Serial, optim::Schedule},
    train::{Command, Event, LiveChange, Session, Status, TrainConfig, TrainerHandle, session::Due},
};
use std::{
    sync::mpsc::channel,
    time::{Duration, Instant},
};

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
    assert_eq!(trainer.problem(), "batch size is 0, but must be from 1 to 4096");
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
