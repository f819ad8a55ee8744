//! Moments of a run: kept, gone back to, branched from, and found again.

use super::{Trainer, bits, config, data, endless};
use crate::support::{COUPLED, PLAIN, network};
use convlens::{
    nn::{
        Network,
        filters::FilterId,
        optim::{Adam, OptimizerSpec},
    },
    train::{
        Command, FilterEdit, FilterMark, KeptRuns, LiveChange, RunSetup, Snapshot, Status, TrainConfig,
        hand::FilterEvent,
    },
};
use std::{sync::Arc, time::Duration};

fn steps(snapshot: &Snapshot) -> Vec<u64> {
    snapshot.timeline.moments().iter().map(|moment| moment.step).collect()
}

/// The trainer after `step` steps, paused.
fn at(trainer: &Trainer, step: u64) -> Arc<Snapshot> {
    loop {
        let now = trainer.wait("a snapshot", |_| true);
        if now.step == step {
            return now;
        }
        trainer.send(Command::OneBatch);
        trainer.wait("a step", |s| s.step > now.step && s.status == Status::Paused);
    }
}

#[test]
fn moments_have_the_weights_of_their_steps() {
    let set = data(64, 16);
    for optimizer in [config().optimizer, OptimizerSpec::Adam(Adam::default())] {
        let config = TrainConfig { optimizer, lr: 0.01, ..endless() };
        let trainer = Trainer::loaded(config, COUPLED, &set);
        let last = at(&trainer, 40);
        let kept = steps(&last);
        assert_eq!(kept[..11], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        assert!(kept.len() < 30, "{kept:?}");
        let other = Trainer::loaded(config, COUPLED, &set);
        for step in [0, 7, kept[15]] {
            let then = at(&other, step);
            let moment = last.timeline.at(step).unwrap();
            assert!(moment.is_exact());
            assert_eq!(bits(&moment.network(&last.network)), bits(&then.network), "step {step}");
        }
    }
}

#[test]
fn a_branch_without_changes_goes_the_same_way() {
    let set = data(64, 16);
    let config = TrainConfig { optimizer: OptimizerSpec::Adam(Adam::default()), lr: 0.01, ..endless() };
    let folder = tempfile::tempdir().unwrap();
    let runs = KeptRuns {
        folder: folder.path().join("runs"),
        max_runs: 9,
        max_bytes: u64::MAX,
        every: KeptRuns::EVERY,
    };
    let trainer = Trainer::loaded(config, COUPLED, &set);
    trainer.send(Command::KeepRuns(runs.clone()));
    let first = at(&trainer, 30);
    let from = steps(&first)[13];
    trainer.send(Command::Branch(from));
    let branch = trainer.wait("the branch", |s| s.run == 2);
    assert_eq!((branch.step, branch.status), (from, Status::Paused));
    assert_eq!(branch.history.last().map(|point| point.step), Some(from));
    assert_eq!(steps(&branch).last(), Some(&from));
    assert_eq!(runs.list().iter().map(|run| run.summary.step).collect::<Vec<_>>(), [30]);
    let again = at(&trainer, 30);
    assert_eq!(bits(&again.network), bits(&first.network));
    assert_eq!(steps(&again), steps(&first));

    trainer.send(Command::Branch(12_345));
    assert_eq!(trainer.problem(), "step 12345 is no longer kept");
}

#[test]
fn a_branch_is_kept_with_its_moments_whatever_follows() {
    let set = data(64, 16);
    for next in [None, Some(Command::OneBatch)] {
        let folder = tempfile::tempdir().unwrap();
        let runs = KeptRuns {
            folder: folder.path().join("runs"),
            max_runs: 9,
            max_bytes: u64::MAX,
            every: KeptRuns::EVERY,
        };
        let trainer = Trainer::loaded(endless(), COUPLED, &set);
        trainer.send(Command::KeepRuns(runs.clone()));
        let first = at(&trainer, 20);
        let from = steps(&first)[8];
        trainer.send(Command::Branch(from));
        trainer.wait("the branch", |s| s.run == 2);
        let end = from + u64::from(next.is_some());
        if let Some(next) = next {
            trainer.send(next);
        }
        let branch = trainer.wait("its end", |s| s.step == end && s.status == Status::Paused);
        drop(trainer);
        assert_eq!(runs.list().iter().map(|run| run.summary.step).collect::<Vec<_>>(), [end, 20]);

        let checkpoint = runs.load(2).unwrap();
        let initial = Arc::new(checkpoint.initial_network().unwrap());
        let setup = RunSetup { config: checkpoint.state.config, network: initial, data: set.clone() };
        let trainer = Trainer::spawn(1);
        trainer.send(Command::KeepRuns(runs.clone()));
        trainer.send(Command::ResumeKept(Box::new((setup, checkpoint)), 2));
        let found = trainer.wait("the kept branch", |s| s.step == end);
        assert!(steps(&branch).len() > 8);
        assert_eq!(steps(&found), steps(&branch));
    }
}

#[test]
fn moments_flags_and_marks_are_found_again_with_their_run() {
    let set = data(64, 16);
    let folder = tempfile::tempdir().unwrap();
    let runs = KeptRuns {
        folder: folder.path().join("runs"),
        max_runs: 9,
        max_bytes: u64::MAX,
        every: KeptRuns::EVERY,
    };
    let trainer = Trainer::loaded(endless(), COUPLED, &set);
    trainer.send(Command::KeepRuns(runs.clone()));
    at(&trainer, 6);
    trainer.send(Command::Flag(3, Some("first edges".into())));
    trainer.send(Command::Change(LiveChange::LearningRate(0.5)));
    trainer.send(Command::Change(LiveChange::LearningRate(0.005)));
    let last = at(&trainer, 9);
    drop(trainer);

    let checkpoint = runs.load(1).unwrap();
    let initial = Arc::new(checkpoint.initial_network().unwrap());
    let setup = RunSetup { config: checkpoint.state.config, network: initial, data: set };
    let trainer = Trainer::spawn(1);
    trainer.send(Command::KeepRuns(runs.clone()));
    trainer.send(Command::ResumeKept(Box::new((setup, checkpoint)), 1));
    let found = trainer.wait("the kept run", |s| s.step == 9);
    assert_eq!(found.timeline.moments(), last.timeline.moments());
    assert_eq!(found.timeline.at(3).unwrap().flag.as_deref(), Some("first edges"));
    let [change] = found.timeline.changes() else { panic!("{:?}", found.timeline.changes()) };
    assert_eq!((change.step, change.change), (6, LiveChange::LearningRate(0.005)));
    drop(trainer);

    runs.remove(1).unwrap();
    assert_eq!(std::fs::read_dir(&runs.folder).unwrap().count(), 0, "the moments go with their run");
}

#[test]
fn damaged_moments_do_not_cost_the_run() {
    let set = data(64, 16);
    let folder = tempfile::tempdir().unwrap();
    let runs = KeptRuns {
        folder: folder.path().join("runs"),
        max_runs: 9,
        max_bytes: u64::MAX,
        every: KeptRuns::EVERY,
    };
    let trainer = Trainer::loaded(endless(), PLAIN, &set);
    trainer.send(Command::KeepRuns(runs.clone()));
    at(&trainer, 5);
    drop(trainer);
    let moments = runs.folder.join("run-000001.moments.safetensors");
    let whole = std::fs::read(&moments).unwrap();
    for length in [0, 7, 100, whole.len() - 1] {
        std::fs::write(&moments, &whole[..length]).unwrap();
        let checkpoint = runs.load(1).unwrap();
        let setup = RunSetup {
            config: checkpoint.state.config,
            network: Arc::new(network(PLAIN)),
            data: set.clone(),
        };
        let trainer = Trainer::spawn(1);
        trainer.send(Command::KeepRuns(runs.clone()));
        trainer.send(Command::ResumeKept(Box::new((setup, checkpoint)), 1));
        let found = trainer.wait("the run", |s| s.step == 5);
        assert_eq!(steps(&found), [5]);
        assert!(trainer.problem().contains("run-000001.moments"), "{length}");
    }
}

#[test]
fn going_back_forgets_what_came_after() {
    let trainer = Trainer::loaded(endless(), PLAIN, &crate::support::noisy(800, 16));
    trainer.send(Command::Run);
    trainer.wait("something learnt", |s| s.good_step > 0);
    trainer.send(Command::Change(LiveChange::LearningRate(1000.0)));
    let dead = trainer.wait("the end", |s| s.status == Status::Diverged);
    trainer.send(Command::Rewind);
    let back = trainer.wait("the way back", |s| s.step == dead.good_step);
    assert_eq!(steps(&back).last(), Some(&dead.good_step));
    assert!(back.timeline.changes().iter().all(|change| change.step <= dead.good_step));
}

#[test]
fn a_killed_program_has_the_moments_of_the_last_save() {
    let set = data(64, 16);
    let folder = tempfile::tempdir().unwrap();
    let [runs, copy] = ["runs", "copy"].map(|name| folder.path().join(name));
    let kept = |folder: &std::path::Path| KeptRuns {
        folder: folder.to_owned(),
        max_runs: 9,
        max_bytes: u64::MAX,
        every: Duration::ZERO,
    };
    let trainer = Trainer::loaded(endless(), COUPLED, &set);
    trainer.send(Command::KeepRuns(kept(&runs)));
    trainer.send(Command::Run);
    let moments = runs.join("run-000001.moments.safetensors");
    trainer.until("moments while it trains", || moments.exists().then_some(()));
    // More of them are written while training goes on, whole every time.
    let first = std::fs::metadata(&moments).unwrap().len();
    trainer.until("more moments", || (std::fs::metadata(&moments).unwrap().len() > first).then_some(()));
    let now = trainer.wait("training", |s| s.status == Status::Running);
    std::fs::create_dir(&copy).unwrap();
    for file in std::fs::read_dir(&runs).unwrap().map(Result::unwrap) {
        // A file that is being written has another name, and may be gone.
        let _ = std::fs::copy(file.path(), copy.join(file.file_name()));
    }
    assert!(now.timeline.moments().len() > 2);

    let checkpoint = kept(&copy).load(1).unwrap();
    let step = checkpoint.state.step;
    let initial = Arc::new(checkpoint.initial_network().unwrap());
    let setup = RunSetup { config: checkpoint.state.config, network: initial, data: set };
    let other = Trainer::spawn(1);
    other.send(Command::KeepRuns(kept(&copy)));
    other.send(Command::ResumeKept(Box::new((setup, checkpoint)), 1));
    let found = other.wait("the kept run", |s| s.step == step);
    // All that were kept up to the save; the run itself may be some steps ahead of them, or behind.
    let then: Vec<u64> = steps(&found).into_iter().filter(|kept| *kept < step).collect();
    assert!(then.len() > 2 && then[..3] == [0, 1, 2], "{then:?}");
    let last = trainer.wait("training", |s| s.status == Status::Running);
    for step in then.iter().take(5) {
        let (a, b) = (found.timeline.at(*step).unwrap(), last.timeline.at(*step).unwrap());
        assert_eq!(bits(&a.network(&found.network)), bits(&b.network(&last.network)), "step {step}");
    }
}

#[test]
fn a_ruined_run_has_its_last_good_moment_and_its_end() {
    let trainer = Trainer::loaded(endless(), PLAIN, &crate::support::noisy(800, 16));
    trainer.send(Command::Run);
    trainer.wait("something learnt", |s| s.good_step > 0);
    trainer.send(Command::Change(LiveChange::LearningRate(1000.0)));
    let dead = trainer.wait("the end", |s| s.status == Status::Diverged);
    let good = dead.timeline.at(dead.good_step).expect("the good moment is kept");
    assert_eq!(steps(&dead).last(), Some(&dead.step));
    assert!(dead.step > dead.good_step);
    let shown = bits(&good.network(&dead.network));
    assert_ne!(shown, bits(&dead.network));
    trainer.send(Command::Rewind);
    let back = trainer.wait("the way back", |s| s.step == dead.good_step);
    assert_eq!(bits(&back.network), shown, "it is the one that the run goes back to");
}

#[test]
fn a_painted_filter_is_of_its_moment_and_of_what_branches_there() {
    let (data, config) = (data(64, 8), config());
    let trainer = Trainer::loaded(config, PLAIN, &data);
    trainer.send(Command::OneEpoch);
    let plain = trainer.wait("an epoch", |s| s.step == 4 && s.status == Status::Paused);
    let id = FilterId { layer: 0, filter: 2 };
    let edit = FilterEdit { id, values: Some(vec![0.25; 10]), is_frozen: true, is_painted: true };
    trainer.send(Command::Filters(vec![edit]));
    let painted = trainer.wait("the paint", |s| s.filter_commands == 1);
    let kernel = |network: &Network| network.parameters()[0][0].values()[18..27].to_vec();
    assert_eq!(kernel(&painted.network), [0.25; 9]);
    assert!(painted.hand.is_frozen(id) && painted.hand.is_painted(id));
    let marks = painted.timeline.marks();
    assert_eq!(marks, [FilterMark { step: 4, id, event: FilterEvent::Painted }]);
    // The moment after its step is what training goes on from.
    let moment = painted.timeline.at(4).expect("the last step is kept");
    assert_eq!(kernel(&moment.network(&painted.network)), [0.25; 9]);
    trainer.send(Command::OneEpoch);
    let on = trainer.wait("the next epoch", |s| s.step == 8 && s.status == Status::Paused);
    assert_eq!(kernel(&on.network), [0.25; 9]);
    // Before it was painted, the filter was free.
    trainer.send(Command::Branch(3));
    let earlier = trainer.wait("the branch", |s| s.run == 2);
    assert!(earlier.hand.is_empty() && earlier.timeline.marks().is_empty());
    assert_ne!(kernel(&earlier.network), [0.25; 9]);
    assert_ne!(kernel(&earlier.network), kernel(&plain.network));
}
