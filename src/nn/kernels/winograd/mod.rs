//! Winograd's minimal filtering F(2×2, 3×3) for convolutions by 3×3 filters: 16 multiplications for four outputs instead of
//! 36. A. Lavin and S. Gray, “Fast Algorithms for Convolutional Neural Networks” (2016), arXiv:1509.09308.
//!
//! Windows of 4×4 cover the maps, two cells apart. Each window and each filter is transformed to 16 components; component
//! by component they are multiplied and summed over the channels, which is 16 matrix products; a transform of the sums
//! gives the window's 2×2 outputs. All factors of the transforms are 0, ±1 or ½, so rounding errors are about those of
//! the direct sums. The gradients are the adjoints of the same steps.

mod conv;
mod transforms;
mod weight_gradient;

pub(in crate::nn) use conv::WinogradConv;
pub(in crate::nn) use weight_gradient::WinogradWeightGradient;

use crate::nn::{
    im2col::{Geometry, Window},
    pair::Pair,
    simd::{MAX_TILE_COLUMNS, REGISTER_LEN, load, store},
    windows::Windows,
};
use pulp::Simd;
use std::ops::Range;

/// Components of a transformed window, and so matrix products.
const COMPONENTS: usize = 16;

/// The least value of 1 / (1/channels + 1/filters + 1/windows) that pays: the transforms cost about as much as one product
/// with each of the three.
const MIN_SIZE: f64 = 20.0;

/// The most values of transformed windows at a time, so that they stay in the L2 cache.
const L2_VALUES: usize = 3 << 16;

/// The windows of a convolution or its adjoint, and its output.
#[derive(Debug)]
pub(in crate::nn) struct Winograd {
    windows: Windows,
    /// Output maps.
    filters: usize,
    /// (height, width) of an output map.
    output: Pair,
}

/// One group of channels, and the number of groups that each image has.
#[derive(Clone, Copy, Debug)]
pub(in crate::nn) struct ChannelGroup {
    pub(in crate::nn) number: usize,
    pub(in crate::nn) of: usize,
}

impl ChannelGroup {
    /// The range of the group's maps of an image, which have `len` values.
    fn maps(self, image: usize, len: usize) -> Range<usize> {
        let start = (image * self.of + self.number) * len;
        start..start + len
    }
}

impl Winograd {
    /// The convolution by this many filters and its adjoint, if the algorithm applies and pays.
    pub(in crate::nn) fn pair(g: &Geometry, filters: usize) -> Option<(Self, Self)> {
        let Window { kernel_size, stride, dilation, .. } = g.window;
        let is_suited =
            kernel_size == Pair::square(3) && stride == Pair::square(1) && dilation == Pair::square(1);
        let (forward, backward) =
            is_suited.then(|| (Self::forward(g, filters), Self::backward(g, filters)))?;
        let shares =
            [g.channels, filters, forward.windows.interleaved(1).count()].map(|count| 1.0 / count as f64);
        (1.0 / shares.iter().sum::<f64>() >= MIN_SIZE).then_some((forward, backward))
    }

    fn forward(g: &Geometry, filters: usize) -> Self {
        let Pair { h, w } = g.window.padding;
        let (map, output) = (Pair { h: g.height, w: g.width }, Pair { h: g.out_height, w: g.out_width });
        Self::new(g.channels, filters, map, output, (h as isize, w as isize))
    }

    /// The adjoint: a convolution of the output gradients by filters rotated by 180°.
    fn backward(g: &Geometry, filters: usize) -> Self {
        let Pair { h, w } = g.window.padding;
        let (map, output) = (Pair { h: g.out_height, w: g.out_width }, Pair { h: g.height, w: g.width });
        Self::new(filters, g.channels, map, output, (2 - h as isize, 2 - w as isize))
    }

    fn new(channels: usize, filters: usize, map: Pair, output: Pair, first: (isize, isize)) -> Self {
        Self { windows: Windows::winograd_tiles(channels, map, first, output), filters, output }
    }

    /// The number of rows of windows, of one or several images, that are transformed at a time for sums over `maps`.
    fn rows_at_once(&self, maps: usize) -> usize {
        let windows = (L2_VALUES / (COMPONENTS * maps)).clamp(2 * MAX_TILE_COLUMNS, 8 * MAX_TILE_COLUMNS);
        (windows / self.windows.row_len()).max(1)
    }

    /// The distance between two rows of [`Winograd::transform`]'s result for this many rows of windows. It leaves space for
    /// what is written past the last window, and is an odd number of cache lines, so that rows map to different cache sets.
    fn pitch(&self, rows: usize) -> usize {
        (rows * self.windows.row_len()).next_multiple_of(2 * REGISTER_LEN) + REGISTER_LEN
    }

    /// The distance between two components, offset by a cache line for the same reason.
    fn component_len(&self, rows: usize) -> usize {
        self.windows.channels() * self.pitch(rows) + REGISTER_LEN
    }

    /// The lengths of `components` and `padded` in [`Winograd::transform`] for this many rows of windows.
    fn transform_lens(&self, rows: usize) -> (usize, usize) {
        (COMPONENTS * self.component_len(rows), self.windows.interleaved(1).padded_len())
    }

    /// Transforms the windows of `rows`, which are counted over all images, to `components`, (component, channel, window).
    /// `padded` holds zeros, or the maps of image `loaded`.
    #[inline(always)]
    fn transform<'x, S: Simd>(
        &self,
        simd: S,
        maps: impl Fn(usize) -> &'x [f32],
        rows: Range<usize>,
        (components, pitch): (&mut [f32], usize),
        (padded, loaded): (&mut [f32], &mut Option<usize>),
    ) {
        let (channels, row_len) = (self.windows.channels(), self.windows.row_len());
        let component_len = components.len() / COMPONENTS;
        for (image, of_image, first) in self.images(rows) {
            if loaded.replace(image) != Some(image) {
                self.windows.interleaved(1).pad(maps(image), padded);
            }
            for channel in 0..channels {
                let mut cells = [&[][..]; COMPONENTS];
                let offsets = self.windows.offsets(1);
                for i in 0..COMPONENTS {
                    cells[i] = &padded[self.windows.channel_offset(channel) + offsets[i]..];
                }
                for y in of_image.clone() {
                    for x in (0..row_len).step_by(S::F32_LANES) {
                        let mut window = [[simd.splat_f32s(0.0); 4]; 4];
                        for (i, cells) in cells.iter().enumerate() {
                            let at = y * self.windows.pitch() + x;
                            window[i / 4][i % 4] = load(simd, &cells[at..]);
                        }
                        let sums = transforms::both(
                            &window,
                            #[inline(always)]
                            |cells| transforms::window(simd, cells),
                        );
                        // A store may write past the end of its row of windows; the next row overwrites that.
                        let to = (first + y - of_image.start) * row_len + x;
                        for component in 0..COMPONENTS {
                            let to = &mut components[component * component_len + channel * pitch + to..];
                            store::<S>(sums[component / 4][component % 4], to);
                        }
                    }
                }
            }
        }
    }

    /// The images of these rows of windows: (image, rows of that image, number of `rows` before them).
    fn images(&self, rows: Range<usize>) -> impl Iterator<Item = (usize, Range<usize>, usize)> + use<> {
        let of_one = self.windows.rows();
        let images = rows.start / of_one..rows.end.div_ceil(of_one);
        images.map(move |image| {
            let start = rows.start.max(image * of_one);
            let end = rows.end.min((image + 1) * of_one);
            (image, start - image * of_one..end - image * of_one, start - rows.start)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        im2col::{col2im, im2col},
        kernels::tests::{values, widths},
    };

    /// (channels, filters, height, width, padding, images): odd and even sides, one and several rows of windows at a time,
    /// an incomplete last panel, more windows than a register holds.
    const CONVOLUTIONS: &[(usize, usize, usize, usize, usize, usize)] = &[
        (32, 128, 8, 9, 0, 2),
        (60, 50, 5, 5, 1, 3),
        (50, 61, 3, 40, 2, 2),
        (140, 33, 7, 3, 3, 1),
        (52, 52, 70, 4, 1, 1),
    ];

    #[test]
    fn convolutions_and_gradients_agree_with_im2col_for_every_register_width() {
        for &(channels, filters, height, width, padding, images) in CONVOLUTIONS {
            let (kernel_size, stride) = (Pair::square(3), Pair::square(1));
            let window = Window { kernel_size, stride, padding: Pair::square(padding), dilation: stride };
            let g = Geometry::new(channels, height, width, window).unwrap();
            let (forward, backward) = (Winograd::forward(&g, filters), Winograd::backward(&g, filters));
            let (rows, columns) = (g.rows(), g.columns());
            let (x_len, y_len) = (channels * height * width, filters * columns);
            // The second of two groups. The values are small integers, so that no sum is rounded.
            let group = ChannelGroup { number: 1, of: 2 };
            let x = values(2 * images * x_len, 7);
            let dy = values(2 * images * y_len, 11);
            let (weights, bias) = (values(filters * rows, 5), values(filters, 3));
            let filters_of = weights.as_chunks::<9>().0;
            let mut expected = vec![f32::NAN; 2 * images * y_len];
            let mut expected_dx = vec![f32::NAN; 2 * images * x_len];
            let mut expected_gradient = vec![1.0; rows * filters];
            for image in 0..images {
                let (x, dy) = (&x[group.maps(image, x_len)], &dy[group.maps(image, y_len)]);
                let mut matrix = vec![0.0; rows * columns];
                im2col(x, &g, &mut matrix);
                let y = &mut expected[group.maps(image, y_len)];
                let mut turned = vec![0.0; rows * columns];
                for (filter, (y, dy)) in y.chunks_exact_mut(columns).zip(dy.chunks_exact(columns)).enumerate()
                {
                    y.fill(bias[filter]);
                    for row in 0..rows {
                        let weight = weights[filter * rows + row];
                        for (column, (y, dy)) in y.iter_mut().zip(dy).enumerate() {
                            *y += weight * matrix[row * columns + column];
                            expected_gradient[row * filters + filter] += dy * matrix[row * columns + column];
                            turned[row * columns + column] += weight * dy;
                        }
                    }
                }
                let dx = &mut expected_dx[group.maps(image, x_len)];
                dx.fill(0.0);
                col2im(&turned, &g, dx);
            }
            let mut scratch =
                vec![
                    f32::NAN;
                    forward.conv_len().max(forward.weight_gradient_len()).max(backward.conv_len())
                ];
            for arch in widths() {
                let filter = |filter: usize, channel: usize| &filters_of[filter * channels + channel];
                let conv = WinogradConv {
                    winograd: &forward,
                    filter,
                    rotated: false,
                    bias: Some(&bias),
                    group,
                    maps: &x,
                };
                let mut y = vec![f32::NAN; expected.len()];
                arch.dispatch(conv::Task { conv, to: &mut y, scratch: &mut scratch });
                let filter = |channel: usize, filter: usize| &filters_of[filter * channels + channel];
                let conv =
                    WinogradConv { winograd: &backward, filter, rotated: true, bias: None, group, maps: &dy };
                let mut dx = vec![f32::NAN; expected_dx.len()];
                arch.dispatch(conv::Task { conv, to: &mut dx, scratch: &mut scratch });
                let op = WinogradWeightGradient { winograd: &forward, group, maps: &x, outputs: &dy };
                let mut gradient = vec![1.0; rows * filters];
                arch.dispatch(weight_gradient::Task { op, gradient: &mut gradient, scratch: &mut scratch });
                for (found, expected) in [(y, &expected), (dx, &expected_dx), (gradient, &expected_gradient)]
                {
                    let same = |(a, b): (&f32, &f32)| a == b || a.is_nan() && b.is_nan();
                    let at = found.iter().zip(expected).position(|pair| !same(pair));
                    assert_eq!(at, None, "{channels} channels of {height}×{width}, {arch:?}");
                }
            }
        }
    }

    #[test]
    fn it_is_used_for_three_by_three_filters_over_many_channels() {
        let pays = |channels, filters, side, kernel: usize, stride: usize| {
            let (padding, dilation) = (Pair::square(0), Pair::square(1));
            let window = Window { kernel_size: kernel.into(), stride: stride.into(), padding, dilation };
            let g = Geometry::new(channels, side, side, window).unwrap();
            Winograd::pair(&g, filters).is_some()
        };
        assert!(pays(64, 64, 30, 3, 1));
        for (channels, filters, side, kernel, stride) in
            [(64, 64, 30, 5, 1), (64, 64, 60, 3, 2), (8, 64, 30, 3, 1), (64, 8, 30, 3, 1), (64, 64, 8, 3, 1)]
        {
            assert!(
                !pays(channels, filters, side, kernel, stride),
                "{channels} {filters} {side} {kernel} {stride}"
            );
        }
    }
}
