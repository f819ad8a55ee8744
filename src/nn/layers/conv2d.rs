//! `conv2d`: every filter slides over all channels of its group; one map a filter.

use super::{Aux, Layer, ParameterSpec, Passed, Settings, check_channels, need_maps, weight_and_bias};
use crate::nn::{
    im2col::{Geometry, Window, col2im, im2col},
    matrix::{matrix, product},
    pair::Pair,
    shape::Shape,
    tensor::Tensor,
};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.Conv2d`; the input's channels are inferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv2d {
    /// Filters, and so maps of the output.
    pub out_channels: usize,
    /// Height and width of a filter.
    pub kernel_size: Pair,
    /// Step between two positions of the filter.
    #[serde(default = "one")]
    pub stride: Pair,
    /// Zeros added on each side of the input.
    #[serde(default = "zero")]
    pub padding: Pair,
    /// Distance between two neighbouring elements of the filter.
    #[serde(default = "one")]
    pub dilation: Pair,
    /// Parts into which channels and filters are split; each part is a convolution by itself.
    #[serde(default = "one_group")]
    pub groups: usize,
    /// Whether a bias is added to each map.
    #[serde(default = "yes")]
    pub bias: bool,
}

const fn one() -> Pair {
    Pair::square(1)
}

const fn zero() -> Pair {
    Pair::square(0)
}

const fn one_group() -> usize {
    1
}

const fn yes() -> bool {
    true
}

impl Conv2d {
    /// A square kernel of stride 1 without padding, with biases.
    pub const fn new(out_channels: usize, kernel_size: usize) -> Self {
        let kernel_size = Pair::square(kernel_size);
        Self {
            out_channels,
            kernel_size,
            stride: one(),
            padding: zero(),
            dilation: one(),
            groups: 1,
            bias: true,
        }
    }

    /// The same with `padding` zeros on each side.
    #[must_use]
    pub const fn padded(self, padding: usize) -> Self {
        Self { padding: Pair::square(padding), ..self }
    }
}

impl Settings for Conv2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, String> {
        let Self { out_channels: filters, groups, .. } = *self;
        let (channels, height, width) = need_maps(input)?;
        check_channels(filters, channels, groups)?;
        let window = Window {
            kernel_size: self.kernel_size,
            stride: self.stride,
            padding: self.padding,
            dilation: self.dilation,
        };
        let group = Geometry::new(channels / groups, height, width, window)?;
        Ok(Box::new(Module { input, filters, groups, bias: self.bias, group }))
    }

    fn summary(&self) -> String {
        format!("conv {}@{}", self.out_channels, self.kernel_size)
    }

    fn examples() -> Vec<(Self, Shape)> {
        let plain = Self::new(2, 3);
        let all = Self {
            out_channels: 6,
            kernel_size: Pair { h: 3, w: 2 },
            stride: Pair { h: 2, w: 1 },
            padding: Pair { h: 2, w: 1 },
            dilation: Pair { h: 2, w: 3 },
            groups: 2,
            bias: true,
        };
        vec![
            (plain, Shape::maps(1, 5, 5)),
            (plain.padded(1), Shape::maps(3, 4, 6)),
            (Self { stride: Pair { h: 2, w: 3 }, bias: false, ..plain }, Shape::maps(2, 7, 7)),
            (Self { groups: 4, out_channels: 4, ..plain }, Shape::maps(4, 4, 4)),
            (Self::new(3, 1), Shape::maps(2, 1, 1)),
            (all, Shape::maps(4, 9, 8)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    input: Shape,
    filters: usize,
    groups: usize,
    bias: bool,
    /// The window over one group's channels.
    group: Geometry,
}

impl Module {
    /// The lengths of one group's input, weights and output.
    fn group_lens(&self) -> (usize, usize, usize) {
        let filters = self.filters / self.groups;
        let input = self.group.channels * self.group.height * self.group.width;
        (input, filters * self.group.rows(), filters * self.group.columns())
    }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        Shape::maps(self.filters, self.group.out_height, self.group.out_width)
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let Pair { h, w } = self.group.window.kernel_size;
        let shape = vec![self.filters, self.group.channels, h, w];
        let fans = (self.group.rows(), self.filters / self.groups * h * w);
        weight_and_bias(shape, fans, self.bias, self.filters)
    }

    fn multiply_adds(&self) -> u64 {
        self.filters as u64 * self.group.rows() as u64 * self.group.columns() as u64
    }

    fn scratch_len(&self) -> usize {
        self.group.rows() * self.group.columns()
    }

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], aux: &mut Aux<'_>) {
        let (rows, positions) = (self.group.rows(), self.group.columns());
        let (x_len, w_len, y_len) = self.group_lens();
        let keep = if self.bias { 1.0 } else { 0.0 };
        let columns = &mut aux.scratch[..rows * positions];
        if let Some(bias) = parameters.get(1) {
            for (i, map) in y.chunks_exact_mut(positions).enumerate() {
                map.fill(bias.values()[i % self.filters]);
            }
        }
        for (i, (x, y)) in x.chunks_exact(x_len).zip(y.chunks_exact_mut(y_len)).enumerate() {
            im2col(x, &self.group, columns);
            let weight = &parameters[0].values()[i % self.groups * w_len..][..w_len];
            product(&matrix(weight, w_len / rows, rows), &matrix(columns, rows, positions), keep, y);
        }
    }

    fn backward(
        &self,
        parameters: &[Tensor],
        passed: Passed<'_>,
        mut dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        aux: &mut Aux<'_>,
    ) {
        let (rows, positions) = (self.group.rows(), self.group.columns());
        let (x_len, w_len, y_len) = self.group_lens();
        let columns = &mut aux.scratch[..rows * positions];
        if let Some(dx) = dx.as_deref_mut() {
            dx.fill(0.0);
        }
        for (i, (x, dy)) in passed.x.chunks_exact(x_len).zip(passed.dy.chunks_exact(y_len)).enumerate() {
            let at = i % self.groups * w_len;
            let dy = matrix(dy, w_len / rows, positions);
            im2col(x, &self.group, columns);
            let dw = &mut gradients[0].values_mut()[at..at + w_len];
            product(&dy, &matrix(columns, rows, positions).t(), 1.0, dw);
            if let Some(dx) = dx.as_deref_mut() {
                let weight = matrix(&parameters[0].values()[at..at + w_len], w_len / rows, rows);
                product(&weight.t(), &dy, 0.0, columns);
                col2im(columns, &self.group, &mut dx[i * x_len..(i + 1) * x_len]);
            }
        }
        if let Some(db) = gradients.get_mut(1) {
            for (i, map) in passed.dy.chunks_exact(positions).enumerate() {
                db.values_mut()[i % self.filters] += map.iter().sum::<f32>();
            }
        }
    }
}
