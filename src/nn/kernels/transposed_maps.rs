//! Output maps transposed to (windows, filters).

use crate::nn::simd::{OVERREAD, REGISTER_LEN};

/// Output maps (filters, windows), or some windows of each, as (windows, filters), so that the filters of a window are
/// contiguous.
pub(super) struct TransposedMaps<'a> {
    values: &'a mut [f32],
    /// From one window to the next.
    pitch: usize,
}

/// Values of a map that are transposed at a time, so that the destination stays in the L1 cache.
const BLOCK: usize = 64;

impl<'a> TransposedMaps<'a> {
    /// The memory for the maps of this many filters and windows.
    pub(super) const fn len(filters: usize, windows: usize) -> usize {
        Self::pitch(filters) * windows + OVERREAD
    }

    /// Whole cache lines, and not a multiple of four of them, so that consecutive windows map to different cache sets.
    const fn pitch(filters: usize) -> usize {
        let width = filters.next_multiple_of(REGISTER_LEN);
        if (width / REGISTER_LEN).is_multiple_of(4) { width + REGISTER_LEN } else { width }
    }

    /// Zeros, in memory of [`TransposedMaps::len`].
    pub(super) fn new(filters: usize, memory: &'a mut [f32]) -> Self {
        memory.fill(0.0);
        Self { values: memory, pitch: Self::pitch(filters) }
    }

    /// Writes one slice of each filter's map to the windows from `window` on.
    #[inline(always)]
    pub(super) fn put<'m>(&mut self, window: usize, slices: &(impl Iterator<Item = &'m [f32]> + Clone)) {
        let len = slices.clone().next().map_or(0, <[f32]>::len);
        for start in (0..len).step_by(BLOCK) {
            let to = &mut self.values[(window + start) * self.pitch..];
            for (filter, slice) in slices.clone().enumerate() {
                let some = &slice[start..len.min(start + BLOCK)];
                to[filter..].iter_mut().step_by(self.pitch).zip(some).for_each(|(to, &value)| *to = value);
            }
        }
    }

    /// The values from (`window`, `filter`) on, and the distance to the next window.
    #[inline(always)]
    pub(super) fn from(&self, window: usize, filter: usize) -> (&[f32], usize) {
        (&self.values[window * self.pitch + filter..], self.pitch)
    }
}
