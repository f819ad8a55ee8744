//! The pieces that a drawing's ink falls into: which belong to the digit, and what their shape says against there being
//! one.

use image::GrayImage;

/// A pixel of at least this much ink belongs to a piece; what is fainter is the edge of one, or noise.
const INK: u8 = 48;
/// Pieces are looked for on a grid of at most so many cells along a side.
const GRID: u32 = 280;
/// A piece with at least this share of the largest one's ink is part of the digit: the bar of a 5, half of a broken stroke.
const PART: f32 = 0.06;
/// With less ink, down to this share, it must be near the largest one: nearer than [`NEAR`] of the longer side of that.
const NEAR_PART: f32 = 0.008;
const NEAR: f32 = 0.12;
/// Two pieces that are both at least this much as high as the drawing, and beside each other, are two signs.
const TALL: f32 = 0.6;
/// So many holes, each of at least this share of the box, no digit has.
const HOLES: usize = 4;
const HOLE: f32 = 0.004;

/// What is known from the drawing alone to be no digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// Two signs stand beside each other.
    TwoSigns,
    /// Lines cross and cross again.
    Tangle,
}

impl Objection {
    /// What is the matter, as the part of a sentence after "not sure: ".
    pub fn reason(self) -> &'static str {
        match self {
            Self::TwoSigns => "two signs stand beside each other; one digit at a time can be read",
            Self::Tangle => "the lines cross more often than in any digit",
        }
    }
}

/// A box of cells, its ends included.
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

    /// Cells between the two boxes, in the direction in which they are further apart.
    fn gap(self, other: Self) -> u32 {
        let between = |end: u32, start: u32| start.saturating_sub(end);
        let x = between(self.right, other.left).max(between(other.right, self.left));
        let y = between(self.bottom, other.top).max(between(other.bottom, self.top));
        x.max(y)
    }
}

/// Cells that touch each other.
#[derive(Debug)]
struct Piece {
    /// The sum of its ink.
    ink: u64,
    cells: Cells,
    number: u32,
}

/// The drawing without specks, or `None` if all of it belongs together; and what is against its being a digit.
pub(super) fn clean(drawing: &GrayImage) -> (Option<GrayImage>, Option<Objection>) {
    let grid = Grid::of(drawing);
    let (pieces, numbers) = grid.pieces();
    let Some(main) = pieces.iter().max_by_key(|piece| piece.ink) else { return (None, None) };
    let side = main.cells.width().max(main.cells.height()) as f32;
    let is_part = |piece: &Piece| {
        let share = piece.ink as f32 / main.ink.max(1) as f32;
        share >= PART || (share >= NEAR_PART && piece.cells.gap(main.cells) as f32 <= NEAR * side)
    };
    let parts: Vec<&Piece> = pieces.iter().filter(|piece| is_part(piece)).collect();
    let all = parts.iter().fold(main.cells, |all, piece| all.with(piece.cells));
    let objection = if are_two_signs(&parts, all) {
        Some(Objection::TwoSigns)
    } else if grid.holes(all) >= HOLES {
        Some(Objection::Tangle)
    } else {
        None
    };
    let cleaned = (parts.len() < pieces.len()).then(|| {
        let mut is_kept = vec![true; pieces.len() + 1];
        for piece in &pieces {
            is_kept[piece.number as usize] = is_part(piece);
        }
        grid.without(drawing, &numbers, &is_kept)
    });
    (cleaned, objection)
}

fn are_two_signs(parts: &[&Piece], all: Cells) -> bool {
    let tall: Vec<Cells> = parts
        .iter()
        .map(|piece| piece.cells)
        .filter(|cells| cells.height() as f32 >= TALL * all.height() as f32)
        .collect();
    let beside = |a: &Cells, b: &Cells| a.right < b.left || b.right < a.left;
    tall.iter().enumerate().any(|(i, a)| tall[..i].iter().any(|b| beside(a, b)))
        && all.width() as f32 > 0.45 * all.height() as f32
}

/// A drawing seen a few pixels at a time.
struct Grid {
    /// Pixels along a cell's side.
    step: u32,
    width: u32,
    height: u32,
    /// The sum of each cell's ink; 0 where none reaches [`INK`].
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

    /// Calls `visit` with each neighbour of a cell: all eight, or the four that share a side.
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

    /// All pieces, and the number of the piece of every cell; 0 is none.
    fn pieces(&self) -> (Vec<Piece>, Vec<u32>) {
        let (mut pieces, mut numbers, mut open) = (Vec::new(), vec![0; self.ink.len()], Vec::new());
        for start in 0..self.ink.len() {
            if self.ink[start] == 0 || numbers[start] != 0 {
                continue;
            }
            let number = pieces.len() as u32 + 1;
            let place = |at: usize| Cells::at(at as u32 % self.width, at as u32 / self.width);
            let mut piece = Piece { ink: 0, cells: place(start), number };
            numbers[start] = number;
            open.push(start);
            while let Some(at) = open.pop() {
                piece.ink += self.ink[at];
                piece.cells = piece.cells.with(place(at));
                self.around(at, true, |next| {
                    if self.ink[next] > 0 && numbers[next] == 0 {
                        numbers[next] = number;
                        open.push(next);
                    }
                });
            }
            pieces.push(piece);
        }
        (pieces, numbers)
    }

    /// Holes in the ink within a box: paper that is not joined with the paper around it.
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

    /// The drawing with only the pieces that are kept, and the faint edges around them.
    fn without(&self, drawing: &GrayImage, numbers: &[u32], is_kept: &[bool]) -> GrayImage {
        let mut wanted = vec![false; numbers.len()];
        for (at, &number) in numbers.iter().enumerate() {
            if number > 0 && is_kept[number as usize] {
                self.around(at, true, |next| wanted[next] = true);
            }
        }
        for (wanted, &number) in wanted.iter_mut().zip(numbers) {
            *wanted &= is_kept[number as usize];
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
    fn specks_go_and_parts_stay() {
        let bar_and_body = [(100, 40, 80, 12), (100, 60, 12, 60), (112, 108, 60, 90)];
        assert_eq!(clean(&boxes(&bar_and_body)), (None, None));
        let with_specks = [&bar_and_body[..], &[(10, 10, 4, 4), (250, 200, 6, 3)]].concat();
        let (cleaned, objection) = clean(&boxes(&with_specks));
        assert_eq!((cleaned, objection), (Some(boxes(&bar_and_body)), None));
    }

    #[test]
    fn two_signs_are_two_only_beside_each_other() {
        let objection = |pieces: &[_]| clean(&boxes(pieces)).1;
        assert_eq!(objection(&[(40, 50, 30, 150), (150, 60, 30, 150)]), Some(Objection::TwoSigns));
        // An open 4: the left stroke reaches under the stem.
        assert_eq!(objection(&[(60, 40, 10, 100), (60, 130, 70, 10), (135, 30, 12, 200)]), None);
        assert_eq!(objection(&[(60, 40, 10, 60), (120, 30, 12, 200)]), None);
        assert_eq!(objection(&[(60, 40, 100, 60), (60, 150, 100, 60)]), None);
    }

    #[test]
    fn a_grid_of_lines_is_a_tangle() {
        let lines: Vec<_> =
            (0..4).flat_map(|i| [(40 + 50 * i, 40, 8, 160), (40, 40 + 50 * i, 160, 8)]).collect();
        assert_eq!(clean(&boxes(&lines)).1, Some(Objection::Tangle));
    }

    #[test]
    fn nothing_is_said_against_digits() {
        let test = mnist::load_test().unwrap();
        let mut objections = Vec::new();
        for index in 0..test.len() {
            let digit = GrayImage::from_raw(28, 28, test.image(index).to_vec()).unwrap();
            objections.extend(clean(&digit).1);
        }
        assert!(objections.len() <= 20, "{objections:?}");
    }

    #[test]
    fn the_smallest_drawings_are_taken() {
        for (width, height) in [(0, 0), (0, 9), (9, 0), (1, 1), (1, 2000), (2000, 1)] {
            clean(&GrayImage::new(width, height));
            clean(&GrayImage::from_pixel(width, height, Luma([255])));
        }
    }
}
