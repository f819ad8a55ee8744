//! `avg_pool2d`: the mean of each window, for each channel.

use super::{
    context::{BackwardInput, LayerContext},
    defaults::{yes, zero},
    error::LayerError,
    layer::Layer,
    pooling::{self, Extent, Pooling},
    settings::Settings,
};
use crate::nn::{
    im2col::Window, kernels::sum_f64, pair::Pair, setting_error::SettingError, shape::Shape, tensor::Tensor,
};
use crate::text::tr;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The settings of `torch.nn.AvgPool2d`. (N, C, H, W) → (N, C, OH, OW).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct AvgPool2d {
    /// Height and width of the window.
    pub kernel_size: Pair,
    /// Step between two windows; by default `kernel_size`.
    pub stride: Pair,
    /// Zeros added on each side, at most half of `kernel_size`.
    pub padding: Pair,
    /// Whether the output size is rounded up, so that a last window may extend past the padded input.
    pub ceil_mode: bool,
    /// Whether the mean includes the padding's zeros.
    pub count_include_pad: bool,
    /// The divisor of each sum instead of the number of cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub divisor_override: Option<usize>,
}

/// The settings as a file writes them, some of them optional.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kernel_size: Pair,
    stride: Option<Pair>,
    #[serde(default = "zero")]
    padding: Pair,
    #[serde(default)]
    ceil_mode: bool,
    #[serde(default = "yes")]
    count_include_pad: bool,
    divisor_override: Option<usize>,
}

impl From<Written> for AvgPool2d {
    fn from(w: Written) -> Self {
        Self {
            kernel_size: w.kernel_size,
            stride: w.stride.unwrap_or(w.kernel_size),
            padding: w.padding,
            ceil_mode: w.ceil_mode,
            count_include_pad: w.count_include_pad,
            divisor_override: w.divisor_override,
        }
    }
}

impl AvgPool2d {
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
            ceil_mode: false,
            count_include_pad: true,
            divisor_override: None,
        }
    }
}

impl Settings for AvgPool2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let Self { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = *self;
        if divisor_override == Some(0) {
            let sentence = "{setting} is {value}, but must be at least 1";
            return Err(SettingError::new("divisor_override", 0, sentence).into());
        }
        let window = Window { kernel_size, stride, padding, dilation: Pair::square(1) };
        let pooling = Pooling::new(input, window, ceil_mode)?;
        Ok(Box::new(Module { pooling, count_include_pad, divisor_override }))
    }

    fn summary(&self) -> String {
        pooling::summary(tr("average pool"), self.kernel_size, self.stride)
    }

    fn examples() -> Vec<(Self, Shape)> {
        let padded = Self { padding: Pair::square(1), ..Self::strided(3, 2) };
        let rectangular = Self { kernel_size: Pair { h: 3, w: 2 }, stride: Pair { h: 1, w: 2 }, ..padded };
        vec![
            (Self::new(2), Shape::maps(3, 6, 4)),
            (padded, Shape::maps(2, 7, 6)),
            (Self { count_include_pad: false, ..padded }, Shape::maps(2, 7, 6)),
            (Self { ceil_mode: true, ..padded }, Shape::maps(1, 6, 8)),
            (Self { ceil_mode: true, count_include_pad: false, ..Self::new(2) }, Shape::maps(1, 5, 3)),
            (Self { divisor_override: Some(3), ..rectangular }, Shape::maps(2, 5, 6)),
            (Self::new(1), Shape::maps(1, 1, 1)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    pooling: Pooling,
    count_include_pad: bool,
    divisor_override: Option<usize>,
}

impl Module {
    /// The reciprocal of the divisor of the window at (`oy`, `ox`).
    fn share(&self, oy: usize, ox: usize) -> f32 {
        let g = &self.pooling.geometry;
        let Window { kernel_size, stride, padding, .. } = g.window;
        // Cells past the padded input never count.
        let padded = |at: usize, kernel: usize, n: usize, padding: usize| kernel.min(n + 2 * padding - at);
        let divisor = match self.divisor_override {
            Some(divisor) => divisor,
            None if self.count_include_pad => {
                padded(oy * stride.h, kernel_size.h, g.height, padding.h)
                    * padded(ox * stride.w, kernel_size.w, g.width, padding.w)
            }
            None => self.pooling.rows[oy].count * self.pooling.columns[ox].count,
        };
        1.0 / divisor as f32
    }

    /// Calls `visit(output index, reciprocal of the divisor, window)` for each window of a map.
    fn for_each_window(&self, mut visit: impl FnMut(usize, f32, Cells)) {
        let g = &self.pooling.geometry;
        for (oy, &rows) in self.pooling.rows.iter().enumerate() {
            for (ox, &columns) in self.pooling.columns.iter().enumerate() {
                visit(oy * g.out_width + ox, self.share(oy, ox), Cells { rows, columns, width: g.width });
            }
        }
    }
}

/// The cells of a window that are inside a map.
#[derive(Clone, Copy)]
struct Cells {
    rows: Extent,
    columns: Extent,
    /// The map's width.
    width: usize,
}

impl Cells {
    /// The ranges of a map's values that are the window's rows.
    fn rows(self) -> impl Iterator<Item = Range<usize>> {
        (self.rows.first..self.rows.first + self.rows.count).map(move |y| {
            let start = y * self.width + self.columns.first;
            start..start + self.columns.count
        })
    }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.pooling.input()
    }

    fn output(&self) -> Shape {
        self.pooling.output()
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], _: &mut LayerContext<'_>) {
        let outputs = y.chunks_exact_mut(self.pooling.geometry.columns());
        for (map, y) in x.chunks_exact(self.pooling.plane()).zip(outputs) {
            self.for_each_window(|at, share, cells| {
                let sum: f64 = cells.rows().map(|row| sum_f64(&map[row])).sum();
                y[at] = (sum * f64::from(share)) as f32;
            });
        }
    }

    fn backward(
        &self,
        _: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        _: &mut LayerContext<'_>,
    ) {
        let Some(dx) = dx else { return };
        dx.fill(0.0);
        let outputs = input.dy.chunks_exact(self.pooling.geometry.columns());
        for (map, dy) in dx.chunks_exact_mut(self.pooling.plane()).zip(outputs) {
            self.for_each_window(|at, share, cells| {
                for row in cells.rows() {
                    map[row].iter_mut().for_each(|cell| *cell += dy[at] * share);
                }
            });
        }
    }
}
