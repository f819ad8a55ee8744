//! The layout for inputs that are too large for digits: input and output as pictures; patch, kernel and
//! products with all their numbers, one at a time where there is no room for all.

use super::{
    grids::{input_ui, piece_ui},
    scene::{ConvolutionScene, GridBack, part_total},
    sizes::{GAP, LARGEST, LEGIBLE, Sizes, TITLE, WIDEST, at_sizes, sign, titled},
    stand::{Stand, TABS},
};
use crate::{
    text::tr,
    ui::{
        action::Action,
        model::convolution::{ConvolutionAct, KernelGrid},
        style::tokens::space,
        widgets::{segmented, side_for},
    },
};
use egui::{Rect, Ui, UiBuilder, Vec2, pos2, vec2};

/// The preferred least side of a picture's pixel, in points.
const PIXEL: f32 = 4.0;

/// The least part of a single picture's pixel that several pictures next to each other may have.
const SPREAD: f32 = 0.6;

/// The least width of a picture's title, in points.
const TITLE_WIDTH: f32 = 72.0;

/// The width of the tabs, in points.
const TAB_WIDTH: f32 = 236.0;

/// How all of it is laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plan {
    stand: Stand,
    /// Whether the output's picture is below the input's.
    is_stacked: bool,
    /// The side of a picture's pixel.
    pixel: f32,
    /// A cell of the grids of the kernel's size.
    cell: Vec2,
}

impl Plan {
    /// The largest pictures that leave room for legible numbers; if no layout does, one grid as large as possible.
    fn new(room: Vec2, sizes: &Sizes) -> Self {
        let input = sizes.input;
        let highest = sizes.results.iter().map(|size| size.0).max().unwrap_or(0);
        let across: usize = sizes.results.iter().map(|size| size.1).sum();
        let between = sizes.results.len().saturating_sub(1) as f32 * GAP;
        let pixel = |is_stacked: bool, block: f32| {
            if is_stacked {
                let pictures = (input.0 + highest, input.1.max(across));
                let gaps = GAP + if across > input.1 { between } else { 0.0 };
                side_for(vec2(room.x - gaps - block, room.y - 2.0 * TITLE - space::S), pictures, LARGEST)
            } else {
                let pictures = (input.0.max(highest), input.1 + across);
                side_for(vec2(room.x - 2.0 * GAP - between - block, room.y - TITLE), pictures, LARGEST)
            }
        };
        let least = PIXEL.min(pixel(false, 0.0) / 2.0);
        let plan = |stand: Stand, is_stacked: bool, cell: Vec2| {
            let block = block(stand, sizes.kernel, cell);
            let plan = Self { stand, is_stacked, pixel: pixel(is_stacked, block.x), cell };
            (block.y <= room.y && block.x <= room.x).then(|| plan.with_titles(room, sizes))
        };
        let legible = vec2(WIDEST, LEGIBLE);
        let ways =
            |stands: &'static [Stand]| stands.iter().flat_map(|&stand| [(stand, false), (stand, true)]);
        let best = |stands: &'static [Stand]| {
            let plans = ways(stands).filter_map(|(stand, is_stacked)| plan(stand, is_stacked, legible));
            let plans = plans.filter(|plan| plan.pixel >= least);
            plans.reduce(|best, other| if other.pixel > best.pixel { other } else { best })
        };
        let found = best(&[Stand::Below, Stand::Corner, Stand::Beside]).or_else(|| best(&[Stand::One]));
        let Some(mut found) = found else {
            // No layout fits: one grid, which leaves a third of the width to the pictures.
            let cell =
                vec2(room.x * 0.6 / sizes.kernel.1 as f32, (room.y - 3.0 * TITLE) / sizes.kernel.0 as f32);
            let cell = cell.min(Vec2::splat(WIDEST)).max(Vec2::splat(2.0));
            let block = block(Stand::One, sizes.kernel, cell);
            let pixel = pixel(true, block.x);
            return Self { stand: Stand::One, is_stacked: true, pixel, cell };
        };
        // Room that the pictures do not need makes the numbers larger.
        let kept = found.pixel * 0.8;
        let mut cell = found.cell;
        while cell.y < LARGEST * 0.5 {
            cell += Vec2::splat(1.0);
            match plan(found.stand, found.is_stacked, cell).filter(|larger| larger.pixel >= kept.max(least)) {
                Some(larger) => found = larger,
                None => break,
            }
        }
        found
    }
}

impl Plan {
    /// Smaller pictures, if their titles are wider than small ones.
    fn with_titles(self, room: Vec2, sizes: &Sizes) -> Self {
        let excess = (self.width(sizes) - room.x).max(0.0);
        let pixel = self.pixel - excess / sizes.input.1.max(1) as f32;
        Self { pixel: pixel.max(0.5), ..self }
    }

    /// The whole width, with titles.
    fn width(&self, sizes: &Sizes) -> f32 {
        let input = picture_room(sizes.input, self.pixel).x;
        let results: f32 = sizes.results.iter().map(|&size| GAP + picture_room(size, self.pixel).x).sum();
        let block = GAP + block(self.stand, sizes.kernel, self.cell).x;
        if self.is_stacked { input.max(results - GAP) + block } else { input + block + results }
    }
}

/// The room of the grids of the kernel's size, with tabs if one is shown at a time.
fn block(stand: Stand, kernel: (usize, usize), cell: Vec2) -> Vec2 {
    let size = stand.size(kernel, cell);
    if stand == Stand::One { vec2(size.x.max(TAB_WIDTH), size.y + TABS) } else { size }
}

/// Whether the output and the outputs of the following layers fit next to each other, with pixels not much smaller than
/// those of a single picture.
pub fn has_room_for_all(room: Vec2, sizes: &Sizes) -> bool {
    let one = Sizes { results: vec![sizes.results[0]], ..*sizes };
    let plan = Plan::new(room, sizes);
    plan.pixel >= SPREAD * Plan::new(room, &one).pixel && plan.width(sizes) <= room.x
}

/// The room of a picture with its title.
fn picture_room((rows, columns): (usize, usize), pixel: f32) -> Vec2 {
    vec2((columns as f32 * pixel).max(TITLE_WIDTH), rows as f32 * pixel + TITLE)
}

/// Shows the result of a number with pixels of a given side.
type ShowResult<'a> = &'a dyn Fn(&mut Ui, usize, f32, &mut GridBack<'_>);

/// Input and results as pictures, and between them the patch, the kernel and the products.
pub fn pictures_ui(
    ui: &mut Ui,
    scene: &ConvolutionScene<'_>,
    room: Rect,
    sizes: &Sizes,
    [input_title, padding]: [&str; 2],
    (titles, first, show): (&[String], usize, ShowResult<'_>),
    back: &mut GridBack<'_>,
) {
    let plan = Plan::new(room.size(), sizes);
    let Plan { stand, is_stacked, pixel, cell } = plan;
    let inner = scene.part();
    let part = &scene.step.parts[inner];
    let picture = |size: (usize, usize)| picture_room(size, pixel);
    let input = Rect::from_min_size(room.min, picture(sizes.input)).intersect(room);
    let block = block(stand, sizes.kernel, cell);
    let from = if is_stacked {
        pos2(room.left(), input.bottom() + space::S)
    } else {
        pos2(input.right() + GAP + block.x + GAP, room.top())
    };
    let mut right = from.x;
    let places: Vec<Rect> = sizes
        .results
        .iter()
        .map(|&size| {
            let place = Rect::from_min_size(pos2(right, from.y), picture(size));
            right = place.right() + GAP;
            place
        })
        .collect();
    let left = if is_stacked { (input.right() + GAP).max(right) } else { input.right() + GAP };
    titled(ui, input, input_title, padding, |ui| {
        input_ui(ui, scene, tr("input"), part.channel, pixel, back);
    });
    let corner = pos2(left, room.top());
    let piece = |ui: &mut Ui, place: Rect, piece: KernelGrid, back: &mut GridBack<'_>| {
        let total = part_total(scene, inner);
        let detail = if piece == KernelGrid::Products { total.as_str() } else { "" };
        let title = match piece {
            KernelGrid::Kernel => format!("{} {}", piece.title(), at_sizes(sizes.kernel)),
            _ => piece.title().to_owned(),
        };
        titled(ui, place, &title, detail, |ui| {
            piece_ui(ui, scene, (piece, piece.name()), part, cell, back);
        });
    };
    if stand == Stand::One {
        let tabs = Rect::from_min_size(corner, vec2(block.x, TABS));
        let options = KernelGrid::ALL.map(|piece| (piece, piece.title()));
        let mut child = ui.new_child(UiBuilder::new().max_rect(tabs));
        let mut chosen = scene.lab.grid;
        if segmented(&mut child, tr("Grid"), &mut chosen, &options).changed() {
            back.actions.send(Action::Convolution(ConvolutionAct::ShowGrid(chosen)));
        }
        let place = stand.place(0, corner + vec2(0.0, TABS), sizes.kernel, cell);
        piece(ui, place, chosen, back);
    } else {
        for (number, kind) in KernelGrid::ALL.into_iter().enumerate() {
            let place = stand.place(number, corner, sizes.kernel, cell);
            piece(ui, place, kind, back);
            if number > 0 {
                sign(ui, place, if number == 1 { "×" } else { "=" });
            }
        }
    }
    for (number, (title, place)) in titles.iter().zip(&places).enumerate() {
        titled(ui, *place, title, "", |ui| show(ui, first + number, pixel, back));
        if number > 0 {
            sign(ui, *place, "→");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(room: Vec2, side: usize, kernel: usize) -> Plan {
        let output = side + 1 - kernel;
        let sizes = Sizes { input: (side, side), kernel: (kernel, kernel), results: vec![(output, output)] };
        Plan::new(room, &sizes)
    }

    #[test]
    fn numbers_are_legible_wherever_one_grid_has_room() {
        // The room of a large window, and of one of 900×600 points.
        for room in [vec2(1030.0, 620.0), vec2(456.0, 290.0)] {
            for side in [28, 32, 64, 128] {
                for kernel in [1, 2, 3, 5, 7] {
                    let Plan { cell, stand, pixel, is_stacked } = plan(room, side, kernel);
                    let what = format!("{room:?}, {side}, {kernel}: {stand:?} {is_stacked} {cell:?} {pixel}");
                    assert!(cell.x >= WIDEST && cell.y >= LEGIBLE, "{what}");
                    let block = block(stand, (kernel, kernel), cell);
                    let output = side + 1 - kernel;
                    let wide = if is_stacked {
                        side as f32 * pixel + GAP
                    } else {
                        (side + output) as f32 * pixel + 2.0 * GAP
                    };
                    assert!(block.x + wide <= room.x + 0.5 && block.y <= room.y, "{what}");
                }
            }
            for kernel in [3, 5] {
                assert_ne!(plan(room, 28, kernel).stand, Stand::One, "all three are seen at once");
            }
        }
    }

    #[test]
    fn the_largest_kernels_and_no_room_are_no_trouble() {
        for room in [vec2(456.0, 290.0), vec2(300.0, 120.0), vec2(10.0, 10.0)] {
            let Plan { cell, pixel, .. } = plan(room, 28, 11);
            assert!(cell.min_elem() >= 2.0 && pixel > 0.0, "{room:?}");
        }
    }
}
