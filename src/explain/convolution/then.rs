//! What comes after the products of a hand-made kernel: their mean instead of their sum, ReLU, pooling.

use super::Convolution;
use crate::{
    explain::cell::Place,
    nn::{
        LayerSpec, Pair, Shape,
        layers::{Conv2d, MaxPool2d, Relu},
    },
};
use serde::{Deserialize, Serialize};

/// What is done with the products.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Then {
    /// Their sum is divided by their number, so that a pattern of 1 and −1 that is exactly there gives 1.
    pub averages: bool,
    /// Negative results become 0.
    pub relu: bool,
    /// Of each 2×2 results, the largest stays; at the end, of as many as there are.
    pub pool: bool,
}

/// A layer that looks at the results, and what it made of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct After<'a> {
    /// The layer.
    pub layer: &'a LayerSpec,
    /// The shape of what it gives.
    pub shape: Shape,
    /// What it gives, (filters, height, width).
    pub y: &'a [f32],
    /// Results a cell of it along a side.
    scale: usize,
}

impl Then {
    /// The layers after the convolution `conv`, of which the mean is the first.
    pub(super) fn layers(self, conv: &Conv2d) -> Vec<LayerSpec> {
        let mut layers = Vec::new();
        if self.averages {
            // A 1×1 convolution of each map by itself, whose one weight is 1 / number of products.
            let filters = conv.out_channels;
            layers.push(Conv2d { groups: filters, bias: conv.bias, ..Conv2d::new(filters, 1) }.into());
        }
        if self.relu {
            layers.push(LayerSpec::from(Relu {}));
        }
        if self.pool {
            layers.push(MaxPool2d { ceil_mode: true, ..MaxPool2d::new(2) }.into());
        }
        layers
    }
}

impl After<'_> {
    /// The cell of a map that a result at this row and column goes into.
    pub fn cell(&self, row: usize, column: usize) -> (usize, usize) {
        (row / self.scale, column / self.scale)
    }

    /// The last result that a cell of a filter's map needs, by its step.
    pub fn needs(&self, filter: usize, (row, column): (usize, usize), output: Shape) -> usize {
        let (_, height, width) = output.as_maps();
        let last = |at: usize, side: usize| (at * self.scale + self.scale - 1).min(side.saturating_sub(1));
        let place = Place { channel: filter, row: last(row, height), column: last(column, width) };
        place.index(output)
    }

    /// The values of one filter's map.
    pub fn map(&self, filter: usize) -> &[f32] {
        let (_, height, width) = self.shape.as_maps();
        self.y.get(filter * height * width..(filter + 1) * height * width).unwrap_or_default()
    }
}

impl Convolution {
    /// By what the sum of an output's products is divided: their number; `None` if it is not divided.
    pub fn divisor(&self) -> Option<usize> {
        let Pair { h, w } = self.conv.kernel_size;
        self.then.averages.then_some(self.geometry.channels * h * w)
    }

    /// What is done with the products.
    pub fn then(&self) -> Then {
        self.then
    }

    /// The layers that look at the results, in order.
    pub fn after(&self) -> Vec<After<'_>> {
        let first = self.result_layer() + 1;
        let count = usize::from(self.then.relu) + usize::from(self.then.pool);
        let mut scale = 1;
        let after = (first..first + count).filter_map(|number| {
            let layer = self.network.spec().layers.get(number)?;
            if let LayerSpec::MaxPool2d(pool) = layer {
                scale = pool.stride.h;
            }
            let shape = self.network.layers().get(number)?.output();
            Some(After { layer, shape, y: self.trace.activation(number), scale })
        });
        after.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{Cell, cell::Part};

    fn made(then: Then, bias: bool) -> Convolution {
        let x: Vec<f32> = (0..50).map(|i| ((i * 7 + i / 5) % 5) as f32 - 2.0).collect();
        let weight: Vec<f32> = (0..54).map(|i| ((i * 5 + i / 9) % 3) as f32 - 1.0).collect();
        let conv = Conv2d { bias, padding: Pair::square(1), ..Conv2d::new(3, 3) };
        let bias: &[f32] = if bias { &[1.0, -2.0, 0.5] } else { &[] };
        Convolution::with(conv, then, Shape::maps(2, 5, 5), &x, &weight, bias).unwrap()
    }

    #[test]
    fn the_mean_is_the_sum_divided_and_the_weights_are_as_they_were_given() {
        for bias in [false, true] {
            let (sum, mean) =
                (made(Then::default(), bias), made(Then { averages: true, relu: true, pool: true }, bias));
            assert_eq!((sum.divisor(), mean.divisor()), (None, Some(18)));
            assert_eq!((mean.weight(), mean.bias()), (sum.weight(), sum.bias()));
            assert_eq!(mean.costs(), sum.costs());
            for at in 0..sum.len() {
                let step = mean.step(at).unwrap();
                let total: f32 = step.parts.iter().map(Part::subtotal).sum();
                let expected = total / 18.0 + step.bias.unwrap_or(0.0);
                assert!((step.value - expected).abs() < 1e-6, "{at}: {} {expected}", step.value);
                assert_eq!(step.value, mean.y()[at]);
                assert_eq!((step.divisor, step.parts), (Some(18), sum.step(at).unwrap().parts));
            }
        }
    }

    #[test]
    fn what_follows_is_the_layers_and_needs_what_its_cells_see() {
        assert!(made(Then::default(), true).after().is_empty());
        let made = made(Then { averages: true, relu: true, pool: true }, false);
        let [relu, pool] = made.after()[..] else { panic!("two layers follow") };
        assert_eq!((relu.shape, pool.shape), (made.output(), Shape::maps(3, 3, 3)));
        let expected: Vec<f32> = made.y().iter().map(|y| y.max(0.0)).collect();
        assert_eq!(relu.y, expected);
        for at in 0..pool.y.len() {
            let Some(Cell::Largest { window, channel, .. }) = Cell::of(&made.network, &made.trace, 3, at)
            else {
                panic!("the last layer pools")
            };
            let steps = window.iter().filter(|seen| seen.inside).map(|seen| {
                let place =
                    Place { channel, row: seen.row.max(0) as usize, column: seen.column.max(0) as usize };
                let here = Place::of(at, pool.shape);
                assert_eq!(pool.cell(place.row, place.column), (here.row, here.column));
                place.index(made.output())
            });
            let last = steps.max().unwrap();
            let here = Place::of(at, pool.shape);
            assert_eq!(pool.needs(channel, (here.row, here.column), made.output()), last);
        }
    }
}
