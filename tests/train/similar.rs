//! The nearest images, against plain computations.

use crate::support::{COUPLED, PLAIN, corners, network};
use convlens::{
    nn::{Network, Serial},
    train::{
        Pool,
        evaluate::input_transform,
        similar::{Metric, Neighbour, last_hidden, nearest_by_layer, nearest_by_pixels},
    },
};

const METRICS: [Metric; 2] = [Metric::Cosine, Metric::Euclidean];

fn input(network: &Network, pixels: &[u8]) -> Vec<f32> {
    let mut input = vec![0.0; network.input().len()];
    input_transform(network).apply(pixels, 8, 8, &mut input);
    input
}

/// The distance as the textbook writes it.
fn distance(metric: Metric, a: &[f32], b: &[f32]) -> f64 {
    let pairs = || a.iter().zip(b).map(|(&a, &b)| (f64::from(a), f64::from(b)));
    let dot = pairs().map(|(a, b)| a * b).sum::<f64>();
    let norm = |v: &[f32]| v.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt();
    match metric {
        Metric::Euclidean => pairs().map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt(),
        Metric::Cosine if norm(a) * norm(b) == 0.0 => 1.0,
        Metric::Cosine => 1.0 - dot / (norm(a) * norm(b)),
    }
}

/// Checks that `found` are the nearest, whatever the order of those that are nearly as near as each other.
fn assert_nearest(found: &[Neighbour], all: &[f64], label: impl Fn(usize) -> u8) {
    let mut sorted = all.to_vec();
    sorted.sort_by(f64::total_cmp);
    for (neighbour, expected) in found.iter().zip(sorted) {
        assert!((f64::from(neighbour.distance) - expected).abs() < 1e-4, "{neighbour:?}, not {expected}");
        assert!((f64::from(neighbour.distance) - all[neighbour.index]).abs() < 1e-4);
        assert_eq!(neighbour.label, label(neighbour.index));
    }
    let mut numbers: Vec<usize> = found.iter().map(|n| n.index).collect();
    numbers.dedup();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), found.len(), "each image once");
}

#[test]
fn the_nearest_by_every_layer_are_those_of_a_plain_computation() {
    let (split, asked) = (corners(10, 333), corners(5000, 3));
    for layers in [PLAIN, COUPLED] {
        let network = network(layers);
        for layer in 0..network.layers().len() {
            for (i, metric) in METRICS.into_iter().enumerate() {
                let x = input(&network, asked.image(i));
                let set = ("corners", &split);
                let pool = Pool::new(2).unwrap();
                let mut heard = Vec::new();
                let found =
                    nearest_by_layer(&network, set, (layer, &x), (metric, 9), &pool, |n| heard.push(n));
                let found = found.unwrap();
                assert_eq!((found.len(), heard), (9, vec![200, 333]));
                let output = |x: &[f32]| network.output_of(layer, x).unwrap().values().to_vec();
                let wanted = output(&x);
                let of_image = |i| distance(metric, &wanted, &output(&input(&network, split.image(i))));
                let all: Vec<f64> = (0..split.len()).map(of_image).collect();
                assert_nearest(&found, &all, |i| split.label(i));
            }
        }
    }
}

#[test]
fn the_nearest_by_pixels_are_those_of_a_plain_computation() {
    let (split, asked) = (corners(10, 120), corners(5000, 1));
    let ink = |pixels: &[u8]| pixels.iter().map(|&p| f32::from(p) / 255.0).collect::<Vec<f32>>();
    for metric in METRICS {
        let found = nearest_by_pixels(&split, asked.image(0), (metric, 500), &Serial);
        assert_eq!(found.len(), 120, "as many as there are");
        let wanted = ink(asked.image(0));
        let all: Vec<f64> = (0..120).map(|i| distance(metric, &wanted, &ink(split.image(i)))).collect();
        assert_nearest(&found, &all, |i| split.label(i));
        // The image itself is the nearest.
        let own = nearest_by_pixels(&split, split.image(77), (metric, 1), &Serial);
        assert!(own[0].distance < 1e-6, "{own:?}");
    }
}

#[test]
fn without_a_layer_it_is_told() {
    let (network, split) = (network(PLAIN), corners(0, 8));
    // The last layer with weights is number 4: before it, the maps as a vector.
    assert_eq!(last_hidden(&network), Some(3));
    let x = input(&network, split.image(0));
    let error =
        nearest_by_layer(&network, ("corners", &split), (5, &x), (Metric::Cosine, 3), &Serial, |_| {});
    assert_eq!(error.unwrap_err().to_string(), "corner-net has no layer 5: its layers are 0 to 4");
}
