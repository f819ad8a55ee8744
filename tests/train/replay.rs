//! Runs that are trained again from what they were told.

use crate::support::{PLAIN, config, data, network};
use convlens::{
    nn::{Serial, filters::FilterId},
    train::{
        Command, FilterEdit, LiveChange, Pool, ReplayError, RunRecord, RunSetup, Snapshot, TrainConfig,
        TrainerHandle,
    },
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

fn until(trainer: &TrainerHandle, is_so: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let begun = Instant::now();
    loop {
        trainer.poll();
        if let Some(snapshot) = trainer.latest().filter(|snapshot| !snapshot.is_active() && is_so(snapshot)) {
            return snapshot;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "never");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn bits(snapshot: &Snapshot) -> Vec<u32> {
    let parameters = snapshot.network.parameters().iter().flatten();
    parameters.flat_map(|tensor| tensor.values().iter().map(|value| value.to_bits())).collect()
}

#[test]
fn a_run_is_trained_again_bit_by_bit() {
    let data = data(200, 40);
    let trainer = TrainerHandle::spawn(2, || ()).unwrap();
    let config = TrainConfig { validation: 0.2, ..config() };
    let setup = RunSetup { config, network: Arc::new(network(PLAIN)), data: data.clone() };
    trainer.send(Command::Load(Box::new(setup)));
    let steps = |count: u64, upto: u64| {
        let one = |step: u64| {
            trainer.send(Command::OneBatch);
            until(&trainer, |snapshot| snapshot.step == step)
        };
        (upto + 1 - count..upto).for_each(|step| drop(one(step)));
        one(upto)
    };
    steps(4, 4);
    trainer.send(Command::Change(LiveChange::LearningRate(0.05)));
    trainer.send(Command::Change(LiveChange::Momentum(0.5)));
    steps(5, 9);
    let id = FilterId { layer: 0, filter: 1 };
    let values = Some((0..10).map(|i| (i as f32 * 0.7).sin()).collect());
    let edit = FilterEdit { id, values, is_frozen: true, is_painted: true };
    trainer.send(Command::Filters(vec![edit]));
    steps(3, 12);
    trainer.send(Command::OneEpoch);
    until(&trainer, |snapshot| snapshot.epoch == 2);
    trainer.send(Command::Rewind);
    let back = until(&trainer, |snapshot| snapshot.log.notes.len() == 4);
    let end = steps(7, back.step + 7);
    let record = RunRecord::of(&end, &data);
    let json = serde_json::to_string(&record).unwrap();
    let record: RunRecord = serde_json::from_str(&json).unwrap();
    assert!(record.log.is_whole);
    for threads in [1, 3] {
        let pool = Pool::new(threads).unwrap();
        let mut allowance = u64::MAX;
        let again = record.train(&data, &pool, &mut allowance).unwrap().snapshots().remove(0);
        assert_eq!(bits(&again), bits(&end));
        assert_eq!((again.step, *again.history == *end.history), (end.step, true));
    }
    // Too long, other data, an order that cannot be.
    let tried = |record: &RunRecord, mut allowance: u64| {
        record.train(&data, &Serial, &mut allowance).map(|_| ()).unwrap_err()
    };
    assert!(matches!(tried(&record, 1_000_000), ReplayError::TooLong { .. }));
    let other = RunRecord { data: "MNIST".into(), ..record.clone() };
    assert!(matches!(tried(&other, u64::MAX), ReplayError::OtherData { .. }));
    let mut wrong = record.clone();
    wrong.log.notes.reverse();
    assert!(matches!(tried(&wrong, u64::MAX), ReplayError::Impossible { .. }));
    let long = RunRecord { step: u64::MAX, ..record };
    assert!(matches!(tried(&long, u64::MAX / 2), ReplayError::TooLong { .. }));
}

#[test]
fn a_branch_of_a_kept_moment_is_not_whole() {
    let data = data(100, 20);
    let trainer = TrainerHandle::spawn(1, || ()).unwrap();
    let setup = RunSetup { config: config(), network: Arc::new(network(PLAIN)), data: data.clone() };
    trainer.send(Command::Load(Box::new(setup)));
    trainer.send(Command::OneEpoch);
    until(&trainer, |snapshot| snapshot.epoch == 1);
    trainer.send(Command::Branch(3));
    let branch = until(&trainer, |snapshot| snapshot.step == 3);
    let record = RunRecord::of(&branch, &data);
    let mut allowance = u64::MAX;
    let failed = record.train(&data, &Serial, &mut allowance).map(|_| ()).unwrap_err();
    assert!(matches!(failed, ReplayError::NotWhole), "{failed}");
}
