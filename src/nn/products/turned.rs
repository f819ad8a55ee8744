//! Maps with the filters of a window side by side.

use super::{LANE, SLACK};

/// Maps of the output (filters, windows), or a part of each, turned: with the filters of a window side by side, so that
/// they are read in one stream.
pub(super) struct Turned<'a> {
    values: &'a mut [f32],
    /// From one window to the next.
    pitch: usize,
}

/// Values that are turned at a time, so that what is written stays in the innermost cache.
const TOGETHER: usize = 64;

impl<'a> Turned<'a> {
    /// The memory that the maps of so many filters and windows take.
    pub(super) const fn len(filters: usize, windows: usize) -> usize {
        Self::pitch(filters) * windows + SLACK
    }

    /// Whole cache lines, of a number that does not put neighbouring windows into the same place of the cache.
    const fn pitch(filters: usize) -> usize {
        let width = filters.next_multiple_of(LANE);
        if (width / LANE).is_multiple_of(4) { width + LANE } else { width }
    }

    /// Zeros, in memory of [`Turned::len`].
    pub(super) fn new(filters: usize, memory: &'a mut [f32]) -> Self {
        memory.fill(0.0);
        Self { values: memory, pitch: Self::pitch(filters) }
    }

    /// Puts a stretch of every filter's map to the windows from `window` on.
    #[inline(always)]
    pub(super) fn put<'m>(&mut self, window: usize, stretches: &(impl Iterator<Item = &'m [f32]> + Clone)) {
        let len = stretches.clone().next().map_or(0, <[f32]>::len);
        for start in (0..len).step_by(TOGETHER) {
            let to = &mut self.values[(window + start) * self.pitch..];
            for (filter, stretch) in stretches.clone().enumerate() {
                let some = &stretch[start..len.min(start + TOGETHER)];
                to[filter..].iter_mut().step_by(self.pitch).zip(some).for_each(|(to, &value)| *to = value);
            }
        }
    }

    /// The values of the filters from `filter` on at the windows from `window` on, and how far the next window's are.
    #[inline(always)]
    pub(super) fn from(&self, window: usize, filter: usize) -> (&[f32], usize) {
        (&self.values[window * self.pitch + filter..], self.pitch)
    }
}
