//! Registers: their sizes, aligned memory, loops compiled for the widest ones, and functions for such loops.

mod aligned;
pub(super) mod exp;
mod register;

pub(super) use aligned::AlignedVec;
pub(super) use register::{
    MAX_TILE_COLUMNS, MAX_TILE_REGISTERS, OVERREAD, REGISTER_LEN, load, registers, store,
};

/// Runs `work` compiled for the widest registers that the machine has, chosen at run time.
///
/// Loops in `work`, and in what it inlines, are vectorised for them. Every version computes the same bits, since Rust
/// neither reorders nor fuses floating-point operations.
///
/// A function that is called instead of inlined is compiled for the narrowest registers. Whether the compiler inlines must
/// not depend on the profile, so closures and functions that run here, and in `WithSimd::with_simd`, are
/// `#[inline(always)]`, and inner loops run over indices: `Zip::new` and `array::map` of the standard library are not
/// `#[inline]`, and are only inlined if they happen to be in the same codegen unit.
pub(super) fn vectorise<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

/// Whether all values are finite. Without an early exit, the loop is vectorised.
#[inline(always)]
pub(super) fn all_finite(values: &[f32]) -> bool {
    let mut all = true;
    for value in values {
        all &= value.is_finite();
    }
    all
}
