//! A training session, stepped without thread or clock.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod train_support;

use convlens::{
    data::{self, DataSet, Split, mnist},
    nn::{
        Executor, Init, Network, NetworkSpec, Serial, Workspace,
        loss::argmax,
        optim::{Optimizer, OptimizerSpec, Sgd},
    },
    train::{
        Evaluation, Evaluator, History, LiveChange, Pool, Session, TrainConfig, TrainError,
        evaluate::{evaluate, input_transform},
        session::Due,
    },
};
use std::sync::Arc;
use train_support::{COUPLED, PLAIN, SIDE, config, corners, data, network};

/// A change of a setting while a session goes on.
type Change = fn(&mut Session) -> Result<(), TrainError>;

fn session(config: TrainConfig, layers: &str, data: &DataSet) -> Session {
    Session::new(config, network(layers), data).unwrap()
}

/// Makes `steps` steps with the evaluations that are due.
fn train(session: &mut Session, steps: u64, executor: &dyn Executor) {
    let end = session.steps() + steps;
    while session.steps() < end {
        let due = session.step(executor).unwrap();
        if due != Due::Step {
            finish(session, due, executor);
        }
    }
}

fn finish(session: &mut Session, due: Due, executor: &dyn Executor) -> Evaluation {
    let mut evaluator = session.evaluator(due);
    loop {
        if let Some(result) = session.evaluate(due, &mut evaluator, executor) {
            return result;
        }
    }
}

fn epochs(session: &mut Session, epochs: usize) {
    train(session, (epochs * session.batches_per_epoch()) as u64, &Serial);
}

/// Every bit of weights and buffers.
fn bits(network: &Network) -> Vec<u32> {
    let tensors = network.parameters().iter().chain(network.buffers()).flatten();
    tensors.flat_map(|t| t.values().iter().map(|v| v.to_bits())).collect()
}

fn refusal(config: TrainConfig, network: Network, data: &DataSet) -> String {
    let message = Session::new(config, network, data).unwrap_err().to_string();
    assert!(!message.contains('\n') && !message.is_empty(), "{message}");
    message
}

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
    let data = DataSet { name: whole.name, train: part(&whole.train, 6000), test: part(&whole.test, 2000) };
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

#[test]
fn a_batch_larger_than_the_set_is_the_set() {
    let run = |batch| {
        let mut session = session(TrainConfig { batch, ..config() }, PLAIN, &data(10, 4));
        assert_eq!(session.batches_per_epoch(), 1);
        train(&mut session, 3, &Serial);
        assert_eq!((session.epoch(), session.images_seen()), (3, 30));
        (bits(session.network()), session.history().clone())
    };
    let exact = run(10);
    assert!(exact.1.training().all(|point| point.images == 10));
    assert_eq!(exact.1.full.len(), 3);
    assert_eq!(run(11), exact);
    assert_eq!(run(4096), exact);
}

#[test]
fn evaluations_are_due_ten_times_an_epoch_and_at_its_end() {
    let mut session = session(TrainConfig { batch: 4, ..config() }, PLAIN, &data(100, 1100));
    epochs(&mut session, 1);
    let History { quick, full, .. } = session.history();
    assert_eq!(quick.iter().map(|p| p.images).collect::<Vec<_>>(), [1000; 9]);
    assert_eq!(full.iter().map(|p| (p.step, p.images)).collect::<Vec<_>>(), [(25, 1100)]);
    let steps: Vec<u64> = quick.iter().map(|p| p.step).collect();
    assert_eq!(steps, [3, 5, 8, 10, 13, 15, 18, 20, 23]);
}

#[test]
fn validation_is_the_end_of_the_training_set_and_is_not_learnt_from() {
    let run = |data: &DataSet| {
        let mut session = session(TrainConfig { validation: 0.25, ..config() }, PLAIN, data);
        assert!(session.has_validation());
        assert_eq!(session.images_per_epoch(), 60);
        epochs(&mut session, 2);
        session
    };
    let (train, test) = (corners(0, 80), Arc::new(corners(500, 8)));
    let of = |train: Split| DataSet { name: "corners".into(), train: Arc::new(train), test: test.clone() };
    // The same beginning with an end of other images, all of one class.
    let mut images: Vec<u8> = (0..80).flat_map(|i| train.image(i).to_vec()).collect();
    images[60 * SIDE * SIDE..].fill(255);
    let mut labels = train.labels().to_vec();
    labels[60..].fill(2);
    let poisoned = Split::new("poisoned", images, labels, SIDE, SIDE).unwrap();

    let (clean, poisoned) = (run(&of(train.clone())), run(&of(poisoned)));
    assert_eq!(bits(clean.network()), bits(poisoned.network()));
    let points = |s: &Session| s.history().training().collect::<Vec<_>>();
    assert_eq!(points(&clean), points(&poisoned));

    let kept = evaluate(clean.network(), "kept", &train.take(60..80), &Serial, |_| {}).unwrap();
    let point = clean.history().full.last().unwrap();
    assert_eq!((point.loss, point.accuracy, point.images), (kept.loss, kept.accuracy(), 20));
    assert_ne!(poisoned.history().full.last().unwrap().loss, point.loss);
}

#[test]
fn a_share_above_none_keeps_an_image() {
    let with = |validation, images| {
        let session = Session::new(TrainConfig { validation, ..config() }, network(PLAIN), &data(images, 4));
        session.map(|s| (s.has_validation(), s.images_per_epoch()))
    };
    assert_eq!(with(0.0, 3), Ok((false, 3)));
    assert_eq!(with(0.01, 3), Ok((true, 2)));
    assert_eq!(with(0.9, 10), Ok((true, 1)));
    assert_eq!(with(0.5, 1), Err(TrainError::NoImages("corners".into())));
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
fn data_that_do_not_fit_are_refused_with_both_sides() {
    let blank = |label, height, width| {
        Arc::new(Split::new("s", vec![0; height * width], vec![label], height, width).unwrap())
    };
    let set = |train: &Arc<Split>, test: &Arc<Split>| DataSet {
        name: "shapes".into(),
        train: train.clone(),
        test: test.clone(),
    };
    let (fit, large, label) = (blank(3, 8, 8), blank(3, 9, 7), blank(4, 8, 8));
    let size = "the images of shapes are 9×7, but corner-net takes 1×8×8";
    assert_eq!(refusal(config(), network(PLAIN), &set(&large, &fit)), size);
    assert_eq!(refusal(config(), network(PLAIN), &set(&fit, &large)), size);
    let labels = "shapes has labels up to 4, but corner-net has only 4 outputs (0 to 3)";
    assert_eq!(refusal(config(), network(PLAIN), &set(&label, &fit)), labels);
    assert_eq!(refusal(config(), network(PLAIN), &set(&fit, &label)), labels);
    let batch = TrainConfig { batch: 0, ..config() };
    assert_eq!(refusal(batch, network(PLAIN), &set(&fit, &fit)), "batch is 0, but must be from 1 to 4096");

    let spec = |json| Network::new(NetworkSpec::from_json(json).unwrap(), Init::He, 1).unwrap();
    let colour = spec(
        r#"{"name":"colour","input":[3,8,8],"layers":[{"type":"flatten"},{"type":"linear","out_features":4}]}"#,
    );
    let message = refusal(config(), colour, &set(&fit, &fit));
    assert_eq!(message, "the images of shapes are 8×8, but colour takes 3×8×8");
    let padded = spec(
        r#"{"name":"padded","input":[1,12,12],"preprocess":{"pad":2},"layers":[{"type":"flatten"},{"type":"linear","out_features":4}]}"#,
    );
    assert!(Session::new(config(), padded, &set(&fit, &fit)).is_ok());
    // More outputs than a label can name: their confusion matrix would not fit into memory either.
    let wide = network(r#"{"type":"flatten"},{"type":"linear","out_features":1000000}"#);
    let message = refusal(config(), wide, &set(&fit, &fit));
    assert_eq!(message, "corner-net has 1000000 outputs, but labels can name at most 256 classes");
}

#[test]
fn empty_sets() {
    assert_eq!(refusal(config(), network(PLAIN), &data(0, 8)), "corners has no images to train on");
    let untested = "corners has no images for the evaluation";
    assert_eq!(refusal(config(), network(PLAIN), &data(8, 0)), untested);
    // The validation images are what it is judged by.
    let mut session = session(TrainConfig { validation: 0.5, ..config() }, PLAIN, &data(8, 0));
    epochs(&mut session, 1);
    assert_eq!(session.history().full.last().unwrap().images, 4);
    let error = evaluate(session.network(), "corners", &corners(0, 0), &Serial, |_| {}).unwrap_err();
    assert_eq!(error.to_string(), untested);
}

#[test]
fn an_evaluation_is_the_sum_of_its_parts() {
    let mut session = session(config(), COUPLED, &data(64, 450));
    train(&mut session, 3, &Serial);
    let (network, test) = (session.network(), corners(100_003, 450));
    let whole = evaluate(network, "corners", &test, &Serial, |_| {}).unwrap();
    assert_eq!(evaluate(network, "corners", &test, &Pool::new(3).unwrap(), |_| {}).unwrap(), whole);

    let classes = network.classes();
    let mut confusion = vec![vec![0; classes]; classes];
    let mut input = vec![0.0; SIDE * SIDE];
    let mut loss = 0.0;
    for i in 0..test.len() {
        input_transform(network).apply(test.image(i), SIDE, SIDE, &mut input);
        let probabilities = network.trace(&input).probabilities;
        let label = test.label(i) as usize;
        confusion[label][argmax(probabilities.values())] += 1;
        loss -= f64::from(probabilities.values()[label]).ln() / 450.0;
    }
    assert_eq!(whole.confusion, confusion);
    assert!((whole.loss - loss).abs() < 1e-5, "{} and {loss}", whole.loss);
    let correct: usize = (0..classes).map(|c| confusion[c][c]).sum();
    assert_eq!((whole.correct, whole.images), (correct, 450));
    assert!(correct > 0 && correct < 450, "or nothing is told apart: {correct}");
    assert_eq!(whole.accuracy(), correct as f64 / 450.0);
    for (class, share) in whole.per_class().into_iter().enumerate() {
        let of_class = test.labels().iter().filter(|&&label| label as usize == class).count();
        assert_eq!(share, confusion[class][class] as f64 / of_class as f64);
    }

    // In ranges of any length.
    for length in [1, 7, 200, 449] {
        let (mut sum, mut loss) = (vec![vec![0; classes]; classes], 0.0);
        let mut start = 0;
        while start < 450 {
            let range = start..(start + length).min(450);
            let mut evaluator = Evaluator::new(network, range.clone());
            let part = loop {
                if let Some(part) = evaluator.step(network, &test, &Serial) {
                    break part;
                }
            };
            assert_eq!(part.images, range.len());
            loss += part.loss * part.images as f64 / 450.0;
            for (sum, part) in sum.iter_mut().flatten().zip(part.confusion.iter().flatten()) {
                *sum += part;
            }
            start = range.end;
        }
        assert_eq!(sum, confusion, "in {length}s");
        assert!((loss - whole.loss).abs() < 1e-6, "in {length}s: {loss} and {}", whole.loss);
    }
}

#[test]
fn progress_of_an_evaluation_rises_to_its_end() {
    let network = network(PLAIN);
    let mut heard = Vec::new();
    evaluate(&network, "corners", &corners(0, 450), &Serial, |done| heard.push(done)).unwrap();
    assert_eq!(heard, [200, 400]);
    let mut evaluator = Evaluator::new(&network, 0..450);
    let split = corners(0, 450);
    let mut shares = vec![evaluator.progress()];
    while evaluator.step(&network, &split, &Serial).is_none() {
        shares.push(evaluator.progress());
    }
    shares.push(evaluator.progress());
    assert_eq!(shares, [0.0, 200.0 / 450.0, 400.0 / 450.0, 1.0]);
}

#[test]
fn a_class_without_images_counts_as_none_right() {
    let ones = Split::new("ones", vec![0; 2 * SIDE * SIDE], vec![1, 1], SIDE, SIDE).unwrap();
    let result = evaluate(&network(PLAIN), "ones", &ones, &Serial, |_| {}).unwrap();
    let per_class = result.per_class();
    assert_eq!((per_class[0], per_class[2], per_class[3]), (0.0, 0.0, 0.0));
    assert_eq!(result.confusion.iter().map(|row| row.iter().sum()).collect::<Vec<usize>>(), [0, 2, 0, 0]);
}

#[test]
fn settings_have_ranges() {
    let sgd = |momentum, weight_decay| OptimizerSpec::Sgd(Sgd { momentum, weight_decay, ..Sgd::default() });
    let good = [
        config(),
        TrainConfig { lr: f32::MIN_POSITIVE, ..config() },
        TrainConfig { lr: f32::MAX, ..config() },
        TrainConfig { batch: 1, epochs: 1, ..config() },
        TrainConfig { batch: 4096, epochs: 10_000, ..config() },
        TrainConfig { validation: 0.9, ..config() },
        TrainConfig { optimizer: sgd(0.999_999, 1.0), ..config() },
        TrainConfig { init: Init::Normal(0.0), seed: u64::MAX, ..config() },
        TrainConfig { optimizer: "adam".parse().unwrap(), ..config() },
    ];
    for config in good {
        assert_eq!(config.check(), Ok(()), "{config:?}");
    }
    let bad = [
        (TrainConfig { lr: -1.0, ..config() }, "learning rate is -1,"),
        (TrainConfig { lr: f32::INFINITY, ..config() }, "learning rate is inf,"),
        (TrainConfig { batch: 0, ..config() }, "batch is 0,"),
        (TrainConfig { batch: 4097, ..config() }, "batch is 4097,"),
        (TrainConfig { epochs: 0, ..config() }, "epochs is 0,"),
        (TrainConfig { epochs: 10_001, ..config() }, "epochs is 10001,"),
        (TrainConfig { validation: -0.1, ..config() }, "validation is -0.1,"),
        (TrainConfig { validation: 0.91, ..config() }, "validation is 0.91,"),
        (TrainConfig { validation: f32::NAN, ..config() }, "validation is NaN,"),
        (TrainConfig { optimizer: sgd(1.0, 0.0), ..config() }, "momentum is 1,"),
        (TrainConfig { optimizer: sgd(0.0, -1.0), ..config() }, "weight decay is -1,"),
        (TrainConfig { optimizer: sgd(0.0, f32::NAN), ..config() }, "weight decay is NaN,"),
        (TrainConfig { init: Init::Normal(-0.1), ..config() }, "initial deviation is -0.1,"),
        (TrainConfig { init: Init::Normal(f32::NAN), ..config() }, "initial deviation is NaN,"),
    ];
    for (config, start) in bad {
        let message = config.check().unwrap_err().to_string();
        assert!(message.starts_with(start) && message.contains(" but must be "), "{message}");
    }
}

#[test]
fn a_batch_that_would_not_fit_is_refused() {
    // 13 001² values an image: three of them fit.
    let layers = r#"{"type":"conv_transpose2d","out_channels":1,"kernel_size":1,"stride":1857},
        {"type":"global_avg_pool2d"}, {"type":"flatten"}, {"type":"linear","out_features":4}"#;
    let error =
        Session::new(TrainConfig { batch: 4, ..config() }, network(layers), &data(100, 4)).unwrap_err();
    assert!(matches!(error, TrainError::Setting { setting: "batch", .. }), "{error}");
    assert!(error.to_string().contains("batch is 4") && error.to_string().contains("2 GiB"), "{error}");
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

/// As in PyTorch, which refuses to normalise a single value.
#[test]
fn a_batch_norm_over_a_single_value_is_refused() {
    let layers = r#"{"type":"conv2d","out_channels":2,"kernel_size":8},{"type":"batch_norm2d"},{"type":"flatten"},{"type":"linear","out_features":4}"#;
    let refused = |batch, images| {
        Session::new(TrainConfig { batch, ..config() }, network(layers), &data(images, 8))
            .unwrap_err()
            .to_string()
    };
    for (batch, images) in [(1, 8), (4, 5), (8, 1)] {
        assert!(refused(batch, images).contains("more than one value per channel"), "{batch} of {images}");
    }
    assert!(Session::new(TrainConfig { batch: 4, ..config() }, network(layers), &data(6, 8)).is_ok());
}
