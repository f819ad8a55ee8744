//! The left matrix of a product, whose elements are the factors of a tile's rows.

use super::ROWS;

/// A matrix with eight rows side by side, so that it is read in one stream.
#[derive(Clone, Copy, Debug)]
pub(in crate::nn) struct Packed<'a> {
    values: &'a [f32],
    pub(super) rows: usize,
    pub(super) depth: usize,
}

impl<'a> Packed<'a> {
    /// The memory that (rows, depth) takes.
    pub(in crate::nn) const fn len(rows: usize, depth: usize) -> usize {
        rows.next_multiple_of(ROWS) * depth
    }

    /// Copies a matrix of as many `columns` as there are: each is a slice with its elements at every `step`.
    pub(in crate::nn) fn new<'s>(
        rows: usize,
        depth: usize,
        memory: &'a mut [f32],
        columns: &(impl Iterator<Item = &'s [f32]> + Clone),
        step: usize,
    ) -> Self {
        let values = &mut memory[..Self::len(rows, depth)];
        for (panel, values) in values.chunks_exact_mut(ROWS * depth.max(1)).enumerate() {
            let row = panel * ROWS;
            let count = ROWS.min(rows - row);
            if count < ROWS {
                values.fill(0.0);
            }
            for (column, values) in columns.clone().zip(values.as_chunks_mut::<ROWS>().0) {
                let column = &column[row * step..];
                match column.first_chunk() {
                    Some(column) if step == 1 && count == ROWS => *values = *column,
                    _ => (0..count).for_each(|i| values[i] = column[i * step]),
                }
            }
        }
        Self { values, rows, depth }
    }

    /// Copies a matrix of rows that stand anywhere.
    pub(in crate::nn) fn of_rows(from: &[&[f32]], depth: usize, memory: &'a mut [f32]) -> Self {
        let values = &mut memory[..Self::len(from.len(), depth)];
        for (rows, values) in from.chunks(ROWS).zip(values.chunks_exact_mut(ROWS * depth.max(1))) {
            if rows.len() < ROWS {
                values.fill(0.0);
            }
            for (i, row) in rows.iter().enumerate() {
                values
                    .as_chunks_mut::<ROWS>()
                    .0
                    .iter_mut()
                    .zip(&row[..depth])
                    .for_each(|(to, &value)| to[i] = value);
            }
        }
        Self { values, rows: from.len(), depth }
    }

    /// The factors of the eight rows from `row` on, for each element of the depth from `from` on.
    #[inline(always)]
    pub(super) fn factors(&self, row: usize, from: usize) -> impl Iterator<Item = &'a [f32; ROWS]> {
        self.values[row * self.depth + from * ROWS..][..(self.depth - from) * ROWS].as_chunks().0.iter()
    }
}
