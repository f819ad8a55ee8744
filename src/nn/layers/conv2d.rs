//! `conv2d`: each filter slides over all channels of its group and gives one map.

use super::{
    context::{BackwardInput, LayerContext},
    convolution::{check_channels, weight_and_bias},
    defaults::{one, one_group, yes, zero},
    error::LayerError,
    layer::{Interleaving, Layer, ParameterSpec},
    padded_conv2d::PaddedConv2d,
    padding::{Padder, Padding, PaddingMode},
    settings::{Settings, need_maps},
};
use crate::nn::{
    border::Border,
    im2col::{Geometry, MAX_SETTING, Window},
    kernels::{
        BLOCK_LEN, Beta, ChannelGroup, ConvWeightGradient, DirectConv, Gemm, GemmNt, Matrix, Packed, RowsMut,
        Winograd, WinogradConv, WinogradWeightGradient, sum,
    },
    pair::Pair,
    setting_error::SettingError,
    shape::Shape,
    tensor::Tensor,
    windows::{InterleavedWindows, Windows},
};
use crate::text::{fill, tr};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.Conv2d`; `in_channels` is inferred. (N, C, H, W) → (N, `out_channels`, OH, OW) with
/// `OH = ⌊(H + 2·padding − dilation·(kernel_size − 1) − 1) / stride⌋ + 1`.
///
/// Parameters: weight (`out_channels`, C / groups, KH, KW), bias (`out_channels`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv2d {
    /// The number of filters, and of output maps.
    pub out_channels: usize,
    /// Height and width of a filter.
    pub kernel_size: Pair,
    /// Step between two positions of the filter.
    #[serde(default = "one")]
    pub stride: Pair,
    /// Rows and columns added on each side of the input, or `"same"`.
    #[serde(default = "no_padding")]
    pub padding: Padding,
    /// Distance between two neighbouring elements of the filter.
    #[serde(default = "one")]
    pub dilation: Pair,
    /// Groups into which channels and filters are split; each is an independent convolution.
    #[serde(default = "one_group")]
    pub groups: usize,
    /// Whether each map has a bias.
    #[serde(default = "yes")]
    pub bias: bool,
    /// What the added rows and columns hold.
    #[serde(default)]
    pub padding_mode: PaddingMode,
}

/// None, PyTorch's default.
const fn no_padding() -> Padding {
    Padding::Each(zero())
}

impl Conv2d {
    /// A square kernel with stride 1, no padding, and biases.
    pub const fn new(out_channels: usize, kernel_size: usize) -> Self {
        let kernel_size = Pair::square(kernel_size);
        Self {
            out_channels,
            kernel_size,
            stride: one(),
            padding: no_padding(),
            dilation: one(),
            groups: 1,
            bias: true,
            padding_mode: PaddingMode::Zeros,
        }
    }

    /// With `padding` zeros on each side.
    #[must_use]
    pub const fn padded(self, padding: usize) -> Self {
        Self { padding: Padding::Each(Pair::square(padding)), ..self }
    }

    /// The rows and columns that are added around the input.
    pub const fn border(&self) -> Border {
        match self.padding {
            Padding::Each(Pair { h, w }) => Border { left: w, right: w, top: h, bottom: h },
            Padding::Same => {
                let Self { kernel_size: k, dilation: d, .. } = *self;
                let rows = d.h.saturating_mul(k.h.saturating_sub(1));
                let columns = d.w.saturating_mul(k.w.saturating_sub(1));
                let (left, top) = (columns / 2, rows / 2);
                Border { left, right: columns - left, top, bottom: rows - top }
            }
        }
    }

    /// The window, with the padding before the first row and column.
    pub const fn window(&self) -> Window {
        let Border { left, top, .. } = self.border();
        Window {
            kernel_size: self.kernel_size,
            stride: self.stride,
            padding: Pair { h: top, w: left },
            dilation: self.dilation,
        }
    }

    /// Refuses padding that the stride or the input does not allow.
    fn check_padding(&self, height: usize, width: usize) -> Result<(), SettingError> {
        if self.padding == Padding::Same && self.stride != one() {
            let sentence =
                "{setting} is {value}, but “same” padding needs stride 1: a larger one shrinks the output";
            return Err(SettingError::new("stride", self.stride, sentence));
        }
        let Border { left, right, top, bottom } = self.border();
        for side in self.border().sides() {
            SettingError::check("padding", side, 0..=MAX_SETTING)?;
        }
        let most = match self.padding_mode {
            PaddingMode::Zeros | PaddingMode::Replicate => return Ok(()),
            PaddingMode::Reflect => [height - 1, width - 1],
            PaddingMode::Circular => [height, width],
        };
        if top.max(bottom) > most[0] || left.max(right) > most[1] {
            let sentence = "the border {border} is more than the input {height}×{width} can fill with its own cells: choose less padding, or {setting} zeros";
            let error = SettingError::new("padding_mode", "", sentence).with("border", self.border());
            return Err(error.with("height", height).with("width", width));
        }
        Ok(())
    }
}

impl Settings for Conv2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let Self { out_channels: filters, groups, .. } = *self;
        let (channels, height, width) = need_maps(input)?;
        check_channels(filters, channels, groups)?;
        self.window().check()?;
        self.check_padding(height, width)?;
        let (border, window) = (self.border(), self.window());
        if (border.left, border.top) == (border.right, border.bottom)
            && (self.padding_mode == PaddingMode::Zeros || border == Border::default())
        {
            let group = Geometry::new(channels / groups, height, width, window)?;
            return Ok(Box::new(Module::new(input, self, group)));
        }
        let padder = Padder::new((channels, height, width), border, self.padding_mode);
        let (height, width) = border.around(height, width);
        let window = Window { padding: zero(), ..window };
        let group = Geometry::new(channels / groups, height, width, window)?;
        let inner = Module::new(padder.output(), self, group);
        Ok(Box::new(PaddedConv2d { input, padder, inner }))
    }

    fn summary(&self) -> String {
        let [filters, kernel] = [self.out_channels.to_string(), self.kernel_size.to_string()];
        fill(tr("conv {filters}@{kernel}"), &[("filters", &filters), ("kernel", &kernel)])
    }

    fn examples() -> Vec<(Self, Shape)> {
        let plain = Self::new(2, 3);
        let all = Self {
            out_channels: 6,
            kernel_size: Pair { h: 3, w: 2 },
            stride: Pair { h: 2, w: 1 },
            padding: Pair { h: 2, w: 1 }.into(),
            dilation: Pair { h: 2, w: 3 },
            groups: 2,
            ..plain
        };
        let of = |padding_mode, padding| Self { padding_mode, padding, ..plain };
        let even = Self { kernel_size: Pair { h: 2, w: 4 }, ..of(PaddingMode::Zeros, Padding::Same) };
        // So many filters and elements that the gradient is transposed.
        let many = Self { out_channels: 40, groups: 2, stride: Pair { h: 1, w: 2 }, ..plain.padded(1) };
        vec![
            (plain, Shape::maps(1, 5, 5)),
            (Self { out_channels: 17, ..plain }, Shape::maps(1, 4, 3)),
            (many, Shape::maps(8, 5, 6)),
            (plain.padded(1), Shape::maps(3, 4, 6)),
            (Self { stride: Pair { h: 2, w: 3 }, bias: false, ..plain }, Shape::maps(2, 7, 7)),
            (Self { groups: 4, out_channels: 4, ..plain }, Shape::maps(4, 4, 4)),
            (Self::new(3, 1), Shape::maps(2, 1, 1)),
            (all, Shape::maps(4, 9, 8)),
            (of(PaddingMode::Zeros, Padding::Same), Shape::maps(2, 3, 4)),
            (even, Shape::maps(2, 3, 5)),
            (of(PaddingMode::Reflect, Pair { h: 1, w: 2 }.into()), Shape::maps(2, 4, 5)),
            (of(PaddingMode::Replicate, Pair::square(2).into()), Shape::maps(1, 3, 4)),
            (
                Self { groups: 2, ..of(PaddingMode::Circular, Pair { h: 2, w: 1 }.into()) },
                Shape::maps(4, 6, 5),
            ),
            (Self { padding_mode: PaddingMode::Circular, ..even }, Shape::maps(1, 5, 6)),
            (Self { padding_mode: PaddingMode::Reflect, ..all }, Shape::maps(4, 9, 8)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    input: Shape,
    filters: usize,
    groups: usize,
    bias: bool,
    /// The window interleaved one group's channels.
    group: Geometry,
    /// The windows over the input, and those of the adjoint over the output's gradient.
    forward: Windows,
    backward: Windows,
    /// Whether the input's gradient is computed by products and col2im.
    uses_col2im: bool,
    /// Winograd's algorithm for the convolution and its adjoint, where it pays.
    winograd: Option<(Winograd, Winograd)>,
}

/// Up to this many filters or elements of a window, the weight gradient is computed as dot products along rows of cells.
const FEW_FILTERS: usize = 16;
const FEW_ELEMENTS: usize = 32;

/// The cells that each element of a row of windows reads, without padding and with stride 1.
struct WindowRows<'a> {
    windows: InterleavedWindows<'a>,
    y: usize,
    maps: &'a mut [f32],
}

impl RowsMut for WindowRows<'_> {
    fn row(&mut self, element: usize) -> &mut [f32] {
        let start = self.windows.offset(element) + self.y * self.windows.pitch();
        &mut self.maps[start..][..self.windows.row_len()]
    }
}

/// Whether products and col2im are cheaper for the input's gradient than the adjoint convolution, which also multiplies the
/// zeros around the outputs, and whose tiles few channels do not fill.
fn uses_col2im(g: &Geometry, filters: usize) -> bool {
    let Window { kernel_size, stride, padding, .. } = g.window;
    let adjoint = g.height * g.width * g.channels.next_multiple_of(8) * filters * kernel_size.area();
    // Adding a tile to the cells costs about as much as four filters.
    let col2im = g.columns() * g.rows().next_multiple_of(8) * (filters + 4);
    stride == one() && padding == zero() && col2im < adjoint
}

impl Module {
    fn new(input: Shape, conv: &Conv2d, group: Geometry) -> Self {
        let Conv2d { out_channels: filters, groups, bias, .. } = *conv;
        let (forward, backward) = (Windows::forward(&group), Windows::backward(&group, filters / groups));
        let winograd = Winograd::pair(&group, filters / groups);
        let uses_col2im = uses_col2im(&group, filters / groups);
        Self { input, filters, groups, bias, group, forward, backward, uses_col2im, winograd }
    }

    /// The filters of one group, and the lengths of its input, weights and output.
    fn group_lens(&self) -> (usize, usize, usize, usize) {
        let filters = self.filters / self.groups;
        let input = self.group.channels * self.group.height * self.group.width;
        (filters, input, filters * self.group.rows(), filters * self.group.columns())
    }

    /// Whether the weight gradient is computed as dot products along rows of cells: so few filters would not fill a register,
    /// and for so few elements of a window, transposing the filters does not pay.
    fn uses_dot_products(&self) -> bool {
        self.filters / self.groups <= FEW_FILTERS || self.group.rows() <= FEW_ELEMENTS
    }

    /// Adds the weight gradient of one group: (elements of a window, filters), or (filters, elements of a window) if
    /// [`Module::uses_dot_products`].
    fn weight_gradient(
        &self,
        group: usize,
        interleaved: usize,
        input: BackwardInput<'_>,
        gradient: &mut [f32],
        memory: &mut [f32],
    ) {
        let (filters, x_len, _, y_len) = self.group_lens();
        let windows = self.forward.interleaved(interleaved);
        let (padded, transposed) = memory.split_at_mut(windows.padded_len());
        padded.fill(0.0);
        let images =
            input.x.chunks_exact(interleaved * x_len).zip(input.dy.chunks_exact(interleaved * y_len));
        for (x, outputs) in images.skip(group).step_by(self.groups) {
            windows.pad(x, padded);
            if !self.uses_dot_products() {
                let transposed = &mut transposed[..ConvWeightGradient::transposed_len(filters)];
                ConvWeightGradient { windows, padded, filters, outputs }.add_to(gradient, transposed);
                continue;
            }
            let (len, row_len) = (windows.count(), windows.row_len());
            let products = GemmNt {
                rows: (filters, self.group.rows()),
                pairs: windows.rows(),
                a: |y, filter| &outputs[filter * len + y * row_len..][..row_len],
                b: |y, element| &padded[windows.offset(element) + y * windows.pitch()..][..row_len],
            };
            products.add_to(&mut Matrix(gradient, self.group.rows()));
        }
    }

    /// Overwrites the gradient with respect to one group's input: the adjoint convolution, with filters rotated by 180°, or the
    /// products of weights and output gradients, added to the cells of each window as col2im does.
    fn input_gradient(
        &self,
        group: usize,
        interleaved: usize,
        weight: &[f32],
        dy: &[f32],
        dx: &mut [f32],
        memory: &mut [f32],
    ) {
        let (filters, x_len, _, y_len) = self.group_lens();
        let (rows, area) = (self.group.rows(), self.group.window.kernel_size.area());
        if self.uses_col2im {
            let (block, packed) = memory.split_at_mut(BLOCK_LEN);
            let elements = Packed::new(rows, filters, packed, &weight.chunks_exact(rows), 1);
            let (windows, images) =
                (self.forward.interleaved(interleaved), dy.chunks_exact(interleaved * y_len));
            let images = images.zip(dx.chunks_exact_mut(interleaved * x_len));
            for (dy, dx) in images.skip(group).step_by(self.groups) {
                dx.fill(0.0);
                for y in 0..windows.rows() {
                    let (count, len) = (windows.count(), windows.row_len());
                    let b = |filter: usize| &dy[filter * count + y * len..][..len];
                    Gemm { a: elements, b, columns: 0..len, beta: Beta::One }
                        .write(&mut WindowRows { windows, y, maps: dx }, block);
                }
            }
            return;
        }
        let windows = self.backward.interleaved(interleaved);
        let (padded, packed) = memory.split_at_mut(windows.padded_len());
        let columns = weight.chunks_exact(rows).flat_map(|filter| (0..area).rev().map(|at| &filter[at..]));
        let rotated = Packed::new(self.group.channels, filters * area, packed, &columns, area);
        padded.fill(0.0);
        let images = dy.chunks_exact(interleaved * y_len).zip(dx.chunks_exact_mut(interleaved * x_len));
        for (dy, dx) in images.skip(group).step_by(self.groups) {
            windows.pad(dy, padded);
            DirectConv { filters: rotated, windows, padded, bias: None }.write(dx);
        }
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

    fn transposed_gradient(&self) -> Option<usize> {
        (!self.uses_dot_products()).then_some(self.groups)
    }

    fn interleaving(&self) -> Interleaving {
        if self.winograd.is_some() { Interleaving::Unsupported } else { Interleaving::Kept }
    }

    fn scratch_len(&self, interleaved: usize) -> usize {
        let (filters, ..) = self.group_lens();
        if let Some((forward, backward)) = &self.winograd {
            return forward.conv_len().max(forward.weight_gradient_len()).max(backward.conv_len());
        }
        let packed = Packed::len(filters, self.group.rows()).max(ConvWeightGradient::transposed_len(filters));
        let packed_back = Packed::len(self.group.channels, self.backward.elements());
        let padded = |windows: &Windows| windows.interleaved(interleaved).padded_len();
        let back = if self.uses_col2im {
            BLOCK_LEN + Packed::len(self.group.rows(), filters)
        } else {
            padded(&self.backward) + packed_back
        };
        (padded(&self.forward) + packed).max(back)
    }

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        let (filters, x_len, w_len, y_len) = self.group_lens();
        let rows = self.group.rows();
        if let Some((winograd, _)) = &self.winograd {
            for number in 0..self.groups {
                let weight = &parameters[0].values()[number * w_len..][..w_len];
                let weight = weight.as_chunks::<9>().0;
                let filter = |filter: usize, channel: usize| &weight[filter * self.group.channels + channel];
                let bias = parameters.get(1).map(|bias| &bias.values()[number * filters..][..filters]);
                let group = ChannelGroup { number, of: self.groups };
                WinogradConv { winograd, filter, rotated: false, bias, group, maps: x }
                    .write(y, context.scratch);
            }
            return;
        }
        let windows = self.forward.interleaved(context.interleaved);
        let (padded, packed) = context.scratch.split_at_mut(windows.padded_len());
        padded.fill(0.0);
        for group in 0..self.groups {
            let weight = &parameters[0].values()[group * w_len..][..w_len];
            let weight = Packed::new(filters, rows, packed, &(0..rows).map(|at| &weight[at..]), rows);
            let bias = parameters.get(1).map(|bias| &bias.values()[group * filters..][..filters]);
            let images = x
                .chunks_exact(context.interleaved * x_len)
                .zip(y.chunks_exact_mut(context.interleaved * y_len));
            for (x, y) in images.skip(group).step_by(self.groups) {
                windows.pad(x, padded);
                DirectConv { filters: weight, windows, padded, bias }.write(y);
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
        let (.., w_len, _) = self.group_lens();
        if let Some((forward, backward)) = &self.winograd {
            for number in 0..self.groups {
                let group = ChannelGroup { number, of: self.groups };
                let places = number * w_len..(number + 1) * w_len;
                if let Some(gradient) = gradients.first_mut() {
                    let gradient = &mut gradient.values_mut()[places.clone()];
                    WinogradWeightGradient { winograd: forward, group, maps: input.x, outputs: input.dy }
                        .add_to(gradient, context.scratch);
                }
                if let Some(dx) = dx.as_deref_mut() {
                    let weight = parameters[0].values()[places].as_chunks::<9>().0;
                    let filter =
                        |channel: usize, filter: usize| &weight[filter * self.group.channels + channel];
                    WinogradConv {
                        winograd: backward,
                        filter,
                        rotated: true,
                        bias: None,
                        group,
                        maps: input.dy,
                    }
                    .write(dx, context.scratch);
                }
            }
        }
        for group in 0..if self.winograd.is_some() { 0 } else { self.groups } {
            let places = group * w_len..(group + 1) * w_len;
            if let Some(gradient) = gradients.first_mut() {
                let gradient = &mut gradient.values_mut()[places.clone()];
                self.weight_gradient(group, context.interleaved, input, gradient, context.scratch);
            }
            if let Some(dx) = dx.as_deref_mut() {
                let weight = &parameters[0].values()[places];
                self.input_gradient(group, context.interleaved, weight, input.dy, dx, context.scratch);
            }
        }
        if let Some(db) = gradients.get_mut(1) {
            for (i, map) in input.dy.chunks_exact(context.interleaved * self.group.columns()).enumerate() {
                db.values_mut()[i % self.filters] += sum(map);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(conv: Conv2d, height: usize, width: usize) -> String {
        conv.build(Shape::maps(1, height, width)).unwrap_err().to_string()
    }

    #[test]
    fn same_padding_keeps_the_size() {
        for (h, w, dilation) in [(3, 3, 1), (2, 4, 1), (1, 5, 2), (4, 2, 3)] {
            let (kernel_size, dilation) = (Pair { h, w }, Pair::square(dilation));
            let conv = Conv2d { kernel_size, dilation, padding: Padding::Same, ..Conv2d::new(3, 1) };
            assert_eq!(conv.build(Shape::maps(2, 7, 6)).unwrap().output(), Shape::maps(3, 7, 6));
        }
        let strided = Conv2d { stride: Pair::square(2), padding: Padding::Same, ..Conv2d::new(1, 3) };
        assert!(refused(strided, 5, 5).starts_with("stride is 2×2, but “same” padding needs stride 1"));
    }

    #[test]
    fn the_odd_row_of_same_padding_is_the_last() {
        let conv = Conv2d { padding: Padding::Same, bias: false, ..Conv2d::new(1, 2) };
        let layer = conv.build(Shape::maps(1, 2, 2)).unwrap();
        let weight = [Tensor::new(&[1, 1, 2, 2], &[0.0, 0.0, 0.0, 1.0]).unwrap()];
        let (mut y, mut scratch) = ([f32::NAN; 4], vec![f32::NAN; layer.scratch_len(1)]);
        let mut context = LayerContext { scratch: &mut scratch, ..LayerContext::empty() };
        layer.forward(&weight, &[1.0, 2.0, 3.0, 4.0], &mut y, &mut context);
        assert_eq!(y, [4.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_map_fills_no_more_than_it_has() {
        let of = |padding_mode, padding: usize| Conv2d { padding_mode, ..Conv2d::new(1, 3).padded(padding) };
        let sentence = "the border 3 is more than the input 3×9 can fill with its own cells: choose less padding, or padding_mode zeros";
        assert_eq!(refused(of(PaddingMode::Reflect, 3), 3, 9), sentence);
        assert!(refused(of(PaddingMode::Circular, 4), 3, 9).contains("the border 4"));
        assert!(of(PaddingMode::Reflect, 2).build(Shape::maps(1, 3, 9)).is_ok());
        assert!(of(PaddingMode::Replicate, 9).build(Shape::maps(1, 3, 9)).is_ok());
        assert!(refused(of(PaddingMode::Reflect, 5000), 3, 9).contains("padding is 5000"));
        let huge = Conv2d {
            kernel_size: Pair::square(usize::MAX),
            padding: Padding::Same,
            ..of(PaddingMode::Circular, 0)
        };
        assert!(refused(huge, 3, 9).contains("kernel_size is"));
    }

    #[test]
    fn settings_are_written_as_in_pytorch() {
        let json = r#"{"out_channels": 2, "kernel_size": 3, "padding": "same", "padding_mode": "reflect"}"#;
        let conv: Conv2d = serde_json::from_str(json).unwrap();
        let same = Conv2d { padding: Padding::Same, padding_mode: PaddingMode::Reflect, ..Conv2d::new(2, 3) };
        assert_eq!(conv, same);
        let written = serde_json::to_value(conv).unwrap();
        let word = |name: &str| written[name].as_str();
        assert_eq!((word("padding"), word("padding_mode")), (Some("same"), Some("reflect")));
    }
}
