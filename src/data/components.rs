//! Connected components of a drawing's ink: which of them belong to the digit, and whether their shape rules a digit out.

use super::objection::Objection;
use image::GrayImage;

/// A pixel with at least this much ink belongs to a component. Fainter pixels are edges or noise.
const INK: u8 = 48;
/// Components are found on a grid with at most this many cells along a side.
const GRID: u32 = 280;
/// A component with at least this fraction of the largest one's ink belongs to the digit, such as the bar of a 5 or half
/// of a broken stroke.
const PART: f32 = 0.06;
/// A component with less ink, down to this fraction, belongs to the digit if its distance from the largest one is at
/// most [`NEAR`] times that one's longer side.
const NEAR_PART: f32 = 0.008;
const NEAR: f32 = 0.12;
/// Components side by side that both have at least this fraction of the drawing's height are two digits.
const TALL: f32 = 0.6;
/// No digit has this many holes, each of at least the fraction [`HOLE`] of the bounding box.
const HOLES: usize = 4;
const HOLE: f32 = 0.004;

/// A box of cells; `right` and `bottom` are the last column and row inside.
#[derive(Clone, Copy, Debug)]
struct Cells {
    left: u32,
    right: u32,
    top: u32,
    bottom: u32,
}

impl Cells {
    fn at(x: u32, y: u32) -> Self {
        Self { left: x, right: x, top: y, bottom: y }
    }

    fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            right: self.right.max(other.right),
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn width(self) -> u32 {
        self.right - self.left + 1
    }

    fn height(self) -> u32 {
        self.bottom - self.top + 1
    }

    /// The distance between two boxes, in cells: the larger of the horizontal and the vertical gap.
    fn gap(self, other: Self) -> u32 {
        let between = |end: u32, start: u32| start.saturating_sub(end);
        let x = between(self.right, other.left).max(between(other.right, self.left));
        let y = between(self.bottom, other.top).max(between(other.bottom, self.top));
        x.max(y)
    }
}

/// A connected component: cells of ink that touch each other, also diagonally.
#[derive(Debug)]
struct Component {
    /// The sum of its pixels.
    ink: u64,
    bounds: Cells,
    /// Its label in the grid, from 1.
    label: u32,
}

/// Removes specks: the cleaned drawing, or `None` if there are none. Also checks the shape of what is left.
pub(super) fn clean(drawing: &GrayImage) -> (Option<GrayImage>, Option<Objection>) {
    let grid = Grid::of(drawing);
    let (components, labels) = grid.components();
    let Some(main) = components.iter().max_by_key(|component| component.ink) else { return (None, None) };
    let side = main.bounds.width().max(main.bounds.height()) as f32;
    let is_part = |component: &Component| {
        let share = component.ink as f32 / main.ink.max(1) as f32;
        share >= PART || (share >= NEAR_PART && component.bounds.gap(main.bounds) as f32 <= NEAR * side)
    };
    let parts: Vec<&Component> = components.iter().filter(|component| is_part(component)).collect();
    let all = parts.iter().fold(main.bounds, |all, component| all.with(component.bounds));
    let objection = if are_two_digits(&parts, all) {
        Some(Objection::TwoDigits)
    } else if grid.holes(all) >= HOLES {
        Some(Objection::Tangle)
    } else {
        None
    };
    let cleaned = (parts.len() < components.len()).then(|| {
        let mut is_kept = vec![true; components.len() + 1];
        for component in &components {
            is_kept[component.label as usize] = is_part(component);
        }
        grid.keep(drawing, &labels, &is_kept)
    });
    (cleaned, objection)
}

/// The ink and the bounds (left, top, right, bottom, in pixels) of marks that stand apart.
pub(super) fn marks(drawing: &GrayImage) -> Vec<(u64, [u32; 4])> {
    let grid = Grid::of(drawing);
    let (components, _) = grid.components();
    let most = components.iter().map(|component| component.ink).max().unwrap_or_default();
    let large = components.iter().filter(|component| component.ink as f32 >= NEAR_PART * most as f32);
    let mut marks: Vec<(u64, Cells)> = Vec::new();
    for component in large {
        let mut mark = (component.ink, component.bounds);
        // What it touches now was apart from each other before.
        while let Some(near) = marks.iter().position(|(_, other)| {
            let side = mark.1.width().max(mark.1.height()).max(other.width()).max(other.height());
            mark.1.gap(*other) as f32 <= NEAR * side as f32
        }) {
            let (ink, bounds) = marks.swap_remove(near);
            mark = (mark.0 + ink, mark.1.with(bounds));
        }
        marks.push(mark);
    }
    let most = marks.iter().map(|(ink, _)| *ink).max().unwrap_or_default();
    let in_pixels = |(ink, cells): (u64, Cells)| {
        let end = |cell: u32, side: u32| ((cell + 1) * grid.step).min(side);
        let (right, bottom) = (end(cells.right, drawing.width()), end(cells.bottom, drawing.height()));
        (ink, [cells.left * grid.step, cells.top * grid.step, right, bottom])
    };
    marks.into_iter().filter(|(ink, _)| *ink as f32 >= PART * most as f32).map(in_pixels).collect()
}

fn are_two_digits(parts: &[&Component], all: Cells) -> bool {
    let tall: Vec<Cells> = parts
        .iter()
        .map(|component| component.bounds)
        .filter(|cells| cells.height() as f32 >= TALL * all.height() as f32)
        .collect();
    let beside = |a: &Cells, b: &Cells| a.right < b.left || b.right < a.left;
    tall.iter().enumerate().any(|(i, a)| tall[..i].iter().any(|b| beside(a, b)))
        && all.width() as f32 > 0.45 * all.height() as f32
}

/// A drawing reduced to cells of a few pixels.
struct Grid {
    /// The side of a cell in pixels.
    step: u32,
    width: u32,
    height: u32,
    /// The sum of each cell's pixels; 0 if none of them reaches [`INK`].
    ink: Vec<u64>,
}

impl Grid {
    fn of(drawing: &GrayImage) -> Self {
        let (width, height) = drawing.dimensions();
        let step = width.max(height).div_ceil(GRID).max(1);
        let (columns, rows) = (width.div_ceil(step), height.div_ceil(step));
        let mut ink = vec![0_u64; columns as usize * rows as usize];
        let mut is_ink = vec![false; ink.len()];
        let (stride, step_pixels) = (columns as usize, step as usize);
        for (y, row) in drawing.as_raw().chunks_exact((width as usize).max(1)).enumerate() {
            let cells = y / step_pixels * stride..;
            let places = ink[cells.clone()].iter_mut().zip(&mut is_ink[cells]);
            for (pixels, (ink, is_ink)) in row.chunks(step_pixels).zip(places) {
                for &pixel in pixels {
                    *ink += u64::from(pixel);
                    *is_ink |= pixel >= INK;
                }
            }
        }
        for (ink, is_ink) in ink.iter_mut().zip(is_ink) {
            *ink *= u64::from(is_ink);
        }
        Self { step, width: columns, height: rows, ink }
    }

    /// Calls `visit` for each neighbour of a cell: all eight of them, or the four that share a side.
    fn around(&self, at: usize, all: bool, mut visit: impl FnMut(usize)) {
        let (x, y) = (at as u32 % self.width, at as u32 / self.width);
        for ny in y.saturating_sub(1)..=(y + 1).min(self.height - 1) {
            for nx in x.saturating_sub(1)..=(x + 1).min(self.width - 1) {
                if all || nx == x || ny == y {
                    visit((ny * self.width + nx) as usize);
                }
            }
        }
    }

    /// All components, and the label of every cell's component; 0 for cells without ink.
    fn components(&self) -> (Vec<Component>, Vec<u32>) {
        let (mut components, mut labels, mut open) = (Vec::new(), vec![0; self.ink.len()], Vec::new());
        for start in 0..self.ink.len() {
            if self.ink[start] == 0 || labels[start] != 0 {
                continue;
            }
            let label = components.len() as u32 + 1;
            let place = |at: usize| Cells::at(at as u32 % self.width, at as u32 / self.width);
            let mut component = Component { ink: 0, bounds: place(start), label };
            labels[start] = label;
            open.push(start);
            while let Some(at) = open.pop() {
                component.ink += self.ink[at];
                component.bounds = component.bounds.with(place(at));
                self.around(at, true, |next| {
                    if self.ink[next] > 0 && labels[next] == 0 {
                        labels[next] = label;
                        open.push(next);
                    }
                });
            }
            components.push(component);
        }
        (components, labels)
    }

    /// The number of holes in the ink: areas of paper inside the box that do not reach its border.
    fn holes(&self, all: Cells) -> usize {
        let least = (HOLE * (all.width() * all.height()) as f32).max(2.0);
        let is_inside = |at: usize| {
            let (x, y) = (at as u32 % self.width, at as u32 / self.width);
            (all.left..=all.right).contains(&x) && (all.top..=all.bottom).contains(&y)
        };
        let (mut seen, mut open, mut holes) = (vec![false; self.ink.len()], Vec::new(), 0);
        for start in 0..self.ink.len() {
            if seen[start] || self.ink[start] > 0 || !is_inside(start) {
                continue;
            }
            seen[start] = true;
            open.push(start);
            let (mut size, mut is_outside) = (0, false);
            while let Some(at) = open.pop() {
                size += 1;
                let (x, y) = (at as u32 % self.width, at as u32 / self.width);
                is_outside |= x == all.left || x == all.right || y == all.top || y == all.bottom;
                self.around(at, false, |next| {
                    if !seen[next] && self.ink[next] == 0 && is_inside(next) {
                        seen[next] = true;
                        open.push(next);
                    }
                });
            }
            holes += usize::from(!is_outside && size as f32 >= least);
        }
        holes
    }

    /// The drawing with only the components that are kept, and the faint edges around them.
    fn keep(&self, drawing: &GrayImage, labels: &[u32], is_kept: &[bool]) -> GrayImage {
        let mut wanted = vec![false; labels.len()];
        for (at, &label) in labels.iter().enumerate() {
            if label > 0 && is_kept[label as usize] {
                self.around(at, true, |next| wanted[next] = true);
            }
        }
        for (wanted, &label) in wanted.iter_mut().zip(labels) {
            *wanted &= is_kept[label as usize];
        }
        let mut cleaned = drawing.clone();
        for (x, y, pixel) in cleaned.enumerate_pixels_mut() {
            if !wanted[(y / self.step * self.width + x / self.step) as usize] {
                pixel.0 = [0];
            }
        }
        cleaned
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::mnist;
    use image::Luma;

    fn boxes(boxes: &[(u32, u32, u32, u32)]) -> GrayImage {
        let is_in = |x: u32, y: u32| {
            boxes.iter().any(|&(left, top, width, height)| {
                (left..left + width).contains(&x) && (top..top + height).contains(&y)
            })
        };
        GrayImage::from_fn(280, 280, |x, y| Luma([u8::from(is_in(x, y)) * 255]))
    }

    #[test]
    fn specks_are_removed_and_parts_kept() {
        let bar_and_body = [(100, 40, 80, 12), (100, 60, 12, 60), (112, 108, 60, 90)];
        assert_eq!(clean(&boxes(&bar_and_body)), (None, None));
        let with_specks = [&bar_and_body[..], &[(10, 10, 4, 4), (250, 200, 6, 3)]].concat();
        let (cleaned, objection) = clean(&boxes(&with_specks));
        assert_eq!((cleaned, objection), (Some(boxes(&bar_and_body)), None));
    }

    #[test]
    fn two_digits_are_found_only_side_by_side() {
        let objection = |components: &[_]| clean(&boxes(components)).1;
        assert_eq!(objection(&[(40, 50, 30, 150), (150, 60, 30, 150)]), Some(Objection::TwoDigits));
        // An open 4, whose bar reaches under its stem.
        assert_eq!(objection(&[(60, 40, 10, 100), (60, 130, 70, 10), (135, 30, 12, 200)]), None);
        assert_eq!(objection(&[(60, 40, 10, 60), (120, 30, 12, 200)]), None);
        assert_eq!(objection(&[(60, 40, 100, 60), (60, 150, 100, 60)]), None);
    }

    #[test]
    fn crossing_lines_are_a_tangle() {
        let lines: Vec<_> =
            (0..4).flat_map(|i| [(40 + 50 * i, 40, 8, 160), (40, 40 + 50 * i, 160, 8)]).collect();
        assert_eq!(clean(&boxes(&lines)).1, Some(Objection::Tangle));
    }

    #[test]
    fn mnist_digits_raise_no_objections() {
        let test = mnist::load_test().unwrap();
        let mut objections = Vec::new();
        for index in 0..test.len() {
            let digit = GrayImage::from_raw(28, 28, test.image(index).to_vec()).unwrap();
            objections.extend(clean(&digit).1);
        }
        assert!(objections.len() <= 20, "{objections:?}");
    }

    #[test]
    fn extreme_sizes_are_accepted() {
        for (width, height) in [(0, 0), (0, 9), (9, 0), (1, 1), (1, 2000), (2000, 1)] {
            clean(&GrayImage::new(width, height));
            clean(&GrayImage::from_pixel(width, height, Luma([255])));
        }
    }
}
