//! Saving a run and going on with it, early stop, and what a run may be told about steps and images.

use crate::support::{COUPLED, PLAIN, config, data, misleading, network};
use convlens::{
    data::Augment,
    model_file,
    nn::{
        Executor, Network, Serial,
        optim::{OptimizerSpec, Schedule},
    },
    train::{Checkpoint, Pool, Session, TrainConfig, checkpoint, session::Due},
};
use std::{fs, path::Path};

/// Trains to the end of `epochs` epochs in all, or until it stops early.
fn train(session: &mut Session, epochs: usize, executor: &dyn Executor) {
    while session.epoch() < epochs && !session.has_stopped_early() {
        let due = session.step(executor).unwrap();
        if due != Due::Step {
            let mut evaluator = session.evaluator(due);
            while session.evaluate(due, &mut evaluator, executor).is_none() {}
        }
    }
}

fn bits(network: &Network) -> Vec<u32> {
    let tensors = network.parameters().iter().chain(network.buffers()).flatten();
    tensors.flat_map(|t| t.values().iter().map(|v| v.to_bits())).collect()
}

/// Everything that decides how a run goes on.
fn everything() -> TrainConfig {
    TrainConfig {
        schedule: Schedule::ONE_CYCLE,
        warmup: 5,
        clip_norm: 0.5,
        validation: 0.2,
        train_images: Some(75),
        label_smoothing: 0.1,
        early_stop: 3,
        augment: Augment::DIGITS,
        epochs: 4,
        ..config()
    }
}

fn saved(path: &Path, config: TrainConfig, epochs: usize) -> Session {
    let data = data(100, 20);
    let mut session = Session::new(config, network(COUPLED), &data).unwrap();
    train(&mut session, epochs, &Serial);
    checkpoint::save(path, &session, &data).unwrap();
    session
}

#[test]
fn a_run_that_goes_on_is_the_one_that_never_stopped_bit_for_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    for name in OptimizerSpec::names() {
        let optimizer: OptimizerSpec = name.parse().unwrap();
        let config = TrainConfig { optimizer, lr: 0.01, ..everything() };
        let mut whole = saved(&path, config, 2);
        let mut resumed = Checkpoint::load(&path).unwrap().resume(&data(100, 20)).unwrap();
        assert_eq!((resumed.steps(), resumed.epoch()), (10, 2), "{name}");
        assert_eq!(resumed.history(), whole.history(), "{name}");
        train(&mut whole, 4, &Serial);
        train(&mut resumed, 4, &Pool::new(2).unwrap());
        assert_eq!(bits(resumed.network()), bits(whole.network()), "{name}");
        assert_eq!(resumed.history(), whole.history(), "{name}");
        assert_eq!(resumed.best().map(|b| (b.loss, b.epoch)), whole.best().map(|b| (b.loss, b.epoch)));
    }
}

#[test]
fn the_model_of_a_checkpoint_is_an_ordinary_model() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("digits.safetensors");
    let session = saved(&path, config(), 1);
    assert_eq!(bits(&model_file::load(&path, None).unwrap()), bits(session.network()));
    assert!(folder.path().join("digits.training.safetensors").is_file());
}

#[test]
fn a_state_that_is_not_the_models_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one.safetensors", "two.safetensors"].map(|name| folder.path().join(name));
    saved(&one, config(), 1);
    saved(&two, config(), 2);
    fs::copy(&two, &one).unwrap();
    let error = Checkpoint::load(&one).unwrap_err().to_string();
    assert!(
        error.contains("one.training.safetensors: was saved with another model than the present"),
        "{error}"
    );
    fs::remove_file(model_file::training_path(&two)).unwrap();
    let error = Checkpoint::load(&two).unwrap_err().to_string();
    assert!(error.contains("two.training.safetensors"), "{error}");
    fs::copy(&two, model_file::training_path(&two)).unwrap();
    let error = Checkpoint::load(&two).unwrap_err().to_string();
    assert!(error.ends_with("is not a training state of ConvLens"), "{error}");
}

#[test]
fn other_images_are_refused_by_name_and_checksum() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    saved(&path, config(), 1);
    let error = Checkpoint::load(&path).unwrap().resume(&data(101, 20)).unwrap_err().to_string();
    assert!(
        error.contains("corners (100 images, checksum") && error.contains("corners (101 images"),
        "{error}"
    );
}

#[test]
fn damaged_states_are_refused_and_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    saved(&path, everything(), 1);
    let state = model_file::training_path(&path);
    let whole = fs::read(&state).unwrap();
    let header = 8 + u64::from_le_bytes(*whole.first_chunk().unwrap()) as usize;
    for end in (0..header + 8).step_by(7).chain([header, whole.len() - 1]) {
        fs::write(&state, &whole[..end]).unwrap();
        assert!(Checkpoint::load(&path).is_err(), "cut at {end}");
    }
    for at in (0..header).step_by(11) {
        for flip in [1, 8, 0x40] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            fs::write(&state, &bytes).unwrap();
            // A flipped digit may give another sound state: then it must train without a panic.
            if let Ok(checkpoint) = Checkpoint::load(&path)
                && let Ok(mut session) = checkpoint.resume(&data(100, 20))
            {
                let _ = session.step(&Serial);
            }
        }
    }
}

#[test]
fn training_stops_early_and_goes_back_to_the_best_weights() {
    let data = misleading();
    let config = TrainConfig { validation: 0.5, early_stop: 2, epochs: 200, ..config() };
    let mut session = Session::new(config, network(PLAIN), &data).unwrap();
    let mut best = (f64::INFINITY, Vec::new());
    while session.epoch() < 200 && !session.has_stopped_early() {
        let next = session.epoch() + 1;
        let mut before = Vec::new();
        while session.epoch() < next {
            let due = session.step(&Serial).unwrap();
            before = bits(session.network());
            if due != Due::Step {
                let mut evaluator = session.evaluator(due);
                while session.evaluate(due, &mut evaluator, &Serial).is_none() {}
            }
        }
        let loss = session.history().full.last().unwrap().loss;
        if loss < best.0 {
            best = (loss, before);
        }
    }
    assert!(session.has_stopped_early(), "never stopped");
    let kept = session.best().unwrap();
    assert_eq!((kept.epoch, kept.loss), (session.epoch() - 2, best.0));
    assert_eq!(bits(session.network()), best.1);
    // Whoever trains on begins with fresh patience, from a file too.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ended.safetensors");
    checkpoint::save(&path, &session, &data).unwrap();
    let mut resumed = Checkpoint::load(&path).unwrap().resume(&data).unwrap();
    assert!(resumed.best().is_none());
    resumed.step(&Serial).unwrap();
    let epochs = session.epoch() + 1;
    session.step(&Serial).unwrap();
    assert!(!session.has_stopped_early() && session.best().is_none());
    assert_eq!(bits(resumed.network()), bits(session.network()));
    train(&mut session, epochs, &Serial);
    assert_eq!(session.epoch(), epochs);
}

#[test]
fn a_clipped_step_is_as_long_as_the_limit_says() {
    let step = |clip_norm| {
        let optimizer: OptimizerSpec = "sgd".parse().unwrap();
        let config = TrainConfig { optimizer, lr: 1.0, clip_norm, ..config() };
        let mut session = Session::new(config, network(PLAIN), &data(100, 20)).unwrap();
        let before = session.network().clone();
        session.step(&Serial).unwrap();
        let pairs = before.parameters().iter().flatten().zip(session.network().parameters().iter().flatten());
        let moved = pairs.flat_map(|(a, b)| a.values().iter().zip(b.values()).map(|(a, b)| f64::from(a - b)));
        moved.collect::<Vec<f64>>()
    };
    let length = |v: &[f64]| v.iter().map(|d| d * d).sum::<f64>().sqrt();
    let (free, clipped) = (step(0.0), step(0.25));
    assert!(length(&free) > 0.5, "{}", length(&free));
    assert!((length(&clipped) - 0.25).abs() < 1e-5, "{}", length(&clipped));
    // The direction stays.
    let dot: f64 = free.iter().zip(&clipped).map(|(a, b)| a * b).sum();
    assert!(dot / length(&free) / length(&clipped) > 1.0 - 1e-6);
    // What is short enough is left as it is.
    assert_eq!(step(1e6), free);
}

#[test]
fn the_rate_warms_up_to_what_the_schedule_says() {
    let config = TrainConfig { warmup: 4, lr: 0.1, ..config() };
    let mut session = Session::new(config, network(PLAIN), &data(100, 20)).unwrap();
    let mut rates = Vec::new();
    for _ in 0..6 {
        rates.push(session.rate());
        session.step(&Serial).unwrap();
    }
    assert_eq!(rates, [0.025, 0.05, 0.075, 0.1, 0.1, 0.1]);
}

#[test]
fn augmented_images_are_others_each_epoch_and_the_same_for_every_thread() {
    let run = |augment, executor: &dyn Executor| {
        let config = TrainConfig { augment, lr: 1e-6, batch: 1, ..config() };
        // One image: only what is done to it can differ.
        let mut session = Session::new(config, network(PLAIN), &data(1, 1)).unwrap();
        (0..4).for_each(|_| {
            session.step(executor).unwrap();
        });
        session.history().training().map(|p| p.loss).collect::<Vec<_>>()
    };
    let plain = run(Augment::default(), &Serial);
    assert!((plain[0] - plain[3]).abs() < 1e-3, "{plain:?}");
    let shift = Augment { shift: 0.2, ..Augment::default() };
    let shifted = run(shift, &Serial);
    assert!((0..3).any(|i| (shifted[i] - shifted[i + 1]).abs() > 1e-2), "{shifted:?}");
    for threads in 1..=3 {
        assert_eq!(run(shift, &Pool::new(threads).unwrap()), shifted);
    }
}

#[test]
fn settings_that_no_run_can_have_are_refused() {
    for (config, part) in [
        (TrainConfig { clip_norm: -1.0, ..config() }, "gradient clipping is -1, but must be"),
        (TrainConfig { train_images: Some(0), ..config() }, "training images is 0, but must be at least 1"),
        (
            TrainConfig { train_images: Some(17), validation: 0.2, ..config() },
            "training images is 17, but must be at most 16, the images of corners to learn from",
        ),
        (
            TrainConfig { label_smoothing: 1.0, ..config() },
            "label smoothing is 1, but must be at least 0 and",
        ),
        (TrainConfig { label_smoothing: f32::NAN, ..config() }, "label smoothing is NaN, but must be"),
        (TrainConfig { early_stop: 2, ..config() }, "early stop is 2, but needs a validation fraction"),
        (
            TrainConfig { augment: Augment { shift: 0.7, ..Augment::default() }, ..config() },
            "shift is 0.7, but must be from 0 to 0.5",
        ),
    ] {
        let error = Session::new(config, network(PLAIN), &data(20, 5)).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}
