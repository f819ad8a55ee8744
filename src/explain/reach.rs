//! Which cells of a layer's input a cell of its output reads, along one axis.

use crate::nn::{
    LayerSpec, Pair, Shape,
    im2col::Window,
    layers::{Interpolation, LayerNorm, PaddingMode, adaptive_range},
};
use std::ops::Range;

/// The dependency of a layer along one axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    /// The cell at the same place.
    Cell,
    /// All cells.
    All,
    /// The cells under a sliding window.
    Window(AxisWindow),
    /// The cells whose spread kernels cover the output cell (transposed convolution).
    Spread(AxisWindow),
    /// The cells of one of `outputs` parts into which the `input` cells are divided (adaptive pooling).
    Part {
        /// Cells of the output.
        outputs: usize,
        /// Cells of the input.
        input: usize,
    },
    /// The cells around the place of the output cell among the input's (upsampling).
    Place(Interpolation),
}

/// Less than the distance from a place to the next whole number.
const LITTLE: f64 = 1e-4;

/// A sliding window along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AxisWindow {
    /// Cells of the window.
    pub kernel: usize,
    /// The distance between two positions.
    pub stride: usize,
    /// Cells of padding before the first.
    pub before: usize,
    /// The distance between neighbouring cells of the window.
    pub dilation: usize,
    /// What padding shows of cells that the window over it does not cover; `Zeros` if nothing.
    pub shows: PaddingMode,
}

/// What padding of so many cells (before, after) shows of cells that the window over it does not cover anyway. A window that
/// covers as many cells inside the map as outside covers those that are mirrored or repeated there.
fn shown(mode: PaddingMode, window: AxisWindow, (before, after): (usize, usize)) -> PaddingMode {
    let is_covered = match mode {
        PaddingMode::Zeros => true,
        PaddingMode::Circular => before + after == 0,
        PaddingMode::Reflect | PaddingMode::Replicate => 2 * before.max(after) <= window.span(),
    };
    if is_covered { PaddingMode::Zeros } else { mode }
}

impl AxisWindow {
    /// A window along the rows (first) and the columns.
    fn both(window: Window) -> [Self; 2] {
        let Window { kernel_size: k, stride: s, padding: p, dilation: d } = window;
        let axis = |of: fn(Pair) -> usize| Self {
            kernel: of(k),
            stride: of(s).max(1),
            before: of(p),
            dilation: of(d),
            shows: PaddingMode::Zeros,
        };
        [axis(|pair| pair.h), axis(|pair| pair.w)]
    }

    /// The distance from the first cell of the window to the last.
    fn span(self) -> usize {
        self.kernel.saturating_sub(1) * self.dilation
    }
}

/// A line of fields: that of output cell `o` goes from input cell `start + o·step` to `start + o·step + extent`, where the
/// first is rounded up and the last is rounded down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) extent: f64,
    pub(super) step: f64,
    pub(super) start: f64,
}

impl Reach {
    /// The dependencies of a layer with this input along the rows (first) and the columns.
    pub fn of(layer: &LayerSpec, input: Shape) -> [Self; 2] {
        let (_, height, width) = input.as_maps();
        let one = Pair::square(1);
        let window = |window| AxisWindow::both(window).map(Self::Window);
        match layer {
            LayerSpec::Conv2d(conv) => {
                let border = conv.border();
                let sides = [(border.top, border.bottom), (border.left, border.right)];
                let windows = AxisWindow::both(conv.window());
                [0, 1].map(|i| {
                    Self::Window(AxisWindow {
                        shows: shown(conv.padding_mode, windows[i], sides[i]),
                        ..windows[i]
                    })
                })
            }
            LayerSpec::ConvTranspose2d(conv) => AxisWindow::both(Window {
                kernel_size: conv.kernel_size,
                stride: conv.stride,
                padding: conv.padding,
                dilation: conv.dilation,
            })
            .map(Self::Spread),
            LayerSpec::MaxPool2d(pool) => window(Window {
                kernel_size: pool.kernel_size,
                stride: pool.stride,
                padding: pool.padding,
                dilation: pool.dilation,
            }),
            LayerSpec::AvgPool2d(pool) => window(Window {
                kernel_size: pool.kernel_size,
                stride: pool.stride,
                padding: pool.padding,
                dilation: one,
            }),
            LayerSpec::ZeroPad2d(pad) => {
                let padding = Pair { h: pad.padding.top, w: pad.padding.left };
                window(Window { kernel_size: one, stride: one, padding, dilation: one })
            }
            LayerSpec::AdaptiveAvgPool2d(pool) => {
                let Pair { h, w } = pool.output_size;
                [Self::Part { outputs: h, input: height }, Self::Part { outputs: w, input: width }]
            }
            LayerSpec::AdaptiveMaxPool2d(pool) => {
                let Pair { h, w } = pool.output_size;
                [Self::Part { outputs: h, input: height }, Self::Part { outputs: w, input: width }]
            }
            LayerSpec::Upsample(upsample) => {
                upsample.places(height, width).map_or([Self::Cell; 2], |places| places.map(Self::Place))
            }
            LayerSpec::LayerNorm(LayerNorm { normalized_shape, .. }) => match (input, normalized_shape.len())
            {
                (Shape::Maps { .. }, 1) => [Self::Cell, Self::All],
                _ => [Self::All; 2],
            },
            LayerSpec::GlobalAvgPool2d(_) | LayerSpec::Linear(_) | LayerSpec::GroupNorm(_) => [Self::All; 2],
            LayerSpec::Flatten(_)
            | LayerSpec::Relu(_)
            | LayerSpec::LeakyRelu(_)
            | LayerSpec::Prelu(_)
            | LayerSpec::Sigmoid(_)
            | LayerSpec::Tanh(_)
            | LayerSpec::Softplus(_)
            | LayerSpec::Gelu(_)
            | LayerSpec::Silu(_)
            | LayerSpec::Elu(_)
            | LayerSpec::Dropout(_)
            | LayerSpec::Dropout2d(_)
            | LayerSpec::LocalResponseNorm(_)
            | LayerSpec::BatchNorm2d(_)
            | LayerSpec::BatchNorm1d(_)
            | LayerSpec::ChannelShuffle(_) => [Self::Cell; 2],
        }
    }

    /// The cells that output cell `at` reads, some of which may lie in the padding; `None` if it reads all.
    pub fn reads(self, at: isize) -> Option<Range<isize>> {
        match self {
            Self::Cell => Some(at..at + 1),
            Self::All => None,
            Self::Window(window) => {
                let first = at * window.stride as isize - window.before as isize;
                Some(first..first + window.span() as isize + 1)
            }
            Self::Spread(window) => {
                let (stride, at) = (window.stride as isize, at + window.before as isize);
                Some((at - window.span() as isize + stride - 1).div_euclid(stride)..at.div_euclid(stride) + 1)
            }
            Self::Part { outputs, input } => {
                let at = usize::try_from(at).unwrap_or(0).min(outputs.saturating_sub(1));
                let part = adaptive_range(at, outputs.max(1), input);
                Some(part.start as isize..part.end as isize)
            }
            Self::Place(places) => {
                let at = usize::try_from(at).unwrap_or(0).min(places.outputs.saturating_sub(1));
                let tap = places.tap(at);
                let last = if tap.share > 0.0 { tap.second } else { tap.first };
                Some(tap.first as isize..last as isize + 1)
            }
        }
    }

    /// The first to the last of `outputs` cells that read one of these cells; empty if none does.
    pub fn reached(self, cells: &Range<isize>, outputs: usize) -> Range<isize> {
        let outputs = outputs as isize;
        let sees =
            |at: &isize| self.reads(*at).is_none_or(|read| read.start < cells.end && cells.start < read.end);
        match ((0..outputs).find(sees), (0..outputs).rfind(sees)) {
            (Some(first), Some(last)) => first..last + 1,
            _ => 0..0,
        }
    }

    /// The fields of all output cells as a line; `None` if each reads all cells.
    pub(super) fn line(self) -> Option<Line> {
        Some(match self {
            Self::Cell => Line { extent: 0.0, step: 1.0, start: 0.0 },
            Self::All => return None,
            Self::Window(window) => Line {
                extent: window.span() as f64,
                step: window.stride as f64,
                start: -(window.before as f64),
            },
            // Output cell `o` depends on the input cells `i` with `i·stride − padding ≤ o ≤ i·stride − padding + span`.
            Self::Spread(window) => {
                let (span, step) = (window.span() as f64, 1.0 / window.stride as f64);
                Line { extent: span * step, step, start: (window.before as f64 - span) * step }
            }
            // From ⌊o·n/m⌋ to ⌈(o + 1)·n/m⌉ − 1; all of these places are multiples of the `least` one.
            Self::Part { outputs, input } => {
                let (outputs_len, least) = (outputs.max(1) as f64, divisor(outputs, input) as f64);
                let (step, least) = (input as f64 / outputs_len, least / outputs_len);
                Line { extent: step + 1.0 - 2.0 * least, step, start: least - 1.0 }
            }
            // From the whole number before the place to the same one, or to the next.
            Self::Place(Interpolation { step, start, is_linear, .. }) => {
                let length = if is_linear { 2.0 } else { 1.0 };
                Line { extent: length * (1.0 - LITTLE), step, start: start - 1.0 + LITTLE }
            }
        })
    }
}

/// The greatest common divisor; 1 for two zeros.
fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a.max(1) } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a line says of a cell, rounded.
    fn on_line(line: Line, at: usize) -> Range<isize> {
        let first = line.start + at as f64 * line.step;
        (first - 1e-6).ceil() as isize..(first + line.extent + 1e-6).floor() as isize + 1
    }

    #[test]
    fn lines_say_what_each_cell_reads() {
        for (outputs, input) in [(1, 7), (3, 7), (3, 5), (4, 10), (5, 5), (5, 3), (6, 4)] {
            let part = Reach::Part { outputs, input };
            for at in 0..outputs {
                let what = format!("{at} of {outputs} from {input}");
                assert_eq!(on_line(part.line().unwrap(), at), part.reads(at as isize).unwrap(), "{what}");
            }
        }
        for (kernel, stride, before, dilation) in [(3, 1, 1, 1), (2, 3, 0, 2), (3, 2, 2, 1), (1, 1, 2, 1)] {
            let window = AxisWindow { kernel, stride, before, dilation, shows: PaddingMode::Zeros };
            for reach in [Reach::Window(window), Reach::Spread(window)] {
                for at in 0..5 {
                    assert_eq!(
                        on_line(reach.line().unwrap(), at),
                        reach.reads(at as isize).unwrap(),
                        "{reach:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn cells_reach_those_that_read_them() {
        let pool = Reach::Part { outputs: 3, input: 7 };
        assert_eq!((pool.reached(&(2..3), 3), pool.reached(&(3..4), 3)), (0..2, 1..2));
        assert_eq!(Reach::All.reached(&(2..3), 3), 0..3);
        assert!(pool.reached(&(9..10), 3).is_empty());
    }
}
