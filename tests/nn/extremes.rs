//! Extreme sizes: a network with more than a million parameters, and one with a single pixel.

use convlens::nn::{
    Init, Network, NetworkSpec, Serial, Workspace, gradcheck,
    optim::{Optimizer, OptimizerSpec},
};

fn network(json: &str, seed: u64) -> Network {
    Network::new(NetworkSpec::from_json(json).unwrap(), Init::He, seed).unwrap()
}

/// Distinct values with a sum other than 0.
fn pixels(count: usize) -> Vec<f32> {
    (0..count).map(|i| (i * 7919 % 1009) as f32 / 504.0 - 1.0).collect()
}

/// Fully connected layers with ReLU between them, in plain loops in f64: the outputs of one image, and its gradients of the
/// loss, (weight, bias) for each layer.
fn by_hand(layers: &[[&[f32]; 2]], image: &[f32], label: usize) -> (Vec<f64>, Vec<[Vec<f64>; 2]>) {
    let mut inputs: Vec<Vec<f64>> = vec![image.iter().copied().map(f64::from).collect()];
    for (i, [weight, bias]) in layers.iter().enumerate() {
        let x = &inputs[i];
        let dot = |row: &[f32]| row.iter().zip(x).map(|(&w, &x)| f64::from(w) * x).sum::<f64>();
        let y = weight.chunks_exact(x.len()).zip(*bias).map(|(row, &b)| dot(row) + f64::from(b));
        let is_last = i + 1 == layers.len();
        inputs.push(y.map(|y| if is_last { y } else { y.max(0.0) }).collect());
    }
    let logits = inputs.pop().unwrap();
    let sum: f64 = logits.iter().map(|z| z.exp()).sum();
    let mut delta: Vec<f64> = logits.iter().map(|z| z.exp() / sum).collect();
    delta[label] -= 1.0;
    let mut gradients = Vec::new();
    for ([weight, _], x) in layers.iter().zip(&inputs).rev() {
        let dw = delta.iter().flat_map(|d| x.iter().map(move |x| d * x)).collect();
        let through = |column: usize| -> f64 {
            let column = weight.iter().skip(column).step_by(x.len());
            column.zip(&delta).map(|(&w, d)| f64::from(w) * d).sum()
        };
        let next = (0..x.len()).map(|i| if x[i] > 0.0 { through(i) } else { 0.0 }).collect();
        gradients.push([dw, std::mem::replace(&mut delta, next)]);
    }
    gradients.reverse();
    (logits, gradients)
}

fn assert_near(what: &str, ours: &[f32], expected: &[f64]) {
    assert_eq!(ours.len(), expected.len());
    let largest = expected.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for (i, (&ours, expected)) in ours.iter().zip(expected).enumerate() {
        let error = (f64::from(ours) - expected).abs();
        assert!(error <= 1e-5 * largest, "{what}[{i}] is {ours}, not {expected}");
    }
}

#[test]
fn a_million_parameters_agree_with_plain_loops() {
    let network = network(
        r#"{"name":"million","input":[1,28,28],"layers":[{"type":"flatten"},{"type":"linear","out_features":1000},
            {"type":"relu"},{"type":"linear","out_features":250},{"type":"relu"},{"type":"linear","out_features":10}]}"#,
        3,
    );
    assert_eq!(network.parameter_count(), 784 * 1000 + 1000 + 1000 * 250 + 250 + 250 * 10 + 10);
    assert!(network.parameter_count() > 1_000_000);
    let (x, labels) = (pixels(3 * 784), [1, 7, 3]);
    let mut workspace = Workspace::new(&network, 3, true);
    workspace.load(3, &Serial, |first, inputs, targets| {
        inputs.copy_from_slice(&x[first * 784..][..inputs.len()]);
        targets.copy_from_slice(&labels[first..first + targets.len()]);
    });
    workspace.forward_backward(&network, &Serial);
    let layers: Vec<[&[f32]; 2]> = network
        .parameters()
        .iter()
        .filter(|tensors| !tensors.is_empty())
        .map(|tensors| [tensors[0].values(), tensors[1].values()])
        .collect();
    let trace = network.trace(&x);
    let mut sums: Vec<[Vec<f64>; 2]> = Vec::new();
    for (i, image) in x.chunks_exact(784).enumerate() {
        let (logits, gradients) = by_hand(&layers, image, usize::from(labels[i]));
        assert_near("logits", &trace.activations[5].values()[i * 10..][..10], &logits);
        if sums.is_empty() {
            sums = gradients;
            continue;
        }
        for (sum, part) in sums.iter_mut().flatten().flatten().zip(gradients.iter().flatten().flatten()) {
            *sum += part;
        }
    }
    sums.iter_mut().flatten().flatten().for_each(|sum| *sum /= 3.0);
    let ours = workspace.gradients().iter().flatten();
    for ((ours, expected), (name, _)) in ours.zip(sums.iter().flatten()).zip(network.named_parameters()) {
        assert_near(&name, ours.values(), expected);
    }
}

#[test]
fn one_pixel_trains_through_every_kind_of_layer() {
    let mut network = network(
        r#"{"name":"pixel","input":[1,1,1],"layers":[{"type":"conv2d","out_channels":2,"kernel_size":1},
            {"type":"max_pool2d","kernel_size":1},{"type":"avg_pool2d","kernel_size":1},{"type":"leaky_relu"},
            {"type":"conv_transpose2d","out_channels":2,"kernel_size":1},{"type":"local_response_norm","size":1},
            {"type":"channel_shuffle","groups":2},{"type":"tanh"},{"type":"global_avg_pool2d"},{"type":"flatten"},
            {"type":"linear","out_features":2}]}"#,
        5,
    );
    let (x, labels) = ([-1.0, 1.0, -0.5, 0.75], [0, 1, 0, 1]);
    for check in gradcheck::check(&network, &x, &labels, 8, 1e-3) {
        assert!(check.relative_error(1e-3) < 2e-2, "{check:?}");
    }
    let adam: OptimizerSpec = "adam".parse().unwrap();
    let mut optimizer = Optimizer::new(adam, network.parameters());
    let mut workspace = Workspace::new(&network, 4, true);
    let mut losses = Vec::new();
    for _ in 0..300 {
        workspace.load(4, &Serial, |first, inputs, targets| {
            inputs.copy_from_slice(&x[first..first + targets.len()]);
            targets.copy_from_slice(&labels[first..first + targets.len()]);
        });
        losses.push(workspace.forward_backward(&network, &Serial).loss);
        optimizer.step(network.parameters_mut(), workspace.gradients(), 0.02);
    }
    assert!(losses[299] < 0.1 * losses[0], "{} … {}", losses[0], losses[299]);
}
