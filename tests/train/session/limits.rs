//! Limits of settings and data.

use super::{bits, refusal, session, train};
use crate::support::{PLAIN, config, data, network};
use convlens::{
    data::{DataSet, Split},
    nn::{
        Init, Network, NetworkSpec, Serial,
        optim::{OptimizerSpec, Sgd},
    },
    train::{Session, TrainConfig, TrainError},
};
use std::sync::Arc;

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
fn data_that_do_not_fit_are_refused_with_both_sides() {
    let blank = |label, height, width| {
        Arc::new(Split::new("s", vec![0; height * width], vec![label], height, width).unwrap())
    };
    let set = |train: &Arc<Split>, test: &Arc<Split>| DataSet {
        name: "shapes".into(),
        train: train.clone(),
        test: test.clone(),
        classes: convlens::text::ClassNames::default(),
    };
    let (fit, large, label) = (blank(3, 8, 8), blank(3, 9, 7), blank(4, 8, 8));
    let size = "the images of shapes are 9×7, but corner-net takes 1×8×8: change its input, in Architecture or with --fit in the terminal";
    assert_eq!(refusal(config(), network(PLAIN), &set(&large, &fit)), size);
    assert_eq!(refusal(config(), network(PLAIN), &set(&fit, &large)), size);
    let labels = "shapes has labels up to 4, but corner-net has only 4 outputs (0 to 3): give its last layer 5, in Architecture or with --fit in the terminal";
    assert_eq!(refusal(config(), network(PLAIN), &set(&label, &fit)), labels);
    assert_eq!(refusal(config(), network(PLAIN), &set(&fit, &label)), labels);
    let batch = TrainConfig { batch: 0, ..config() };
    assert_eq!(
        refusal(batch, network(PLAIN), &set(&fit, &fit)),
        "batch size is 0, but must be from 1 to 4096"
    );

    let spec = |json| Network::new(NetworkSpec::from_json(json).unwrap(), Init::He, 1).unwrap();
    let colour = spec(
        r#"{"name":"colour","input":[3,8,8],"layers":[{"type":"flatten"},{"type":"linear","out_features":4}]}"#,
    );
    let message = refusal(config(), colour, &set(&fit, &fit));
    assert_eq!(
        message,
        "the images of shapes are 8×8, but colour takes 3×8×8: change its input, in Architecture or with --fit in the terminal"
    );
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
        (TrainConfig { batch: 0, ..config() }, "batch size is 0,"),
        (TrainConfig { batch: 4097, ..config() }, "batch size is 4097,"),
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
    assert!(matches!(error, TrainError::Setting { setting: "batch size", .. }), "{error}");
    assert!(error.to_string().contains("batch size is 4") && error.to_string().contains("2 GiB"), "{error}");
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
