//! The chance in a person's handwriting.

use rand::{Rng, RngExt};

/// What one person's hand draws by chance.
pub(super) struct Hand<'a, R>(pub(super) &'a mut R);

impl<R: Rng> Hand<'_, R> {
    /// A number from a range, all alike.
    pub(super) fn within(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * self.0.random::<f32>()
    }

    /// A number about 0, near to it more often: triangular, at most `most` away.
    pub(super) fn about(&mut self, most: f32) -> f32 {
        self.within(-0.5, 0.5) * most + self.within(-0.5, 0.5) * most
    }

    pub(super) fn chance(&mut self, share: f32) -> bool {
        self.0.random::<f32>() < share
    }

    /// One of so many ways.
    pub(super) fn way(&mut self, count: u32) -> u32 {
        self.0.random_range(0..count)
    }
}
