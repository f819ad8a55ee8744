//! The images of a set that are nearest to a given one, by a layer's activations or by pixels.

use super::{
    error::TrainError,
    evaluate::{batch_of, check_fit, input_transform},
};
use crate::{
    data::{self, Split},
    nn::{Executor, Network, Workspace, parallel::SHARDS},
};
use serde::Serialize;
use std::{
    ops::Range,
    sync::{Mutex, PoisonError},
};

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
        self.distance_with(a, b, || (dot(a, a), dot(b, b)))
    }

    /// The same, where the sums of both squares are known.
    fn distance_with(self, a: &[f32], b: &[f32], squares: impl FnOnce() -> (f64, f64)) -> f32 {
        match self {
            Self::Cosine => {
                let (of_a, of_b) = squares();
                let length = (of_a * of_b).sqrt();
                // Of values that are no numbers, the distance is none either.
                if length == 0.0 { 1.0 } else { (1.0 - dot(a, b) / length) as f32 }
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
        self.insert(index, label, self.metric.distance(&self.query, values));
    }

    fn insert(&mut self, index: usize, label: u8, distance: f32) {
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

/// The activations of a layer for the images of a set, so that the images nearest to another one are found without a pass
/// through the network.
#[derive(Clone, Debug)]
pub struct Activations {
    /// The values of an image.
    len: usize,
    /// (images, values of an image)
    values: Vec<f32>,
    /// The sum of the squares of each image's values.
    squares: Vec<f64>,
}

impl Activations {
    /// None yet, of `len` values each.
    pub fn new(len: usize) -> Self {
        Self { len: len.max(1), values: Vec::new(), squares: Vec::new() }
    }

    /// Adds those of the next images, (images, values of an image).
    pub fn extend(&mut self, values: &[f32]) {
        self.values.extend_from_slice(values);
        self.squares.extend(values.chunks_exact(self.len).map(|values| dot(values, values)));
    }

    /// The images.
    pub fn images(&self) -> usize {
        self.squares.len()
    }

    /// The `most` images nearest to one with these activations, the nearest first; `label` says what an image is. They are
    /// those that [`Nearest`] finds.
    pub fn nearest(
        &self,
        query: &[f32],
        (metric, most): (Metric, usize),
        label: &(dyn Fn(usize) -> u8 + Sync),
        executor: &dyn Executor,
    ) -> Vec<Neighbour> {
        let own = dot(query, query);
        in_shards(self.images(), most, executor, |images, nearest| {
            for index in images {
                let values = &self.values[index * self.len..][..self.len];
                let distance = metric.distance_with(query, values, || (own, self.squares[index]));
                nearest.insert(index, label(index), distance);
            }
        })
    }
}

/// The nearest of `images` images, sought in each shard by `seek`, and merged in the order of the images.
fn in_shards(
    images: usize,
    most: usize,
    executor: &dyn Executor,
    seek: impl Fn(Range<usize>, &mut Nearest) + Sync,
) -> Vec<Neighbour> {
    let found: [Mutex<Vec<Neighbour>>; SHARDS] = std::array::from_fn(|_| Mutex::default());
    executor.for_each(&|shard| {
        let mut nearest = Nearest::new(Vec::new(), Metric::default(), most);
        seek(images * shard / SHARDS..images * (shard + 1) / SHARDS, &mut nearest);
        *found[shard].lock().unwrap_or_else(PoisonError::into_inner) = nearest.found;
    });
    let each = found.map(|found| found.into_inner().unwrap_or_else(PoisonError::into_inner));
    let mut all = each.concat();
    // Of equal distances, the image that comes first: the sort is stable.
    all.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    all.truncate(most);
    all
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
pub fn nearest_by_pixels(
    split: &Split,
    pixels: &[u8],
    (metric, most): (Metric, usize),
    executor: &dyn Executor,
) -> Vec<Neighbour> {
    let own = byte_sum(pixels, pixels, |a, b| a * b);
    in_shards(split.len(), most, executor, |images, nearest| {
        for index in images {
            let image = split.image(index);
            let distance = match metric {
                Metric::Cosine => {
                    let length = (own as f64 * byte_sum(image, image, |a, b| a * b) as f64).sqrt();
                    let product = byte_sum(pixels, image, |a, b| a * b) as f64;
                    if length > 0.0 { 1.0 - product / length } else { 1.0 }
                }
                Metric::Euclidean => {
                    let square = byte_sum(pixels, image, |a, b| a.abs_diff(b).pow(2));
                    (square as f64).sqrt() / f64::from(u8::MAX)
                }
            };
            nearest.insert(index, split.label(index), distance as f32);
        }
    })
}

/// The sum over pairs of bytes, exactly.
fn byte_sum(a: &[u8], b: &[u8], of: impl Fn(u32, u32) -> u32) -> u64 {
    // So many squares of bytes are below 2³².
    const PART: usize = 1 << 15;
    let part = |(a, b): (&[u8], &[u8])| -> u64 {
        a.iter().zip(b).map(|(&a, &b)| of(u32::from(a), u32::from(b))).sum::<u32>().into()
    };
    a.chunks(PART).zip(b.chunks(PART)).map(part).sum()
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
        assert!(Metric::Cosine.distance(&[f32::NAN, 0.0, 1.0], &b).is_nan());
    }

    #[test]
    fn kept_activations_find_what_a_scan_finds() {
        let values: Vec<f32> = (0..53 * 3).map(|i| (i * 37 % 11) as f32 - 5.0).collect();
        let query = [1.0, -2.0, 0.5];
        for metric in [Metric::Cosine, Metric::Euclidean] {
            let mut kept = Activations::new(3);
            let mut nearest = Nearest::new(query.to_vec(), metric, 9);
            for (index, values) in values.chunks_exact(3).enumerate() {
                kept.extend(values);
                nearest.add(index, index as u8, values);
            }
            let found = kept.nearest(&query, (metric, 9), &|index| index as u8, &crate::nn::Serial);
            assert_eq!(found, nearest.found(), "{metric:?}");
        }
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
