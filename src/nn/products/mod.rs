//! The matrix products that all layers are made of, in registers as wide as the machine's.
//!
//! Each computes a small [`tile`] of the result at a time and keeps it in registers. [`Outer`] goes along the columns of its
//! right matrix, of which it brings one block after the other into the innermost cache; [`Dots`] goes along two matrices'
//! rows; [`Slide`] and [`Correlate`] are the two of a convolution, whose windows they read where the maps stand. No sum
//! depends on the number of threads, and none of this allocates.

mod correlate;
mod dots;
mod outer;
mod packed;
mod slide;
mod tile;
mod turned;
mod winograd;

pub(super) use correlate::Correlate;
pub(super) use dots::Dots;
pub(super) use outer::{BLOCK_LEN, Outer, Start};
pub(super) use packed::Packed;
pub(super) use slide::Slide;
pub(super) use tile::{read, write};
pub(super) use winograd::{Convolve, Gradient, Group, Winograd};

/// Rows of a tile.
const ROWS: usize = 8;

/// The most registers in a row of a tile: with [`ROWS`] rows, their sums fill most of 32.
const WIDEST: usize = 3;

/// Values in the widest register of any machine.
pub(super) const LANE: usize = 16;

/// The most columns of a tile.
const COLUMNS: usize = WIDEST * LANE;

/// How far past its end a matrix that is read in tiles must be readable.
pub(super) const SLACK: usize = COLUMNS;

/// Panels of [`ROWS`] rows whose sums wait in the innermost cache while the values that they share are in it too.
const PANELS: usize = 8;

/// Steps of a sum, each of [`COLUMNS`] values, that stay in the innermost cache with those sums.
const STEPS: usize = 128;

/// Copies `len` values of at most [`LANE`], or all [`LANE`] where there is room, which is one instruction.
#[inline(always)]
fn copy(from: &[f32], to: &mut [f32], len: usize) {
    match (from.first_chunk::<LANE>(), to.first_chunk_mut::<LANE>()) {
        (Some(from), Some(to)) => *to = *from,
        _ => to[..len].copy_from_slice(&from[..len]),
    }
}

/// Where a product is written, row by row.
pub(super) trait RowsMut {
    fn row(&mut self, number: usize) -> &mut [f32];
}

impl RowsMut for [&mut [f32]] {
    fn row(&mut self, number: usize) -> &mut [f32] {
        self[number]
    }
}

/// The rows of a matrix that stand one behind the other, of so many columns.
pub(super) struct Matrix<'a>(pub(super) &'a mut [f32], pub(super) usize);

impl RowsMut for Matrix<'_> {
    fn row(&mut self, number: usize) -> &mut [f32] {
        &mut self.0[number * self.1..][..self.1]
    }
}

/// The most rows that are at hand as slices at a time.
pub(super) const ROWS_AT_HAND: usize = 128;

/// The first rows of a matrix of so many columns, and how many there are: at most [`ROWS_AT_HAND`].
pub(super) fn rows_mut(matrix: &mut [f32], columns: usize) -> ([&mut [f32]; ROWS_AT_HAND], usize) {
    let (mut rows, mut count) = (std::array::from_fn(|_| <&mut [f32]>::default()), 0);
    for (slot, row) in rows.iter_mut().zip(matrix.chunks_exact_mut(columns)) {
        *slot = row;
        count += 1;
    }
    (rows, count)
}

/// The sum of all values, in sixteen sums side by side.
pub(super) fn sum(values: &[f32]) -> f32 {
    let mut sums = [0.0; 16];
    let whole = values.chunks_exact(16);
    let rest: f32 = whole.remainder().iter().sum();
    for values in whole {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += value;
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        im2col::{Geometry, Window, im2col},
        pair::Pair,
        windows::Windows,
    };
    use pulp::Arch;

    /// No wide registers, those of most machines, and the widest of this one.
    pub(super) fn widths() -> Vec<Arch> {
        let mut all = vec![Arch::Scalar, Arch::new()];
        #[cfg(target_arch = "x86_64")]
        all.extend(pulp::x86::V3::try_new().map(Arch::V3));
        all
    }

    pub(super) fn values(len: usize, factor: usize) -> Vec<f32> {
        (0..len).map(|i| (i * factor % 13) as f32 - 6.0).collect()
    }

    /// (rows, depth, columns) around every size of tile and block.
    const SIZES: &[(usize, usize, usize)] = &[
        (1, 1, 1),
        (3, 5, 7),
        (8, 16, 16),
        (9, 17, 33),
        (16, 200, 48),
        (5, 193, 100),
        (30, 25, 49),
        (2, 1100, 9),
    ];

    #[test]
    fn products_are_three_loops_in_registers_of_every_width() {
        for &(rows, depth, columns) in SIZES {
            let (a, b) = (values(rows * depth, 7), values(depth * columns, 5));
            let turned: Vec<f32> = (0..depth * columns).map(|i| b[i % depth * columns + i / depth]).collect();
            let product = |i: usize| -> f32 {
                (0..depth).map(|p| a[i / columns * depth + p] * b[p * columns + i % columns]).sum()
            };
            let product: Vec<f32> = (0..rows * columns).map(product).collect();
            for arch in widths() {
                for start in [Start::Zero, Start::Old] {
                    let mut memory = vec![0.0; Packed::len(rows, depth)];
                    let a = Packed::new(rows, depth, &mut memory, &(0..depth).map(|p| &a[p..]), depth);
                    let b = |row: usize| &b[row * columns..][..columns];
                    let (mut c, mut block) = (vec![1.0; rows * columns], vec![f32::NAN; BLOCK_LEN]);
                    let outer = Outer { a, b, columns: 0..columns, start };
                    let result = &mut Matrix(&mut c, columns);
                    arch.dispatch(outer::Task { outer, c: result, block: &mut block });
                    for (&c, &product) in c.iter().zip(&product) {
                        let added = match start {
                            Start::Zero => 0.0,
                            Start::Old => 1.0,
                        };
                        assert_eq!(c, product + added, "{rows}×{depth}×{columns}, {arch:?}, {start:?}");
                    }
                }
                let mut c = vec![1.0; rows * columns];
                let dots = Dots {
                    rows: (rows, columns),
                    pairs: 2,
                    a: |_, row| &a[row * depth..][..depth],
                    b: |_, column| &turned[column * depth..][..depth],
                };
                arch.dispatch(dots::Task { dots, c: &mut Matrix(&mut c, columns) });
                for (c, product) in c.iter().zip(&product) {
                    assert_eq!(*c, 1.0 + 2.0 * product, "{rows}×{depth}×{columns}, {arch:?}");
                }
            }
        }
    }

    /// Small and large ones, with every setting, and with more filters than tiles that wait together.
    const CONVOLUTIONS: &[(usize, usize, usize, usize, usize)] =
        &[(1, 1, 1, 0, 1), (3, 19, 2, 1, 1), (2, 70, 1, 2, 2), (40, 9, 1, 1, 1), (5, 50, 3, 0, 1)];

    #[test]
    fn convolutions_and_their_gradients_are_products_with_im2col_in_registers_of_every_width() {
        for &(channels, filters, stride, padding, dilation) in CONVOLUTIONS {
            let window = Window {
                kernel_size: Pair { h: 3, w: 2 },
                stride: Pair { h: stride, w: 1 },
                padding: Pair { h: padding, w: padding },
                dilation: Pair { h: dilation, w: 1 },
            };
            let g = Geometry::new(channels, 9, 21, window).unwrap();
            let (rows, columns) = (g.rows(), g.columns());
            let maps = values(channels * 9 * 21, 7);
            let (weights, bias, dy) =
                (values(filters * rows, 5), values(filters, 3), values(filters * columns, 11));
            let mut matrix = vec![0.0; rows * columns];
            im2col(&maps, &g, &mut matrix);
            let windows = Windows::forward(&g);
            let windows = windows.over(1);
            let mut placed = vec![0.0; windows.room_len()];
            windows.place(&maps, &mut placed);
            for arch in widths() {
                let mut memory = vec![f32::NAN; Packed::len(filters, rows)];
                let packed = Packed::new(filters, rows, &mut memory, &(0..rows).map(|p| &weights[p..]), rows);
                let slide = Slide { filters: packed, windows, placed: &placed, bias: Some(&bias) };
                let mut y = vec![f32::NAN; filters * columns];
                arch.dispatch(slide::Task { slide, maps: &mut y });
                for (i, &y) in y.iter().enumerate() {
                    let (filter, column) = (i / columns, i % columns);
                    let sum: f32 =
                        (0..rows).map(|p| weights[filter * rows + p] * matrix[p * columns + column]).sum();
                    assert_eq!(y, bias[filter] + sum, "{channels} channels, filter {filter}, {arch:?}");
                }
                let mut turned = vec![f32::NAN; Correlate::turned_len(filters)];
                let correlate = Correlate { windows, placed: &placed, filters, outputs: &dy };
                let mut gradient = vec![1.0; rows * filters];
                arch.dispatch(correlate::Task { correlate, gradient: &mut gradient, turned: &mut turned });
                for (i, &gradient) in gradient.iter().enumerate() {
                    let (element, filter) = (i / filters, i % filters);
                    let sum: f32 =
                        (0..columns).map(|p| matrix[element * columns + p] * dy[filter * columns + p]).sum();
                    assert_eq!(gradient, 1.0 + sum, "{channels} channels, element {element}, {arch:?}");
                }
            }
        }
    }

    #[test]
    fn a_sum_is_of_all_values() {
        for len in [0, 1, 15, 16, 17, 100] {
            assert_eq!(sum(&values(len, 7)), values(len, 7).iter().sum::<f32>());
        }
    }
}
