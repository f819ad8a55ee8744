//! The product of a matrix and a transposed one: dot products of rows.

use super::rows::RowsMut;
use pulp::{Arch, Simd, WithSimd};

/// The part of the rows that is multiplied before the next rows are, so that it stays in the cache.
const DEPTH: usize = 1024;

/// The product A·Bᵀ, summed over several pairs of matrices. Rows are read where they are.
pub(in crate::nn) struct GemmNt<A, B> {
    /// Rows of A and of B: the result's rows and columns.
    pub(in crate::nn) rows: (usize, usize),
    /// Pairs of matrices.
    pub(in crate::nn) pairs: usize,
    /// `a(pair, row)`: a row of A. All rows of both matrices have the same length.
    pub(in crate::nn) a: A,
    /// `b(pair, row)`: a row of B.
    pub(in crate::nn) b: B,
}

impl<'a, A: Fn(usize, usize) -> &'a [f32], B: Fn(usize, usize) -> &'a [f32]> GemmNt<A, B> {
    /// Adds the product to C.
    pub(in crate::nn) fn add_to(self, c: &mut (impl RowsMut + ?Sized)) {
        let (rows, columns) = self.rows;
        if rows * columns * self.pairs > 0 {
            Arch::new().dispatch(Task { gemm_nt: self, c });
        }
    }
}

pub(super) struct Task<'c, A, B, C: ?Sized> {
    pub(super) gemm_nt: GemmNt<A, B>,
    pub(super) c: &'c mut C,
}

impl<'a, A: Fn(usize, usize) -> &'a [f32], B: Fn(usize, usize) -> &'a [f32], C: RowsMut + ?Sized> WithSimd
    for Task<'_, A, B, C>
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        if S::REGISTER_COUNT < 32 {
            self.tiles::<S, 2, 4>(simd);
        } else if self.gemm_nt.rows.0 == 1 {
            self.tiles::<S, 1, 8>(simd);
        } else {
            self.tiles::<S, 4, 6>(simd);
        }
    }
}

impl<'a, A: Fn(usize, usize) -> &'a [f32], B: Fn(usize, usize) -> &'a [f32], C: RowsMut + ?Sized>
    Task<'_, A, B, C>
{
    /// Computes the product in tiles of `R` rows and `Q` columns.
    #[inline(always)]
    fn tiles<S: Simd, const R: usize, const Q: usize>(&mut self, simd: S) {
        let GemmNt { rows: (rows, columns), pairs, ref a, ref b } = self.gemm_nt;
        let len = a(0, 0).len();
        for from in (0..len).step_by(DEPTH) {
            let stretch = from..len.min(from + DEPTH);
            for column in (0..columns).step_by(Q) {
                for row in (0..rows).step_by(R) {
                    let mut sums = [[simd.splat_f32s(0.0); Q]; R];
                    for pair in 0..pairs {
                        // A tile past the last row repeats that row; its sums are dropped.
                        let mut x: [&[f32]; R] = [&[]; R];
                        for (i, x) in x.iter_mut().enumerate() {
                            *x = &a(pair, (row + i).min(rows - 1))[stretch.clone()];
                        }
                        let mut y: [&[f32]; Q] = [&[]; Q];
                        for (j, y) in y.iter_mut().enumerate() {
                            *y = &b(pair, (column + j).min(columns - 1))[stretch.clone()];
                        }
                        add_dot_products::<S, R, Q>(simd, x, y, &mut sums);
                    }
                    for (i, sums) in sums.iter().enumerate().take(rows - row) {
                        let c = &mut self.c.row(row + i)[column..column + Q.min(columns - column)];
                        for j in 0..c.len().min(Q) {
                            c[j] += simd.reduce_sum_f32s(sums[j]);
                        }
                    }
                }
            }
        }
    }
}

/// Adds the dot products of `R` and `Q` slices of one length.
#[inline(always)]
fn add_dot_products<S: Simd, const R: usize, const Q: usize>(
    simd: S,
    x: [&[f32]; R],
    y: [&[f32]; Q],
    sums: &mut [[S::f32s; Q]; R],
) {
    let whole = x[0].len() / S::F32_LANES;
    let mut x_whole: [&[S::f32s]; R] = [&[]; R];
    for i in 0..R {
        x_whole[i] = &S::as_simd_f32s(x[i]).0[..whole];
    }
    let mut y_whole: [&[S::f32s]; Q] = [&[]; Q];
    for j in 0..Q {
        y_whole[j] = &S::as_simd_f32s(y[j]).0[..whole];
    }
    let mut local = *sums;
    for at in 0..whole {
        for i in 0..R {
            let x = x_whole[i][at];
            for j in 0..Q {
                local[i][j] = simd.mul_add_e_f32s(x, y_whole[j][at], local[i][j]);
            }
        }
    }
    let rest = x[0].len() - whole * S::F32_LANES;
    if rest > 0 {
        for i in 0..R {
            let x = last::<S>(simd, x[i], rest);
            for j in 0..Q {
                local[i][j] = simd.mul_add_e_f32s(x, last::<S>(simd, y[j], rest), local[i][j]);
            }
        }
    }
    *sums = local;
}

/// The last `rest` values of a slice, which do not fill a register, and zeros.
#[inline(always)]
fn last<S: Simd>(simd: S, values: &[f32], rest: usize) -> S::f32s {
    let Some(start) = values.len().checked_sub(S::F32_LANES) else { return simd.partial_load_f32s(values) };
    // Loads the slice's last full register and zeroes the values before the rest.
    let (Some(&end), Some(&numbers)) =
        (S::as_simd_f32s(&values[start..]).0.first(), S::as_simd_f32s(&NUMBERS).0.first())
    else {
        return simd.splat_f32s(0.0);
    };
    let taken = simd.less_than_f32s(numbers, simd.splat_f32s((S::F32_LANES - rest) as f32));
    simd.select_f32s(taken, simd.splat_f32s(0.0), end)
}

/// The indices of a register's values.
const NUMBERS: [f32; 16] =
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0];
