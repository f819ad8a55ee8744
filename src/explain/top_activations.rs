//! The inputs that activate the maps of a layer most, out of many images.

use super::receptive_field::ReceptiveField;
use crate::nn::{Network, Shape};
use std::ops::Range;

/// A high activation of one map.
#[derive(Clone, Debug, PartialEq)]
pub struct TopActivation {
    /// The index of the image.
    pub image: usize,
    /// The (row, column) in the map; (0, 0) in a vector.
    pub cell: (usize, usize),
    /// The activation: the largest of the map for this image.
    pub value: f32,
}

/// Collects the highest activations of every map of a layer while images are added in batches. Each image counts at
/// most once for each map.
#[derive(Clone, Debug)]
pub struct TopActivationSearch {
    layer: usize,
    shape: Shape,
    most: usize,
    images: usize,
    /// One list for each map, highest activation first; ties are in the order of the images.
    top: Vec<Vec<TopActivation>>,
}

impl TopActivationSearch {
    /// Starts a search for the `most` highest activations of each map of a layer; `None` if there is no such layer.
    pub fn new(network: &Network, layer: usize, most: usize) -> Option<Self> {
        let shape = network.layers().get(layer)?.output();
        let (maps, ..) = shape.as_maps();
        Some(Self { layer, shape, most, images: 0, top: vec![Vec::new(); maps] })
    }

    /// The number of images to add at once, chosen to bound the memory.
    pub fn batch(network: &Network) -> usize {
        let widest = network.layers().iter().map(|layer| layer.output().len()).max().unwrap_or(1);
        (BATCH_VALUES / widest.max(1)).clamp(1, 50)
    }

    /// Adds a batch of images `x` (N, C, H, W). Images are numbered in the order in which they are added.
    ///
    /// # Panics
    ///
    /// As [`Network::trace`].
    pub fn add_images(&mut self, network: &Network, x: &[f32]) {
        let Some(output) = network.output_of(self.layer, x) else { return };
        let (maps, height, width) = self.shape.as_maps();
        let cells = height * width;
        for image in output.values().chunks_exact(maps * cells) {
            for (top, map) in self.top.iter_mut().zip(image.chunks_exact(cells)) {
                let at = crate::nn::loss::argmax(map);
                let value = map[at];
                let place = top.partition_point(|peak| peak.value >= value);
                if place < self.most && value.is_finite() {
                    top.insert(
                        place,
                        TopActivation { image: self.images, cell: (at / width, at % width), value },
                    );
                    top.truncate(self.most);
                }
            }
            self.images += 1;
        }
    }

    /// The number of images added so far.
    pub fn images(&self) -> usize {
        self.images
    }

    /// The highest activations of a map so far, highest first.
    pub fn of_map(&self, map: usize) -> &[TopActivation] {
        self.top.get(map).map_or(&[], Vec::as_slice)
    }
}

/// The largest number of output values of one batch.
const BATCH_VALUES: usize = 1 << 20;

/// The part of the input that a cell depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputPatch {
    /// The rows and columns inside the input.
    pub inside: (Range<usize>, Range<usize>),
    /// The rows and columns including the padding.
    pub whole: (Range<isize>, Range<isize>),
}

impl InputPatch {
    /// The patch for the cell at (row, column) of a layer with this receptive field.
    pub fn of(field: &ReceptiveField, (row, column): (usize, usize)) -> Self {
        let whole = |side: &super::receptive_field::FieldAxis, cell: usize, inside: &Range<usize>| {
            let first = (side.start + cell as f64 * side.step).round() as isize;
            let end = first + side.extent.round() as isize + 1;
            // Rounding must not make the patch smaller than its inner part.
            first.min(inside.start as isize)..end.max(inside.end as isize)
        };
        let inside = field.region(row, column);
        let whole = (whole(&field.rows, row, &inside.0), whole(&field.columns, column, &inside.1));
        Self { inside, whole }
    }

    /// Copies the inner part of the patch from one channel of the input, row-major. `width` is the width of the input.
    pub fn crop(&self, map: &[f32], width: usize) -> Vec<f32> {
        let (rows, columns) = &self.inside;
        let rows = map.chunks_exact(width.max(1)).skip(rows.start).take(rows.len());
        rows.flat_map(|row| row[columns.clone()].iter().copied()).collect()
    }
}
