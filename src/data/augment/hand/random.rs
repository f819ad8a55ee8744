//! The random choices of one person's handwriting.

use rand::{Rng, RngExt};

/// The random choices of one hand.
pub(super) struct Hand<'a, R>(pub(super) &'a mut R);

impl<R: Rng> Hand<'_, R> {
    /// A uniform random number.
    pub(super) fn within(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * self.0.random::<f32>()
    }

    /// A random number from −`most` to `most` with a triangular distribution.
    pub(super) fn about(&mut self, most: f32) -> f32 {
        self.within(-0.5, 0.5) * most + self.within(-0.5, 0.5) * most
    }

    pub(super) fn chance(&mut self, share: f32) -> bool {
        self.0.random::<f32>() < share
    }

    /// One of `count` ways.
    pub(super) fn way(&mut self, count: u32) -> u32 {
        self.0.random_range(0..count)
    }
}
