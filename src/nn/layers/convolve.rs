//! The computation of `conv2d`, with an even border of zeros.

use super::{
    context::{BackwardInput, LayerContext},
    convolution::weight_and_bias,
    defaults::{one, zero},
    layer::{Interleaving, Layer, ParameterSpec},
};
use crate::nn::{
    im2col::{Geometry, Window},
    kernels::{
        BLOCK_LEN, Beta, ChannelGroup, ConvWeightGradient, DirectConv, Gemm, GemmNt, Matrix, Packed, RowsMut,
        Winograd, WinogradConv, WinogradWeightGradient, sum,
    },
    pair::Pair,
    shape::Shape,
    tensor::Tensor,
    windows::{InterleavedWindows, Windows},
};

/// A convolution over maps of one shape.
#[derive(Debug)]
pub(super) struct Convolution {
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

impl Convolution {
    /// `filters` filters in `groups`, each over the channels of `group`.
    pub(super) fn new(input: Shape, (filters, groups): (usize, usize), bias: bool, group: Geometry) -> Self {
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
    /// [`Convolution::uses_dot_products`].
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

impl Layer for Convolution {
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
