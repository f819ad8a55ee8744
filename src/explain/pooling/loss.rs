//! The information lost by pooling.

use super::Pooling;
use std::ops::Range;

/// A pooled map upsampled to the size of its input, and the error of the result.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolingLoss {
    /// The pooled map at the size of the input (H, W), as by `torch.nn.functional.interpolate(mode="nearest")`.
    pub upsampled: Vec<f32>,
    /// The number of pooled values divided by the number of input values.
    pub kept: f32,
    /// The mean squared error of `upsampled` against the input.
    pub mean_squared: f32,
    /// The part of the upsampled map that is known after each step, in order.
    pub steps: Vec<UpsampleStep>,
}

/// The upsampled map after a number of steps.
#[derive(Clone, Debug, PartialEq)]
pub struct UpsampleStep {
    /// The input rows filled by this step; empty if the nearest value of every row belongs to another step.
    pub rows: Range<usize>,
    /// The input columns filled by this step.
    pub columns: Range<usize>,
    /// The number of cells filled so far.
    pub cells: usize,
    /// The sum of squared errors over those cells.
    pub squares: f64,
}

impl UpsampleStep {
    /// The mean squared error over the cells filled so far; 0 if there are none.
    pub fn mean_squared(&self) -> f32 {
        (self.squares / self.cells.max(1) as f64) as f32
    }
}

impl Pooling {
    /// The step whose value fills (`row`, `column`) of the upsampled map.
    pub fn step_at(&self, row: usize, column: usize) -> usize {
        let ((height, width), (rows, columns)) = (self.input_size(), self.output_size());
        row * rows / height * columns + column * columns / width
    }

    /// Upsamples the pooled map and compares it with the input.
    pub fn loss(&self) -> PoolingLoss {
        let ((height, width), (rows, columns)) = (self.input_size(), self.output_size());
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (y, x)));
        let upsampled: Vec<f32> = places.map(|(y, x)| self.output()[self.step_at(y, x)]).collect();
        // The positions x with ⌊x · count / n⌋ = at.
        let those =
            |at: usize, n: usize, count: usize| (at * n).div_ceil(count)..((at + 1) * n).div_ceil(count);
        let mut steps = Vec::with_capacity(self.len());
        let (mut cells, mut squares) = (0, 0.0);
        for step in 0..self.len() {
            let (y, x) = (those(step / columns, height, rows), those(step % columns, width, columns));
            for at in y.clone().flat_map(|y| x.clone().map(move |x| y * width + x)) {
                squares += f64::from(upsampled[at] - self.input()[at]).powi(2);
                cells += 1;
            }
            steps.push(UpsampleStep { rows: y, columns: x, cells, squares });
        }
        let mean_squared = steps.last().map_or(0.0, UpsampleStep::mean_squared);
        PoolingLoss {
            upsampled,
            kept: self.len() as f32 / self.input().len().max(1) as f32,
            mean_squared,
            steps,
        }
    }
}
