//! Where the maps of every layer go, so that they fill the room there is: pure geometry.

/// Between two maps, in points.
pub const GAP: f32 = 4.0;

/// Between two layers, in points.
pub const COLUMN_GAP: f32 = 12.0;

/// The side of maps that do not fit into the width and have to be scrolled, in points.
const SCROLLED_SIDE: f32 = 64.0;

/// The smallest side of a map, in points.
const MIN_SIDE: f32 = 18.0;

/// The largest side of a map, in points.
const MAX_SIDE: f32 = 150.0;

/// How wide a strip of single values is, in points.
const STRIP: f32 = 16.0;

/// What a layer wants to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Content {
    /// `count` maps of `height` × `width`.
    Maps {
        /// How many.
        count: usize,
        /// Rows of one.
        height: usize,
        /// Columns of one.
        width: usize,
        /// The room that its header needs, in points.
        header: f32,
    },
    /// A vector of values, one under the other.
    Strip {
        /// How many values.
        len: usize,
        /// The room that its header needs, in points.
        header: f32,
    },
}

/// How a layer's maps stand: columns side by side of maps of this size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// Maps side by side.
    pub columns: usize,
    /// A map's width and height, in points.
    pub cell: (f32, f32),
    /// The whole layer's width, in points.
    pub width: f32,
}

/// A grid for every layer, as large as fits into `width` × `height` points; wider only if maps would vanish.
pub fn fit(contents: &[Content], width: f32, height: f32) -> Vec<Grid> {
    let grids = |side: f32| contents.iter().map(|c| grid(*c, side, height)).collect::<Vec<_>>();
    let total = |grids: &[Grid]| grids.iter().map(|g| g.width + COLUMN_GAP).sum::<f32>() - COLUMN_GAP;
    let (mut low, mut high) = (MIN_SIDE, MAX_SIDE);
    // The total width does not grow evenly with the side, so the best of the tried ones is kept.
    let mut best = grids(low);
    if total(&best) > width {
        // Two rows of them where the room is low.
        return grids((height / 2.0 - GAP).clamp(2.0 * MIN_SIDE, SCROLLED_SIDE));
    }
    for _ in 0..24 {
        let side = f32::midpoint(low, high);
        let tried = grids(side);
        if total(&tried) <= width {
            best = tried;
            low = side;
        } else {
            high = side;
        }
    }
    best
}

/// One layer with maps of about `side` points.
fn grid(content: Content, side: f32, height: f32) -> Grid {
    match content {
        Content::Strip { header, .. } => Grid { columns: 1, cell: (STRIP, height), width: header.max(STRIP) },
        Content::Maps { count, height: rows, width: columns, header } => {
            // Later layers' maps have fewer pixels and may be smaller.
            let wanted = (side * (columns.max(rows) as f32 / 28.0).sqrt().clamp(0.4, 1.0)).max(MIN_SIDE);
            let aspect = (columns.max(1) as f32 / rows.max(1) as f32).clamp(0.2, 5.0);
            let tall = (wanted / aspect.max(1.0)).min(height);
            let per_column = (((height + GAP) / (tall + GAP)).floor() as usize).max(1);
            let side_by_side = count.div_ceil(per_column).max(1);
            // What rounding left free makes the maps larger again, up to what was wanted.
            let rows_used = count.div_ceil(side_by_side);
            let tall = ((height + GAP) / rows_used as f32 - GAP).min(tall.max(MIN_SIDE));
            let wide = tall * aspect;
            let width = side_by_side as f32 * (wide + GAP) - GAP;
            Grid { columns: side_by_side, cell: (wide, tall), width: width.max(header) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maps(count: usize, side: usize) -> Content {
        Content::Maps { count, height: side, width: side, header: 60.0 }
    }

    fn lenet() -> Vec<Content> {
        let mut all =
            vec![maps(1, 32), maps(6, 28), maps(6, 28), maps(6, 14), maps(16, 10), maps(16, 10), maps(16, 5)];
        all.extend([Content::Strip { len: 120, header: 40.0 }; 6]);
        all
    }

    #[test]
    fn a_network_fits_and_uses_the_room() {
        let grids = fit(&lenet(), 1400.0, 760.0);
        let total: f32 = grids.iter().map(|g| g.width + COLUMN_GAP).sum::<f32>() - COLUMN_GAP;
        assert!(total <= 1400.0, "{total}");
        assert!(grids[1].cell.0 > 60.0, "{:?}", grids[1]);
    }

    #[test]
    fn no_grid_is_taller_than_the_room() {
        for (width, height) in [(1400.0, 760.0), (500.0, 300.0), (300.0, 120.0)] {
            for contents in [lenet(), vec![maps(1, 32), maps(32, 30), maps(128, 28), maps(512, 26)]] {
                for (content, grid) in contents.iter().zip(fit(&contents, width, height)) {
                    if let Content::Maps { count, .. } = content {
                        let rows = count.div_ceil(grid.columns) as f32;
                        assert!(
                            rows * (grid.cell.1 + GAP) - GAP <= height + 0.5,
                            "{content:?} {grid:?} in {height}"
                        );
                        assert!(grid.cell.0 >= 4.0);
                    }
                }
            }
        }
    }
}
