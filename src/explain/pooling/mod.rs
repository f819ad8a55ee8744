//! One map through one pooling layer, step by step: which cells each window sees, what comes out, the way of the gradient
//! back, what a shift of the map changes, and how much is lost.
//!
//! The layer is the network's own: a network of this one layer is traced, its windows are those of [`Cell`], and its
//! gradient is the layer's backward pass. A step is a window, from left to right and from top to bottom.

mod loss;
mod shift;
mod side;

pub use loss::{BlownUp, Loss};
pub use shift::{Direction, Shift};
pub use side::Side;

use super::{
    Cell,
    cell::{Place, Seen},
};
use crate::nn::{
    LayerSpec, Network, NetworkSpec, Pair, Preprocess, Shape, SpecError, Trace,
    layers::{BackwardInput, LayerContext},
};
use std::ops::Range;

/// A map, a pooling layer, and what the layer made of the map.
#[derive(Clone, Debug)]
pub struct Pooling {
    network: Network,
    trace: Trace,
    /// The input rows that the windows of each output row see, and the same for columns.
    rows: Vec<Vec<usize>>,
    columns: Vec<Vec<usize>>,
    /// The rows and the columns from the first to the last that a window sees, also of the padding.
    extent: (Range<isize>, Range<isize>),
}

/// One window: where it stands, what it sees and what comes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The (row, column) of the output.
    pub at: (usize, usize),
    /// The output's value, as the layer computed it.
    pub value: f32,
    /// What the window sees, with the padding.
    pub window: Vec<Seen>,
    /// How the value comes of it.
    pub rule: Rule,
}

/// How a window becomes one value.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// The largest value: the places in [`Step::window`] of those that are as large. More than one is a tie, and the
    /// gradient goes back to the first.
    Largest {
        /// In the window's order.
        winners: Vec<usize>,
    },
    /// The sum over the divisor.
    Mean {
        /// The cells that count.
        divisor: f32,
    },
}

impl Pooling {
    /// Pools `map`, `height` rows of `width` values, with `layer`. An error is one clause that names the setting that does
    /// not fit, or what is wrong with the map; only `max_pool2d`, `avg_pool2d` and `global_avg_pool2d` pool.
    pub fn new(layer: LayerSpec, map: &[f32], (height, width): (usize, usize)) -> Result<Self, String> {
        if !matches!(layer, LayerSpec::MaxPool2d(_) | LayerSpec::AvgPool2d(_) | LayerSpec::GlobalAvgPool2d(_))
        {
            return Err(format!("{} is not a pooling layer", layer.type_name()));
        }
        let input = Shape::maps(1, height, width);
        if map.len() != input.len() {
            return Err(format!("the map has {} values, but {height}×{width} are needed", map.len()));
        }
        let name = layer.type_name().to_owned();
        let spec = NetworkSpec { name, input, preprocess: Preprocess::default(), layers: vec![layer] };
        let network = Network::zeros(spec).map_err(|e| match e {
            SpecError::Layer { reason, .. } => reason.to_string(),
            other => other.to_string(),
        })?;
        let trace = network.trace(map);
        let mut pooling =
            Self { network, trace, rows: Vec::new(), columns: Vec::new(), extent: (0..0, 0..0) };
        let (height, width) = pooling.output_size();
        // A window is a rectangle of rows and columns, so those of one column and of one row of windows are all.
        let seen = |at: usize, place: fn(&Seen) -> isize| {
            let inside = pooling.step(at).window.into_iter().filter(|seen| seen.inside);
            let mut places: Vec<usize> = inside.map(|seen| place(&seen) as usize).collect();
            places.sort_unstable();
            places.dedup();
            places
        };
        let rows = (0..height).map(|y| seen(y * width, |seen| seen.row)).collect();
        let columns = (0..width).map(|x| seen(x, |seen| seen.column)).collect();
        (pooling.rows, pooling.columns) = (rows, columns);
        let (first, last) = (pooling.step(0), pooling.step(pooling.len() - 1));
        if let (Some(first), Some(last)) = (first.window.first(), last.window.last()) {
            pooling.extent = (first.row..last.row + 1, first.column..last.column + 1);
        }
        Ok(pooling)
    }

    /// The same layer over another map of the same size; `None` if its size is another.
    pub fn over(&self, map: &[f32]) -> Option<Self> {
        (map.len() == self.input().len()).then(|| Self { trace: self.network.trace(map), ..self.clone() })
    }

    /// The layer's settings.
    pub fn layer(&self) -> &LayerSpec {
        &self.network.spec().layers[0]
    }

    /// The distance between two neighbouring cells of a window; other than 1 in `max_pool2d` alone.
    pub fn dilation(&self) -> Pair {
        match self.layer() {
            LayerSpec::MaxPool2d(pool) => pool.dilation,
            _ => Pair::square(1),
        }
    }

    /// The map's (rows, columns).
    pub fn input_size(&self) -> (usize, usize) {
        let (_, height, width) = self.network.input().as_maps();
        (height, width)
    }

    /// The output's (rows, columns).
    pub fn output_size(&self) -> (usize, usize) {
        let (_, height, width) = self.output_shape().as_maps();
        (height, width)
    }

    fn output_shape(&self) -> Shape {
        self.network.layers()[0].output()
    }

    /// The map, row by row.
    pub fn input(&self) -> &[f32] {
        self.trace.input.values()
    }

    /// What the layer made of it, row by row.
    pub fn output(&self) -> &[f32] {
        self.trace.activation(0)
    }

    /// The number of steps: one a window.
    pub fn len(&self) -> usize {
        self.output().len()
    }

    /// Whether there is no step; a layer that was built has at least one.
    pub fn is_empty(&self) -> bool {
        self.output().is_empty()
    }

    /// Step `number`; of a number beyond the last, the last.
    pub fn step(&self, number: usize) -> Step {
        let number = number.min(self.len().saturating_sub(1));
        let place = Place::of(number, self.output_shape());
        let (window, rule) = match Cell::of(&self.network, &self.trace, 0, number) {
            Some(Cell::Largest { window, winners, .. }) => (window, Rule::Largest { winners }),
            Some(Cell::Mean { window, divisor, .. }) => (window, Rule::Mean { divisor }),
            // No other cell comes of a pooling layer, which is all that is built.
            _ => (Vec::new(), Rule::Mean { divisor: f32::NAN }),
        };
        let value = self.output().get(number).copied().unwrap_or(f32::NAN);
        Step { at: (place.row, place.column), value, window, rule }
    }

    /// The steps whose windows see the cell (`row`, `column`) of the map, in order.
    pub fn steps_that_see(&self, row: usize, column: usize) -> Vec<usize> {
        let (_, width) = self.output_size();
        let among = |lines: &[Vec<usize>], place: usize| -> Vec<usize> {
            (0..lines.len()).filter(|&line| lines[line].contains(&place)).collect()
        };
        let columns = among(&self.columns, column);
        let rows = among(&self.rows, row);
        rows.iter().flat_map(|y| columns.iter().map(move |x| y * width + x)).collect()
    }

    /// The rows and the columns from the first to the last that any window sees, also of the padding.
    pub fn extent(&self) -> (Range<isize>, Range<isize>) {
        self.extent.clone()
    }

    /// The steps of max pooling in which more than one cell is the largest.
    pub fn ties(&self) -> usize {
        let (_, width) = self.output_size();
        let (_, across) = self.input_size();
        let is_tie = |step: &usize| {
            let largest = self.output()[*step];
            let (rows, columns) = (&self.rows[step / width], &self.columns[step % width]);
            let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return false };
            let cells = rows.iter().flat_map(|row| {
                self.input()[row * across + first..=row * across + last].iter().step_by(self.dilation().w)
            });
            // A value that is no number wins over all others.
            let winners = cells.filter(|x| **x == largest || x.is_nan() && largest.is_nan());
            winners.take(2).count() > 1
        };
        let is_max = matches!(self.layer(), LayerSpec::MaxPool2d(_));
        if is_max { (0..self.len()).filter(is_tie).count() } else { 0 }
    }

    /// The rows and the columns of the map that no window sees: what the steps leave over.
    pub fn unseen(&self) -> (Vec<usize>, Vec<usize>) {
        let none = |lines: &[Vec<usize>], n: usize| -> Vec<usize> {
            let mut is_seen = vec![false; n];
            lines.iter().flatten().for_each(|&place| is_seen[place] = true);
            (0..n).filter(|&place| !is_seen[place]).collect()
        };
        let (height, width) = self.input_size();
        (none(&self.rows, height), none(&self.columns, width))
    }

    /// The gradient of the map for the gradient `output` of the layer's output: the layer's own backward pass.
    /// Values that are missing count as zeros.
    pub fn backward(&self, output: &[f32]) -> Vec<f32> {
        let layer = &self.network.layers()[0];
        let mut dy = output.to_vec();
        dy.resize(self.len(), 0.0);
        let (mut y, mut dx) = (vec![0.0; self.len()], vec![0.0; self.input().len()]);
        let (mut indices, mut scratch) = (vec![0; layer.indices_len()], vec![0.0; layer.scratch_len(1)]);
        let mut context =
            LayerContext { indices: &mut indices, scratch: &mut scratch, ..LayerContext::empty() };
        // Where the winners stand is what forward leaves for backward; a mean leaves nothing.
        if layer.indices_len() > 0 {
            layer.forward(&[], self.input(), &mut y, &mut context);
        }
        let passed = BackwardInput { x: self.input(), y: &y, dy: &dy };
        layer.backward(&[], passed, Some(&mut dx), &mut [], &mut context);
        dx
    }

    /// The gradient of the sum of all outputs: 1 from each.
    pub fn backward_of_all(&self) -> Vec<f32> {
        self.backward_of_first(self.len())
    }

    /// The gradient of the sum of the first `count` outputs: 1 from each of them, nothing from the others.
    pub fn backward_of_first(&self, count: usize) -> Vec<f32> {
        self.backward(&vec![1.0; count.min(self.len())])
    }

    /// The gradient of one output: 1 from `number`, nothing from the others.
    pub fn backward_of_one(&self, number: usize) -> Vec<f32> {
        let mut one = vec![0.0; self.len()];
        if let Some(cell) = one.get_mut(number) {
            *cell = 1.0;
        }
        self.backward(&one)
    }
}

impl Step {
    /// What stands in the input's cells under the window: (row, column, value), the padding left out.
    pub fn inside(&self) -> impl Iterator<Item = (usize, usize, f32)> {
        let inside = self.window.iter().filter(|seen| seen.inside);
        inside.map(|seen| (seen.row as usize, seen.column as usize, seen.x))
    }

    /// The (row, column)s of the cells that are as large as the largest, the one that the gradient goes back to first;
    /// empty of a mean.
    pub fn winners(&self) -> Vec<(usize, usize)> {
        let Rule::Largest { winners } = &self.rule else { return Vec::new() };
        let place = |&i: &usize| self.window.get(i).map(|seen| (seen.row as usize, seen.column as usize));
        winners.iter().filter_map(place).collect()
    }

    /// The sum of what the window sees: of a mean, what is divided.
    pub fn sum(&self) -> f32 {
        self.window.iter().map(|seen| seen.x).sum()
    }

    /// Columns of [`Step::window`], which has whole rows.
    pub fn window_columns(&self) -> usize {
        let Some(first) = self.window.first() else { return 0 };
        self.window.iter().take_while(|seen| seen.row == first.row).count()
    }
}
