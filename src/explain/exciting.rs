//! What excites the maps of a layer: of many images, the places where each map is largest.

use super::receptive_field::ReceptiveField;
use crate::nn::{Network, Shape};
use std::ops::Range;

/// Where a map is as large as hardly anywhere else.
#[derive(Clone, Debug, PartialEq)]
pub struct Peak {
    /// The image's number.
    pub image: usize,
    /// The row and column of the map, 0 and 0 for a value of a vector.
    pub cell: (usize, usize),
    /// The map's value there, its largest in this image.
    pub value: f32,
}

/// A search under way: images come batch by batch, the strongest peaks of every map stay, at most one an image.
#[derive(Clone, Debug)]
pub struct Search {
    layer: usize,
    shape: Shape,
    most: usize,
    images: usize,
    /// One list a map, the strongest first; of equals, the earlier image.
    peaks: Vec<Vec<Peak>>,
}

impl Search {
    /// Begins to look for the `most` strongest peaks of every map of a layer; `None` if there is no such layer.
    pub fn new(network: &Network, layer: usize, most: usize) -> Option<Self> {
        let shape = network.layers().get(layer)?.output();
        let (maps, ..) = shape.as_maps();
        Some(Self { layer, shape, most, images: 0, peaks: vec![Vec::new(); maps] })
    }

    /// How many images can be looked at together without much memory.
    pub fn batch(network: &Network) -> usize {
        let widest = network.layers().iter().map(|layer| layer.output().len()).max().unwrap_or(1);
        (BATCH_VALUES / widest.max(1)).clamp(1, 50)
    }

    /// Looks at the next images: `x` (n, C, H, W), numbered on from those before.
    ///
    /// # Panics
    /// As [`Network::trace`].
    pub fn look(&mut self, network: &Network, x: &[f32]) {
        let Some(output) = network.output_of(self.layer, x) else { return };
        let (maps, height, width) = self.shape.as_maps();
        let cells = height * width;
        for image in output.values().chunks_exact(maps * cells) {
            for (peaks, map) in self.peaks.iter_mut().zip(image.chunks_exact(cells)) {
                let at = crate::nn::loss::argmax(map);
                let value = map[at];
                let place = peaks.partition_point(|peak| peak.value >= value);
                if place < self.most && value.is_finite() {
                    peaks.insert(place, Peak { image: self.images, cell: (at / width, at % width), value });
                    peaks.truncate(self.most);
                }
            }
            self.images += 1;
        }
    }

    /// Images looked at so far.
    pub fn images(&self) -> usize {
        self.images
    }

    /// The strongest peaks of a map so far, the strongest first.
    pub fn peaks(&self, map: usize) -> &[Peak] {
        self.peaks.get(map).map_or(&[], Vec::as_slice)
    }
}

/// Values of one layer's output that a batch may have.
const BATCH_VALUES: usize = 1 << 20;

/// What a cell sees of the input, and what it would see if the input went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The rows and columns of the input.
    pub inside: (Range<usize>, Range<usize>),
    /// The same with what lies beyond the input, in the padding.
    pub whole: (Range<isize>, Range<isize>),
}

impl Patch {
    /// Of the (row, column) of a layer with this field.
    pub fn of(field: &ReceptiveField, (row, column): (usize, usize)) -> Self {
        let whole = |side: &super::receptive_field::Side, cell: usize, inside: &Range<usize>| {
            let first = (side.start + cell as f64 * side.step).round() as isize;
            let end = first + side.extent.round() as isize + 1;
            // Never less than what is seen.
            first.min(inside.start as isize)..end.max(inside.end as isize)
        };
        let inside = field.region(row, column);
        let whole = (whole(&field.rows, row, &inside.0), whole(&field.columns, column, &inside.1));
        Self { inside, whole }
    }

    /// The values of one map of the input under the patch, row by row; `width` is the input's.
    pub fn crop(&self, map: &[f32], width: usize) -> Vec<f32> {
        let (rows, columns) = &self.inside;
        let rows = map.chunks_exact(width.max(1)).skip(rows.start).take(rows.len());
        rows.flat_map(|row| row[columns.clone()].iter().copied()).collect()
    }
}
