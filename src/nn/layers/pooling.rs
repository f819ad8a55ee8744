//! The windows of the pooling layers, which may extend past the maps.

use super::{error::LayerError, settings::need_maps};
use crate::nn::{
    im2col::{Geometry, Window},
    pair::Pair,
    setting_error::SettingError,
    shape::Shape,
};
use std::{iter::StepBy, ops::Range};

/// Windows over each channel.
#[derive(Debug)]
pub(super) struct Pooling {
    pub(super) geometry: Geometry,
    /// The input rows of each row of windows, and the input columns of each column of windows.
    pub(super) rows: Vec<Extent>,
    pub(super) columns: Vec<Extent>,
}

/// The cells along one side of a window that are inside the map.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub(super) first: usize,
    pub(super) count: usize,
}

impl Pooling {
    /// Checks `window` against the input. With `ceil_mode`, a last window may extend past the padded input if it begins
    /// inside the input or the padding before it.
    pub(super) fn new(input: Shape, window: Window, ceil_mode: bool) -> Result<Self, LayerError> {
        let (channels, height, width) = need_maps(input)?;
        let Window { kernel_size: kernel, stride, padding, dilation } = window;
        let (out_height, out_width) = window.output_in(height, width, ceil_mode)?;
        // As in PyTorch, a dilation does not allow more padding.
        let most = Pair { h: kernel.h / 2, w: kernel.w / 2 };
        if padding.h > most.h || padding.w > most.w {
            let sentence = "{setting} {value} is more than half the {other} {kernel}: at most {most} fits";
            let error = SettingError::new("padding", padding, sentence).name("other", "kernel_size");
            return Err(error.with("kernel", kernel).with("most", most).into());
        }
        // Only a dilated window that begins in the padding can miss every cell of the input.
        let first_inside = |stride: usize, padding: usize| padding.div_ceil(stride);
        let geometry = Geometry { channels, height, width, out_height, out_width, window };
        let mut pooling = Self { geometry, rows: Vec::new(), columns: Vec::new() };
        let side =
            |cells: StepBy<Range<usize>>| Extent { count: cells.len(), first: cells.min().unwrap_or(0) };
        pooling.rows = (0..out_height).map(|oy| side(pooling.rows(oy))).collect();
        pooling.columns = (0..out_width).map(|ox| side(pooling.columns(ox))).collect();
        let rows = (0..first_inside(stride.h, padding.h).min(out_height)).map(|oy| pooling.rows(oy));
        let columns = (0..first_inside(stride.w, padding.w).min(out_width)).map(|ox| pooling.columns(ox));
        if rows.chain(columns).any(|cells| cells.len() == 0) {
            let sentence = "{setting} {value} leaves a window with padding only: choose a smaller dilation or less padding";
            return Err(SettingError::new("dilation", dilation, sentence).into());
        }
        Ok(pooling)
    }

    /// The vertical part of the windows, over one column of each map.
    pub(super) fn vertical(&self) -> Self {
        let Window { kernel_size, stride, padding, dilation } = self.geometry.window;
        let of_column = |pair: Pair, w| Pair { h: pair.h, w };
        let window = Window {
            kernel_size: of_column(kernel_size, 1),
            stride: of_column(stride, 1),
            padding: of_column(padding, 0),
            dilation: of_column(dilation, 1),
        };
        let geometry = Geometry { width: 1, out_width: 1, window, ..self.geometry };
        Self { geometry, rows: self.rows.clone(), columns: vec![Extent { first: 0, count: 1 }] }
    }

    pub(super) fn input(&self) -> Shape {
        Shape::maps(self.geometry.channels, self.geometry.height, self.geometry.width)
    }

    pub(super) fn output(&self) -> Shape {
        Shape::maps(self.geometry.channels, self.geometry.out_height, self.geometry.out_width)
    }

    /// Cells of an input map.
    pub(super) fn plane(&self) -> usize {
        self.geometry.height * self.geometry.width
    }

    /// The input rows of the windows in output row `oy`.
    pub(super) fn rows(&self, oy: usize) -> StepBy<Range<usize>> {
        let Window { kernel_size, stride, padding, dilation } = self.geometry.window;
        cells(oy * stride.h, kernel_size.h, padding.h, dilation.h, self.geometry.height)
    }

    /// The input columns of the windows in output column `ox`.
    pub(super) fn columns(&self, ox: usize) -> StepBy<Range<usize>> {
        let Window { kernel_size, stride, padding, dilation } = self.geometry.window;
        cells(ox * stride.w, kernel_size.w, padding.w, dilation.w, self.geometry.width)
    }
}

/// Which of `n` cells are inside a window that begins at `start` of the padded side.
fn cells(start: usize, kernel: usize, padding: usize, dilation: usize, n: usize) -> StepBy<Range<usize>> {
    let end = (start + dilation * (kernel - 1) + 1).saturating_sub(padding).min(n);
    let outside = padding.saturating_sub(start);
    let first = if outside == 0 { start - padding } else { outside.div_ceil(dilation) * dilation - outside };
    (first..end).step_by(dilation)
}

/// A short description, such as `max pool 3/2`.
pub(super) fn summary(kind: &str, kernel: Pair, stride: Pair) -> String {
    let side = |pair: Pair| if pair.h == pair.w { pair.h.to_string() } else { pair.to_string() };
    if stride == kernel {
        format!("{kind} {}", side(kernel))
    } else {
        format!("{kind} {}/{}", side(kernel), side(stride))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pooling(
        n: usize,
        kernel: usize,
        stride: usize,
        padding: usize,
        ceil: bool,
    ) -> Result<Pooling, LayerError> {
        let window = Window {
            kernel_size: kernel.into(),
            stride: stride.into(),
            padding: padding.into(),
            dilation: Pair::square(1),
        };
        Pooling::new(Shape::maps(1, n, n), window, ceil)
    }

    #[test]
    fn sizes_with_and_without_ceil_mode() {
        let size = |n, kernel, stride, padding, ceil| {
            pooling(n, kernel, stride, padding, ceil).unwrap().geometry.out_height
        };
        assert_eq!([size(5, 2, 2, 0, false), size(5, 2, 2, 0, true)], [2, 3]);
        assert_eq!([size(6, 2, 2, 0, false), size(6, 2, 2, 0, true)], [3, 3]);
        // A window that would begin in the padding after the input does not count.
        assert_eq!([size(4, 2, 2, 1, false), size(4, 2, 2, 1, true)], [3, 3]);
        assert_eq!([size(5, 1, 3, 0, false), size(5, 1, 3, 0, true)], [2, 2]);
        assert_eq!([size(6, 3, 2, 1, false), size(6, 3, 2, 1, true)], [3, 4]);
    }

    #[test]
    fn windows_end_at_the_edge_of_the_input() {
        let p = pooling(5, 2, 2, 0, true).unwrap();
        let rows: Vec<Vec<usize>> = (0..3).map(|o| p.rows(o).collect()).collect();
        assert_eq!(rows, [vec![0, 1], vec![2, 3], vec![4]]);
        assert_eq!(cells(0, 3, 2, 2, 9).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(cells(1, 3, 2, 2, 9).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn windows_of_padding_only_are_refused() {
        let refused = |n: usize, padding: usize| {
            let window = Window {
                kernel_size: Pair::square(2),
                stride: Pair::square(1),
                padding: Pair::square(padding),
                dilation: Pair::square(3),
            };
            Pooling::new(Shape::maps(1, n, n), window, false).unwrap_err().to_string()
        };
        assert!(refused(2, 1).starts_with("dilation 3×3 leaves a window with padding only"));
        assert!(refused(9, 2).starts_with("padding 2×2 is more than half the kernel_size 2×2"));
        assert!(pooling(4, 2, 2, 2, false).unwrap_err().to_string().contains("half"));
    }

    #[test]
    fn a_window_larger_than_the_input_fits_in_ceil_mode() {
        let p = pooling(3, 4, 4, 0, true).unwrap();
        assert_eq!((p.output(), p.rows(0).collect::<Vec<_>>()), (Shape::maps(1, 1, 1), vec![0, 1, 2]));
        assert!(pooling(3, 4, 4, 0, false).is_err());
    }
}
