//! Sliding windows, the im2col matrix and its adjoint, col2im.
//!
//! The matrix has one row per kernel element (channel, row, column) and one column per output position. The product of the
//! weights (filters, C·KH·KW) and the matrix (C·KH·KW, OH·OW) is the convolution of one image, in (C, H, W) order.

use super::{pair::Pair, setting_error::SettingError};

/// How a kernel slides over maps, with PyTorch's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Height and width of the kernel.
    pub kernel_size: Pair,
    /// Step between two positions.
    pub stride: Pair,
    /// Zeros added on each side.
    pub padding: Pair,
    /// Distance between two neighbouring kernel elements.
    pub dilation: Pair,
}

impl Window {
    /// The (height, width) of the output: `⌊(H + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`.
    pub fn output(&self, height: usize, width: usize) -> Result<(usize, usize), SettingError> {
        self.output_in(height, width, false)
    }

    /// [`Window::output`], rounded up with `ceil_mode`: a last window that extends past the padded input counts, unless it
    /// begins in the padding after the input.
    pub fn output_in(
        &self,
        height: usize,
        width: usize,
        ceil_mode: bool,
    ) -> Result<(usize, usize), SettingError> {
        self.check()?;
        let side = |name, n: usize, kernel: usize, stride: usize, padding: usize, dilation: usize| {
            let span = dilation * (kernel - 1) + 1;
            let padded = n + 2 * padding;
            let extended = padded + if ceil_mode { stride - 1 } else { 0 };
            let Some(room) = extended.checked_sub(span) else {
                // Where the kernel would fit without its dilation, the dilation is the setting to change.
                let (setting, value) =
                    if kernel > extended { ("kernel_size", kernel) } else { ("dilation", dilation) };
                let sentence = match dilation {
                    1 => {
                        "the kernel's {side} {span} is larger than the padded input's {side} {padded} ({n} + 2·{padding})"
                    }
                    _ => {
                        "the kernel's {side} {span} is larger than the padded input's {side} {padded} ({n} + 2·{padding}): {kernel} cells with dilation {dilation} span {span}"
                    }
                };
                let error = SettingError::new(setting, value, sentence).part("side", name);
                let error = error.with("n", n).with("padding", padding).with("padded", padded);
                return Err(error.with("kernel", kernel).with("dilation", dilation).with("span", span));
            };
            let steps = room / stride;
            let begins_in_padding = ceil_mode && steps > 0 && steps * stride >= n + padding;
            Ok(steps + 1 - usize::from(begins_in_padding))
        };
        let Self { kernel_size: k, stride: s, padding: p, dilation: d } = *self;
        Ok((side("height", height, k.h, s.h, p.h, d.h)?, side("width", width, k.w, s.w, p.w, d.w)?))
    }

    /// Refuses settings that do not fit any input.
    pub fn check(&self) -> Result<(), SettingError> {
        let Self { kernel_size, stride, padding, dilation } = *self;
        for (setting, pair, least) in [
            ("kernel_size", kernel_size, 1),
            ("stride", stride, 1),
            ("dilation", dilation, 1),
            ("padding", padding, 0),
        ] {
            for value in [pair.h, pair.w] {
                SettingError::check(setting, value, least..=MAX_SETTING)?;
            }
        }
        Ok(())
    }
}

/// The largest kernel, stride, padding or dilation.
pub const MAX_SETTING: usize = 4096;

/// The maps of an image and the window that slides over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// C, the number of maps.
    pub channels: usize,
    /// H, rows of a map.
    pub height: usize,
    /// W, columns of a map.
    pub width: usize,
    /// OH, rows of the output.
    pub out_height: usize,
    /// OW, columns of the output.
    pub out_width: usize,
    /// How the kernel slides.
    pub window: Window,
}

impl Geometry {
    /// The geometry of `window` over maps (channels, height, width).
    pub fn new(channels: usize, height: usize, width: usize, window: Window) -> Result<Self, SettingError> {
        let (out_height, out_width) = window.output(height, width)?;
        Ok(Self { channels, height, width, out_height, out_width, window })
    }

    /// Rows of the im2col matrix: C·KH·KW.
    pub const fn rows(&self) -> usize {
        self.channels * self.window.kernel_size.area()
    }

    /// Columns of the im2col matrix: OH·OW.
    pub const fn columns(&self) -> usize {
        self.out_height * self.out_width
    }

    /// The output columns whose windows have column `tap` inside the maps.
    #[inline]
    pub(super) fn columns_inside(&self, tap: usize) -> std::ops::Range<usize> {
        let Window { stride, padding, dilation, .. } = self.window;
        Self::inside(tap * dilation.w, stride.w, padding.w, self.width, self.out_width)
    }

    /// The output positions along one side whose kernel element at offset `tap` is inside the input.
    #[inline]
    fn inside(tap: usize, stride: usize, padding: usize, n: usize, out: usize) -> std::ops::Range<usize> {
        let first = padding.saturating_sub(tap).div_ceil(stride);
        let end = if n + padding > tap { (n + padding - tap).div_ceil(stride) } else { 0 };
        first.min(out)..end.min(out).max(first.min(out))
    }
}

/// Visits every row of the matrix as runs of output cells with their input cells, without those in the padding.
///
/// `visit(row, output row, output columns, first input index, input step)`.
fn for_each_run(g: &Geometry, mut visit: impl FnMut(usize, usize, std::ops::Range<usize>, usize, usize)) {
    let Window { kernel_size, stride, padding, dilation } = g.window;
    let mut row = 0;
    for c in 0..g.channels {
        for ky in 0..kernel_size.h {
            let ys = Geometry::inside(ky * dilation.h, stride.h, padding.h, g.height, g.out_height);
            for kx in 0..kernel_size.w {
                let xs = g.columns_inside(kx);
                if !xs.is_empty() {
                    for oy in ys.clone() {
                        let y = oy * stride.h + ky * dilation.h - padding.h;
                        let x = xs.start * stride.w + kx * dilation.w - padding.w;
                        visit(row, oy, xs.clone(), (c * g.height + y) * g.width + x, stride.w);
                    }
                }
                row += 1;
            }
        }
    }
}

/// Writes the im2col matrix of one image.
///
/// `image`: (C, H, W); `columns`: (C·KH·KW, OH·OW), overwritten.
pub fn im2col(image: &[f32], g: &Geometry, columns: &mut [f32]) {
    if g.window.padding != Pair::square(0) {
        columns.fill(0.0);
    }
    for_each_run(g, |row, oy, xs, start, step| {
        let at = row * g.columns() + oy * g.out_width;
        let out = &mut columns[at + xs.start..at + xs.end];
        if step == 1 {
            out.copy_from_slice(&image[start..start + out.len()]);
        } else {
            for (o, &x) in out.iter_mut().zip(image[start..].iter().step_by(step)) {
                *o = x;
            }
        }
    });
}

/// Adds every value back to the cell that it came from: the adjoint of [`im2col`].
///
/// `columns`: (C·KH·KW, OH·OW); `image`: (C, H, W), added to.
pub fn col2im(columns: &[f32], g: &Geometry, image: &mut [f32]) {
    for_each_run(g, |row, oy, xs, start, step| {
        let at = row * g.columns() + oy * g.out_width;
        let source = &columns[at + xs.start..at + xs.end];
        if step == 1 {
            for (x, &s) in image[start..start + source.len()].iter_mut().zip(source) {
                *x += s;
            }
        } else {
            for (x, &s) in image[start..].iter_mut().step_by(step).zip(source) {
                *x += s;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geometries() -> Vec<Geometry> {
        let mut all = Vec::new();
        for (c, h, w) in [(1, 5, 5), (3, 7, 6), (2, 1, 9)] {
            for (kernel_size, stride, padding, dilation) in [
                ((3, 3), (1, 1), (0, 0), (1, 1)),
                ((3, 2), (2, 1), (1, 1), (1, 2)),
                ((1, 4), (3, 2), (0, 3), (1, 1)),
                ((5, 1), (1, 4), (2, 0), (1, 1)),
            ] {
                let pair = |(h, w)| Pair { h, w };
                let window = Window {
                    kernel_size: pair(kernel_size),
                    stride: pair(stride),
                    padding: pair(padding),
                    dilation: pair(dilation),
                };
                all.extend(Geometry::new(c, h, w, window));
            }
        }
        assert!(all.len() >= 8);
        all
    }

    fn ramp(n: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * 7919) % 23) as f32 - 11.0).collect()
    }

    #[test]
    fn col2im_is_the_adjoint_of_im2col() {
        for g in geometries() {
            let x = ramp(g.channels * g.height * g.width);
            let c = ramp(g.rows() * g.columns());
            let mut columns = vec![f32::NAN; c.len()];
            if g.window.padding == Pair::square(0) {
                columns.fill(0.0);
            }
            im2col(&x, &g, &mut columns);
            let mut back = vec![0.0; x.len()];
            col2im(&c, &g, &mut back);
            let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
            assert_eq!(dot(&columns, &c), dot(&x, &back), "{g:?}");
        }
    }

    #[test]
    fn a_stale_buffer_leaves_no_trace() {
        for g in geometries() {
            let x = ramp(g.channels * g.height * g.width);
            let mut fresh = vec![0.0; g.rows() * g.columns()];
            let mut stale = vec![9.0; fresh.len()];
            im2col(&x, &g, &mut fresh);
            im2col(&x, &g, &mut stale);
            assert_eq!(fresh, stale, "{g:?}");
        }
    }

    #[test]
    fn sizes_are_those_of_the_formula() {
        let window = |k: usize, s: usize, p: usize, d: usize| Window {
            kernel_size: k.into(),
            stride: s.into(),
            padding: p.into(),
            dilation: d.into(),
        };
        assert_eq!(window(3, 1, 1, 1).output(5, 5), Ok((5, 5)));
        assert_eq!(window(5, 1, 0, 1).output(28, 28), Ok((24, 24)));
        assert_eq!(window(3, 1, 0, 2).output(7, 7), Ok((3, 3)));
        assert!(
            window(6, 1, 0, 1).output(5, 5).unwrap_err().to_string().contains("larger than the padded input")
        );
        assert!(window(3, 0, 0, 1).output(5, 5).unwrap_err().to_string().contains("stride is 0"));
        assert!(window(usize::MAX, 1, 0, 1).output(5, 5).is_err());
        // As torch.nn.AvgPool2d(4, ceil_mode=True) on 3×3.
        assert_eq!(window(4, 4, 0, 1).output_in(3, 3, true), Ok((1, 1)));
        assert!(window(4, 4, 0, 1).output(3, 3).is_err());
        assert!(window(9, 2, 0, 1).output_in(1, 1, true).is_err());
    }
}
