//! Saliency maps compared with finite differences, other ways to compute them, and cases worked out by hand.

use crate::support::{CLASSES, input, network};
use convlens::{
    explain::{
        Saliency, WhatIf,
        saliency::{Method, SaliencyError, check, default_layer, grad_cam, layers_with_maps, positions},
        what_if::{LayerKernel, LayerMap},
    },
    nn::{
        Init, LayerSpec, Network, NetworkSpec, Shape,
        layers::{Conv2d, Flatten, Linear, Relu},
        presets,
    },
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::cell::Cell;

fn ask(network: &Network, off: &WhatIf, x: &[f32], class: usize, method: Method) -> Saliency {
    Saliency::of(network, off, x, class, method, &|| true).unwrap().unwrap()
}

fn spec(input: Shape, layers: &[LayerSpec]) -> NetworkSpec {
    let json = serde_json::json!({"name": "small", "input": input.dims(), "layers": layers}).to_string();
    NetworkSpec::from_json(&json).unwrap()
}

/// Switches off some maps and kernels. Returns them with the network without the kernels.
fn switched(network: &Network, random: &mut impl rand::Rng) -> (WhatIf, Network) {
    let mut off = WhatIf::default();
    off.switch_map(LayerMap { layer: 0, map: random.random_range(0..4) }, false);
    off.switch_map(LayerMap { layer: network.layers().len() - 2, map: random.random_range(0..6) }, false);
    off.switch_kernel(LayerKernel { layer: 0, output: 1, input: 0 }, false);
    let without = off.network(network).into_owned();
    (off, without)
}

/// Compares the gradient of a logit, by the input and by every activation, with finite differences, for random networks
/// with and without disabled parts.
#[test]
fn gradients_match_finite_differences() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for round in 0..50 {
        let whole = network(&mut random, true);
        let (off, network) = match round % 2 {
            0 => (WhatIf::default(), whole),
            _ => switched(&whole, &mut random),
        };
        let x = input(&network, &mut random);
        let mut weights = vec![0.0; CLASSES];
        weights[round % CLASSES] = 1.0;
        let trace = off.trace(&network, &x);
        let gradients = off.gradients(&network, &trace, &weights).unwrap();
        let logit = |trace: &convlens::nn::Trace| {
            f64::from(trace.activations.last().unwrap().values()[round % CLASSES])
        };
        let h = 1e-2;
        let largest = gradients.input.values().iter().fold(1e-3_f32, |m, g| m.max(g.abs()));
        for at in 0..x.len() {
            let moved = |by: f32| {
                let mut x = x.clone();
                x[at] += by;
                logit(&off.trace(&network, &x))
            };
            let difference = (moved(h) - moved(-h)) / f64::from(2.0 * h);
            let error = (difference - f64::from(gradients.input.values()[at])).abs();
            assert!(error < 1e-2 * f64::from(largest), "{at}: {difference}, {:?}", network.spec());
        }
        // The last gradient is the given one.
        assert_eq!(gradients.activations.last().unwrap().values(), weights);
        for layer in 0..network.layers().len() - 1 {
            let values = gradients.activation(layer);
            let largest = values.iter().fold(1e-3_f32, |m, g| m.max(g.abs()));
            for at in (0..values.len()).step_by(values.len().div_ceil(9)) {
                let moved = |by: f32| {
                    let mut edit = off.edit(&network);
                    logit(&network.trace_with(&x, |number, values| {
                        if number == layer {
                            values[at] += by;
                        }
                        edit(number, values);
                    }))
                };
                let difference = (moved(h) - moved(-h)) / f64::from(2.0 * h);
                let error = (difference - f64::from(values[at])).abs();
                assert!(
                    error < 1e-2 * f64::from(largest),
                    "{layer} {at}: {difference}, {:?}",
                    network.spec()
                );
            }
        }
    }
}

/// The gradient check of the registry covers each layer in training; this covers each layer in inference, for a batch.
#[test]
fn every_layer_of_the_registry_has_gradients_in_batches() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    for (layer, shape) in LayerSpec::examples() {
        let mut layers = vec![layer.clone()];
        if matches!(layer.build(shape).unwrap().output(), Shape::Maps { .. }) {
            layers.push(Flatten {}.into());
        }
        layers.push(Linear::new(3).into());
        let network = Network::new(spec(shape, &layers), Init::He, 2).unwrap();
        let images: Vec<Vec<f32>> = (0..2).map(|_| input(&network, &mut random)).collect();
        let weights = [0.0, 1.0, 0.0];
        let alone = images
            .iter()
            .map(|x| network.gradients_from(&network.trace(x), &weights).unwrap().input.values().to_vec());
        let together = network.trace(&images.concat());
        let together = network.gradients_from(&together, &weights.repeat(2)).unwrap();
        assert_eq!(together.input.values(), alone.collect::<Vec<_>>().concat(), "{layer:?} on {shape}");
        assert!(together.input.values().iter().all(|g| g.is_finite()), "{layer:?} on {shape}");
    }
}

/// Without biases and with piecewise linear layers, gradient × input adds up to the logit.
#[test]
fn gradient_times_input_adds_up_to_the_logit() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let layers = [
        Conv2d { bias: false, ..Conv2d::new(5, 3) }.into(),
        Relu {}.into(),
        Flatten {}.into(),
        Linear { bias: false, ..Linear::new(4) }.into(),
    ];
    let network = Network::new(spec(Shape::maps(2, 7, 6), &layers), Init::He, 5).unwrap();
    for class in 0..4 {
        let x = input(&network, &mut random);
        let asked = ask(&network, &WhatIf::default(), &x, class, Method::GradientTimesInput);
        assert_eq!((asked.height, asked.width, asked.values.len()), (7, 6, 42));
        assert!((asked.sum() - asked.logit).abs() < 1e-4, "{} for {}", asked.sum(), asked.logit);
        assert!(asked.limit() >= asked.values[7].abs());
    }
}

#[test]
fn background_pixels_have_no_gradient_times_input() {
    let mut json: serde_json::Value = serde_json::from_str(&presets::lenet5_relu().spec.to_json()).unwrap();
    json["preprocess"]["mean"] = 0.13.into();
    json["preprocess"]["std"] = 0.31.into();
    let network = Network::new(NetworkSpec::from_json(&json.to_string()).unwrap(), Init::He, 1).unwrap();
    let mut x = vec![(0.0 - 0.13) / 0.31; network.input().len()];
    x[300..310].fill(1.5);
    let asked = ask(&network, &WhatIf::default(), &x, 3, Method::GradientTimesInput);
    assert!(asked.values.iter().enumerate().all(|(at, v)| (300..310).contains(&at) || v.abs() < 1e-6));
    assert!(asked.limit() > 0.0);
}

/// Each map is weighted by its mean gradient, and negative sums are 0.
#[test]
fn grad_cam_weighs_maps_by_their_mean_gradients() {
    let maps = [1.0, 2.0, 3.0, 4.0, 10.0, 0.0, 0.0, 1.0];
    let gradients = [0.5, 0.5, 1.0, 2.0, -0.4, 0.0, 0.0, 0.0];
    // The mean gradients are 1 and −0.1.
    let cells = grad_cam(Shape::maps(2, 2, 2), &maps, &gradients);
    for (cell, expected) in cells.iter().zip([0.0, 2.0, 3.0, 3.9]) {
        assert!((cell - expected).abs() < 1e-6, "{cells:?}");
    }
}

/// With padding that keeps the size, cells coincide with pixels; otherwise each cell is at the centre of its window.
#[test]
fn grad_cam_is_aligned_with_the_input() {
    let mut random = ChaCha8Rng::seed_from_u64(4);
    let of = |conv: Conv2d| {
        let layers = [conv.into(), Relu {}.into(), Flatten {}.into(), Linear::new(3).into()];
        Network::new(spec(Shape::maps(1, 9, 9), &layers), Init::He, 6).unwrap()
    };
    for conv in [
        Conv2d::new(4, 3).padded(1),
        Conv2d::new(4, 3),
        Conv2d { stride: convlens::nn::Pair::square(2), ..Conv2d::new(4, 5) },
    ] {
        let network = of(conv);
        let x = input(&network, &mut random);
        let class = (0..3).max_by(|a, b| {
            let total = |class: usize| {
                ask(&network, &WhatIf::default(), &x, class, Method::GradCam { layer: 1 }).sum()
            };
            total(*a).total_cmp(&total(*b))
        });
        let class = class.unwrap();
        let asked = ask(&network, &WhatIf::default(), &x, class, Method::GradCam { layer: 1 });
        let trace = network.trace(&x);
        let mut weights = [0.0; 3];
        weights[class] = 1.0;
        let gradients = network.gradients_from(&trace, &weights).unwrap();
        let shape = network.layers()[1].output();
        let cells = grad_cam(shape, trace.activation(1), gradients.activation(1));
        assert!(cells.iter().any(|cell| *cell > 0.0));
        let (_, height, width) = shape.as_maps();
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let centre =
                |cell: usize| cell * conv.stride.h + conv.kernel_size.h / 2 - conv.window().padding.h;
            let pixel = asked.values[centre(y) * 9 + centre(x)];
            assert!((pixel - cells[y * width + x]).abs() < 1e-6, "{conv:?} ({y}, {x})");
        }
        let (most, least) = (cells.iter().copied().fold(0.0, f32::max), 0.0);
        assert!(asked.values.iter().all(|v| (least..=most + 1e-6).contains(v)));
    }
}

/// With a 1×1 patch, each value is the difference of two probabilities.
#[test]
fn occlusion_is_the_drop_of_the_probability() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    for round in 0..8 {
        let whole = network(&mut random, false);
        let (off, network) = switched(&whole, &mut random);
        let x = input(&network, &mut random);
        let (channels, height, width) = network.input().as_maps();
        let class = round % CLASSES;
        let asked = ask(&network, &off, &x, class, Method::Occlusion { patch: 1, stride: 1 });
        let p = off.trace(&network, &x).first_probabilities()[class];
        assert_eq!(asked.probability, p);
        for at in 0..height * width {
            let mut covered = x.clone();
            (0..channels).for_each(|channel| covered[channel * height * width + at] = 0.0);
            let fall = p - off.trace(&network, &covered).first_probabilities()[class];
            assert!((asked.values[at] - fall).abs() < 1e-6, "{at}: {} for {fall}", asked.values[at]);
        }
        // With a patch that covers the whole input, all values are equal.
        let side = height.min(width);
        let asked = ask(&network, &off, &x, class, Method::Occlusion { patch: side, stride: side });
        if height == width {
            let fall = p - off.trace(&network, &vec![0.0; x.len()]).first_probabilities()[class];
            assert!(asked.values.iter().all(|v| (v - fall).abs() < 1e-6));
        }
    }
}

#[test]
fn patches_cover_every_pixel() {
    for (side, patch, stride) in [(28, 4, 2), (28, 5, 3), (7, 7, 1), (9, 2, 2), (1, 1, 1)] {
        let patches = positions(side, patch, stride);
        assert!((0..side).all(|pixel| patches.iter().any(|patch| patch.contains(&pixel))));
        assert!(patches.iter().all(|range| range.len() == patch && range.end <= side));
    }
}

#[test]
fn occlusion_can_be_cancelled() {
    let network = Network::new(presets::lenet5_relu().spec, Init::He, 1).unwrap();
    let x = vec![0.5; network.input().len()];
    let asked = Cell::new(0);
    let few = || {
        asked.set(asked.get() + 1);
        asked.get() < 3
    };
    let method = Method::Occlusion { patch: 4, stride: 1 };
    assert_eq!(Saliency::of(&network, &WhatIf::default(), &x, 0, method, &few), Ok(None));
    assert_eq!(asked.get(), 3);
}

#[test]
fn errors_state_their_values() {
    let lenet = Network::new(presets::lenet5_relu().spec, Init::He, 1).unwrap();
    let refused = |network: &Network, class, method| check(network, class, method).unwrap_err().to_string();
    assert!(refused(&lenet, 10, Method::Gradient).contains("class 10"));
    assert!(refused(&lenet, 0, Method::GradCam { layer: 7 }).contains("layer 7"));
    assert!(refused(&lenet, 0, Method::GradCam { layer: 70 }).contains("layer 70"));
    assert!(refused(&lenet, 0, Method::Occlusion { patch: 33, stride: 1 }).contains("33×33"));
    assert!(refused(&lenet, 0, Method::Occlusion { patch: 0, stride: 1 }).contains("0×0"));
    assert!(refused(&lenet, 0, Method::Occlusion { patch: 4, stride: 5 }).contains("stride is 5"));
    let vector = Network::new(spec(Shape::Vector(7), &[Linear::new(3).into()]), Init::He, 1).unwrap();
    assert_eq!(check(&vector, 0, Method::Gradient), Err(SaliencyError::NoPixels(7)));
}

#[test]
fn the_default_layer_is_the_last_convolution() {
    for preset in presets::all() {
        let network = Network::new(preset.spec, Init::He, 1).unwrap();
        let all = layers_with_maps(&network);
        if let Some(layer) = default_layer(&network) {
            assert!(all.contains(&layer));
            assert!(check(&network, 0, Method::GradCam { layer }).is_ok());
        }
    }
    let lenet = Network::new(presets::lenet5_relu().spec, Init::He, 1).unwrap();
    assert_eq!((default_layer(&lenet), layers_with_maps(&lenet)), (Some(4), vec![0, 1, 2, 3, 4, 5]));
}
