//! Random networks that the spec accepts train, evaluate and trace without a panic at any batch size, and agree with
//! themselves: a batch gives the loss and the gradient of its images.

use convlens::nn::{
    ForwardMode, Init, LayerSpec, Network, NetworkSpec, Preprocess, Serial, Shape, Workspace,
    loss::cross_entropy,
    optim::{Optimizer, OptimizerSpec},
};
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

/// Multiply-adds of one pass over a batch, and values of its activations, that bound the time of a case.
const MAX_MULTIPLY_ADDS: u64 = 60_000_000;
const MAX_ACTIVATIONS: usize = 6_000_000;

/// Batch sizes around the sizes of shards, registers and blocks.
const BATCHES: &[usize] = &[1, 2, 3, 4, 5, 8, 15, 16, 17, 32, 63, 64, 65, 100, 128, 256, 512, 1024];

/// The settings of a random layer for this input; they may be invalid.
fn layer(random: &mut ChaCha8Rng, input: Shape) -> LayerSpec {
    let mut pick = |values: &[usize]| *values.choose(random).unwrap();
    let (channels, ..) = input.as_maps();
    let settings = match input {
        Shape::Vector(_) => match pick(&[0, 0, 1, 2, 3]) {
            0 => {
                json!({"type": "linear", "out_features": pick(&[1, 3, 10, 40, 130, 700, 1500]), "bias": pick(&[0, 1]) == 1})
            }
            1 => json!({"type": "dropout", "p": 0.25}),
            2 => json!({"type": "flatten"}),
            _ => json!({"type": "relu"}),
        },
        Shape::Maps { .. } => match pick(&[0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
            0 => {
                let groups = pick(&[1, 1, 1, 2, channels]);
                json!({"type": "conv2d", "out_channels": groups * pick(&[1, 2, 5, 16, 17, 33]),
                    "kernel_size": [pick(&[1, 2, 3, 3, 5]), pick(&[1, 2, 3, 3, 5])], "stride": [pick(&[1, 1, 2, 3]), pick(&[1, 1, 2])],
                    "padding": [pick(&[0, 1, 2]), pick(&[0, 1, 2])], "dilation": pick(&[1, 1, 1, 2]), "groups": groups,
                    "bias": pick(&[0, 1]) == 1})
            }
            1 => {
                let groups = pick(&[1, 1, 2, channels]);
                json!({"type": "conv_transpose2d", "out_channels": groups * pick(&[1, 2, 5]), "kernel_size": pick(&[1, 2, 3]),
                    "stride": pick(&[1, 1, 2]), "padding": pick(&[0, 0, 1]), "groups": groups})
            }
            2 => json!({"type": "max_pool2d", "kernel_size": pick(&[1, 2, 2, 3]), "stride": pick(&[1, 2, 3]),
                "padding": pick(&[0, 0, 1]), "dilation": pick(&[1, 1, 2]), "ceil_mode": pick(&[0, 1]) == 1}),
            3 => {
                json!({"type": "avg_pool2d", "kernel_size": pick(&[1, 2, 2, 3, 4]), "stride": pick(&[1, 2, 3]),
                "padding": pick(&[0, 0, 1]), "ceil_mode": pick(&[0, 1]) == 1, "count_include_pad": pick(&[0, 1]) == 1})
            }
            4 | 5 => json!({"type": "batch_norm2d"}),
            6 => json!({"type": "local_response_norm", "size": pick(&[1, 3, 4])}),
            7 => json!({"type": "channel_shuffle", "groups": pick(&[1, 2, channels])}),
            8 => json!({"type": "dropout", "p": 0.5}),
            9 => json!({"type": "global_avg_pool2d"}),
            _ => {
                let names = ["relu", "leaky_relu", "sigmoid", "tanh", "softplus", "gelu", "silu", "elu"];
                json!({"type": names[pick(&[0, 1, 2, 3, 4, 5, 6, 7])]})
            }
        },
    };
    serde_json::from_value(settings).unwrap()
}

/// A random network that can be trained at this batch size within the bounds, or `None` if this attempt has none.
fn network(random: &mut ChaCha8Rng, batch: usize) -> Option<Network> {
    let side = |random: &mut ChaCha8Rng| *[1, 3, 7, 12, 20, 28, 33].choose(random).unwrap();
    let channels = *[1, 1, 2, 3, 8].choose(random).unwrap();
    let input = Shape::maps(channels, side(random), side(random));
    let mut layers: Vec<LayerSpec> = Vec::new();
    let mut shape = input;
    for _ in 0..random.random_range(1..9) {
        let layer = layer(random, shape);
        if let Ok(built) = layer.build(shape) {
            shape = built.output();
            layers.push(layer);
        }
        if matches!(shape, Shape::Maps { .. }) && random.random_bool(0.15) {
            layers.push(serde_json::from_value(json!({"type": "flatten"})).unwrap());
            shape = Shape::Vector(shape.len());
        }
    }
    layers.push(serde_json::from_value(json!({"type": "flatten"})).unwrap());
    let classes = random.random_range(2..12);
    layers.push(serde_json::from_value(json!({"type": "linear", "out_features": classes})).unwrap());
    let spec = NetworkSpec {
        name: "random".into(),
        input,
        preprocess: Preprocess::default(),
        layers,
        class_names: convlens::text::ClassNames::default(),
    };
    let network = Network::new(spec, Init::He, random.random()).ok()?;
    let activations: usize = network.layers().iter().map(|layer| layer.output().len()).sum();
    let fits = network.multiply_adds() * batch as u64 <= MAX_MULTIPLY_ADDS
        && activations * batch <= MAX_ACTIVATIONS
        && network.parameter_count() <= 2_000_000;
    (fits && network.check_batch(batch).is_ok()).then_some(network)
}

/// Loads images and their labels, from image `from` on.
fn load(workspace: &mut Workspace, network: &Network, x: &[f32], from: usize, count: usize) {
    let (len, classes) = (network.input().len(), network.classes());
    workspace.load(count, &Serial, |first, inputs, labels| {
        inputs.copy_from_slice(&x[(from + first) * len..][..inputs.len()]);
        labels.iter_mut().enumerate().for_each(|(i, label)| *label = ((from + first + i) % classes) as u8);
    });
}

/// The loss of the images in evaluation mode, from a trace.
fn loss_of_trace(network: &Network, x: &[f32]) -> f64 {
    let classes = network.classes();
    let trace = network.trace(x);
    let logits = trace.activations.last().unwrap().values().chunks_exact(classes);
    let losses: Vec<f64> = logits.enumerate().map(|(i, z)| cross_entropy(z, i % classes)).collect();
    losses.iter().sum::<f64>() / losses.len() as f64
}

/// Fails unless two losses agree, or neither is finite.
fn assert_same_loss(what: &str, a: f64, b: f64) {
    let is_same = (a - b).abs() <= 1e-3 * b.abs().max(1.0) || !a.is_finite() && !b.is_finite();
    assert!(is_same, "{what}: {a} and {b}");
}

/// The gradient of a batch in evaluation mode, against the mean over its images. Different roundings may cross a kink of
/// ReLU, so whole tensors are compared.
fn check_gradients(what: &str, network: &Network, x: &[f32], batch: usize) {
    let mut together = Workspace::new(network, batch, true);
    load(&mut together, network, x, 0, batch);
    together.forward_backward_in(ForwardMode::Eval, network, &Serial);
    let mut single = Workspace::new(network, 1, true);
    let mut sums: Vec<Vec<f32>> = network.parameters().iter().flatten().map(|t| vec![0.0; t.len()]).collect();
    for image in 0..batch {
        load(&mut single, network, x, image, 1);
        single.forward_backward_in(ForwardMode::Eval, network, &Serial);
        for (sums, tensor) in sums.iter_mut().zip(single.gradients().iter().flatten()) {
            sums.iter_mut().zip(tensor.values()).for_each(|(sum, value)| *sum += value / batch as f32);
        }
    }
    for (tensor, sums) in together.gradients().iter().flatten().zip(&sums) {
        let norm =
            |values: &mut dyn Iterator<Item = f32>| values.map(|v| f64::from(v).powi(2)).sum::<f64>().sqrt();
        let error = norm(&mut tensor.values().iter().zip(sums).map(|(a, b)| a - b));
        let allowed = 1e-2 * norm(&mut sums.iter().copied()) + 1e-6;
        assert!(error <= allowed, "{what}: {error} of {allowed}");
    }
}

/// Two training steps, an evaluation and a trace of one network.
fn check(what: &str, mut network: Network, batch: usize, with_gradients: bool) {
    let len = network.input().len();
    let x: Vec<f32> =
        (0..batch * len).map(|i| ((i * 7919 + i / len * 31) % 2017) as f32 / 1008.0 - 1.0).collect();
    let mut workspace = Workspace::new(&network, batch, true);
    load(&mut workspace, &network, &x, 0, batch);
    let evaluated = workspace.forward(&network, &Serial).loss;
    assert_same_loss(&format!("{what}: evaluation and trace"), evaluated, loss_of_trace(&network, &x));
    if with_gradients && evaluated.is_finite() {
        check_gradients(&format!("{what}: gradient"), &network, &x, batch);
    }
    let mut optimizer = Optimizer::new("momentum".parse::<OptimizerSpec>().unwrap(), network.parameters());
    for step in 0..2 {
        workspace.set_seed(1, step);
        let result = workspace.forward_backward(&network, &Serial);
        assert_eq!(result.images, batch, "{what}");
        assert!(!result.loss.is_nan() || step > 0, "{what}: the first loss is NaN");
        workspace.update_buffers(&mut network);
        optimizer.step(network.parameters_mut(), workspace.gradients(), 1e-3);
    }
    let mut evaluation = Workspace::new(&network, batch.div_ceil(2), false);
    load(&mut evaluation, &network, &x, 0, batch.div_ceil(2));
    let evaluated = evaluation.forward(&network, &Serial).loss;
    let images = &x[..batch.div_ceil(2) * len];
    assert_same_loss(&format!("{what}: after training"), evaluated, loss_of_trace(&network, images));
}

#[test]
fn random_networks_train_at_any_batch_size() {
    let mut tested = 0;
    for seed in 0..200 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let batch = *BATCHES.choose(&mut random).unwrap();
        let Some(network) = (0..20).find_map(|_| network(&mut random, batch)) else { continue };
        tested += 1;
        let what = format!("seed {seed}, batch {batch}, {}", network.spec().to_json());
        check(&what, network, batch, batch <= 17);
    }
    assert!(tested > 150, "only {tested} networks fit the bounds");
}

fn network_of(input: &str, layers: &str) -> Network {
    let json = format!(r#"{{"name": "n", "input": {input}, "layers": [{layers}]}}"#);
    Network::new(NetworkSpec::from_json(&json).unwrap(), Init::He, 1).unwrap()
}

/// A run of layers that is narrower than the network's widest layer passes more images together than that one would.
#[test]
fn narrow_runs_beside_wide_layers_fit_their_memory() {
    let with_batch_norm = r#"{"type": "conv2d", "out_channels": 32, "kernel_size": 3, "padding": 1}, {"type": "batch_norm2d"},
        {"type": "relu"}, {"type": "conv2d", "out_channels": 64, "kernel_size": 3, "padding": 1}, {"type": "max_pool2d", "kernel_size": 4},
        {"type": "flatten"}, {"type": "linear", "out_features": 10}"#;
    let wide_end = r#"{"type": "conv2d", "out_channels": 2, "kernel_size": 3}, {"type": "relu"}, {"type": "avg_pool2d", "kernel_size": 4},
        {"type": "conv2d", "out_channels": 8, "kernel_size": 1}, {"type": "flatten"}, {"type": "linear", "out_features": 4000},
        {"type": "relu"}, {"type": "linear", "out_features": 10}"#;
    for (layers, batches) in [(with_batch_norm, &[8, 32][..]), (wide_end, &[64, 1024])] {
        for &batch in batches {
            let network = network_of("[1, 28, 28]", layers);
            check(&format!("batch {batch}, {layers}"), network, batch, false);
        }
    }
}

/// How many images are interleaved does not depend on the layer that backward begins or ends with.
#[test]
fn interleaved_images_are_the_same_forward_and_backward() {
    let layers = r#"{"type": "max_pool2d", "kernel_size": 2}, {"type": "conv2d", "out_channels": 2, "kernel_size": 3, "stride": 2},
        {"type": "flatten"}, {"type": "linear", "out_features": 5}"#;
    let network = network_of("[1, 230, 230]", layers);
    check("interleaving", network, 40, true);
}

#[test]
fn batch_norm_over_a_single_value_is_refused() {
    let layers = r#"{"type": "conv2d", "out_channels": 3, "kernel_size": 3}, {"type": "batch_norm2d"}, {"type": "flatten"},
        {"type": "linear", "out_features": 2}"#;
    let network = network_of("[1, 3, 3]", layers);
    assert!(network.check_batch(2).is_ok());
    let message = network.check_batch(1).unwrap_err().to_string();
    assert!(
        message.contains("layer 1 (batch_norm2d)") && message.contains("more than one value"),
        "{message}"
    );
    assert!(network_of("[1, 4, 3]", layers).check_batch(1).is_ok());
}

/// 0.1 is not exact in binary, so rounding errors of a naive sum add up.
#[test]
fn means_over_a_million_cells_are_accurate() {
    let side = 1024;
    let layers = [
        r#"{"type": "global_avg_pool2d"}"#.to_owned(),
        r#"{"type": "avg_pool2d", "kernel_size": 1024}"#.to_owned(),
    ];
    for layer in layers {
        let network = network_of(&format!("[1, {side}, {side}]"), &layer);
        let mean = network.trace(&vec![0.1; side * side]).activation(0)[0];
        assert!((mean - 0.1).abs() < 1e-7, "{layer}: {mean}");
    }
    let network = network_of(&format!("[1, {side}, {side}]"), r#"{"type": "batch_norm2d", "momentum": 1.0}"#);
    let layer = &network.layers()[0];
    let statistics = layer.batch_statistics().unwrap();
    let mut sums = vec![0.0; statistics.sums_len()];
    statistics.sum_inputs(&vec![0.1; side * side], &mut sums);
    assert!((sums[0] / (side * side) as f64 - f64::from(0.1_f32)).abs() < 1e-9);
}
