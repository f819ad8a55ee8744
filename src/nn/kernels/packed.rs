//! The left matrix of a product, packed for the tile.

use super::tile::TILE_ROWS;

/// A matrix in panels of eight rows, each stored column by column, so that a kernel reads it sequentially.
#[derive(Clone, Copy, Debug)]
pub(in crate::nn) struct Packed<'a> {
    values: &'a [f32],
    pub(super) rows: usize,
    pub(super) depth: usize,
}

impl<'a> Packed<'a> {
    /// The memory for a matrix (rows, depth).
    pub(in crate::nn) const fn len(rows: usize, depth: usize) -> usize {
        rows.next_multiple_of(TILE_ROWS) * depth
    }

    /// Packs a matrix given by its `columns`: slices whose elements are `step` apart.
    #[inline(always)]
    pub(in crate::nn) fn new<'s>(
        rows: usize,
        depth: usize,
        memory: &'a mut [f32],
        columns: &(impl Iterator<Item = &'s [f32]> + Clone),
        step: usize,
    ) -> Self {
        let values = &mut memory[..Self::len(rows, depth)];
        for (panel, values) in values.chunks_exact_mut(TILE_ROWS * depth.max(1)).enumerate() {
            let row = panel * TILE_ROWS;
            let count = TILE_ROWS.min(rows - row);
            if count < TILE_ROWS {
                values.fill(0.0);
            }
            let values = values.as_chunks_mut::<TILE_ROWS>().0;
            for (p, column) in columns.clone().take(values.len()).enumerate() {
                let column = &column[row * step..];
                match column.first_chunk() {
                    Some(column) if step == 1 && count == TILE_ROWS => values[p] = *column,
                    _ => {
                        for i in 0..count {
                            values[p][i] = column[i * step];
                        }
                    }
                }
            }
        }
        Self { values, rows, depth }
    }

    /// Packs a matrix given by its rows.
    #[inline]
    pub(in crate::nn) fn of_rows(from: &[&[f32]], depth: usize, memory: &'a mut [f32]) -> Self {
        let values = &mut memory[..Self::len(from.len(), depth)];
        for (panel, values) in values.chunks_exact_mut(TILE_ROWS * depth.max(1)).enumerate() {
            let rows = &from[panel * TILE_ROWS..];
            let rows = &rows[..rows.len().min(TILE_ROWS)];
            if rows.len() < TILE_ROWS {
                values.fill(0.0);
            }
            for (i, row) in rows.iter().enumerate() {
                let values = values.as_chunks_mut::<TILE_ROWS>().0;
                let row = &row[..values.len().min(depth)];
                for p in 0..row.len() {
                    values[p][i] = row[p];
                }
            }
        }
        Self { values, rows: from.len(), depth }
    }

    /// The panel that begins at `row`, from column `from` on: the eight factors of each column.
    #[inline(always)]
    pub(super) fn factors(&self, row: usize, from: usize) -> &'a [[f32; TILE_ROWS]] {
        self.values[row * self.depth + from * TILE_ROWS..][..(self.depth - from) * TILE_ROWS].as_chunks().0
    }
}
