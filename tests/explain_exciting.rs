//! The patches that excite a map most are where the network itself is most excited.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod explain_support;

use convlens::{
    explain::{
        ReceptiveField, cell_of_value,
        exciting::{Patch, Search},
    },
    nn::{Init, Network, presets},
};
use explain_support::{input, network};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

#[test]
fn the_strongest_of_every_map_are_found_whatever_the_batches() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for _ in 0..12 {
        let network = network(&mut random, false);
        let images: Vec<Vec<f32>> = (0..23).map(|_| input(&network, &mut random)).collect();
        for layer in 0..network.layers().len() {
            let mut search = Search::new(&network, layer, 6).unwrap();
            for batch in images.chunks(5) {
                search.look(&network, &batch.concat());
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
                let peaks = search.peaks(map);
                assert_eq!(peaks.len(), 6);
                for peak in peaks {
                    assert_eq!(peak.value, largest[peak.image]);
                    assert_eq!(peak.value, values(peak.image)[peak.cell.0 * width + peak.cell.1]);
                }
                let mut numbers: Vec<usize> = peaks.iter().map(|peak| peak.image).collect();
                numbers.sort_unstable();
                numbers.dedup();
                assert_eq!(numbers.len(), 6, "one peak an image");
                largest.sort_by(|a, b| b.total_cmp(a));
                let found: Vec<f32> = peaks.iter().map(|peak| peak.value).collect();
                assert_eq!(found, largest[..6]);
            }
            assert!(search.peaks(maps).is_empty());
        }
        assert!(Search::new(&network, network.layers().len(), 6).is_none());
    }
}

/// What is cropped is all that a cell sees: with everything else gone, the cell is what it was.
#[test]
fn the_patch_alone_excites_as_much() {
    let network = Network::new(presets::lenet5_relu().spec, Init::He, 3).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let (_, rows, columns) = network.input().as_maps();
    let fields = ReceptiveField::of_layers(network.spec()).unwrap();
    // The last of them are flattened: their values see what they saw in their maps.
    for (layer, field) in fields.iter().enumerate().take(7) {
        let x = input(&network, &mut random);
        let mut search = Search::new(&network, layer, 1).unwrap();
        search.look(&network, &x);
        let (_, height, width) = network.layers()[layer].output().as_maps();
        for map in 0..network.layers()[layer].output().as_maps().0 {
            let peak = &search.peaks(map)[0];
            let at = map * height * width + peak.cell.0 * width + peak.cell.1;
            let patch = Patch::of(field, cell_of_value(&network, layer, at));
            let (inside_rows, inside_columns) = patch.inside.clone();
            let crop = patch.crop(&x, columns);
            assert_eq!(crop.len(), inside_rows.len() * inside_columns.len());
            let mut alone = vec![0.0; rows * columns];
            for (i, y) in inside_rows.enumerate() {
                alone[y * columns..][inside_columns.clone()]
                    .copy_from_slice(&crop[i * inside_columns.len()..][..inside_columns.len()]);
            }
            assert_eq!(network.trace(&alone).activation(layer)[at], peak.value, "layer {layer}");
        }
    }
}

#[test]
fn a_patch_at_the_border_says_what_is_beyond() {
    let padded = convlens::nn::NetworkSpec::from_json(
        r#"{"name": "p", "input": [1, 8, 8], "layers": [
            {"type": "conv2d", "out_channels": 2, "kernel_size": 5, "padding": 2}, {"type": "max_pool2d", "kernel_size": 2},
            {"type": "flatten"}, {"type": "linear", "out_features": 3}]}"#,
    )
    .unwrap();
    let fields = ReceptiveField::of_layers(&padded).unwrap();
    let corner = Patch::of(&fields[0], (0, 7));
    assert_eq!(corner.inside, (0..3, 5..8));
    assert_eq!(corner.whole, (-2..3, 5..10));
    assert_eq!(Patch::of(&fields[1], (1, 1)).whole, (0..6, 0..6));
    // A flattened value sees what it saw, one that is computed from all of them sees everything.
    assert_eq!(Patch::of(&fields[2], (1, 1)), Patch::of(&fields[1], (1, 1)));
    assert_eq!(Patch::of(&fields[3], (0, 0)).whole, (0..8, 0..8));
}
