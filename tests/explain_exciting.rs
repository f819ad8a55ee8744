//! The highest activations of a map, compared with the traces of all images.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod explain_support;

use convlens::{
    explain::{
        ReceptiveField, cell_of_value,
        top_activations::{InputPatch, TopActivationSearch},
    },
    nn::{Init, Network, presets},
};
use explain_support::{input, network};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

#[test]
fn the_highest_activations_are_found_in_any_batches() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for _ in 0..12 {
        let network = network(&mut random, false);
        let images: Vec<Vec<f32>> = (0..23).map(|_| input(&network, &mut random)).collect();
        for layer in 0..network.layers().len() {
            let mut search = TopActivationSearch::new(&network, layer, 6).unwrap();
            for batch in images.chunks(5) {
                search.add_images(&network, &batch.concat());
            }
            assert_eq!(search.images(), 23);
            let (maps, height, width) = network.layers()[layer].output().as_maps();
            for map in 0..maps {
                let values = |image: usize| {
                    network.trace(&images[image]).activation(layer)[map * height * width..][..height * width]
                        .to_vec()
                };
                let mut largest: Vec<f32> = (0..23)
                    .map(|image| values(image).into_iter().fold(f32::NEG_INFINITY, f32::max))
                    .collect();
                let top = search.of_map(map);
                assert_eq!(top.len(), 6);
                for activation in top {
                    assert_eq!(activation.value, largest[activation.image]);
                    assert_eq!(
                        activation.value,
                        values(activation.image)[activation.cell.0 * width + activation.cell.1]
                    );
                }
                let mut numbers: Vec<usize> = top.iter().map(|activation| activation.image).collect();
                numbers.sort_unstable();
                numbers.dedup();
                assert_eq!(numbers.len(), 6, "each image counts once");
                largest.sort_by(|a, b| b.total_cmp(a));
                let found: Vec<f32> = top.iter().map(|activation| activation.value).collect();
                assert_eq!(found, largest[..6]);
            }
            assert!(search.of_map(maps).is_empty());
        }
        assert!(TopActivationSearch::new(&network, network.layers().len(), 6).is_none());
    }
}

/// The patch contains everything that the cell depends on: without the rest of the input, the cell keeps its value.
#[test]
fn the_patch_alone_gives_the_same_activation() {
    let network = Network::new(presets::lenet5_relu().spec, Init::He, 3).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let (_, rows, columns) = network.input().as_maps();
    let fields = ReceptiveField::of_layers(network.spec()).unwrap();
    // The last of these layers is flattened.
    for (layer, field) in fields.iter().enumerate().take(7) {
        let x = input(&network, &mut random);
        let mut search = TopActivationSearch::new(&network, layer, 1).unwrap();
        search.add_images(&network, &x);
        let (_, height, width) = network.layers()[layer].output().as_maps();
        for map in 0..network.layers()[layer].output().as_maps().0 {
            let activation = &search.of_map(map)[0];
            let at = map * height * width + activation.cell.0 * width + activation.cell.1;
            let patch = InputPatch::of(field, cell_of_value(&network, layer, at));
            let (inside_rows, inside_columns) = patch.inside.clone();
            let crop = patch.crop(&x, columns);
            assert_eq!(crop.len(), inside_rows.len() * inside_columns.len());
            let mut alone = vec![0.0; rows * columns];
            for (i, y) in inside_rows.enumerate() {
                alone[y * columns..][inside_columns.clone()]
                    .copy_from_slice(&crop[i * inside_columns.len()..][..inside_columns.len()]);
            }
            assert_eq!(network.trace(&alone).activation(layer)[at], activation.value, "layer {layer}");
        }
    }
}

#[test]
fn patches_at_the_border_include_the_padding() {
    let padded = convlens::nn::NetworkSpec::from_json(
        r#"{"name": "p", "input": [1, 8, 8], "layers": [
            {"type": "conv2d", "out_channels": 2, "kernel_size": 5, "padding": 2}, {"type": "max_pool2d", "kernel_size": 2},
            {"type": "flatten"}, {"type": "linear", "out_features": 3}]}"#,
    )
    .unwrap();
    let fields = ReceptiveField::of_layers(&padded).unwrap();
    let corner = InputPatch::of(&fields[0], (0, 7));
    assert_eq!(corner.inside, (0..3, 5..8));
    assert_eq!(corner.whole, (-2..3, 5..10));
    assert_eq!(InputPatch::of(&fields[1], (1, 1)).whole, (0..6, 0..6));
    // A flattened value keeps its field; a value computed from all of them depends on the whole input.
    assert_eq!(InputPatch::of(&fields[2], (1, 1)), InputPatch::of(&fields[1], (1, 1)));
    assert_eq!(InputPatch::of(&fields[3], (0, 0)).whole, (0..8, 0..8));
}
