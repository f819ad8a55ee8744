//! `max_pool2d`: the maximum of each window, for each channel.

use super::{
    context::{BackwardInput, LayerContext},
    defaults::{one, zero},
    error::LayerError,
    layer::{Interleaving, Layer},
    max_pool_interleaved::{Interleaved, InterleavedMaxPool},
    pooling::{self, Pooling},
    settings::Settings,
};
use crate::nn::{
    im2col::{Geometry, Window},
    pair::Pair,
    shape::Shape,
    simd::vectorise,
    tensor::Tensor,
};
use crate::text::tr;
use pulp::bytemuck::cast_slice_mut;
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.MaxPool2d`. (N, C, H, W) → (N, C, OH, OW).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct MaxPool2d {
    /// Height and width of the window.
    pub kernel_size: Pair,
    /// Step between two windows; by default `kernel_size`.
    pub stride: Pair,
    /// Cells of −∞ added on each side, at most half of `kernel_size`.
    pub padding: Pair,
    /// Distance between two neighbouring cells of the window.
    pub dilation: Pair,
    /// Whether the output size is rounded up, so that a last window may extend past the padded input.
    pub ceil_mode: bool,
}

/// The settings as a file writes them, some of them optional.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kernel_size: Pair,
    stride: Option<Pair>,
    #[serde(default = "zero")]
    padding: Pair,
    #[serde(default = "one")]
    dilation: Pair,
    #[serde(default)]
    ceil_mode: bool,
}

impl From<Written> for MaxPool2d {
    fn from(w: Written) -> Self {
        Self {
            kernel_size: w.kernel_size,
            stride: w.stride.unwrap_or(w.kernel_size),
            padding: w.padding,
            dilation: w.dilation,
            ceil_mode: w.ceil_mode,
        }
    }
}

impl MaxPool2d {
    /// A square window with a stride of its own size.
    pub const fn new(kernel_size: usize) -> Self {
        Self::strided(kernel_size, kernel_size)
    }

    /// A square window with this stride.
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
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let Self { kernel_size, stride, padding, dilation, ceil_mode } = *self;
        let window = Window { kernel_size, stride, padding, dilation };
        let pooling = Pooling::new(input, window, ceil_mode)?;
        let vertical = pooling.vertical();
        Ok(Box::new(Module { pooling, vertical }))
    }

    fn summary(&self) -> String {
        pooling::summary(tr("max pool"), self.kernel_size, self.stride)
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
    /// The vertical part of the windows, over one column of the maps.
    vertical: Pooling,
}

/// The index of a window without a maximum yet; larger than any index.
const NONE: u32 = u32::MAX;

impl Module {
    /// The length of the vertical maxima of all maps, with space for reads past the end.
    fn vertical_len(&self) -> usize {
        let Geometry { channels, out_height, width, window, .. } = self.pooling.geometry;
        channels * out_height * width + window.stride.w + window.kernel_size.w * window.dilation.w
    }

    /// Pools one image: first the vertical maxima of all columns, then the horizontal maxima of those. `scratch` has
    /// [`Layer::scratch_len`] values.
    fn pool_one(&self, maps: &[f32], outputs: &mut [f32], winners: &mut [u32], scratch: &mut [f32]) {
        let Geometry { width, window, .. } = self.pooling.geometry;
        let (values, places) = scratch[..2 * self.vertical_len()].split_at_mut(self.vertical_len());
        let places: &mut [u32] = cast_slice_mut(places);
        let len = width * self.vertical.output().len();
        let columns =
            InterleavedMaxPool { pooling: &self.vertical, interleaved: Interleaved::Columns(width) };
        columns.forward(maps, &mut values[..len], &mut places[..len]);
        vectorise(
            #[inline(always)]
            || {
                // The usual strides are compile-time constants.
                match window.stride.w {
                    1 => self.horizontal(1, values, places, outputs, winners),
                    2 => self.horizontal(2, values, places, outputs, winners),
                    3 => self.horizontal(3, values, places, outputs, winners),
                    stride => self.horizontal(stride, values, places, outputs, winners),
                }
            },
        );
    }

    /// The horizontal maxima of the vertical ones; `stride` is the window's.
    #[inline(always)]
    fn horizontal(&self, stride: usize, values: &[f32], places: &[u32], y: &mut [f32], winners: &mut [u32]) {
        let g = &self.pooling.geometry;
        let Window { kernel_size, padding, dilation, .. } = g.window;
        // If windows never cross rows, all rows are processed as one long row.
        let one_row =
            padding.w == 0 && g.width == g.out_width * stride && dilation.w * (kernel_size.w - 1) < stride;
        let rows = g.channels * g.out_height;
        let (rows, columns) = if one_row { (1, rows * g.out_width) } else { (rows, g.out_width) };
        if padding.w > 0 || g.columns_inside(0).len() < g.out_width {
            y.fill(f32::NEG_INFINITY);
            winners.fill(NONE);
        }
        for tap in 0..kernel_size.w {
            let inside = if one_row { 0..columns } else { g.columns_inside(tap) };
            if inside.is_empty() {
                continue;
            }
            let first = tap == 0 && inside.len() == columns;
            for row in 0..rows {
                let from = row * g.width + inside.start * stride + tap * dilation.w - padding.w;
                let cells = from..from + inside.len() * stride;
                let to = row * columns + inside.start..row * columns + inside.end;
                let (values, places) = (&values[cells.clone()], &places[cells]);
                let (best, winners) = (&mut y[to.clone()], &mut winners[to]);
                if first {
                    for i in 0..inside.len() {
                        (best[i], winners[i]) = (values[i * stride], places[i * stride]);
                    }
                    continue;
                }
                for i in 0..inside.len() {
                    update_max(&mut best[i], &mut winners[i], values[i * stride], places[i * stride]);
                }
            }
        }
    }
}

/// Replaces the maximum so far if `value`, at index `at`, is larger.
///
/// Of equal values the first one counts, in the order of rows and columns. NaN counts as larger than all, as in PyTorch.
#[inline(always)]
#[expect(clippy::needless_bitwise_bool, reason = "without a branch, the loop is vectorised")]
fn update_max(best: &mut f32, winner: &mut u32, value: f32, at: u32) {
    let wins = (value > *best) | ((value == *best) & (at < *winner)) | value.is_nan();
    *best = if wins { value } else { *best };
    *winner = if wins { at } else { *winner };
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.pooling.input()
    }

    fn output(&self) -> Shape {
        self.pooling.output()
    }

    fn interleaving(&self) -> Interleaving {
        Interleaving::Kept
    }

    /// The index in its input map of each output's maximum.
    fn indices_len(&self) -> usize {
        self.output().len()
    }

    fn scratch_len(&self, _: usize) -> usize {
        2 * self.vertical_len()
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        if context.interleaved > 1 {
            let windows = InterleavedMaxPool {
                pooling: &self.pooling,
                interleaved: Interleaved::Images(context.interleaved),
            };
            return windows.forward(x, y, context.indices);
        }
        let images = y.chunks_exact_mut(self.output().len());
        let images = images.zip(context.indices.chunks_exact_mut(self.output().len()));
        for (maps, (y, winners)) in x.chunks_exact(self.input().len()).zip(images) {
            self.pool_one(maps, y, winners, context.scratch);
        }
    }

    fn backward(
        &self,
        _: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        context: &mut LayerContext<'_>,
    ) {
        let Some(dx) = dx else { return };
        let positions = self.pooling.geometry.columns();
        dx.fill(0.0);
        if context.interleaved > 1 {
            let windows = InterleavedMaxPool {
                pooling: &self.pooling,
                interleaved: Interleaved::Images(context.interleaved),
            };
            return windows.backward(input.dy, context.indices, dx);
        }
        let outputs = input.dy.chunks_exact(positions).zip(context.indices.chunks_exact(positions));
        for (map, (dy, indices)) in dx.chunks_exact_mut(self.pooling.plane()).zip(outputs) {
            for (&d, &index) in dy.iter().zip(indices) {
                map[index as usize] += d;
            }
        }
    }
}
