//! Output maps transposed to (windows, filters).

use crate::nn::simd::{OVERREAD, REGISTER_LEN};
use std::ops::Range;

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

    /// Writes the same range of each filter's map, of `map_len` values, to the windows from `window` on.
    #[inline(always)]
    pub(super) fn put(&mut self, window: usize, range: Range<usize>, maps: &[f32], map_len: usize) {
        let pitch = self.pitch;
        for start in range.clone().step_by(BLOCK) {
            let end = range.end.min(start + BLOCK);
            let to = &mut self.values[(window + start - range.start) * pitch..];
            for (filter, map) in maps.chunks_exact(map_len).enumerate() {
                let (to, from) = (&mut to[filter..], &map[start..end]);
                for i in 0..from.len() {
                    to[i * pitch] = from[i];
                }
            }
        }
    }

    /// The values from (`window`, `filter`) on, and the distance to the next window.
    #[inline(always)]
    pub(super) fn from(&self, window: usize, filter: usize) -> (&[f32], usize) {
        (&self.values[window * self.pitch + filter..], self.pitch)
    }
}
