//! `conv_transpose2d`: each input value adds its multiple of the kernel to the output; the adjoint of `conv2d`.

use super::{
    context::{BackwardInput, LayerContext},
    convolution::{check_channels, weight_and_bias},
    defaults::{one, one_group, yes, zero},
    error::LayerError,
    layer::{Layer, ParameterSpec},
    settings::{Settings, need_maps},
};
use crate::nn::{
    im2col::{Geometry, Window, col2im, im2col},
    kernels::{BLOCK_LEN, Beta, Gemm, GemmNt, Matrix, Packed, sum},
    pair::Pair,
    setting_error::SettingError,
    shape::Shape,
    tensor::Tensor,
};
use crate::text::{fill, tr};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.ConvTranspose2d`; `in_channels` is inferred. (N, C, H, W) → (N, `out_channels`, OH, OW) with
/// `OH = (H − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1`.
///
/// Parameters: weight (C, `out_channels` / groups, KH, KW), bias (`out_channels`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvTranspose2d {
    /// The number of output maps.
    pub out_channels: usize,
    /// Height and width of a kernel.
    pub kernel_size: Pair,
    /// Step in the output between two neighbouring input values.
    #[serde(default = "one")]
    pub stride: Pair,
    /// Cells cut off on each side of the output: the padding of the convolution whose adjoint this is.
    #[serde(default = "zero")]
    pub padding: Pair,
    /// Rows and columns added at the end of the output, since a convolution with a stride above 1 gives several input sizes the
    /// same output size.
    #[serde(default = "zero")]
    pub output_padding: Pair,
    /// Groups into which input and output channels are split; each is computed independently.
    #[serde(default = "one_group")]
    pub groups: usize,
    /// Whether each map has a bias.
    #[serde(default = "yes")]
    pub bias: bool,
    /// Distance between two neighbouring elements of the kernel.
    #[serde(default = "one")]
    pub dilation: Pair,
}

impl ConvTranspose2d {
    /// A square kernel with stride 1, no padding, and biases.
    pub const fn new(out_channels: usize, kernel_size: usize) -> Self {
        Self {
            out_channels,
            kernel_size: Pair::square(kernel_size),
            stride: one(),
            padding: zero(),
            output_padding: zero(),
            groups: 1,
            bias: true,
            dilation: one(),
        }
    }

    /// With this stride.
    #[must_use]
    pub const fn strided(self, stride: usize) -> Self {
        Self { stride: Pair::square(stride), ..self }
    }

    /// The output size along one side.
    fn side(&self, name: &'static str, n: usize, of: impl Fn(Pair) -> usize) -> Result<usize, SettingError> {
        let [kernel, stride, padding, extra, dilation] =
            [self.kernel_size, self.stride, self.padding, self.output_padding, self.dilation].map(of);
        if extra >= stride.max(dilation) {
            let sentence =
                "{setting} is {value}, but must be below the stride {stride} or the dilation {dilation}";
            let error = SettingError::new("output_padding", extra, sentence);
            return Err(error.with("stride", stride).with("dilation", dilation));
        }
        let written = (n - 1) * stride + dilation * (kernel - 1) + 1 + extra;
        let side = written.saturating_sub(2 * padding);
        if side == 0 {
            let sentence = "{setting} {value} cuts off all of the output's {side} {written}";
            let error = SettingError::new("padding", padding, sentence);
            return Err(error.part("side", name).with("written", written));
        }
        Ok(side)
    }
}

impl Settings for ConvTranspose2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let Self { out_channels, kernel_size, stride, padding, dilation, groups, .. } = *self;
        let (channels, height, width) = need_maps(input)?;
        check_channels(out_channels, channels, groups)?;
        let window = Window { kernel_size, stride, padding, dilation };
        window.check()?;
        // The convolution whose adjoint this is maps this layer's output to its input.
        let group = Geometry {
            channels: out_channels / groups,
            height: self.side("height", height, |pair| pair.h)?,
            width: self.side("width", width, |pair| pair.w)?,
            out_height: height,
            out_width: width,
            window,
        };
        Ok(Box::new(Module { input, channels, maps: out_channels, groups, bias: self.bias, group }))
    }

    fn summary(&self) -> String {
        let [filters, kernel] = [self.out_channels.to_string(), self.kernel_size.to_string()];
        fill(tr("transposed conv {filters}@{kernel}"), &[("filters", &filters), ("kernel", &kernel)])
    }

    fn examples() -> Vec<(Self, Shape)> {
        let plain = Self::new(2, 3);
        let all = Self {
            out_channels: 6,
            kernel_size: Pair { h: 2, w: 3 },
            stride: Pair { h: 3, w: 1 },
            padding: Pair { h: 1, w: 2 },
            output_padding: Pair { h: 2, w: 1 },
            groups: 2,
            bias: true,
            dilation: Pair { h: 1, w: 2 },
        };
        vec![
            (plain, Shape::maps(1, 2, 2)),
            (plain.strided(2), Shape::maps(3, 3, 4)),
            (Self { padding: Pair::square(1), bias: false, ..plain }, Shape::maps(2, 4, 4)),
            (Self { groups: 4, out_channels: 4, ..plain }, Shape::maps(4, 3, 3)),
            (
                Self { output_padding: Pair::square(2), dilation: Pair::square(3), ..plain },
                Shape::maps(1, 2, 3),
            ),
            (Self::new(3, 1), Shape::maps(2, 1, 1)),
            (all, Shape::maps(4, 4, 5)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    input: Shape,
    channels: usize,
    maps: usize,
    groups: usize,
    bias: bool,
    /// The convolution from one group's output to its input.
    group: Geometry,
}

impl Module {
    /// The input channels of one group, and the lengths of its input, weights and output.
    fn group_lens(&self) -> (usize, usize, usize, usize) {
        let channels = self.channels / self.groups;
        let output = self.group.channels * self.group.height * self.group.width;
        (channels, channels * self.group.columns(), channels * self.group.rows(), output)
    }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        Shape::maps(self.maps, self.group.height, self.group.width)
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let Pair { h, w } = self.group.window.kernel_size;
        let shape = vec![self.channels, self.group.channels, h, w];
        weight_and_bias(shape, (self.channels / self.groups * h * w, self.group.rows()), self.bias, self.maps)
    }

    fn multiply_adds(&self) -> u64 {
        self.channels as u64 * self.group.rows() as u64 * self.group.columns() as u64
    }

    fn scratch_len(&self, _: usize) -> usize {
        let (channels, ..) = self.group_lens();
        let rows = self.group.rows();
        let packed = Packed::len(rows, channels).max(Packed::len(channels, rows));
        rows * self.group.columns() + BLOCK_LEN + packed
    }

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        let (rows, positions) = (self.group.rows(), self.group.columns());
        let (channels, x_len, w_len, y_len) = self.group_lens();
        let (columns, memory) = context.scratch.split_at_mut(rows * positions);
        let (block, packed) = memory.split_at_mut(BLOCK_LEN);
        for (i, map) in y.chunks_exact_mut(self.group.height * self.group.width).enumerate() {
            map.fill(parameters.get(1).map_or(0.0, |bias| bias.values()[i % self.maps]));
        }
        for group in 0..self.groups {
            let weight = &parameters[0].values()[group * w_len..][..w_len];
            let a = Packed::new(rows, channels, packed, &weight.chunks_exact(rows), 1);
            let images = x.chunks_exact(x_len).zip(y.chunks_exact_mut(y_len));
            for (x, y) in images.skip(group).step_by(self.groups) {
                let b = |channel: usize| &x[channel * positions..][..positions];
                Gemm { a, b, columns: 0..positions, beta: Beta::Zero }
                    .write(&mut Matrix(columns, positions), block);
                col2im(columns, &self.group, y);
            }
        }
    }

    fn backward(
        &self,
        parameters: &[Tensor],
        input: BackwardInput<'_>,
        mut dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        context: &mut LayerContext<'_>,
    ) {
        let (rows, positions) = (self.group.rows(), self.group.columns());
        let (channels, x_len, w_len, y_len) = self.group_lens();
        let (columns, memory) = context.scratch.split_at_mut(rows * positions);
        let (block, packed) = memory.split_at_mut(BLOCK_LEN);
        for group in 0..self.groups {
            let weight = &parameters[0].values()[group * w_len..][..w_len];
            let a = Packed::new(channels, rows, packed, &(0..rows).map(|row| &weight[row..]), rows);
            let images = input.x.chunks_exact(x_len).zip(input.dy.chunks_exact(y_len)).enumerate();
            for (i, (x, dy)) in images.skip(group).step_by(self.groups) {
                im2col(dy, &self.group, columns);
                let row = |row: usize| &columns[row * positions..][..positions];
                let products = GemmNt {
                    rows: (channels, rows),
                    pairs: 1,
                    a: |_, channel| &x[channel * positions..][..positions],
                    b: |_, element| row(element),
                };
                if let Some(gradient) = gradients.first_mut() {
                    let gradient = &mut gradient.values_mut()[group * w_len..][..w_len];
                    products.add_to(&mut Matrix(gradient, rows));
                }
                if let Some(dx) = dx.as_deref_mut() {
                    let dx = &mut dx[i * x_len..][..x_len];
                    Gemm { a, b: row, columns: 0..positions, beta: Beta::Zero }
                        .write(&mut Matrix(dx, positions), block);
                }
            }
        }
        if let Some(db) = gradients.get_mut(1) {
            let maps = input.dy.chunks_exact(self.group.height * self.group.width);
            for (i, map) in maps.enumerate() {
                db.values_mut()[i % self.maps] += sum(map);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_textbook_size() {
        let output = |settings: ConvTranspose2d| settings.build(Shape::maps(1, 2, 2)).unwrap().output();
        let plain = ConvTranspose2d::new(1, 3);
        assert_eq!(output(plain), Shape::maps(1, 4, 4));
        assert_eq!(output(plain.strided(2)), Shape::maps(1, 5, 5));
        let extra = ConvTranspose2d { output_padding: Pair::square(1), ..plain.strided(2) };
        assert_eq!(output(extra), Shape::maps(1, 6, 6));
    }

    #[test]
    fn impossible_settings_are_refused() {
        let refused = |settings: ConvTranspose2d, word: &str| {
            let reason = settings.build(Shape::maps(2, 2, 2)).unwrap_err().to_string();
            assert!(reason.contains(word), "{reason} lacks {word}");
        };
        let plain = ConvTranspose2d::new(4, 3);
        refused(ConvTranspose2d { output_padding: Pair::square(1), ..plain }, "output_padding is 1");
        refused(ConvTranspose2d { padding: Pair::square(2), ..plain }, "padding 2 cuts off");
        refused(ConvTranspose2d { stride: Pair { h: 0, w: 1 }, ..plain }, "stride is 0");
        refused(ConvTranspose2d { groups: 3, ..plain }, "groups is 3");
        refused(ConvTranspose2d { out_channels: 0, ..plain }, "out_channels is 0");
    }
}
