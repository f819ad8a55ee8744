//! Which padding keeps the size.

use super::order::Chosen;
use crate::explain::convolution::same_padding;
use rand::{RngExt, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

/// Kernels to find the padding for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Same {
    /// The rows.
    pub rows: Vec<SameRow>,
}

/// A kernel, and the padding that keeps the size with stride 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SameRow {
    /// The kernel's side.
    pub kernel_size: usize,
    /// The dilation.
    pub dilation: usize,
    /// The padding; `None`: no padding keeps the size.
    pub padding: Option<usize>,
}

impl Same {
    /// Draws four kernels, one of which no padding suits.
    pub(super) fn draw(chosen: &Chosen, random: &mut ChaCha8Rng) -> Self {
        let mut kernels = vec![random.random_range(1..=3) * 2 + 1, random.random_range(1..=2) * 2 + 1];
        kernels.push(random.random_range(1..=2) * 2);
        kernels.push(random.random_range(1..=5) * 2 + 1);
        kernels.shuffle(random);
        let dilation = |at: usize| chosen.dilation.unwrap_or(if at == 1 { 2 } else { 1 });
        let row = |(at, kernel_size): (usize, usize)| {
            let dilation = dilation(at);
            SameRow { kernel_size, dilation, padding: same_padding(kernel_size, 1, dilation).ok() }
        };
        Self { rows: kernels.into_iter().enumerate().map(row).collect() }
    }
}
