//! The two matrix products that all layers are made of, in registers as wide as the machine's.
//!
//! Both compute a small tile of the result at a time and keep it in registers. [`Outer`] goes along the columns of its
//! right matrix, of which it brings one block after the other into the innermost cache; [`Dots`] goes along two matrices'
//! rows, and copies nothing. No sum depends on the number of threads, and none of this allocates.

use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// Rows of a tile of [`Outer`].
const ROWS: usize = 8;

/// The depth of a block that stays in the innermost cache: with the 48 columns of the widest tile, 36 KB.
const DEPTH: usize = 192;

/// The most columns of a tile: three of the widest registers.
pub(super) const COLUMNS: usize = 48;

/// How far past their end [`Right::fill`] may write, and [`copy`] does.
pub(super) const SLACK: usize = 16;

/// The scratch memory of [`Outer`], in values.
pub(super) const BLOCK_LEN: usize = DEPTH * COLUMNS + SLACK;

/// The values that two rows of [`Dots`] are multiplied over before the next rows' turn, so that they stay in the cache.
const STRETCH: usize = 1024;

/// The left matrix of [`Outer`]: eight rows side by side, so that it is read in one stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed<'a> {
    values: &'a [f32],
    rows: usize,
    depth: usize,
}

impl<'a> Packed<'a> {
    /// The memory that (rows, depth) takes.
    pub(super) const fn len(rows: usize, depth: usize) -> usize {
        rows.next_multiple_of(ROWS) * depth
    }

    /// Copies the matrix whose element at (row, depth) is `at(row, depth)`.
    pub(super) fn new(
        rows: usize,
        depth: usize,
        memory: &'a mut [f32],
        at: impl Fn(usize, usize) -> f32,
    ) -> Self {
        let values = &mut memory[..Self::len(rows, depth)];
        for (panel, values) in values.chunks_exact_mut(ROWS * depth.max(1)).enumerate() {
            for (p, values) in values.chunks_exact_mut(ROWS).enumerate() {
                for (i, value) in values.iter_mut().enumerate() {
                    let row = panel * ROWS + i;
                    *value = if row < rows { at(row, p) } else { 0.0 };
                }
            }
        }
        Self { values, rows, depth }
    }
}

/// The right matrix of [`Outer`], which need not stand anywhere as a whole.
pub(super) trait Right {
    /// Writes the block of these rows and columns to `block`, `width` ≥ columns values a row, from the first row to the
    /// last. What is behind a row's columns may be anything: a row may be written in pieces of [`SLACK`] values that
    /// reach beyond it.
    fn fill(&self, rows: Range<usize>, columns: Range<usize>, width: usize, block: &mut [f32]);
}

/// A right matrix of rows that are slices.
pub(super) struct Rows<F>(pub(super) F);

impl<'a, F: Fn(usize) -> &'a [f32]> Right for Rows<F> {
    #[inline(always)]
    fn fill(&self, rows: Range<usize>, columns: Range<usize>, width: usize, block: &mut [f32]) {
        for (i, row) in rows.enumerate() {
            let (from, to) = (&self.0(row)[columns.clone()], &mut block[i * width..]);
            for at in (0..from.len()).step_by(SLACK) {
                copy(&from[at..], &mut to[at..], SLACK.min(from.len() - at));
            }
        }
    }
}

/// Copies `len` values of at most [`SLACK`], or all [`SLACK`] where there is room, which is one instruction.
#[inline(always)]
pub(super) fn copy(from: &[f32], to: &mut [f32], len: usize) {
    match (from.first_chunk::<SLACK>(), to.first_chunk_mut::<SLACK>()) {
        (Some(from), Some(to)) => *to = *from,
        _ => to[..len].copy_from_slice(&from[..len]),
    }
}

/// What [`Outer`] adds its product to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start<'a> {
    /// The result's values as they are.
    Old,
    /// Zeros.
    Zero,
    /// One value a row.
    Bias(&'a [f32]),
}

/// The product of a matrix and one that is read block by block.
pub(super) struct Outer<'a, B> {
    pub(super) a: Packed<'a>,
    pub(super) b: B,
    /// Columns of `b`, and of the result.
    pub(super) columns: usize,
    pub(super) start: Start<'a>,
}

impl<B: Right> Outer<'_, B> {
    /// Writes the result (rows of `a`, columns of `b`) to `c`; `block` has [`BLOCK_LEN`] values.
    pub(super) fn write(self, c: &mut [f32], block: &mut [f32]) {
        let (rows, columns) = (self.a.rows, self.columns);
        if columns > 0 {
            Arch::new().dispatch(OuterTask { outer: self, c: &mut c[..rows * columns], block });
        }
    }
}

struct OuterTask<'a, 'c, B> {
    outer: Outer<'a, B>,
    c: &'c mut [f32],
    block: &'c mut [f32],
}

impl<B: Right> WithSimd for OuterTask<'_, '_, B> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { outer: Outer { a, b, columns, start }, c, block } = self;
        // A tile's sums, a row of `b` and a factor are to fit into the registers.
        let widest = if S::REGISTER_COUNT >= 32 { 3 } else { 1 } * S::F32_LANES;
        for from in (0..columns).step_by(widest) {
            let to = columns.min(from + widest);
            let vectors = (to - from).div_ceil(S::F32_LANES);
            for p in (0..a.depth).step_by(DEPTH) {
                let depth = DEPTH.min(a.depth - p);
                b.fill(p..p + depth, from..to, vectors * S::F32_LANES, block);
                let start = if p == 0 { start } else { Start::Old };
                let b = &block[..depth * vectors * S::F32_LANES];
                for row in (0..a.rows).step_by(ROWS) {
                    let a_block = &a.values[row * a.depth + p * ROWS..][..depth * ROWS];
                    let place =
                        Place { rows: row..a.rows.min(row + ROWS), columns: from..to, width: columns };
                    match vectors {
                        1 => outer_tile::<S, 1>(simd, a_block, b, start, c, place),
                        2 => outer_tile::<S, 2>(simd, a_block, b, start, c, place),
                        _ => outer_tile::<S, 3>(simd, a_block, b, start, c, place),
                    }
                }
            }
        }
    }
}

/// Where a tile stands in a result of `width` columns.
struct Place {
    rows: Range<usize>,
    columns: Range<usize>,
    width: usize,
}

/// The tile of [`ROWS`] rows and `N` registers.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "registers are numbered")]
fn outer_tile<S: Simd, const N: usize>(
    simd: S,
    a: &[f32],
    b: &[f32],
    start: Start<'_>,
    c: &mut [f32],
    place: Place,
) {
    let mut sums = [[simd.splat_f32s(0.0); N]; ROWS];
    let (b, _) = S::as_simd_f32s(b);
    for (a, b) in a.chunks_exact(ROWS).zip(b.chunks_exact(N)) {
        for i in 0..ROWS {
            let a = simd.splat_f32s(a[i]);
            for v in 0..N {
                sums[i][v] = simd.mul_add_e_f32s(a, b[v], sums[i][v]);
            }
        }
    }
    let Place { rows, columns, width } = place;
    for i in 0..ROWS {
        let row = rows.start + i;
        if row >= rows.end {
            break;
        }
        let c = &mut c[row * width + columns.start..row * width + columns.end];
        let (whole, rest) = S::as_mut_simd_f32s(c);
        let fresh = match start {
            Start::Bias(bias) => bias[row],
            Start::Zero | Start::Old => 0.0,
        };
        for v in 0..N {
            let fresh = simd.splat_f32s(fresh);
            if let Some(c) = whole.get_mut(v) {
                let old = if matches!(start, Start::Old) { *c } else { fresh };
                *c = simd.add_f32s(old, sums[i][v]);
            } else {
                let old = if matches!(start, Start::Old) { simd.partial_load_f32s(rest) } else { fresh };
                simd.partial_store_f32s(rest, simd.add_f32s(old, sums[i][v]));
            }
        }
    }
}

/// The products of all rows of one matrix with all rows of another, added up over several such pairs of matrices.
pub(super) struct Dots<A, B> {
    /// Rows of the one, which are the result's rows, and of the other, its columns.
    pub(super) rows: (usize, usize),
    /// Pairs of matrices.
    pub(super) pairs: usize,
    /// `a(pair, row)`; all rows of both have the same length.
    pub(super) a: A,
    /// `b(pair, row)`.
    pub(super) b: B,
}

impl<'a, A: Fn(usize, usize) -> &'a [f32], B: Fn(usize, usize) -> &'a [f32]> Dots<A, B> {
    /// Adds the result to `c`.
    pub(super) fn add_to(self, c: &mut [f32]) {
        let (rows, columns) = self.rows;
        if rows * columns * self.pairs > 0 {
            Arch::new().dispatch(DotsTask { dots: self, c: &mut c[..rows * columns] });
        }
    }
}

struct DotsTask<'c, A, B> {
    dots: Dots<A, B>,
    c: &'c mut [f32],
}

impl<'a, A: Fn(usize, usize) -> &'a [f32], B: Fn(usize, usize) -> &'a [f32]> WithSimd for DotsTask<'_, A, B> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        if S::REGISTER_COUNT < 32 {
            self.tiles::<S, 2, 4>(simd);
        } else if self.dots.rows.0 == 1 {
            self.tiles::<S, 1, 8>(simd);
        } else {
            self.tiles::<S, 4, 6>(simd);
        }
    }
}

impl<'a, A: Fn(usize, usize) -> &'a [f32], B: Fn(usize, usize) -> &'a [f32]> DotsTask<'_, A, B> {
    /// In tiles of `R` rows and `Q` columns.
    #[inline(always)]
    fn tiles<S: Simd, const R: usize, const Q: usize>(&mut self, simd: S) {
        let Dots { rows: (rows, columns), pairs, ref a, ref b } = self.dots;
        let len = a(0, 0).len();
        for from in (0..len).step_by(STRETCH) {
            let stretch = from..len.min(from + STRETCH);
            for column in (0..columns).step_by(Q) {
                for row in (0..rows).step_by(R) {
                    let mut sums = [[simd.splat_f32s(0.0); Q]; R];
                    for pair in 0..pairs {
                        // A tile that reaches beyond the end takes the last row again and drops the sums.
                        let mut x: [&[f32]; R] = [&[]; R];
                        for (i, x) in x.iter_mut().enumerate() {
                            *x = &a(pair, (row + i).min(rows - 1))[stretch.clone()];
                        }
                        let mut y: [&[f32]; Q] = [&[]; Q];
                        for (j, y) in y.iter_mut().enumerate() {
                            *y = &b(pair, (column + j).min(columns - 1))[stretch.clone()];
                        }
                        add_dots::<S, R, Q>(simd, x, y, &mut sums);
                    }
                    for (i, sums) in sums.iter().enumerate().take(rows - row) {
                        let start = (row + i) * columns + column;
                        let c = &mut self.c[start..start + Q.min(columns - column)];
                        for (c, &sum) in c.iter_mut().zip(sums) {
                            *c += simd.reduce_sum_f32s(sum);
                        }
                    }
                }
            }
        }
    }
}

/// Adds the products of `R` and `Q` slices of one length, register by register.
#[inline(always)]
fn add_dots<S: Simd, const R: usize, const Q: usize>(
    simd: S,
    x: [&[f32]; R],
    y: [&[f32]; Q],
    sums: &mut [[S::f32s; Q]; R],
) {
    let whole = x[0].len() / S::F32_LANES;
    let mut x_whole: [&[S::f32s]; R] = [&[]; R];
    for (whole_x, x) in x_whole.iter_mut().zip(x) {
        *whole_x = &S::as_simd_f32s(x).0[..whole];
    }
    let mut y_whole: [&[S::f32s]; Q] = [&[]; Q];
    for (whole_y, y) in y_whole.iter_mut().zip(y) {
        *whole_y = &S::as_simd_f32s(y).0[..whole];
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

/// The last `rest` values of a slice, which fill no whole register, and zeros.
#[inline(always)]
fn last<S: Simd>(simd: S, values: &[f32], rest: usize) -> S::f32s {
    let Some(start) = values.len().checked_sub(S::F32_LANES) else { return simd.partial_load_f32s(values) };
    // The register that ends with them; what it has of the one before is taken out.
    let (Some(&end), Some(&numbers)) =
        (S::as_simd_f32s(&values[start..]).0.first(), S::as_simd_f32s(&NUMBERS).0.first())
    else {
        return simd.splat_f32s(0.0);
    };
    let taken = simd.less_than_f32s(numbers, simd.splat_f32s((S::F32_LANES - rest) as f32));
    simd.select_f32s(taken, simd.splat_f32s(0.0), end)
}

/// 0, 1, 2 … for the widest registers.
const NUMBERS: [f32; 16] =
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0];

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

    /// No wide registers, those of most machines, and the widest of this one.
    fn widths() -> Vec<Arch> {
        let mut all = vec![Arch::Scalar, Arch::new()];
        #[cfg(target_arch = "x86_64")]
        all.extend(pulp::x86::V3::try_new().map(Arch::V3));
        all
    }

    fn values(len: usize, factor: usize) -> Vec<f32> {
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
            let bias = values(rows, 3);
            for arch in widths() {
                for start in [Start::Zero, Start::Old, Start::Bias(&bias)] {
                    let mut memory = vec![0.0; Packed::len(rows, depth)];
                    let a = Packed::new(rows, depth, &mut memory, |row, p| a[row * depth + p]);
                    let b = Rows(|row| &b[row * columns..][..columns]);
                    let (mut c, mut block) = (vec![1.0; rows * columns], vec![f32::NAN; BLOCK_LEN]);
                    let outer = Outer { a, b, columns, start };
                    arch.dispatch(OuterTask { outer, c: &mut c, block: &mut block });
                    for (i, (&c, &product)) in c.iter().zip(&product).enumerate() {
                        let added = match start {
                            Start::Zero => 0.0,
                            Start::Old => 1.0,
                            Start::Bias(bias) => bias[i / columns],
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
                arch.dispatch(DotsTask { dots, c: &mut c });
                for (c, product) in c.iter().zip(&product) {
                    assert_eq!(*c, 1.0 + 2.0 * product, "{rows}×{depth}×{columns}, {arch:?}");
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
