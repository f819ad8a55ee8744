//! One map through one pooling layer, step by step: the window of each output, the gradient, the effect of a shift, and
//! the information lost.
//!
//! The map is traced through a network of this one layer, so that windows are those of [`Cell`] and gradients come from
//! the layer's own backward pass. A step is one output, row by row.

mod loss;
mod output_size;
mod shift;

pub use loss::{PoolingLoss, UpsampleStep};
pub use output_size::PoolOutputSize;
pub use shift::{Direction, Shift};

use super::{
    Cell, ExplainError,
    cell::{Place, WindowCell},
};
use crate::nn::{
    LayerSpec, Network, NetworkSpec, Pair, Preprocess, Shape, Trace,
    layers::{BackwardInput, LayerContext},
};
use std::ops::Range;

/// A pooling layer applied to a map.
#[derive(Clone, Debug)]
pub struct Pooling {
    network: Network,
    trace: Trace,
    /// For each output row, the input rows that its windows cover; the same for columns.
    rows: Vec<Vec<usize>>,
    columns: Vec<Vec<usize>>,
    /// The rows and columns from the first to the last that a window covers, including padding.
    extent: (Range<isize>, Range<isize>),
}

/// One output value.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolingStep {
    /// The (row, column) of the output.
    pub at: (usize, usize),
    /// The value that the layer computed.
    pub value: f32,
    /// The cells under the window, including padding.
    pub window: Vec<WindowCell>,
    /// How the value is computed from the window.
    pub rule: PoolingRule,
}

/// How the value of a window is computed.
#[derive(Clone, Debug, PartialEq)]
pub enum PoolingRule {
    /// The maximum. Several winners are a tie; the gradient goes to the first.
    Largest {
        /// The indices in [`PoolingStep::window`] of the cells equal to the maximum.
        winners: Vec<usize>,
    },
    /// The sum divided by `divisor`.
    Mean {
        /// The number by which the sum is divided.
        divisor: f32,
    },
}

impl Pooling {
    /// Applies `layer` to `map` (height, width), row-major. Fails if `layer` is not a pooling layer, if the map has
    /// another number of values, or if a setting does not fit the map.
    pub fn new(layer: LayerSpec, map: &[f32], (height, width): (usize, usize)) -> Result<Self, ExplainError> {
        if !matches!(layer, LayerSpec::MaxPool2d(_) | LayerSpec::AvgPool2d(_) | LayerSpec::GlobalAvgPool2d(_))
        {
            return Err(ExplainError::NotPooling(layer.type_name()));
        }
        let input = Shape::maps(1, height, width);
        ExplainError::check_len("input", map.len(), input.len())?;
        let name = layer.type_name().to_owned();
        let spec = NetworkSpec {
            name,
            input,
            preprocess: Preprocess::default(),
            layers: vec![layer],
            class_names: crate::text::ClassNames::default(),
        };
        let network = Network::zeros(spec)?;
        let trace = network.trace(map);
        let mut pooling =
            Self { network, trace, rows: Vec::new(), columns: Vec::new(), extent: (0..0, 0..0) };
        let (height, width) = pooling.output_size();
        // Windows are rectangles, so one row and one column of windows determine all of them.
        let seen = |at: usize, place: fn(&WindowCell) -> isize| {
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

    /// Applies the same layer to another map of the same size; `None` if the size differs.
    pub fn with_input(&self, map: &[f32]) -> Option<Self> {
        (map.len() == self.input().len()).then(|| Self { trace: self.network.trace(map), ..self.clone() })
    }

    /// The layer with its settings.
    pub fn layer(&self) -> &LayerSpec {
        &self.network.spec().layers[0]
    }

    /// The dilation of the window; always 1 except in `max_pool2d`.
    pub fn dilation(&self) -> Pair {
        match self.layer() {
            LayerSpec::MaxPool2d(pool) => pool.dilation,
            _ => Pair::square(1),
        }
    }

    /// The (height, width) of the input map.
    pub fn input_size(&self) -> (usize, usize) {
        let (_, height, width) = self.network.input().as_maps();
        (height, width)
    }

    /// The (height, width) of the output.
    pub fn output_size(&self) -> (usize, usize) {
        let (_, height, width) = self.output_shape().as_maps();
        (height, width)
    }

    fn output_shape(&self) -> Shape {
        self.network.layers()[0].output()
    }

    /// The input map, row-major.
    pub fn input(&self) -> &[f32] {
        self.trace.input.values()
    }

    /// The output, row-major.
    pub fn output(&self) -> &[f32] {
        self.trace.activation(0)
    }

    /// The number of steps: one for each output value.
    pub fn len(&self) -> usize {
        self.output().len()
    }

    /// Whether there are no steps. A valid layer has at least one.
    pub fn is_empty(&self) -> bool {
        self.output().is_empty()
    }

    /// Step `number`, or the last step if `number` is too large.
    pub fn step(&self, number: usize) -> PoolingStep {
        let number = number.min(self.len().saturating_sub(1));
        let place = Place::of(number, self.output_shape());
        let (window, rule) = match Cell::of(&self.network, &self.trace, 0, number) {
            Some(Cell::Largest { window, winners, .. }) => (window, PoolingRule::Largest { winners }),
            Some(Cell::Mean { window, divisor, .. }) => (window, PoolingRule::Mean { divisor }),
            // Unreachable: `new` accepts pooling layers only.
            _ => (Vec::new(), PoolingRule::Mean { divisor: f32::NAN }),
        };
        let value = self.output().get(number).copied().unwrap_or(f32::NAN);
        PoolingStep { at: (place.row, place.column), value, window, rule }
    }

    /// The steps whose windows cover cell (`row`, `column`) of the map, in order.
    pub fn steps_reading(&self, row: usize, column: usize) -> Vec<usize> {
        let (_, width) = self.output_size();
        let among = |lines: &[Vec<usize>], place: usize| -> Vec<usize> {
            (0..lines.len()).filter(|&line| lines[line].contains(&place)).collect()
        };
        let columns = among(&self.columns, column);
        let rows = among(&self.rows, row);
        rows.iter().flat_map(|y| columns.iter().map(move |x| y * width + x)).collect()
    }

    /// The (rows, columns) from the first to the last that any window covers, including padding.
    pub fn extent(&self) -> (Range<isize>, Range<isize>) {
        self.extent.clone()
    }

    /// The number of max pooling steps in which several cells are equal to the maximum.
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
            // NaN counts as the maximum.
            let winners = cells.filter(|x| **x == largest || x.is_nan() && largest.is_nan());
            winners.take(2).count() > 1
        };
        let is_max = matches!(self.layer(), LayerSpec::MaxPool2d(_));
        if is_max { (0..self.len()).filter(is_tie).count() } else { 0 }
    }

    /// The rows and columns of the map that no window covers.
    pub fn uncovered(&self) -> (Vec<usize>, Vec<usize>) {
        let none = |lines: &[Vec<usize>], n: usize| -> Vec<usize> {
            let mut is_seen = vec![false; n];
            lines.iter().flatten().for_each(|&place| is_seen[place] = true);
            (0..n).filter(|&place| !is_seen[place]).collect()
        };
        let (height, width) = self.input_size();
        (none(&self.rows, height), none(&self.columns, width))
    }

    /// The gradient of the map, from the layer's backward pass, for the gradient `output` of the layer's output.
    /// Missing values count as 0.
    pub fn backward(&self, output: &[f32]) -> Vec<f32> {
        let layer = &self.network.layers()[0];
        let mut dy = output.to_vec();
        dy.resize(self.len(), 0.0);
        let (mut y, mut dx) = (vec![0.0; self.len()], vec![0.0; self.input().len()]);
        let (mut indices, mut scratch) = (vec![0; layer.indices_len()], vec![0.0; layer.scratch_len(1)]);
        let mut context =
            LayerContext { indices: &mut indices, scratch: &mut scratch, ..LayerContext::empty() };
        // The forward pass stores the position of each maximum for the backward pass.
        if layer.indices_len() > 0 {
            layer.forward(&[], self.input(), &mut y, &mut context);
        }
        let passed = BackwardInput { x: self.input(), y: &y, dy: &dy };
        layer.backward(&[], passed, Some(&mut dx), &mut [], &mut context);
        dx
    }

    /// The gradient of the sum of all outputs.
    pub fn backward_of_all(&self) -> Vec<f32> {
        self.backward_of_first(self.len())
    }

    /// The gradient of the sum of the first `count` outputs.
    pub fn backward_of_first(&self, count: usize) -> Vec<f32> {
        self.backward(&vec![1.0; count.min(self.len())])
    }

    /// The gradient of output `number`.
    pub fn backward_of_one(&self, number: usize) -> Vec<f32> {
        let mut one = vec![0.0; self.len()];
        if let Some(cell) = one.get_mut(number) {
            *cell = 1.0;
        }
        self.backward(&one)
    }
}

impl PoolingStep {
    /// The (row, column, value) of the cells under the window, without padding.
    pub fn inside(&self) -> impl Iterator<Item = (usize, usize, f32)> {
        let inside = self.window.iter().filter(|seen| seen.inside);
        inside.map(|seen| (seen.row as usize, seen.column as usize, seen.x))
    }

    /// The (row, column) of each cell equal to the maximum; the gradient goes to the first. Empty for a mean.
    pub fn winners(&self) -> Vec<(usize, usize)> {
        let PoolingRule::Largest { winners } = &self.rule else { return Vec::new() };
        let place = |&i: &usize| self.window.get(i).map(|seen| (seen.row as usize, seen.column as usize));
        winners.iter().filter_map(place).collect()
    }

    /// The sum of the window.
    pub fn sum(&self) -> f32 {
        self.window.iter().map(|seen| seen.x).sum()
    }

    /// The number of columns of the window.
    pub fn window_columns(&self) -> usize {
        let Some(first) = self.window.first() else { return 0 };
        self.window.iter().take_while(|seen| seen.row == first.row).count()
    }
}
