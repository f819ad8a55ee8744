//! Saving and resuming a run.

use super::{Trainer, endless, slow_to_evaluate};
use crate::support::{PLAIN, config, data, network, noisy};
use convlens::train::{Checkpoint, Command, Event, KeptRuns, LiveChange, RunSetup, Status, TrainConfig};
use std::{path::Path, sync::Arc};

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
    let runs = KeptRuns {
        folder: folder.path().join("runs"),
        max_runs: 9,
        max_bytes: u64::MAX,
        every: KeptRuns::EVERY,
    };
    let steps =
        |runs: &KeptRuns| runs.list().iter().map(|run| (run.id, run.summary.step)).collect::<Vec<_>>();
    let set = data(64, 16);
    let trainer = Trainer::loaded(config(), PLAIN, &set);
    trainer.send(Command::KeepRuns(runs.clone()));
    let kept = || {
        trainer.event("a kept run", |event| if let Event::Kept { id, .. } = event { Some(*id) } else { None })
    };
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
    assert!(dead.is_ruined && dead.seconds_left.is_none());
    assert_eq!(dead.good_rate, endless().lr);
    // Trained on all the same, it says what to do first.
    trainer.send(Command::Run);
    let again = trainer.problem();
    let first = format!("go back to step {} first and use a lower learning rate: ", dead.good_step);
    assert!(again.starts_with(&first), "{again}");
    // The rate that was set before going back counts after it.
    trainer.send(Command::Change(LiveChange::LearningRate(0.01)));
    trainer.send(Command::Rewind);
    let back = trainer.wait("the way back", |s| s.step == dead.good_step);
    assert_eq!((back.status, &back.trouble, back.config.lr), (Status::Paused, &None, 0.01));
    trainer.send(Command::Run);
    trainer.wait("steps", |s| s.step > back.step + 10);
}

#[test]
fn a_ruined_run_is_kept_as_it_was_when_it_was_well() {
    let folder = tempfile::tempdir().unwrap();
    let runs = KeptRuns {
        folder: folder.path().join("runs"),
        max_runs: 9,
        max_bytes: u64::MAX,
        every: KeptRuns::EVERY,
    };
    let set = noisy(800, 16);
    let trainer = Trainer::loaded(endless(), PLAIN, &set);
    trainer.send(Command::KeepRuns(runs.clone()));
    trainer.send(Command::Run);
    trainer.wait("something learnt", |s| s.good_step > 0);
    trainer.send(Command::Change(LiveChange::LearningRate(1000.0)));
    let dead = trainer.wait("the end", |s| s.status == Status::Diverged);
    drop(trainer);
    let kept = &runs.list()[0];
    assert_eq!((kept.summary.step, kept.summary.config.lr), (dead.good_step, endless().lr));
    let session = runs.load(kept.id).unwrap().resume(&set).unwrap();
    assert_eq!(session.history().last().unwrap().step, dead.good_step);
    assert!(session.history().last().unwrap().loss < 1.3 && !session.is_ruined());
}
