//! Register sizes, and access to slices one register at a time.

use pulp::Simd;

/// The number of values in the widest register of any machine.
pub(in crate::nn) const REGISTER_LEN: usize = 16;

/// The most registers in a row of a product's tile: with eight rows, their sums take 24 of 32 registers.
pub(in crate::nn) const MAX_TILE_REGISTERS: usize = 3;

/// The most columns of a tile.
pub(in crate::nn) const MAX_TILE_COLUMNS: usize = MAX_TILE_REGISTERS * REGISTER_LEN;

/// How far past the end of a matrix a tile may read: such a matrix has this many values more.
pub(in crate::nn) const OVERREAD: usize = MAX_TILE_COLUMNS;

/// The `N` registers of a slice from value `at` on.
///
/// # Panics
/// If the slice ends before.
#[inline(always)]
pub(in crate::nn) fn registers<S: Simd, const N: usize>(simd: S, values: &[f32], at: usize) -> [S::f32s; N] {
    let values = S::as_simd_f32s(&values[at..][..N * S::F32_LANES]).0;
    // The default is never used, and so not compiled. An early exit would be: it slows down the loops that call this.
    values.first_chunk().copied().unwrap_or([simd.splat_f32s(0.0); N])
}

/// The first register of a slice; zeros if the slice is shorter.
#[inline(always)]
pub(in crate::nn) fn load<S: Simd>(simd: S, values: &[f32]) -> S::f32s {
    S::as_simd_f32s(values).0.first().copied().unwrap_or(simd.splat_f32s(0.0))
}

/// Overwrites the first register of a slice; does nothing if the slice is shorter.
#[inline(always)]
pub(in crate::nn) fn store<S: Simd>(value: S::f32s, to: &mut [f32]) {
    if let Some(to) = S::as_mut_simd_f32s(to).0.first_mut() {
        *to = value;
    }
}
