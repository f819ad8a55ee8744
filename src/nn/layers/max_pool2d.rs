//! `max_pool2d`: the largest value under each window, each channel by itself; no parameters.

use super::{
    Aux, Layer, Passed, Settings,
    pooling::{self, Pooling},
};
use crate::nn::{
    im2col::{Window, for_each_run},
    pair::Pair,
    shape::Shape,
    tensor::Tensor,
};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.MaxPool2d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct MaxPool2d {
    /// Height and width of the window.
    pub kernel_size: Pair,
    /// Step between two windows; left out of a file, it is the kernel's size.
    pub stride: Pair,
    /// Cells added on each side, which never win; at most half the kernel.
    pub padding: Pair,
    /// Distance between two neighbouring cells of the window.
    pub dilation: Pair,
    /// Whether a last window that stands partly outside counts too.
    pub ceil_mode: bool,
}

/// The settings as a file may write them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kernel_size: Pair,
    stride: Option<Pair>,
    padding: Option<Pair>,
    dilation: Option<Pair>,
    #[serde(default)]
    ceil_mode: bool,
}

impl From<Written> for MaxPool2d {
    fn from(w: Written) -> Self {
        Self {
            kernel_size: w.kernel_size,
            stride: w.stride.unwrap_or(w.kernel_size),
            padding: w.padding.unwrap_or(Pair::square(0)),
            dilation: w.dilation.unwrap_or(Pair::square(1)),
            ceil_mode: w.ceil_mode,
        }
    }
}

impl MaxPool2d {
    /// A square window that moves by its own size.
    pub const fn new(kernel_size: usize) -> Self {
        Self::strided(kernel_size, kernel_size)
    }

    /// A square window that moves by `stride`.
    pub const fn strided(kernel_size: usize, stride: usize) -> Self {
        Self {
            kernel_size: Pair::square(kernel_size),
            stride: Pair::square(stride),
            padding: Pair::square(0),
            dilation: Pair::square(1),
            ceil_mode: false,
        }
    }
}

impl Settings for MaxPool2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, String> {
        let Self { kernel_size, stride, padding, dilation, ceil_mode } = *self;
        let window = Window { kernel_size, stride, padding, dilation };
        Ok(Box::new(Module { pooling: Pooling::new(input, window, ceil_mode)? }))
    }

    fn summary(&self) -> String {
        pooling::summary("max pool", self.kernel_size, self.stride)
    }

    fn examples() -> Vec<(Self, Shape)> {
        let overlapping = Self { padding: Pair::square(1), ..Self::strided(3, 2) };
        let rectangular =
            Self { kernel_size: Pair { h: 3, w: 2 }, stride: Pair { h: 1, w: 2 }, ..overlapping };
        vec![
            (Self::new(2), Shape::maps(3, 6, 4)),
            (Self::new(2), Shape::maps(1, 5, 5)),
            (overlapping, Shape::maps(2, 7, 6)),
            (rectangular, Shape::maps(2, 5, 6)),
            (Self { dilation: Pair { h: 2, w: 1 }, ..overlapping }, Shape::maps(1, 7, 5)),
            (Self { ceil_mode: true, ..Self::new(2) }, Shape::maps(2, 5, 5)),
            (Self::new(1), Shape::maps(1, 1, 1)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    pooling: Pooling,
}

/// No winner yet.
const NONE: u32 = u32::MAX;

impl Layer for Module {
    fn input(&self) -> Shape {
        self.pooling.input()
    }

    fn output(&self) -> Shape {
        self.pooling.output()
    }

    /// Where in its input map each output comes from.
    fn indices_len(&self) -> usize {
        self.output().len()
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], aux: &mut Aux<'_>) {
        let g = &self.pooling.geometry;
        let (plane, positions) = (self.pooling.plane(), g.columns());
        let (input, output) = (g.channels * plane, g.channels * positions);
        let outputs = y.chunks_exact_mut(output).zip(aux.indices.chunks_exact_mut(output));
        for (image, (y, indices)) in x.chunks_exact(input).zip(outputs) {
            y.fill(f32::NEG_INFINITY);
            indices.fill(NONE);
            // One kernel element at a time over a whole row of windows: the choice is then a select, not a branch that
            // no processor can predict.
            for_each_run(g, |row, oy, xs, start, step| {
                let channel = row / g.window.kernel_size.area();
                let at = channel * positions + oy * g.out_width;
                let range = at + xs.start..at + xs.end;
                let cells = y[range.clone()].iter_mut().zip(&mut indices[range]);
                let first = (start - channel * plane) as u32;
                let values = image[start..].iter().step_by(step).zip((first..).step_by(step));
                for ((y, index), (&value, at)) in cells.zip(values) {
                    // The first of equals wins; so does NaN, as in PyTorch, so that it is not hidden.
                    let wins = value > *y || value.is_nan() || *index == NONE;
                    *y = if wins { value } else { *y };
                    *index = if wins { at } else { *index };
                }
            });
        }
    }

    fn backward(
        &self,
        _: &[Tensor],
        passed: Passed<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        aux: &mut Aux<'_>,
    ) {
        let Some(dx) = dx else { return };
        let positions = self.pooling.geometry.columns();
        dx.fill(0.0);
        let outputs = passed.dy.chunks_exact(positions).zip(aux.indices.chunks_exact(positions));
        for (map, (dy, indices)) in dx.chunks_exact_mut(self.pooling.plane()).zip(outputs) {
            for (&d, &index) in dy.iter().zip(indices) {
                map[index as usize] += d;
            }
        }
    }
}
