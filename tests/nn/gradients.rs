//! The gradients of every layer type against the central difference.

use crate::support::run;
use convlens::nn::{Init, Layer, LayerSpec, Network, NetworkSpec, Tensor, gradcheck};

/// Images per test.
const IMAGES: usize = 2;

/// Values in −`reach`…`reach`, each at least `reach / n` from zero and `2·reach / n` from any other, so that a smaller step
/// crosses no kink of ReLU or max pooling. Every `turn` gives another order.
fn spread(n: usize, reach: f32, turn: f64) -> Vec<f32> {
    let step = ((n as f64 * turn) as usize..=2 * n).find(|&s| gcd(s, n) == 1).unwrap();
    (0..n).map(|i| (2 * (i * step % n) + 1 + n % 2) as f32 / n as f32 * reach - reach).collect()
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Σ y·dy, the objective whose gradients backward computes from `dy`.
fn objective(layer: &dyn Layer, parameters: &[Tensor], x: &[f32], dy: &[f32]) -> f64 {
    let y = run(layer, parameters, x, None, 0.0).y;
    y.iter().zip(dy).map(|(&y, &dy)| f64::from(y) * f64::from(dy)).sum()
}

/// Fails unless `gradient` is the central difference of `objective` with respect to each of `values`, within 0.5 % of the
/// largest gradient or of 0.001.
fn assert_gradient(
    what: &str,
    values: &[f32],
    gradient: &[f32],
    h: f32,
    mut objective: impl FnMut(&[f32]) -> f64,
) {
    let mut moved = values.to_vec();
    let numerical: Vec<f64> = (0..values.len())
        .map(|i| {
            let mut at = |value: f32| {
                moved[i] = value;
                let objective = objective(&moved);
                moved[i] = values[i];
                objective
            };
            let (up, down) = (values[i] + h, values[i] - h);
            (at(up) - at(down)) / (f64::from(up) - f64::from(down))
        })
        .collect();
    let largest = numerical.iter().fold(1e-3_f64, |m, g| m.max(g.abs()));
    for (i, (&g, &expected)) in gradient.iter().zip(&numerical).enumerate() {
        let error = (f64::from(g) - expected).abs();
        assert!(error <= 5e-3 * largest, "{what}[{i}] is {g}, but the difference gives {expected}");
    }
}

#[test]
fn the_gradients_of_every_layer_agree_with_differences() {
    let mut covered = Vec::new();
    for (spec, input) in LayerSpec::examples() {
        covered.push(spec.type_name());
        let what = format!("{spec:?} on {input}");
        let layer = spec.build(input).unwrap();
        assert_eq!(layer.input(), input, "{what}");
        let x = spread(IMAGES * input.len(), 1.5, 0.618);
        let dy = spread(IMAGES * layer.output().len(), 1.0, 0.29);
        let parameters: Vec<Tensor> = layer
            .parameters()
            .iter()
            .map(|p| Tensor::new(&p.shape, &spread(p.shape.iter().product(), 0.7, 0.43)).unwrap())
            .collect();

        // The output depends on nothing that the buffers held before.
        let plain = run(layer.as_ref(), &parameters, &x, Some(&dy), 0.0);
        assert_eq!(plain.y.len(), IMAGES * layer.output().len(), "{what}");
        assert!(plain.y.iter().chain(&plain.dx).all(|v| v.is_finite()), "{what}: all of y and dx is written");
        assert!(plain.indices.iter().all(|&i| i != u32::MAX), "{what}: all indices are written");
        assert_eq!(run(layer.as_ref(), &parameters, &x, Some(&dy), 0.0), plain, "{what}: twice the same");

        let step = (1.5 / x.len() as f32 / 2.0).min(1e-2);
        assert_gradient(&format!("dx of {what}"), &x, &plain.dx, step, |x| {
            objective(layer.as_ref(), &parameters, x, &dy)
        });
        let added = run(layer.as_ref(), &parameters, &x, Some(&dy), 1.0).gradients;
        for (p, name) in layer.parameters().iter().map(|p| p.name).enumerate() {
            let gradient = plain.gradients[p].values();
            assert_gradient(
                &format!("{name}'s gradient of {what}"),
                parameters[p].values(),
                gradient,
                1e-2,
                |w| {
                    let mut moved = parameters.clone();
                    moved[p].values_mut().copy_from_slice(w);
                    objective(layer.as_ref(), &moved, &x, &dy)
                },
            );
            for (sum, g) in added[p].values().iter().zip(gradient) {
                assert!((sum - 1.0 - g).abs() < 1e-4, "{what}: gradients are added, not written");
            }
        }
    }
    for name in LayerSpec::TYPES {
        assert!(covered.contains(name), "{name} has no examples");
    }
}

/// Small networks with layers in every order that matters: (input, layers).
const NETWORKS: &[(&str, &str)] = &[
    (
        "[1,8,8]",
        r#"{"type":"conv2d","out_channels":3,"kernel_size":3,"padding":1}, {"type":"relu"},
           {"type":"max_pool2d","kernel_size":2}, {"type":"flatten"}, {"type":"linear","out_features":4}"#,
    ),
    (
        "[2,7,6]",
        r#"{"type":"conv2d","out_channels":4,"kernel_size":[3,2],"stride":2,"groups":2}, {"type":"sigmoid"},
           {"type":"conv2d","out_channels":3,"kernel_size":2,"dilation":[2,1],"bias":false}, {"type":"tanh"},
           {"type":"flatten"}, {"type":"linear","out_features":6}, {"type":"tanh"}, {"type":"linear","out_features":3}"#,
    ),
    (
        "[2,6,6]",
        r#"{"type":"conv2d","out_channels":4,"kernel_size":3,"padding":1,"bias":false}, {"type":"batch_norm2d"},
           {"type":"tanh"}, {"type":"conv2d","out_channels":4,"kernel_size":2,"groups":2,"bias":false},
           {"type":"batch_norm2d"}, {"type":"channel_shuffle","groups":2}, {"type":"leaky_relu","negative_slope":0.2},
           {"type":"local_response_norm","size":3,"alpha":0.5}, {"type":"conv_transpose2d","out_channels":3,"kernel_size":2},
           {"type":"avg_pool2d","kernel_size":2}, {"type":"dropout","p":0.3}, {"type":"global_avg_pool2d"},
           {"type":"flatten"}, {"type":"linear","out_features":3}"#,
    ),
    ("[5]", r#"{"type":"linear","out_features":4}, {"type":"sigmoid"}, {"type":"linear","out_features":2}"#),
    // Layers before the first parameters compute no gradient: with single and interleaved images, before a layer that the
    // whole batch passes at once, and before batch statistics.
    (
        "[1, 8, 8]",
        r#"{"type":"max_pool2d","kernel_size":2}, {"type":"tanh"}, {"type":"conv2d","out_channels":3,"kernel_size":2},
           {"type":"sigmoid"}, {"type":"flatten"}, {"type":"linear","out_features":3}"#,
    ),
    (
        "[2, 6, 6]",
        r#"{"type":"avg_pool2d","kernel_size":2}, {"type":"batch_norm2d"}, {"type":"tanh"}, {"type":"flatten"},
           {"type":"linear","out_features":3}"#,
    ),
    (
        "[1, 90, 91]",
        r#"{"type":"sigmoid"}, {"type":"flatten"}, {"type":"linear","out_features":65}, {"type":"tanh"},
           {"type":"linear","out_features":2}"#,
    ),
];

#[test]
fn whole_networks_pass_the_gradient_check() {
    for &(input, layers) in NETWORKS {
        let json = format!(r#"{{"name": "small", "input": {input}, "layers": [{layers}]}}"#);
        let spec = NetworkSpec::from_json(&json).unwrap();
        let network = Network::new(spec, Init::Xavier, 3).unwrap();
        let before = network.parameters().clone();
        let labels = [0, 1, 1, 0, 1];
        let x = spread(labels.len() * network.input().len(), 1.0, 0.618);
        let coarse = gradcheck::check(&network, &x, &labels, 12, 2e-3);
        let fine = gradcheck::check(&network, &x, &labels, 12, 1e-4);
        assert_eq!(network.parameters(), &before, "the network is left as it was");
        assert!(network.named_parameters().all(|(name, _)| coarse.iter().any(|c| c.name == name)));
        // A kink of ReLU or max pooling within h spoils the difference; a smaller h avoids it, but increases rounding errors.
        for (coarse, fine) in coarse.iter().zip(&fine) {
            let error = coarse.relative_error(0.02).min(fine.relative_error(0.02));
            assert!(error < 0.01, "{layers}: {coarse:?}, {fine:?}");
        }
    }
}

#[test]
fn a_corner_within_the_nudge_is_told() {
    // A ReLU that is on by 0.0005 at one of two inputs: a nudge of 0.001 switches it.
    let json = r#"{"name": "corner", "input": [1], "layers": [{"type":"linear","out_features":2}, {"type":"relu"},
        {"type":"linear","out_features":2}]}"#;
    let mut network = Network::zeros(NetworkSpec::from_json(json).unwrap()).unwrap();
    let values: [&[f32]; 4] = [&[1.0, 1.0], &[-0.9995, 0.5], &[1.0, -1.0, 0.5, 2.0], &[0.0, 0.1]];
    network.set_parameters(values).unwrap();
    let checks = gradcheck::check(&network, &[1.0], &[0], 9, 1e-3);
    let at = |name: &str, index: usize| {
        checks.iter().find(|check| (check.name.as_str(), check.index) == (name, index)).unwrap()
    };
    for name in ["0.weight", "0.bias"] {
        let (near, far) = (at(name, 0), at(name, 1));
        assert_eq!((near.corner, far.corner, near.layer), (Some(1), None, 0));
        // Of its slope, the nudge measures three quarters: it is 0 below the corner.
        let measured = near.numerical / near.backpropagated;
        assert!((measured - 0.75).abs() < 0.02, "{near:?}");
        assert!(far.relative_error(1e-3) < 1e-2, "{far:?}");
    }
    assert!(checks.iter().filter(|check| check.layer == 2).all(|check| check.corner.is_none()));
    let tensors = gradcheck::TensorChecks::of(&network, &checks);
    let found: Vec<_> = tensors.iter().map(|t| (t.name.as_str(), t.checked, t.corners)).collect();
    assert_eq!(found, [("0.weight", 2, 1), ("0.bias", 2, 1), ("2.weight", 4, 0), ("2.bias", 2, 0)]);
}

#[test]
fn another_largest_cell_of_a_max_pooling_is_a_corner() {
    let json = r#"{"name": "corner", "input": [1, 1, 2], "layers": [{"type":"conv2d","out_channels":1,"kernel_size":1},
        {"type":"conv2d","out_channels":1,"kernel_size":[1,2],"padding":[0,1]},
        {"type":"max_pool2d","kernel_size":[1,3]}, {"type":"flatten"}, {"type":"linear","out_features":2}]}"#;
    let mut network = Network::zeros(NetworkSpec::from_json(json).unwrap()).unwrap();
    // The windows give b·1, a·1 + b·0.9999 and a·0.9999: the first and the last are nearly the same with a = −1, b = 1.
    let values: [&[f32]; 6] = [&[1.0], &[0.0], &[-1.0, 1.0], &[0.0], &[1.0, -1.0], &[0.0, 0.0]];
    network.set_parameters(values).unwrap();
    network.parameters_mut()[1][0].values_mut().copy_from_slice(&[1.0, 1.0002]);
    let checks = gradcheck::check(&network, &[1.0, -1.0], &[0], 9, 1e-3);
    let corner = |name: &str, index: usize| {
        checks.iter().find(|check| (check.name.as_str(), check.index) == (name, index)).unwrap().corner
    };
    // The windows: 1.0002 · 1, 1 − 1.0002, −1.
    assert_eq!((corner("1.weight", 1), corner("4.weight", 0)), (None, None));
    let near = gradcheck::check(&network, &[0.0002, 0.0], &[0], 9, 1e-3);
    let switched = near.iter().filter(|check| check.corner == Some(2)).count();
    assert!(switched > 0, "{near:?}");
}
