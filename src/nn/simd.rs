//! Loops compiled for the widest registers that the machine has, chosen when the program runs.

/// Runs `work` in a build of it for the widest registers: loops in it, and in what it inlines, take as many values at a
/// time as the machine can. What is computed is the same on each path, since Rust neither reorders nor fuses sums.
pub(super) fn wide<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}
