//! The steps after the products of a convolution: mean instead of sum, ReLU, max pooling.

use super::Convolution;
use crate::{
    explain::cell::Place,
    nn::{
        LayerSpec, Pair, Shape,
        layers::{Conv2d, MaxPool2d, Relu},
    },
};
use serde::{Deserialize, Serialize};

/// The steps after the products.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Postprocess {
    /// Divide the sum by the number of products. A kernel of 1 and −1 then gives 1 where it matches exactly.
    pub averages: bool,
    /// Apply ReLU.
    pub relu: bool,
    /// Apply 2×2 max pooling with stride 2 and `ceil_mode`.
    pub pool: bool,
}

/// A layer after the convolution, and its output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PostLayer<'a> {
    /// The layer.
    pub layer: &'a LayerSpec,
    /// The shape of its output.
    pub shape: Shape,
    /// Its output (filters, height, width).
    pub y: &'a [f32],
    /// The number of convolution outputs per cell, along one axis.
    scale: usize,
}

impl Postprocess {
    /// The layers to append to the convolution `conv`.
    pub(super) fn layers(self, conv: &Conv2d) -> Vec<LayerSpec> {
        let mut layers = Vec::new();
        if self.averages {
            // A depthwise 1×1 convolution whose weight is 1 / number of products.
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

impl PostLayer<'_> {
    /// The cell that depends on the convolution output at (`row`, `column`).
    pub fn cell(&self, row: usize, column: usize) -> (usize, usize) {
        (row / self.scale, column / self.scale)
    }

    /// The last step of the convolution that a cell of a filter's map depends on.
    pub fn needs(&self, filter: usize, (row, column): (usize, usize), output: Shape) -> usize {
        let (_, height, width) = output.as_maps();
        let last = |at: usize, side: usize| (at * self.scale + self.scale - 1).min(side.saturating_sub(1));
        let place = Place { channel: filter, row: last(row, height), column: last(column, width) };
        place.index(output)
    }

    /// The output map of a filter, row-major.
    pub fn map(&self, filter: usize) -> &[f32] {
        let (_, height, width) = self.shape.as_maps();
        self.y.get(filter * height * width..(filter + 1) * height * width).unwrap_or_default()
    }
}

impl Convolution {
    /// The number by which the sum of products is divided; `None` if it is not divided.
    pub fn divisor(&self) -> Option<usize> {
        let Pair { h, w } = self.conv.kernel_size;
        self.postprocess.averages.then_some(self.geometry.channels * h * w)
    }

    /// The steps after the products.
    pub fn postprocess(&self) -> Postprocess {
        self.postprocess
    }

    /// The layers after the convolution, in order.
    pub fn post_layers(&self) -> Vec<PostLayer<'_>> {
        let first = self.result_layer() + 1;
        let count = usize::from(self.postprocess.relu) + usize::from(self.postprocess.pool);
        let mut scale = 1;
        let after = (first..first + count).filter_map(|number| {
            let layer = self.network.spec().layers.get(number)?;
            if let LayerSpec::MaxPool2d(pool) = layer {
                scale = pool.stride.h;
            }
            let shape = self.network.layers().get(number)?.output();
            Some(PostLayer { layer, shape, y: self.trace.activation(number), scale })
        });
        after.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{Cell, cell::ChannelTerms};

    fn made(postprocess: Postprocess, bias: bool) -> Convolution {
        let x: Vec<f32> = (0..50).map(|i| ((i * 7 + i / 5) % 5) as f32 - 2.0).collect();
        let weight: Vec<f32> = (0..54).map(|i| ((i * 5 + i / 9) % 3) as f32 - 1.0).collect();
        let conv = Conv2d { bias, padding: Pair::square(1).into(), ..Conv2d::new(3, 3) };
        let bias: &[f32] = if bias { &[1.0, -2.0, 0.5] } else { &[] };
        Convolution::with_postprocess(conv, postprocess, Shape::maps(2, 5, 5), &x, &weight, bias).unwrap()
    }

    #[test]
    fn the_mean_is_the_sum_divided_by_the_number_of_products() {
        for bias in [false, true] {
            let (sum, mean) = (
                made(Postprocess::default(), bias),
                made(Postprocess { averages: true, relu: true, pool: true }, bias),
            );
            assert_eq!((sum.divisor(), mean.divisor()), (None, Some(18)));
            assert_eq!((mean.weight(), mean.bias()), (sum.weight(), sum.bias()));
            assert_eq!(mean.costs(), sum.costs());
            for at in 0..sum.len() {
                let step = mean.step(at).unwrap();
                let total: f32 = step.parts.iter().map(ChannelTerms::subtotal).sum();
                let expected = total / 18.0 + step.bias.unwrap_or(0.0);
                assert!((step.value - expected).abs() < 1e-6, "{at}: {} {expected}", step.value);
                assert_eq!(step.value, mean.y()[at]);
                assert_eq!((step.divisor, step.parts), (Some(18), sum.step(at).unwrap().parts));
            }
        }
    }

    #[test]
    fn post_layers_match_the_network_and_know_their_inputs() {
        assert!(made(Postprocess::default(), true).post_layers().is_empty());
        let made = made(Postprocess { averages: true, relu: true, pool: true }, false);
        let [relu, pool] = made.post_layers()[..] else { panic!("two layers follow") };
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
