//! Disabled maps and kernels, and the parts of the network that they leave unchanged.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod explain_support;

use convlens::{
    explain::{
        Cell, WhatIf,
        what_if::{
            LayerKernel, LayerMap, ProbabilityChange, can_switch_off, kernel_size, kernel_values, kernels_of,
        },
    },
    nn::{LayerSpec, Network, presets},
};
use explain_support::{convolution, input, network};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::borrow::Cow;

fn off(maps: &[LayerMap], kernels: &[LayerKernel]) -> WhatIf {
    let mut off = WhatIf::default();
    for map in maps {
        off.switch_map(*map, false);
    }
    for kernel in kernels {
        off.switch_kernel(*kernel, false);
    }
    off
}

#[test]
fn nothing_disabled_is_bit_identical() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for _ in 0..40 {
        let network = network(&mut random, false);
        let x = input(&network, &mut random);
        let mut off = WhatIf::default();
        // Switching off and on again restores the map.
        off.switch_map(LayerMap { layer: 0, map: 1 }, false);
        off.switch_kernel(LayerKernel { layer: 0, output: 1, input: 0 }, false);
        off.switch_map(LayerMap { layer: 0, map: 1 }, true);
        off.switch_kernel(LayerKernel { layer: 0, output: 1, input: 0 }, true);
        assert!(off.is_empty());
        assert!(matches!(off.network(&network), Cow::Borrowed(_)));
        assert_eq!(off.trace(&network, &x), network.trace(&x));
    }
}

#[test]
fn disabling_a_map_changes_only_later_layers() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    for _ in 0..60 {
        let network = network(&mut random, false);
        let x: Vec<f32> = [input(&network, &mut random), input(&network, &mut random)].concat();
        let layer = random.random_range(0..network.layers().len() - 1);
        let (maps, height, width) = network.layers()[layer].output().as_maps();
        let map = random.random_range(0..maps);
        assert!(
            can_switch_off(&network, LayerMap { layer, map })
                && !can_switch_off(&network, LayerMap { layer, map: maps })
        );
        let (before, after) = (network.trace(&x), off(&[LayerMap { layer, map }], &[]).trace(&network, &x));
        assert_eq!(before.activations[..layer], after.activations[..layer]);
        let pairs = before.activations[layer].values().iter().zip(after.activations[layer].values());
        for (at, (before, after)) in pairs.enumerate() {
            let is_off = at / (height * width) % maps == map;
            assert_eq!(*after, if is_off { 0.0 } else { *before });
        }
        // The following layers are computed from the changed values.
        for (number, layers) in network.layers().iter().enumerate().skip(layer + 1) {
            for (image, values) in
                after.activations[number].values().chunks_exact(layers.output().len()).enumerate()
            {
                let read = after.activations[number - 1].values();
                let read = &read[image * layers.input().len()..][..layers.input().len()];
                let spec = &network.spec().layers[number];
                let mut alone = vec![0.0; values.len()];
                let mut indices = vec![0; layers.indices_len()];
                let mut scratch = vec![0.0; layers.scratch_len(1)];
                let mut context = convlens::nn::layers::LayerContext {
                    indices: &mut indices,
                    scratch: &mut scratch,
                    buffers: &network.buffers()[number],
                    ..convlens::nn::layers::LayerContext::empty()
                };
                layers.forward(&network.parameters()[number], read, &mut alone, &mut context);
                assert_eq!(alone, values, "{spec:?}");
            }
        }
    }
}

/// Disabling a map is the same as disabling all kernels that read it.
#[test]
fn disabling_a_map_equals_disabling_its_kernels() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let mut compared = 0;
    while compared < 60 {
        let network = network(&mut random, false);
        let is_conv = |layer: usize| {
            matches!(network.spec().layers[layer], LayerSpec::Conv2d(_) | LayerSpec::ConvTranspose2d(_))
        };
        let Some(reader) = (1..network.layers().len()).find(|&layer| is_conv(layer)) else { continue };
        let (maps, ..) = network.layers()[reader].input().as_maps();
        let (outputs, ..) = network.layers()[reader].output().as_maps();
        let map = random.random_range(0..maps);
        let reading =
            (0..outputs).filter(|&output| kernels_of(&network, reader, output).unwrap().contains(&map));
        let kernels: Vec<LayerKernel> =
            reading.map(|output| LayerKernel { layer: reader, output, input: map }).collect();
        let x = input(&network, &mut random);
        let by_map = off(&[LayerMap { layer: reader - 1, map }], &[]).trace(&network, &x);
        let without = off(&[], &kernels);
        let by_kernels = without.trace(&without.network(&network), &x);
        assert_eq!(by_map.activations[reader..], by_kernels.activations[reader..], "{:?}", network.spec());
        compared += 1;
    }
}

/// Without a kernel, an output changes by the subtotal of that kernel.
#[test]
fn disabling_a_kernel_removes_its_subtotal() {
    let mut random = ChaCha8Rng::seed_from_u64(4);
    for _ in 0..60 {
        let network = network(&mut random, false);
        let x = input(&network, &mut random);
        let (outputs, height, width) = network.layers()[0].output().as_maps();
        let output = random.random_range(0..outputs);
        let inputs = kernels_of(&network, 0, output).unwrap();
        let kernel = LayerKernel { layer: 0, output, input: random.random_range(inputs.clone()) };
        let (rows, columns) = kernel_size(&network, 0).unwrap();
        assert_eq!(kernel_values(&network, kernel).unwrap().len(), rows * columns);
        assert_eq!(kernel_values(&network, LayerKernel { input: inputs.end, ..kernel }), None);
        let without = off(&[], &[kernel]);
        let switched = without.network(&network);
        assert!(kernel_values(&switched, kernel).unwrap().iter().all(|w| *w == 0.0));
        let (before, after) = (network.trace(&x), without.trace(&switched, &x));
        for (at, (&before_value, &after_value)) in
            before.activation(0).iter().zip(after.activation(0)).enumerate()
        {
            if at / (height * width) != output {
                assert_eq!(before_value, after_value);
                continue;
            }
            let Some(Cell::Sum { parts, .. }) = Cell::of(&network, &before, 0, at) else { panic!("no sum") };
            let part = parts.iter().find(|part| part.channel == kernel.input).unwrap();
            assert!((before_value - part.subtotal() - after_value).abs() < 1e-5, "{:?}", network.spec());
            let explained = Cell::of(&switched, &after, 0, at).unwrap().total().unwrap();
            assert!((explained - after_value).abs() < 1e-5);
        }
    }
}

#[test]
fn unknown_maps_and_kernels_are_ignored() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let network = network(&mut random, false);
    let x = input(&network, &mut random);
    let last = network.layers().len() - 1;
    let strange = off(
        &[LayerMap { layer: 99, map: 0 }, LayerMap { layer: 0, map: 9999 }],
        &[LayerKernel { layer: 0, output: 99, input: 0 }, LayerKernel { layer: 77, output: 0, input: 0 }],
    );
    assert_eq!(strange.trace(&strange.network(&network), &x), network.trace(&x));
    assert!(!can_switch_off(&network, LayerMap { layer: last, map: 0 }), "logits have no switch");
    assert!(!can_switch_off(&network, LayerMap { layer: 99, map: 0 }));
    assert_eq!(kernels_of(&network, last, 0), None);
    let LayerSpec::Linear(_) = network.spec().layers[last] else { panic!("no linear") };
}

#[test]
fn changes_are_in_percentage_points_and_add_up_to_zero() {
    let network = Network::new(presets::lenet5_relu().spec, convlens::nn::Init::He, 1).unwrap();
    let x = vec![0.3; network.input().len()];
    let before = network.trace(&x);
    let after = off(&[LayerMap { layer: 0, map: 2 }, LayerMap { layer: 8, map: 3 }], &[]).trace(&network, &x);
    let changes = ProbabilityChange::of(&before, &after);
    assert_eq!(changes.len(), 10);
    assert!(changes.iter().any(|change| change.points() != 0.0));
    assert!(changes.iter().map(ProbabilityChange::points).sum::<f32>().abs() < 1e-3);
}

#[test]
fn random_convolutions_include_transposed_ones() {
    let mut random = ChaCha8Rng::seed_from_u64(6);
    let kinds: std::collections::BTreeSet<_> =
        (0..40).map(|_| convolution(&mut random).type_name()).collect();
    assert_eq!(kinds.len(), 2);
}

/// Every cell of every layer of random networks, with and without disabled parts, adds up to its value.
#[test]
fn cells_of_random_networks_add_up() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut sums, mut cells) = (0, 0);
    for round in 0..120 {
        let network = network(&mut random, false);
        let layers = network.layers();
        let mut without = WhatIf::default();
        if round % 2 == 1 {
            let layer = random.random_range(0..layers.len() - 1);
            let map = random.random_range(0..layers[layer].output().as_maps().0);
            without.switch_map(LayerMap { layer, map }, false);
            without.switch_kernel(LayerKernel { layer: 0, output: 2, input: 0 }, false);
        }
        let switched = without.network(&network);
        let trace = without.trace(&switched, &input(&network, &mut random));
        for (layer, module) in layers.iter().enumerate() {
            let (_, height, width) = module.output().as_maps();
            for (at, &value) in trace.activation(layer).iter().enumerate() {
                if !without.has_map(LayerMap { layer, map: at / (height * width) }) {
                    assert_eq!(value, 0.0);
                    continue;
                }
                let cell = Cell::of(&switched, &trace, layer, at).unwrap();
                cells += 1;
                let Some(total) = cell.total() else { continue };
                let size = match &cell {
                    Cell::Sum { parts, bias } => {
                        let terms = parts.iter().flat_map(|part| &part.terms);
                        terms.map(|term| term.product().abs()).sum::<f32>() + bias.map_or(0.0, f32::abs)
                    }
                    _ => value.abs(),
                };
                sums += 1;
                assert!((total - value).abs() <= 2e-6 * size.max(1.0), "{total} is not {value}: {cell:?}");
            }
        }
    }
    assert!(sums > 20_000 && cells > sums, "{sums} sums, {cells} cells");
}
