//! Padding maps, phase by phase.

use super::{InterleavedWindows, Windows};
use std::ops::Range;

impl InterleavedWindows<'_> {
    /// Writes the maps to `padded`, which holds zeros or the result of an earlier call.
    pub(in crate::nn) fn pad(&self, maps: &[f32], padded: &mut [f32]) {
        let Windows { map, padded: size, first, spread, stride, pitch, .. } = *self.windows;
        let row_len = map.w * self.images;
        let planes = maps.chunks_exact(map.h * row_len);
        for (number, map_cells) in planes.enumerate() {
            let padded = &mut padded[number * self.phases()..][..self.phases()];
            for y in inside(map.h, first.0, spread.h, size.h) {
                let cells = &map_cells[y * row_len..][..row_len];
                let to = to(y, first.0, spread.h);
                let phases = to % stride.h * stride.w * self.phase();
                self.pad_row(cells, &mut padded[phases + to / stride.h * pitch * self.images..]);
            }
        }
    }

    /// Writes one row to each phase that has cells of it. `padded` begins where the row does in the first phase.
    fn pad_row(&self, cells: &[f32], padded: &mut [f32]) {
        let Self { windows, images } = *self;
        let Windows { map, padded: size, first, spread, stride, .. } = *windows;
        let columns = inside(map.w, first.1, spread.w, size.w);
        let cells = &cells[columns.start * images..columns.end * images];
        if columns.is_empty() {
            return;
        }
        let start = to(columns.start, first.1, spread.w);
        if stride.w == 1 {
            let padded = &mut padded[start * images..];
            if spread.w == 1 {
                copy_row(cells, padded);
            } else {
                for (i, cell) in cells.chunks_exact(images).enumerate() {
                    copy_row(cell, &mut padded[i * spread.w * images..]);
                }
            }
            return;
        }
        // With a stride above 1, `spread` is 1.
        if stride.w == 2 && images == 1 {
            let (even, odd) = padded.split_at_mut(self.phase());
            let (even, odd) = (&mut even[start.div_ceil(2)..], &mut odd[start / 2..]);
            let (first, second) = if start.is_multiple_of(2) { (even, odd) } else { (odd, even) };
            return deal_row(cells, first, second);
        }
        for (i, cell) in cells.chunks_exact(images).enumerate() {
            let at = start + i;
            let to = at % stride.w * self.phase() + at / stride.w * images;
            copy_row(cell, &mut padded[to..]);
        }
    }
}

/// Copies a row inline, since a call of `memcpy` is expensive for short ones: in chunks of 16, 8 or 4 values, of which the
/// last overlaps the one before.
#[inline(always)]
#[expect(clippy::manual_memcpy, reason = "a call of memcpy takes longer than copying a short row")]
pub(in crate::nn) fn copy_row(from: &[f32], to: &mut [f32]) {
    let to = &mut to[..from.len()];
    let all = chunks::<16>(from, to) || chunks::<8>(from, to) || chunks::<4>(from, to);
    if !all {
        for i in 0..from.len() {
            to[i] = from[i];
        }
    }
}

#[inline(always)]
#[expect(clippy::manual_memcpy, reason = "a call of memcpy takes longer than copying a short row")]
fn chunks<const N: usize>(from: &[f32], to: &mut [f32]) -> bool {
    if let (Some(from), Some(to)) = (from.last_chunk::<N>(), to.last_chunk_mut::<N>()) {
        *to = *from;
    } else {
        return false;
    }
    let (to, from) = (to.as_chunks_mut::<N>().0, from.as_chunks::<N>().0);
    for i in 0..from.len().min(to.len()) {
        to[i] = from[i];
    }
    true
}

/// Distributes the cells of a row alternately to two rows, in chunks as [`copy_row`].
#[inline(always)]
fn deal_row(from: &[f32], first: &mut [f32], second: &mut [f32]) {
    let (first, second) = (&mut first[..from.len().div_ceil(2)], &mut second[..from.len() / 2]);
    let (pairs, last) = from.as_chunks::<2>();
    if let ([last], Some(to)) = (last, first.last_mut()) {
        *to = *last;
    }
    let all = deal::<16>(pairs, first, second)
        || deal::<8>(pairs, first, second)
        || deal::<4>(pairs, first, second);
    if !all {
        for i in 0..pairs.len() {
            [first[i], second[i]] = pairs[i];
        }
    }
}

#[inline(always)]
fn deal<const N: usize>(pairs: &[[f32; 2]], first: &mut [f32], second: &mut [f32]) -> bool {
    let first = &mut first[..pairs.len()];
    let (Some(pairs_end), Some(first_end), Some(second_end)) =
        (pairs.last_chunk::<N>(), first.last_chunk_mut::<N>(), second.last_chunk_mut::<N>())
    else {
        return false;
    };
    (*first_end, *second_end) = dealt(pairs_end);
    let (first, second) = (first.as_chunks_mut::<N>().0, second.as_chunks_mut::<N>().0);
    let pairs = pairs.as_chunks::<N>().0;
    for i in 0..pairs.len().min(first.len()).min(second.len()) {
        (first[i], second[i]) = dealt(&pairs[i]);
    }
    true
}

#[inline(always)]
fn dealt<const N: usize>(pairs: &[[f32; 2]; N]) -> ([f32; N], [f32; N]) {
    let (mut first, mut second) = ([0.0; N], [0.0; N]);
    for i in 0..N {
        [first[i], second[i]] = pairs[i];
    }
    (first, second)
}

/// The index of cell `at` in the padded map.
fn to(at: usize, first: isize, spread: usize) -> usize {
    (first + (at * spread) as isize) as usize
}

/// Which of `n` cells, at `first + i·spread`, are inside a padded side of `len`.
#[inline]
fn inside(n: usize, first: isize, spread: usize, len: usize) -> Range<usize> {
    let start = usize::try_from(-first).map_or(0, |out| out.div_ceil(spread)).min(n);
    let end = usize::try_from(len as isize - first).map_or(0, |padded| padded.div_ceil(spread)).min(n);
    start..end.max(start)
}
