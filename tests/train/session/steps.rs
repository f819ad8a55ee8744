//! Steps: the order of images, threads, changed rates, divergence.

use super::{bits, epochs, session, train};
use crate::support::{COUPLED, PLAIN, config, corners, data, network};
use convlens::{
    data::{self, DataSet, Split, mnist},
    nn::{
        Executor, Init, Network, NetworkSpec, Serial, Workspace,
        optim::{Optimizer, OptimizerSpec, Sgd},
    },
    train::{
        History, LiveChange, Pool, Session, TrainConfig, TrainError,
        evaluate::{evaluate, input_transform},
        session::Due,
    },
};
use std::sync::Arc;

/// A change of a setting while a session goes on.
type Change = fn(&mut Session) -> Result<(), TrainError>;

#[test]
fn the_corners_are_learnt() {
    for layers in [PLAIN, COUPLED] {
        let mut session = session(config(), layers, &data(240, 80));
        epochs(&mut session, 4);
        let history = session.history();
        let (first, last) = (history.training().next().unwrap(), history.last().unwrap());
        assert!(first.loss > 1.0 && last.loss < first.loss / 5.0, "{layers}: {first:?} … {last:?}");
        assert!(last.accuracy > 0.95, "{layers}: {last:?}");
        let test = history.full.last().unwrap();
        assert!(test.accuracy > 0.95 && test.loss < 0.3 && test.images == 80, "{layers}: {test:?}");
        assert_eq!(session.epoch(), 4);
    }
}

#[test]
fn mnist_is_learnt_from_a_slice_of_it() {
    let whole = mnist::load().unwrap();
    let part = |split: &Split, count| Arc::new(split.take(0..count));
    let data = DataSet {
        name: whole.name,
        train: part(&whole.train, 6000),
        test: part(&whole.test, 2000),
        classes: convlens::text::ClassNames::default(),
    };
    let json = r#"{"name":"small","input":[1,28,28],"layers":[{"type":"conv2d","out_channels":6,"kernel_size":5},
        {"type":"relu"}, {"type":"max_pool2d","kernel_size":2}, {"type":"flatten"}, {"type":"linear","out_features":10}]}"#;
    let network = Network::new(NetworkSpec::from_json(json).unwrap(), Init::He, 1).unwrap();
    let mut session = Session::new(TrainConfig { batch: 32, ..config() }, network, &data).unwrap();
    let pool = Pool::new(2).unwrap();
    let steps = session.batches_per_epoch() as u64;
    train(&mut session, steps, &pool);
    let test = session.history().full.last().unwrap();
    assert!(test.accuracy >= 0.9 && test.images == 2000, "{test:?}");
}

#[test]
fn threads_change_no_bit() {
    let run = |executor: &dyn Executor| -> (Vec<u32>, History) {
        let mut session = session(config(), COUPLED, &data(100, 37));
        train(&mut session, 10, executor);
        (bits(session.network()), session.history().clone())
    };
    let serial = run(&Serial);
    assert_eq!(run(&Serial), serial);
    for threads in 1..=3 {
        assert_eq!(run(&Pool::new(threads).unwrap()), serial, "{threads} threads");
    }
}

#[test]
fn the_seed_orders_the_images() {
    let run = |seed| {
        let mut session = session(TrainConfig { seed, ..config() }, PLAIN, &data(100, 20));
        train(&mut session, 3, &Serial);
        bits(session.network())
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn the_seed_and_the_step_draw_what_is_dropped() {
    // One image: there is no order that could differ.
    let run = |seed| {
        let mut session = session(TrainConfig { seed, lr: 1e-6, ..config() }, COUPLED, &data(1, 1));
        train(&mut session, 4, &Serial);
        session.history().training().map(|point| point.loss).collect::<Vec<_>>()
    };
    let (one, two) = (run(1), run(2));
    assert_eq!(one, run(1));
    assert_ne!(one, two);
    assert!(one.windows(2).any(|pair| (pair[0] - pair[1]).abs() > 1e-3), "each step its own: {one:?}");
}

/// What a session does, written out.
#[test]
fn an_epoch_is_every_image_once_in_a_new_order_and_the_last_batch_is_the_rest() {
    let (config, data) = (TrainConfig { batch: 4, ..config() }, data(10, 8));
    let mut session = session(config, COUPLED, &data);
    assert_eq!((session.batches_per_epoch(), session.images_per_epoch()), (3, 10));

    let mut network = network(COUPLED);
    let mut optimizer = Optimizer::new(config.optimizer, network.parameters());
    let mut workspace = Workspace::new(&network, 4, true);
    let transform = input_transform(&network);
    let mut step = 0;
    for epoch in 0..3 {
        for indices in data::shuffled(10, config.seed, epoch).chunks(4) {
            workspace.load(indices.len(), &Serial, |first, x, labels| {
                let part = &indices[first..first + labels.len()];
                data::fill(&data.train, part, &transform, None, x, labels);
            });
            workspace.set_seed(config.seed, step);
            let result = workspace.forward_backward(&network, &Serial);
            workspace.update_buffers(&mut network);
            optimizer.step(network.parameters_mut(), workspace.gradients(), config.lr);
            step += 1;

            let due = session.step(&Serial).unwrap();
            assert_eq!(due == Due::FullEvaluation, step % 3 == 0, "step {step}");
            assert_eq!(bits(session.network()), bits(&network), "step {step}");
            let point = session.history().last().unwrap();
            assert_eq!((point.step, point.loss, point.images), (step, result.loss, indices.len()));
        }
        assert_eq!((session.epoch(), session.batch_in_epoch()), (epoch as usize + 1, 0));
        assert_eq!(session.images_seen(), 10 * (epoch as usize + 1));
    }
    assert_eq!(network.buffers()[1][2].values(), [9.0], "batches that the running statistics have seen");
}

/// A part of the set is a set of its own: what is left out could be anything.
#[test]
fn a_part_of_the_set_is_all_that_is_learnt_from() {
    let whole = data(60, 8);
    let settings = TrainConfig { train_images: Some(18), batch: 5, ..config() };
    let part = convlens::train::part_to_learn_from(&settings, &whole.train);
    let alone = DataSet { train: part.clone(), ..whole.clone() };
    let mut some = session(settings, COUPLED, &whole);
    let mut all = session(TrainConfig { train_images: None, ..settings }, COUPLED, &alone);
    assert_eq!((some.batches_per_epoch(), some.images_per_epoch(), some.has_validation()), (4, 18, false));
    for step in 0..12 {
        let due = some.step(&Serial).unwrap();
        assert_eq!(due, all.step(&Serial).unwrap());
        assert_eq!(bits(some.network()), bits(all.network()), "step {step}");
    }
    assert_eq!((some.epoch(), some.images_seen()), (3, 54));
    // Validation images are those of the whole set, and never in the part.
    let settings = TrainConfig { validation: 0.5, ..settings };
    let kept = session(settings, PLAIN, &whole);
    assert!(kept.has_validation() && kept.images_per_epoch() == 18);
    assert_ne!(convlens::train::part_to_learn_from(&settings, &whole.train), part);
}

/// The training loss has it, an evaluation does not, and a session learns by its gradient.
#[test]
fn label_smoothing_is_in_the_training_loss_alone() {
    let data = data(16, 16);
    let first = |label_smoothing| {
        let mut session = session(TrainConfig { label_smoothing, ..config() }, PLAIN, &data);
        let before = evaluate(session.network(), "corners", &data.test, &Serial, |_| {}).unwrap();
        session.step(&Serial).unwrap();
        (session.history().last().unwrap().loss, before.loss, bits(session.network()))
    };
    let (plain, smooth) = (first(0.0), first(0.4));
    assert_eq!(plain.1, smooth.1);
    assert!((plain.0 - smooth.0).abs() > 1e-3 && plain.2 != smooth.2);

    // The mean of the loss against each class, 0.1 each, is 0.4 of it.
    let network = network(PLAIN);
    let loss_of = |turn: u8, smoothing| {
        let mut workspace = Workspace::new(&network, 16, true).with_label_smoothing(smoothing);
        let transform = input_transform(&network);
        workspace.load(16, &Serial, |from, x, labels| {
            let part: Vec<u32> = (from as u32..(from + labels.len()) as u32).collect();
            data::fill(&data.train, &part, &transform, None, x, labels);
            for label in labels.iter_mut() {
                *label = (*label + turn) % 4;
            }
        });
        workspace.forward_training(&network, &Serial).loss
    };
    let expected = 0.6 * loss_of(0, 0.0) + 0.1 * (0..4).map(|turn| loss_of(turn, 0.0)).sum::<f64>();
    assert!((loss_of(0, 0.4) - expected).abs() < 1e-9);
    assert!((smooth.0 - expected).abs() < 1e-9, "{} {expected}", smooth.0);

    let mut session = session(
        TrainConfig { label_smoothing: 0.6, epochs: 12, ..config() },
        PLAIN,
        &super::super::support::data(240, 80),
    );
    epochs(&mut session, 12);
    let last = session.history().full.last().unwrap();
    assert!(last.accuracy > 0.9, "{last:?}");
    assert!(session.good_step() > 0, "the run counts as one that has learnt");
}

#[test]
fn divergence_names_step_loss_and_rate_and_keeps_the_last_finite_weights() {
    // ReLUs would die of such a rate, and the loss stay where it is; with a slope below zero it grows without end.
    for layers in [PLAIN, COUPLED].map(|layers| layers.replace("relu", "leaky_relu")) {
        let mut session = session(TrainConfig { lr: 1e6, ..config() }, &layers, &data(100, 8));
        let (error, before, history) = loop {
            let (before, history) = (bits(session.network()), session.history().clone());
            if let Err(error) = session.step(&Serial) {
                break (error, before, history);
            }
            assert!(session.steps() < 1000, "{layers} never diverged");
        };
        let steps = session.steps();
        assert!(session.network().is_finite(), "{layers}");
        assert_eq!(bits(session.network()), before, "{layers}");
        assert_eq!(session.history(), &history);
        let message = error.to_string();
        assert!(
            message.contains("loss") && message.contains(&format!("at step {}:", steps + 1)),
            "{message}"
        );
        assert!(message.contains("1000000") && !message.contains('\n'), "{message}");
        assert!(matches!(&error, TrainError::Diverged { step, .. } if *step == steps + 1));
        // The step is tried again, not skipped.
        assert_eq!(session.step(&Serial), Err(error));
    }
}

#[test]
fn a_step_that_would_make_a_weight_infinite_is_not_made() {
    let optimizer = OptimizerSpec::Sgd(Sgd { weight_decay: 1e30, ..Sgd::default() });
    let mut session = session(TrainConfig { optimizer, lr: 1e10, ..config() }, COUPLED, &data(100, 8));
    let before = bits(session.network());
    let message = session.step(&Serial).unwrap_err().to_string();
    assert!(message.contains("diverged at step 1: a weight became infinite"), "{message}");
    assert_eq!(bits(session.network()), before, "buffers too");
    assert_eq!((session.steps(), session.history()), (0, &History::default()));
    // With a rate that fits, it goes on as if nothing had happened.
    session.change(LiveChange::LearningRate(1e-32)).unwrap();
    session.step(&Serial).unwrap();
    let mut fresh =
        Session::new(TrainConfig { optimizer, lr: 1e-32, ..config() }, network(COUPLED), &data(100, 8))
            .unwrap();
    fresh.step(&Serial).unwrap();
    assert_eq!(bits(session.network()), bits(fresh.network()));
}

#[test]
fn rate_and_momentum_change_from_the_next_step_on() {
    let data = data(100, 8);
    let after = |mut session: Session, steps| {
        train(&mut session, steps, &Serial);
        (bits(session.network()), session.history().clone())
    };
    let fast = TrainConfig {
        lr: 0.1,
        optimizer: OptimizerSpec::Sgd(Sgd { momentum: 0.5, ..Sgd::default() }),
        ..config()
    };
    let mut changed = session(config(), PLAIN, &data);
    changed.change(LiveChange::LearningRate(0.1)).unwrap();
    changed.change(LiveChange::Momentum(0.5)).unwrap();
    assert_eq!(changed.config(), &fast);
    assert_eq!(after(changed, 5), after(session(fast, PLAIN, &data), 5));
    let changes: [Change; 2] =
        [|s| s.change(LiveChange::LearningRate(0.1)), |s| s.change(LiveChange::Momentum(0.5))];
    for change in changes {
        let (mut same, mut other) = (session(config(), PLAIN, &data), session(config(), PLAIN, &data));
        train(&mut same, 3, &Serial);
        train(&mut other, 3, &Serial);
        change(&mut other).unwrap();
        assert_eq!(bits(other.network()), bits(same.network()), "not before the step");
        train(&mut same, 1, &Serial);
        train(&mut other, 1, &Serial);
        assert_eq!(other.history().last().unwrap().loss, same.history().last().unwrap().loss);
        assert_ne!(bits(other.network()), bits(same.network()));
    }
}

#[test]
fn a_rate_or_momentum_out_of_range_changes_nothing() {
    let data = data(100, 8);
    let (mut asked, mut left) = (session(config(), PLAIN, &data), session(config(), PLAIN, &data));
    let refused = |result: Result<(), TrainError>, sentence: &str| {
        assert_eq!(result.unwrap_err().to_string(), sentence);
    };
    refused(asked.change(LiveChange::LearningRate(0.0)), "learning rate is 0, but must be a number above 0");
    refused(
        asked.change(LiveChange::LearningRate(-0.5)),
        "learning rate is -0.5, but must be a number above 0",
    );
    refused(
        asked.change(LiveChange::LearningRate(f32::NAN)),
        "learning rate is NaN, but must be a number above 0",
    );
    refused(
        asked.change(LiveChange::LearningRate(f32::INFINITY)),
        "learning rate is inf, but must be a number above 0",
    );
    refused(asked.change(LiveChange::Momentum(1.0)), "momentum is 1, but must be at least 0 and below 1");
    refused(asked.change(LiveChange::Momentum(-0.1)), "momentum is -0.1, but must be at least 0 and below 1");
    refused(
        asked.change(LiveChange::Momentum(f32::NAN)),
        "momentum is NaN, but must be at least 0 and below 1",
    );
    assert_eq!(asked.config(), left.config());
    train(&mut asked, 3, &Serial);
    train(&mut left, 3, &Serial);
    assert_eq!(bits(asked.network()), bits(left.network()));
}

#[test]
fn the_last_of_256_classes_is_a_class() {
    let mut network = network(r#"{"type":"flatten"}, {"type":"linear","out_features":256}"#);
    for tensor in network.parameters_mut().iter_mut().flatten() {
        tensor.values_mut().fill(0.0);
    }
    let images = corners(0, 8);
    let pixels = (0..8).flat_map(|i| images.image(i).to_vec()).collect();
    let last = Split::new("last", pixels, vec![255; 8], 8, 8).unwrap();
    let result = evaluate(&network, "last", &last, &Serial, |_| {}).unwrap();
    assert_eq!((result.correct, result.confusion[255][0]), (0, 8));
}
