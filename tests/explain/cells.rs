//! Cells add up to the traced values, for every layer type, padding, stride, dilation and number of groups.

use convlens::{
    explain::{
        Softmax,
        cell::{Cell, Place},
    },
    nn::{
        Init, LayerSpec, Network, NetworkSpec, Pair, Shape, Trace,
        layers::{AvgPool2d, Conv2d, ConvTranspose2d, Flatten, Linear, MaxPool2d},
    },
};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A network of `layer`, flattened, with random weights and statistics.
fn network(layer: &LayerSpec, input: Shape, random: &mut ChaCha8Rng) -> Option<Network> {
    let output = layer.build(input).ok()?.output();
    let mut layers = vec![layer.clone()];
    if matches!(output, Shape::Maps { .. }) {
        layers.push(Flatten {}.into());
    }
    let json = serde_json::json!({"name": "one", "input": input.dims(), "layers": layers}).to_string();
    let mut network = Network::new(NetworkSpec::from_json(&json).ok()?, Init::He, 1).ok()?;
    network.fill_parameters(|| random.random_range(-1.0..1.0));
    network.fill_buffers(|| random.random_range(0.5..2.0));
    Some(network)
}

/// A trace of an input with repeated values, so that there are ties.
fn trace(network: &Network, random: &mut impl Rng) -> Trace {
    let x: Vec<f32> = (0..network.input().len()).map(|_| random.random_range(-8..8) as f32 / 4.0).collect();
    network.trace(&x)
}

/// Compares all cells of the first layer with the trace. Returns their number.
fn compare(layer: &LayerSpec, network: &Network, trace: &Trace) -> usize {
    for (at, &value) in trace.activation(0).iter().enumerate() {
        let cell = Cell::of(network, trace, 0, at).unwrap();
        let what = || format!("{layer:?} on {}, element {at}: {cell:?}", network.input());
        let (total, size) = match &cell {
            // An activation function has no terms to add up.
            Cell::Function { from, x, .. } => {
                let from = from.index(network.input());
                assert_eq!((from, *x), (at, trace.input.values()[at]), "{}", what());
                continue;
            }
            Cell::Sum { parts, bias } => {
                let terms = parts.iter().flat_map(|part| &part.terms);
                let size = terms.map(|term| term.product().abs()).sum::<f32>() + bias.map_or(0.0, f32::abs);
                (cell.total().unwrap(), size)
            }
            _ => (cell.total().unwrap(), value.abs().max(1.0)),
        };
        assert!((total - value).abs() <= 2e-6 * size.max(1e-3), "{value} of {}", what());
        if let Cell::Largest { window, winners, .. } = &cell {
            assert!(winners.iter().all(|&i| window[i].inside && window[i].x == value), "{}", what());
            let equal = window.iter().filter(|seen| seen.inside && seen.x == value).count();
            assert_eq!(winners.len(), equal, "{}", what());
        }
    }
    trace.activation(0).len()
}

#[test]
fn every_layer_of_the_registry_is_explained() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for (layer, input) in LayerSpec::examples() {
        let Some(network) = network(&layer, input, &mut random) else {
            panic!("{layer:?} on {input} is no network");
        };
        let trace = trace(&network, &mut random);
        compare(&layer, &network, &trace);
    }
}

/// Random settings, some of which do not fit the input.
fn layer(random: &mut ChaCha8Rng) -> LayerSpec {
    let mut pair = |least: usize, most: usize| Pair {
        h: random.random_range(least..=most),
        w: random.random_range(least..=most),
    };
    let (kernel_size, stride, padding, dilation) = (pair(1, 4), pair(1, 3), pair(0, 2), pair(1, 2));
    let groups = [1, 2, 4][random.random_range(0..3)];
    match random.random_range(0..4) {
        0 => Conv2d { kernel_size, stride, padding: padding.into(), dilation, groups, ..Conv2d::new(4, 1) }
            .into(),
        1 => ConvTranspose2d { kernel_size, stride, padding, dilation, groups, ..ConvTranspose2d::new(4, 1) }
            .into(),
        2 => MaxPool2d { kernel_size, stride, padding, dilation, ceil_mode: random.random() }.into(),
        _ => AvgPool2d {
            kernel_size,
            stride,
            padding,
            ceil_mode: random.random(),
            count_include_pad: random.random(),
            divisor_override: None,
        }
        .into(),
    }
}

#[test]
fn random_windows_are_explained() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let (mut layers, mut cells) = (0, 0);
    for _ in 0..600 {
        let layer = layer(&mut random);
        let input = Shape::maps(4, random.random_range(2..9), random.random_range(2..9));
        let Some(network) = network(&layer, input, &mut random) else { continue };
        let trace = trace(&network, &mut random);
        cells += compare(&layer, &network, &trace);
        layers += 1;
    }
    assert!(layers > 300 && cells > 10_000, "{layers} layers, {cells} cells");
}

#[test]
fn the_strongest_products_and_the_others_are_the_sum() {
    let mut random = ChaCha8Rng::seed_from_u64(4);
    let layer = LayerSpec::from(Linear::new(3));
    let network = network(&layer, Shape::Vector(20), &mut random).unwrap();
    let trace = trace(&network, &mut random);
    let cell = Cell::of(&network, &trace, 0, 1).unwrap();
    let (all, none) = cell.strongest(30).unwrap();
    assert_eq!((all.len(), none), (20, 0.0));
    let (strongest, others) = cell.strongest(4).unwrap();
    assert_eq!(strongest, all[..4]);
    assert!(all.windows(2).all(|pair| pair[0].1.product().abs() >= pair[1].1.product().abs()));
    let sum = strongest.iter().map(|(_, term)| term.product()).sum::<f32>() + others;
    let bias = network.parameters()[0][1].values()[1];
    assert!((sum + bias - trace.activation(0)[1]).abs() < 1e-4);
    assert!(Cell::Same { from: Place::of(0, Shape::Vector(1)), x: 1.0 }.strongest(4).is_none());
}

#[test]
fn probabilities_are_quotients_of_exponentials() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let network = network(&Linear::new(10).into(), Shape::Vector(8), &mut random).unwrap();
    // The larger logits would overflow without subtracting the maximum.
    for factor in [1.0, 100.0] {
        let x: Vec<f32> = (0..8).map(|_| factor * random.random_range(-1.0..1.0)).collect();
        let trace = network.trace(&x);
        let softmax = Softmax::of(&trace).unwrap();
        for (class, &p) in trace.first_probabilities().iter().enumerate() {
            let quotient = softmax.probability(class).unwrap();
            assert!((quotient - p).abs() <= 1e-6, "{quotient} is not {p}");
        }
        assert!(softmax.exponentials.contains(&1.0) && softmax.probability(10).is_none());
    }
}

#[test]
fn positions_and_indices_convert_both_ways() {
    let shape = Shape::maps(3, 4, 5);
    for at in 0..60 {
        assert_eq!(Place::of(at, shape).index(shape), at);
    }
    assert_eq!(Place::of(27, shape), Place { channel: 1, row: 1, column: 2 });
    assert_eq!(Place::of(7, Shape::Vector(9)), Place { channel: 7, row: 0, column: 0 });
}

#[test]
fn missing_layers_and_elements_are_not_explained() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let layer = Conv2d::new(2, 3).into();
    let one = network(&layer, Shape::maps(1, 5, 5), &mut random).unwrap();
    let other = network(&layer, Shape::maps(1, 6, 6), &mut random).unwrap();
    let trace = one.trace(&[0.0; 25]);
    assert!(Cell::of(&one, &trace, 0, 17).is_some());
    assert!(Cell::of(&one, &trace, 0, 18).is_none());
    assert!(Cell::of(&one, &trace, 2, 0).is_none());
    assert!(Cell::of(&other, &trace, 0, 0).is_none());
}
