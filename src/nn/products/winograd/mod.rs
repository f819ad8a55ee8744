//! Convolutions by 3×3 filters in 16 multiplications where the sums written out have 36: Winograd's minimal filtering
//! F(2×2, 3×3), by A. Lavin and S. Gray, “Fast Algorithms for Convolutional Neural Networks” (2016), arXiv:1509.09308.
//!
//! Windows of 4×4 that stand two cells apart cover the maps. Sums and differences of a window's cells are multiplied with
//! such of a filter's weights, place by place of the 16, and added up over the channels, which is 16 products of
//! matrices; sums and differences of those are the 2×2 outputs of the window. All factors are 0, ±1 or ½, so what is
//! rounded is of the size of what the sums written out round. The gradients are the adjoints of the same steps.

mod convolve;
mod gradient;
mod transforms;

pub(in crate::nn) use convolve::Convolve;
pub(in crate::nn) use gradient::Gradient;

use super::{
    COLUMNS, LANE,
    tile::{read, write},
};
use crate::nn::{
    im2col::{Geometry, Window},
    pair::Pair,
    windows::Windows,
};
use pulp::Simd;
use std::ops::Range;

/// Places of a window, and so products of matrices.
const PLACES: usize = 16;

/// What pays: a third of the harmonic mean of channels, filters and windows, since the transforms of each cost as much as
/// one product with it.
const WORTH_IT: f64 = 20.0;

/// Values of the windows that are taken together, so that they stay in the second cache.
const CACHED: usize = 3 << 16;

/// The windows of 4×4 over maps, two cells apart, and what is made of them.
#[derive(Debug)]
pub(in crate::nn) struct Winograd {
    windows: Windows,
    /// Maps of the output, and their (height, width).
    filters: usize,
    output: Pair,
}

/// The maps of one group of channels, among those of so many groups of each image.
#[derive(Clone, Copy, Debug)]
pub(in crate::nn) struct Group {
    pub(in crate::nn) number: usize,
    pub(in crate::nn) of: usize,
}

impl Group {
    /// Where the group's maps of an image are, which take `len` values.
    fn maps(self, image: usize, len: usize) -> Range<usize> {
        let start = (image * self.of + self.number) * len;
        start..start + len
    }
}

impl Winograd {
    /// The convolution by so many filters, and its adjoint, if this is a way to compute them, and one that pays.
    pub(in crate::nn) fn there_and_back(g: &Geometry, filters: usize) -> Option<(Self, Self)> {
        let Window { kernel_size, stride, dilation, .. } = g.window;
        let is_suited =
            kernel_size == Pair::square(3) && stride == Pair::square(1) && dilation == Pair::square(1);
        let (there, back) = is_suited.then(|| (Self::there(g, filters), Self::back(g, filters)))?;
        let shares = [g.channels, filters, there.windows.over(1).count()].map(|count| 1.0 / count as f64);
        (1.0 / shares.iter().sum::<f64>() >= WORTH_IT).then_some((there, back))
    }

    fn there(g: &Geometry, filters: usize) -> Self {
        let Pair { h, w } = g.window.padding;
        let (map, output) = (Pair { h: g.height, w: g.width }, Pair { h: g.out_height, w: g.out_width });
        Self::new(g.channels, filters, map, output, (h as isize, w as isize))
    }

    /// Of the outputs' gradients, by filters turned by half a circle.
    fn back(g: &Geometry, filters: usize) -> Self {
        let Pair { h, w } = g.window.padding;
        let (map, output) = (Pair { h: g.out_height, w: g.out_width }, Pair { h: g.height, w: g.width });
        Self::new(filters, g.channels, map, output, (2 - h as isize, 2 - w as isize))
    }

    fn new(channels: usize, filters: usize, map: Pair, output: Pair, first: (isize, isize)) -> Self {
        Self { windows: Windows::in_twos(channels, map, first, output), filters, output }
    }

    /// Rows of windows, of as many images as it takes, that are taken together in sums over so many maps.
    fn together(&self, maps: usize) -> usize {
        let windows = (CACHED / (PLACES * maps)).clamp(2 * COLUMNS, 8 * COLUMNS);
        (windows / self.windows.in_a_row()).max(1)
    }

    /// From one row of [`Winograd::transform`]'s result to the next, for so many rows of windows: what is written behind
    /// the last window too, and an odd number of cache lines, so that rows do not displace each other.
    fn pitch(&self, rows: usize) -> usize {
        (rows * self.windows.in_a_row()).next_multiple_of(2 * LANE) + LANE
    }

    /// From one place to the next of the same, displaced by a cache line for the same reason.
    fn place_len(&self, rows: usize) -> usize {
        self.windows.channels() * self.pitch(rows) + LANE
    }

    /// The values of `places` and `placed` in [`Winograd::transform`], for so many rows of windows.
    fn transform_lens(&self, rows: usize) -> (usize, usize) {
        (PLACES * self.place_len(rows), self.windows.over(1).room_len())
    }

    /// Writes the sums and differences of the windows of `rows`, counted over all images, to `places` (place, channel,
    /// window). `placed` holds zeros, or the maps of image `present`.
    #[inline(always)]
    fn transform<'x, S: Simd>(
        &self,
        simd: S,
        maps: impl Fn(usize) -> &'x [f32],
        rows: Range<usize>,
        (places, pitch): (&mut [f32], usize),
        (placed, present): (&mut [f32], &mut Option<usize>),
    ) {
        let (channels, in_a_row) = (self.windows.channels(), self.windows.in_a_row());
        let place_len = places.len() / PLACES;
        for (image, of_image, first) in self.images(rows) {
            if present.replace(image) != Some(image) {
                self.windows.over(1).place(maps(image), placed);
            }
            for channel in 0..channels {
                let mut cells = [&[][..]; PLACES];
                for (cells, &at) in cells.iter_mut().zip(self.windows.elements_of(1)) {
                    *cells = &placed[self.windows.channel(channel) + at..];
                }
                for y in of_image.clone() {
                    for x in (0..in_a_row).step_by(S::F32_LANES) {
                        let mut window = [[simd.splat_f32s(0.0); 4]; 4];
                        for (i, cells) in cells.iter().enumerate() {
                            let at = y * self.windows.pitch() + x;
                            window[i / 4][i % 4] = read(simd, &cells[at..]);
                        }
                        let sums = transforms::both(
                            &window,
                            #[inline(always)]
                            |cells| transforms::window(simd, cells),
                        );
                        // What is written behind a row of windows, the next one corrects.
                        let to = (first + y - of_image.start) * in_a_row + x;
                        for place in 0..PLACES {
                            let to = &mut places[place * place_len + channel * pitch + to..];
                            write::<S>(sums[place / 4][place % 4], to);
                        }
                    }
                }
            }
        }
    }

    /// The images of these rows of windows: number, rows of its own, and how many of `rows` come before.
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
        products::tests::{values, widths},
    };

    /// (channels, filters, height, width, padding, images): odd and even sides, several rows of windows together and
    /// not, few filters at the end of a panel, one register's width exceeded.
    const CONVOLUTIONS: &[(usize, usize, usize, usize, usize, usize)] = &[
        (32, 128, 8, 9, 0, 2),
        (60, 50, 5, 5, 1, 3),
        (50, 61, 3, 40, 2, 2),
        (140, 33, 7, 3, 3, 1),
        (52, 52, 70, 4, 1, 1),
    ];

    #[test]
    fn convolutions_and_their_gradients_are_products_with_im2col_in_registers_of_every_width() {
        for &(channels, filters, height, width, padding, images) in CONVOLUTIONS {
            let (kernel_size, stride) = (Pair::square(3), Pair::square(1));
            let window = Window { kernel_size, stride, padding: Pair::square(padding), dilation: stride };
            let g = Geometry::new(channels, height, width, window).unwrap();
            let (forward, backward) = (Winograd::there(&g, filters), Winograd::back(&g, filters));
            let (rows, columns) = (g.rows(), g.columns());
            let (x_len, y_len) = (channels * height * width, filters * columns);
            // The second of two groups; the values are small, so that no sum is rounded.
            let group = Group { number: 1, of: 2 };
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
                    forward.convolve_len().max(forward.gradient_len()).max(backward.convolve_len())
                ];
            for arch in widths() {
                let filter = |filter: usize, channel: usize| &filters_of[filter * channels + channel];
                let convolve = Convolve {
                    winograd: &forward,
                    filter,
                    turned: false,
                    bias: Some(&bias),
                    group,
                    maps: &x,
                };
                let mut y = vec![f32::NAN; expected.len()];
                arch.dispatch(convolve::Task { convolve, to: &mut y, scratch: &mut scratch });
                let filter = |channel: usize, filter: usize| &filters_of[filter * channels + channel];
                let convolve =
                    Convolve { winograd: &backward, filter, turned: true, bias: None, group, maps: &dy };
                let mut dx = vec![f32::NAN; expected_dx.len()];
                arch.dispatch(convolve::Task { convolve, to: &mut dx, scratch: &mut scratch });
                let parts = Gradient { winograd: &forward, group, maps: &x, outputs: &dy };
                let mut gradient = vec![1.0; rows * filters];
                arch.dispatch(gradient::Task { parts, gradient: &mut gradient, scratch: &mut scratch });
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
    fn it_is_for_three_by_three_of_many_channels() {
        let pays = |channels, filters, side, kernel: usize, stride: usize| {
            let (padding, dilation) = (Pair::square(0), Pair::square(1));
            let window = Window { kernel_size: kernel.into(), stride: stride.into(), padding, dilation };
            let g = Geometry::new(channels, side, side, window).unwrap();
            Winograd::there_and_back(&g, filters).is_some()
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
