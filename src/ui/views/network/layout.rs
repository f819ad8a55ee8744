//! The size of the maps of every layer, so that they fill the room: pure geometry.

/// Between two maps, in points.
pub const GAP: f32 = 4.0;

/// Between two layers, in points.
pub const COLUMN_GAP: f32 = 12.0;

/// The largest and the smallest side of maps that do not fit into the width and have to be scrolled, in points.
const SCROLLED_SIDES: (f32, f32) = (46.0, 14.0);

/// The largest fraction of the width for one scrolled layer.
const SCROLLED_LAYER: f32 = 0.6;

/// The smallest side of a map, in points.
const MIN_SIDE: f32 = 18.0;

/// The largest side of a map, in points.
const MAX_SIDE: f32 = 150.0;

/// The width of a strip of single values, in points.
const STRIP: f32 = 16.0;

/// What a layer shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Content {
    /// `count` maps of `height` × `width`.
    Maps {
        /// The number of maps.
        count: usize,
        /// The rows of a map.
        height: usize,
        /// The columns of a map.
        width: usize,
        /// The width of the header, in points.
        header: f32,
    },
    /// A vector of values, one below the other.
    Strip {
        /// The number of values.
        len: usize,
        /// The width of the header, in points.
        header: f32,
    },
    /// The outputs of the last layer: a line for each class.
    Logits {
        /// The number of classes.
        len: usize,
        /// The width of the column, in points.
        width: f32,
    },
}

/// The arrangement of a layer's maps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// The number of maps side by side.
    pub columns: usize,
    /// A map's width and height, in points.
    pub cell: (f32, f32),
    /// The whole layer's width, in points.
    pub width: f32,
}

/// A grid for every layer, as large as fits into `width` × `height` points; wider only if maps would become too small.
pub fn fit(contents: &[Content], width: f32, height: f32) -> Vec<Grid> {
    let grids = |side: f32| contents.iter().map(|c| grid(*c, side, MIN_SIDE, height)).collect::<Vec<_>>();
    let total = |grids: &[Grid]| grids.iter().map(|g| g.width + COLUMN_GAP).sum::<f32>() - COLUMN_GAP;
    let (mut low, mut high) = (MIN_SIDE, MAX_SIDE);
    // The total width is not monotone in the side, so the best side that was tried is kept.
    let mut best = grids(low);
    if total(&best) > width {
        return contents.iter().map(|content| scrolled(*content, width, height)).collect();
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

/// One of several layers that are scrolled: with large maps, unless it then takes too much of the width.
fn scrolled(content: Content, width: f32, height: f32) -> Grid {
    let (mut side, least) = SCROLLED_SIDES;
    loop {
        let grid = grid(content, side, least, height);
        if grid.width <= SCROLLED_LAYER * width || side <= least {
            return grid;
        }
        side = (side * 0.92).max(least);
    }
}

/// One layer with maps of about `side` points, at least `least`.
fn grid(content: Content, side: f32, least: f32, height: f32) -> Grid {
    match content {
        Content::Logits { width, .. } => Grid { columns: 1, cell: (width, height), width },
        Content::Strip { header, .. } => Grid { columns: 1, cell: (STRIP, height), width: header.max(STRIP) },
        Content::Maps { count, height: rows, width: columns, header } => {
            // Maps of later layers have fewer pixels and may be smaller.
            let wanted = (side * (columns.max(rows) as f32 / 28.0).sqrt().clamp(0.4, 1.0)).max(least);
            let aspect = (columns.max(1) as f32 / rows.max(1) as f32).clamp(0.2, 5.0);
            let tall = (wanted / aspect.max(1.0)).min(height);
            let per_column = (((height + GAP) / (tall + GAP)).floor() as usize).max(1);
            let side_by_side = count.div_ceil(per_column).max(1);
            // The room that rounding left makes the maps larger again, up to the wanted size.
            let rows_used = count.div_ceil(side_by_side);
            let tall = ((height + GAP) / rows_used as f32 - GAP).min(tall.max(least));
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
    fn a_large_layer_that_is_scrolled_takes_a_part_of_the_width() {
        let three_conv = [maps(1, 32), maps(32, 30), maps(128, 28), maps(512, 26), maps(512, 26)];
        let grids = fit(&three_conv, 860.0, 300.0);
        assert!(grids.iter().map(|grid| grid.width).sum::<f32>() > 860.0);
        for grid in &grids {
            assert!(grid.width <= 0.75 * 860.0 && grid.cell.0 >= 12.0, "{grid:?}");
        }
        assert!(grids[1].cell.0 >= 40.0, "{:?}", grids[1]);
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
