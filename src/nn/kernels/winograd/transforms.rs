//! The transforms of windows, filters and outputs in Winograd's F(2×2, 3×3), and their adjoints for the gradients.
//!
//! With the matrices of Lavin and Gray, the 2×2 outputs of a filter `g` (3×3) over a window `d` (4×4) are
//! `Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A`. Each transform applies the same short sums along the rows and along the columns.

use pulp::Simd;

/// Applies `sums` along the rows of a square matrix, then along its columns.
#[inline(always)]
pub(super) fn both<V: Copy, const I: usize, const O: usize>(
    square: &[[V; I]; I],
    sums: impl Fn([V; I]) -> [V; O],
) -> [[V; O]; O] {
    let mut rows = [[square[0][0]; O]; I];
    for y in 0..I {
        rows[y] = sums(square[y]);
    }
    let mut both = [[square[0][0]; O]; O];
    for x in 0..O {
        let mut column = [square[0][0]; I];
        for y in 0..I {
            column[y] = rows[y][x];
        }
        let column = sums(column);
        for y in 0..O {
            both[y][x] = column[y];
        }
    }
    both
}

/// `Bᵀ`: four cells of a window.
#[inline(always)]
pub(super) fn window<S: Simd>(simd: S, [a, b, c, d]: [S::f32s; 4]) -> [S::f32s; 4] {
    [simd.sub_f32s(a, c), simd.add_f32s(b, c), simd.sub_f32s(c, b), simd.sub_f32s(b, d)]
}

/// `Aᵀ`: two outputs.
#[inline(always)]
pub(super) fn output<S: Simd>(simd: S, [a, b, c, d]: [S::f32s; 4]) -> [S::f32s; 2] {
    [simd.add_f32s(a, simd.add_f32s(b, c)), simd.sub_f32s(simd.sub_f32s(b, c), d)]
}

/// `A`: from the gradients of two outputs to those of four components.
#[inline(always)]
pub(super) fn output_adjoint<S: Simd>(simd: S, [a, b]: [S::f32s; 2]) -> [S::f32s; 4] {
    [a, simd.add_f32s(a, b), simd.sub_f32s(a, b), simd.neg_f32s(b)]
}

/// `G`: three weights of `N` filters.
#[inline(always)]
pub(super) fn filter<const N: usize>([a, b, c]: [[f32; N]; 3]) -> [[f32; N]; 4] {
    let (mut plus, mut minus) = ([0.0; N], [0.0; N]);
    for i in 0..N {
        (plus[i], minus[i]) = (0.5 * (a[i] + c[i] + b[i]), 0.5 * (a[i] + c[i] - b[i]));
    }
    [a, plus, minus, c]
}

/// `Gᵀ`: from the gradients of four components to those of three weights.
#[inline(always)]
pub(super) fn filter_adjoint<S: Simd>(simd: S, [a, b, c, d]: [S::f32s; 4]) -> [S::f32s; 3] {
    let half = simd.splat_f32s(0.5);
    let plus = simd.mul_f32s(half, simd.add_f32s(b, c));
    let minus = simd.mul_f32s(half, simd.sub_f32s(b, c));
    [simd.add_f32s(a, plus), minus, simd.add_f32s(plus, d)]
}
