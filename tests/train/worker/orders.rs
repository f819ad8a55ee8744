//! Orders: one batch, one epoch, run, pause, reset, load, and changed settings.

use super::{Trainer, bits, endless, slow_to_evaluate};
use crate::support::{COUPLED, PLAIN, config, data, network};
use convlens::{
    data::DataSet,
    train::{Command, History, LiveChange, Snapshot, Status, TrainConfig},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

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

/// A run ends no earlier than the epoch that has begun, and goes on for as many epochs as are set.
#[test]
fn fewer_epochs_than_are_done_end_the_run_with_the_present_one() {
    let trainer = Trainer::loaded(TrainConfig { epochs: 10, ..config() }, PLAIN, &data(100, 20));
    trainer.send(Command::OneEpoch);
    trainer.wait("an epoch", |s| s.epoch == 1 && s.status == Status::Paused);
    trainer.send(Command::OneBatch);
    trainer.wait("a step", |s| s.step == 8 && s.status == Status::Paused);
    trainer.send(Command::Change(LiveChange::Epochs(1)));
    let changed = trainer.wait("the change", |s| s.epochs != 10);
    assert_eq!((changed.epochs, changed.epoch, changed.config.epochs), (2, 1, 2));
    assert!(changed.step <= changed.epochs as u64 * changed.batches_per_epoch as u64);
    trainer.send(Command::Run);
    assert_eq!(trainer.finished().0, 2);
    trainer.wait("the end", |s| s.status == Status::Finished);
    trainer.send(Command::Run);
    assert_eq!(trainer.finished().0, 3);
    trainer.wait("the end", |s| s.status == Status::Finished && s.epoch == 3);
    trainer.send(Command::Change(LiveChange::Epochs(2)));
    trainer.send(Command::Run);
    assert_eq!(trainer.finished().0, 5);
}
