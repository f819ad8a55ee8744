//! The places of a breakdown's pictures: pure geometry.

use egui::{Rect, Vec2, pos2, vec2};

/// The width of an operator between two pictures, in points.
pub const OPERATOR: f32 = 18.0;

/// The height of a number under a picture, in points.
pub const NUMBER: f32 = 16.0;

/// The gap between columns and between rows of pictures, in points.
const GAP: Vec2 = vec2(22.0, 8.0);

/// The smallest and the largest side of input maps, in points; smaller ones are scrolled instead.
const SIDES: (f32, f32) = (34.0, 132.0);

/// Rows of input × kernel = partial result.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The number of rows.
    pub count: usize,
    /// Width over height of the input maps.
    pub aspect: f32,
    /// A kernel's side as a fraction of an input map's.
    pub kernel: f32,
}

impl Wanted {
    fn width(&self, side: f32) -> f32 {
        let wide = side * self.aspect.clamp(1.0, 1.6);
        2.0 * wide + side * self.kernel + 2.0 * OPERATOR
    }
}

/// The arrangement of the rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// The side of an input map.
    pub side: f32,
    /// The number of rows side by side.
    pub columns: usize,
    /// The size of one row.
    pub cell: Vec2,
    /// The size of all rows, which may be higher than the room.
    pub size: Vec2,
}

/// Pictures as large as fit into `room`, or into its width if they would be too small.
pub fn place(wanted: Wanted, room: Vec2) -> Placed {
    let count = wanted.count.max(1);
    let with = |columns: usize, side: f32| {
        let rows = count.div_ceil(columns) as f32;
        let cell = vec2(wanted.width(side), side + NUMBER);
        let size = vec2(columns as f32 * (cell.x + GAP.x) - GAP.x, rows * (cell.y + GAP.y) - GAP.y);
        Placed { side, columns, cell, size }
    };
    let fits = |placed: &Placed| placed.size.x <= room.x && placed.size.y <= room.y;
    let mut best: Option<Placed> = None;
    for columns in 1..=count.min(24) {
        let (mut low, mut high) = (SIDES.0, SIDES.1);
        if !fits(&with(columns, low)) {
            continue;
        }
        for _ in 0..12 {
            let side = f32::midpoint(low, high);
            if fits(&with(columns, side)) { low = side } else { high = side }
        }
        if best.is_none_or(|best| low > best.side + 0.5) {
            best = Some(with(columns, low));
        }
    }
    best.unwrap_or_else(|| {
        // Too many: as many side by side as the width allows, and as large as one row allows.
        let columns = ((room.x + GAP.x) / (wanted.width(SIDES.0) + GAP.x)).floor().max(1.0) as usize;
        let columns = columns.min(count);
        let (mut low, mut high) = (SIDES.0, (room.y - NUMBER).clamp(SIDES.0, SIDES.1 / 2.0));
        for _ in 0..12 {
            let side = f32::midpoint(low, high);
            if with(columns, side).size.x <= room.x { low = side } else { high = side }
        }
        with(columns, low)
    })
}

/// The three pictures of one row: input, kernel, partial result.
pub fn pictures(wanted: Wanted, placed: Placed, corner: egui::Pos2, number: usize) -> [Rect; 3] {
    let at = vec2(
        (number % placed.columns) as f32 * (placed.cell.x + GAP.x),
        (number / placed.columns) as f32 * (placed.cell.y + GAP.y),
    );
    let corner = corner + at;
    let wide = placed.side * wanted.aspect.clamp(1.0, 1.6);
    let middle = corner.y + placed.side / 2.0;
    let kernel = placed.side * wanted.kernel;
    let input = Rect::from_min_size(corner, vec2(wide, placed.side));
    let left = input.right() + OPERATOR;
    let kernel = Rect::from_min_size(pos2(left, middle - kernel / 2.0), vec2(kernel, kernel));
    let left = kernel.right() + OPERATOR;
    [input, kernel, Rect::from_min_size(pos2(left, corner.y), input.size())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(count: usize) -> Wanted {
        Wanted { count, aspect: 1.0, kernel: 0.7 }
    }

    #[test]
    fn what_fits_is_placed_inside_and_apart() {
        for (count, room) in [(1, vec2(700.0, 260.0)), (6, vec2(700.0, 300.0)), (16, vec2(640.0, 320.0))] {
            let wanted = wanted(count);
            let placed = place(wanted, room);
            let all: Vec<Rect> =
                (0..count).flat_map(|i| pictures(wanted, placed, pos2(0.0, 0.0), i)).collect();
            let whole = Rect::from_min_size(pos2(0.0, 0.0), room).expand(0.1);
            assert!(all.iter().all(|rect| whole.contains_rect(*rect)), "{count} in {room}: {placed:?}");
            for (i, a) in all.iter().enumerate() {
                assert!(all[..i].iter().all(|b| !a.intersects(*b)), "{count} in {room}");
            }
        }
        assert!(place(wanted(1), vec2(700.0, 300.0)).side > 120.0);
    }

    #[test]
    fn what_does_not_fit_is_scrolled_and_no_wider_than_the_room() {
        let room = vec2(500.0, 200.0);
        let placed = place(wanted(128), room);
        assert!(placed.size.x <= room.x && placed.size.y > room.y && placed.side >= SIDES.0);
        let narrow = place(wanted(3), vec2(60.0, 50.0));
        assert_eq!(narrow.columns, 1);
    }
}
