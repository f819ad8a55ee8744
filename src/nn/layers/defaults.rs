//! Default values of settings, for serde.

use crate::nn::pair::Pair;

/// 1×1, PyTorch's default stride and dilation.
pub(super) const fn one() -> Pair {
    Pair::square(1)
}

/// 0×0, PyTorch's default padding.
pub(super) const fn zero() -> Pair {
    Pair::square(0)
}

/// A single group.
pub(super) const fn one_group() -> usize {
    1
}

/// What PyTorch adds to a variance.
pub(super) const fn usual_eps() -> f32 {
    1e-5
}

/// `true`, the default of `bias`.
pub(super) const fn yes() -> bool {
    true
}
