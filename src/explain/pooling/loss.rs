//! How much of a map is gone after pooling.

use super::Pooling;
use std::ops::Range;

/// The pooled map blown up to the size of its source, and how far it is from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The pooled map in the source's size: each cell takes the nearest pooled value, as
    /// `torch.nn.functional.interpolate(mode="nearest")` does.
    pub blown_up: Vec<f32>,
    /// Pooled values over values of the source.
    pub kept: f32,
    /// The mean of (blown up − source)² over all cells.
    pub mean_squared: f32,
    /// What of it is there after each step, in order.
    pub steps: Vec<BlownUp>,
}

/// The blown-up map when the values of the steps up to one stand in it.
#[derive(Clone, Debug, PartialEq)]
pub struct BlownUp {
    /// The rows of the source's size in which this step's value stands; empty if other values are nearer to all of them.
    pub rows: Range<usize>,
    /// And the columns.
    pub columns: Range<usize>,
    /// Cells that have a value so far.
    pub cells: usize,
    /// The sum of (blown up − source)² over them.
    pub squares: f64,
}

impl BlownUp {
    /// The mean of (blown up − source)² over the cells that have a value so far; 0 if none has.
    pub fn mean_squared(&self) -> f32 {
        (self.squares / self.cells.max(1) as f64) as f32
    }
}

impl Pooling {
    /// The step whose value stands at (`row`, `column`) of the map when what was pooled is blown up.
    pub fn step_at(&self, row: usize, column: usize) -> usize {
        let ((height, width), (rows, columns)) = (self.input_size(), self.output_size());
        row * rows / height * columns + column * columns / width
    }

    /// The pooled map beside its source.
    pub fn loss(&self) -> Loss {
        let ((height, width), (rows, columns)) = (self.input_size(), self.output_size());
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (y, x)));
        let blown_up: Vec<f32> = places.map(|(y, x)| self.output()[self.step_at(y, x)]).collect();
        // Those of which `row · rows / height`, rounded down, is this one.
        let those =
            |at: usize, n: usize, count: usize| (at * n).div_ceil(count)..((at + 1) * n).div_ceil(count);
        let mut steps = Vec::with_capacity(self.len());
        let (mut cells, mut squares) = (0, 0.0);
        for step in 0..self.len() {
            let (y, x) = (those(step / columns, height, rows), those(step % columns, width, columns));
            for at in y.clone().flat_map(|y| x.clone().map(move |x| y * width + x)) {
                squares += f64::from(blown_up[at] - self.input()[at]).powi(2);
                cells += 1;
            }
            steps.push(BlownUp { rows: y, columns: x, cells, squares });
        }
        let mean_squared = steps.last().map_or(0.0, BlownUp::mean_squared);
        Loss { blown_up, kept: self.len() as f32 / self.input().len().max(1) as f32, mean_squared, steps }
    }
}
