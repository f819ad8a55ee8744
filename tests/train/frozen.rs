//! Painted and frozen filters: training leaves them alone, bit by bit, also after a run was saved and resumed.

use crate::support::{COUPLED, PLAIN, config, data, network, noisy};
use convlens::{
    nn::{
        Network, Serial,
        filters::{FilterId, FilterLayout},
        optim::OptimizerSpec,
    },
    train::{Checkpoint, FilterEdit, Session, TrainConfig, checkpoint},
};

fn train(session: &mut Session, epochs: usize) {
    while session.epoch() < epochs {
        let due = session.step(&Serial).unwrap();
        let mut evaluator = session.evaluator(due);
        while session.evaluate(due, &mut evaluator, &Serial).is_none() {}
    }
}

fn bits(network: &Network, filter: usize) -> Vec<u32> {
    let layout = FilterLayout::of(network, 0).unwrap();
    layout.values(&network.parameters()[0], filter).iter().map(|v| v.to_bits()).collect()
}

fn all_bits(network: &Network) -> Vec<u32> {
    network.parameters().iter().flatten().flat_map(|t| t.values().iter().map(|v| v.to_bits())).collect()
}

fn id(filter: usize) -> FilterId {
    FilterId { layer: 0, filter }
}

/// A painted filter, which is frozen, and one that is frozen as it is.
fn edits() -> [FilterEdit; 2] {
    let values = (0..10).map(|i| (i as f32 * 0.7).sin()).collect();
    [
        FilterEdit { id: id(1), values: Some(values), is_frozen: true, is_painted: true },
        FilterEdit { id: id(3), values: None, is_frozen: true, is_painted: false },
    ]
}

/// With momentum from before, weight decay, clipping and batch norm.
fn hard(name: &str) -> TrainConfig {
    let mut optimizer: OptimizerSpec = name.parse().unwrap();
    *optimizer.weight_decay_mut() = 0.05;
    TrainConfig { optimizer, lr: 0.01, clip_norm: 0.5, ..config() }
}

#[test]
fn no_optimiser_changes_a_bit_of_a_frozen_filter_and_a_resumed_run_neither() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let data = data(100, 20);
    for name in OptimizerSpec::names() {
        let mut session = Session::new(hard(name), network(COUPLED), &data).unwrap();
        train(&mut session, 1);
        assert_eq!(session.edit_filters(&edits()), 2);
        let before: Vec<_> = (0..4).map(|filter| bits(session.network(), filter)).collect();
        train(&mut session, 2);
        let is_kept = |session: &Session| -> Vec<bool> {
            (0..4).map(|filter| bits(session.network(), filter) == before[filter]).collect()
        };
        assert_eq!(is_kept(&session), [false, true, false, true], "{name}");

        checkpoint::save(&path, &session, &data).unwrap();
        let mut resumed = Checkpoint::load(&path).unwrap().resume(&data).unwrap();
        assert_eq!(resumed.hand(), session.hand(), "{name}");
        train(&mut session, 3);
        train(&mut resumed, 3);
        assert_eq!(is_kept(&resumed), [false, true, false, true], "{name}");
        assert_eq!(all_bits(resumed.network()), all_bits(session.network()), "{name}");

        // Released, a painted filter learns on from its numbers; its earlier ones are still known.
        let release = FilterEdit { values: None, is_frozen: false, ..edits()[0].clone() };
        assert_eq!(resumed.edit_filters(&[release]), 1);
        assert!(resumed.hand().is_painted(id(1)) && !resumed.hand().is_frozen(id(1)));
        train(&mut resumed, 4);
        assert_eq!(is_kept(&resumed), [false, false, false, true], "{name}");
    }
}

#[test]
fn early_stopping_does_not_bring_back_a_filter_of_before_it_was_painted() {
    let data = data(100, 20);
    let config = TrainConfig { validation: 0.2, early_stop: 1, lr: 1e-7, ..config() };
    let mut session = Session::new(config, network(COUPLED), &data).unwrap();
    train(&mut session, 1);
    session.edit_filters(&edits());
    let painted = bits(session.network(), 1);
    while !session.has_stopped_early() && session.epoch() < 40 {
        let due = session.step(&Serial).unwrap();
        let mut evaluator = session.evaluator(due);
        while session.evaluate(due, &mut evaluator, &Serial).is_none() {}
    }
    assert!(session.has_stopped_early(), "nothing is learnt at such a rate");
    assert_eq!(bits(session.network(), 1), painted);
}

#[test]
fn a_run_goes_back_to_painted_filters_not_behind_them() {
    let data = data(100, 20);
    let mut session = Session::new(config(), network(COUPLED), &data).unwrap();
    session.edit_filters(&edits());
    let painted = bits(session.network(), 1);
    session.step(&Serial).unwrap();
    session.rewind();
    assert_eq!((session.steps(), bits(session.network(), 1)), (0, painted));
    assert!(session.hand().is_frozen(id(3)));
}

#[test]
fn a_filter_painted_after_the_good_step_is_painted_after_going_back_to_it() {
    let data = noisy(800, 16);
    let config = TrainConfig { epochs: 1000, ..config() };
    let mut session = Session::new(config, network(PLAIN), &data).unwrap();
    while session.good_step() == 0 {
        session.step(&Serial).unwrap();
        assert!(session.steps() < 5000, "nothing is learnt");
    }
    let good = session.good_step();
    session.step(&Serial).unwrap();
    session.edit_filters(&edits());
    let painted = bits(session.network(), 1);
    session.step(&Serial).unwrap();
    session.rewind();
    assert_eq!((session.steps(), bits(session.network(), 1)), (good, painted.clone()));
    assert!(session.hand().is_frozen(id(3)));
    let [free, frozen] = [2, 3].map(|filter| bits(session.network(), filter));
    session.step(&Serial).unwrap();
    assert_eq!([1, 3].map(|filter| bits(session.network(), filter)), [painted, frozen]);
    assert_ne!(bits(session.network(), 2), free);
}
