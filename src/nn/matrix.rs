//! Slices seen as matrices, and the one matrix product that every layer uses.

use ndarray::{ArrayView2, ArrayViewMut2, linalg::general_mat_mul};

/// A row-major slice as a (rows, columns) matrix.
///
/// # Panics
/// If the slice has not rows × columns values: an error of the caller, never of a user's data.
#[expect(clippy::expect_used, reason = "the layers hold the sizes; the check is against our own mistakes")]
pub(super) fn matrix(values: &[f32], rows: usize, columns: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((rows, columns), values).expect("rows × columns values")
}

/// `c = a·b + keep·c`, with `c` a row-major slice of `a`'s rows × `b`'s columns.
///
/// # Panics
/// As [`matrix`].
#[expect(clippy::expect_used, reason = "the layers hold the sizes; the check is against our own mistakes")]
pub(super) fn product(a: &ArrayView2<'_, f32>, b: &ArrayView2<'_, f32>, keep: f32, c: &mut [f32]) {
    let mut c = ArrayViewMut2::from_shape((a.nrows(), b.ncols()), c).expect("rows × columns values");
    general_mat_mul(1.0, a, b, keep, &mut c);
}
