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
pub(super) fn vectorise<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}
