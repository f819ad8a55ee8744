//! The images of a set that are nearest to a given one, by a layer's activations or by pixels.

use super::{
    error::TrainError,
    evaluate::{batch_of, check_fit, input_transform},
};
use crate::{
    data::{self, InputTransform, Split},
    nn::{Executor, Network, Workspace},
};
use serde::Serialize;
use std::ops::Range;

/// How distances are measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Metric {
    /// 1 − the cosine of the angle between the values: 0 for the same direction, 1 for a right angle, and for values that
    /// are all 0.
    #[default]
    Cosine,
    /// The square root of the sum of squared differences.
    Euclidean,
}

impl Metric {
    /// The distance between values of one length.
    pub fn distance(self, a: &[f32], b: &[f32]) -> f32 {
        match self {
            Self::Cosine => {
                let length = (dot(a, a) * dot(b, b)).sqrt();
                if length > 0.0 { (1.0 - dot(a, b) / length) as f32 } else { 1.0 }
            }
            Self::Euclidean => {
                let square = |(a, b): (&f32, &f32)| f64::from(a - b) * f64::from(a - b);
                a.iter().zip(b).map(square).sum::<f64>().sqrt() as f32
            }
        }
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// An image near the given one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Neighbour {
    /// Its number in its set.
    pub index: usize,
    /// What it is.
    pub label: u8,
    /// How far it is.
    pub distance: f32,
}

/// The nearest of the images that were added.
#[derive(Clone, Debug)]
pub struct Nearest {
    query: Vec<f32>,
    metric: Metric,
    most: usize,
    found: Vec<Neighbour>,
}

impl Nearest {
    /// Seeks the `most` images nearest to these values.
    pub fn new(query: Vec<f32>, metric: Metric, most: usize) -> Self {
        Self { query, metric, most, found: Vec::new() }
    }

    /// Adds an image by its values. Of equal distances, the image that was added first is the nearer one; a distance that
    /// is not a number is none.
    pub fn add(&mut self, index: usize, label: u8, values: &[f32]) {
        let distance = self.metric.distance(&self.query, values);
        let at = self.found.partition_point(|other| other.distance <= distance);
        if at < self.most && !distance.is_nan() {
            self.found.insert(at, Neighbour { index, label, distance });
            self.found.truncate(self.most);
        }
    }

    /// The nearest images so far, the nearest first.
    pub fn found(&self) -> &[Neighbour] {
        &self.found
    }
}

/// The layer before the last one with weights: what the answer is computed from. `None` if that is the input itself.
pub fn last_hidden(network: &Network) -> Option<usize> {
    network.parameters().iter().rposition(|tensors| !tensors.is_empty())?.checked_sub(1)
}

/// Runs images through a network up to a layer, one batch at a time so that it can pause or stop.
#[derive(Debug)]
pub struct Features {
    workspace: Workspace,
    layer: usize,
    rest: Range<usize>,
    values: Vec<f32>,
}

impl Features {
    /// The activations of a layer for the images of `range`; `None` if there is no such layer.
    pub fn new(network: &Network, layer: usize, range: Range<usize>) -> Option<Self> {
        network.layers().get(layer)?;
        let workspace = Workspace::new(network, batch_of(network).min(range.len()), false);
        Some(Self { workspace, layer, rest: range, values: Vec::new() })
    }

    /// Computes the next batch. Returns the images and their activations, (images, output shape); no images after the last.
    pub fn step(
        &mut self,
        network: &Network,
        split: &Split,
        executor: &dyn Executor,
    ) -> (Range<usize>, &[f32]) {
        let start = self.rest.start;
        let count = self.workspace.capacity().min(self.rest.len());
        let transform = input_transform(network);
        let indices: Vec<u32> = (start as u32..(start + count) as u32).collect();
        self.workspace.load(count, executor, |first, inputs, labels| {
            data::fill(split, &indices[first..first + labels.len()], &transform, None, inputs, labels);
        });
        self.workspace.forward_to(network, self.layer, executor);
        self.values.resize(count * network.layers()[self.layer].output().len(), 0.0);
        self.workspace.copy_outputs(network, self.layer, &mut self.values);
        self.rest.start += count;
        (start..start + count, &self.values)
    }

    /// The images that are left.
    pub fn rest(&self) -> usize {
        self.rest.len()
    }
}

/// The `most` images of `split` nearest to the network's input `x`, (C, H, W), by the activations of a layer. `progress` is
/// called with the number of images done.
///
/// # Errors
/// If the images do not fit the network, or there is no such layer.
pub fn nearest_by_layer(
    network: &Network,
    (name, split): (&str, &Split),
    (layer, x): (usize, &[f32]),
    (metric, most): (Metric, usize),
    executor: &dyn Executor,
    mut progress: impl FnMut(usize),
) -> Result<Vec<Neighbour>, TrainError> {
    check_fit(network, name, split)?;
    let no_layer = || TrainError::NoLayer {
        network: network.spec().name.clone(),
        layer,
        layers: network.layers().len(),
    };
    let query = network.output_of(layer, x).ok_or_else(no_layer)?;
    let mut features = Features::new(network, layer, 0..split.len()).ok_or_else(no_layer)?;
    let len = query.len().max(1);
    let mut nearest = Nearest::new(query.values().to_vec(), metric, most);
    while features.rest() > 0 {
        let (images, values) = features.step(network, split, executor);
        let done = images.end;
        for (index, values) in images.zip(values.chunks_exact(len)) {
            nearest.add(index, split.label(index), values);
        }
        progress(done);
    }
    Ok(nearest.found)
}

/// The `most` images of `split` nearest to one of the same size by their pixels, where full ink is 1.
pub fn nearest_by_pixels(split: &Split, pixels: &[u8], metric: Metric, most: usize) -> Vec<Neighbour> {
    let (height, width) = (split.height(), split.width());
    let values = |pixels: &[u8], out: &mut [f32]| InputTransform::default().apply(pixels, height, width, out);
    let mut query = vec![0.0; height * width];
    values(pixels, &mut query);
    let mut of_image = vec![0.0; query.len()];
    let mut nearest = Nearest::new(query, metric, most);
    for index in 0..split.len() {
        values(split.image(index), &mut of_image);
        nearest.add(index, split.label(index), &of_image);
    }
    nearest.found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_textbook() {
        let (a, b) = ([3.0, 0.0, 4.0], [0.0, 2.0, 4.0]);
        assert!((Metric::Euclidean.distance(&a, &b) - 13.0_f32.sqrt()).abs() < 1e-6);
        let cosine = 16.0 / (5.0 * 20.0_f32.sqrt());
        assert!((Metric::Cosine.distance(&a, &b) - (1.0 - cosine)).abs() < 1e-6);
        assert_eq!(Metric::Cosine.distance(&a, &a.map(|v| 2.0 * v)), 0.0);
        assert_eq!(Metric::Cosine.distance(&[0.0; 3], &b), 1.0);
    }

    #[test]
    fn the_nearest_are_kept_in_order() {
        let mut nearest = Nearest::new(vec![0.0], Metric::Euclidean, 3);
        for (index, value) in [5.0, 1.0, f32::NAN, 4.0, 1.0, 9.0].into_iter().enumerate() {
            nearest.add(index, 7, &[value]);
        }
        let found: Vec<_> = nearest.found().iter().map(|n| (n.index, n.distance)).collect();
        assert_eq!(found, [(1, 1.0), (4, 1.0), (3, 4.0)]);
        let mut none = Nearest::new(vec![0.0], Metric::Cosine, 0);
        none.add(0, 0, &[1.0]);
        assert!(none.found().is_empty());
    }
}
