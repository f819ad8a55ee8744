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
        let (input, output) = (sizes.input, sizes.results[0]);
        let pixel = |is_stacked: bool, block: f32| {
            if is_stacked {
                let pictures = (input.0 + output.0, input.1.max(output.1));
                side_for(vec2(room.x - GAP - block, room.y - 2.0 * TITLE - space::S), pictures, LARGEST)
            } else {
                let pictures = (input.0.max(output.0), input.1 + output.1);
                side_for(vec2(room.x - 2.0 * GAP - block, room.y - TITLE), pictures, LARGEST)
            }
        };
        let least = PIXEL.min(pixel(false, 0.0) / 2.0);
        let plan = |stand: Stand, is_stacked: bool, cell: Vec2| {
            let block = block(stand, sizes.kernel, cell);
            let pixel = pixel(is_stacked, block.x);
            (block.y <= room.y && block.x <= room.x).then_some(Self { stand, is_stacked, pixel, cell })
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

/// The room of the grids of the kernel's size, with tabs if one is shown at a time.
fn block(stand: Stand, kernel: (usize, usize), cell: Vec2) -> Vec2 {
    let size = stand.size(kernel, cell);
    if stand == Stand::One { vec2(size.x.max(TAB_WIDTH), size.y + TABS) } else { size }
}

/// Input and output as pictures, and between them the patch, the kernel and the products.
pub fn pictures_ui(
    ui: &mut Ui,
    scene: &ConvolutionScene<'_>,
    room: Rect,
    sizes: &Sizes,
    [input_title, padding, output_title]: [&str; 3],
    result: &dyn Fn(&mut Ui, f32, &mut GridBack<'_>),
    back: &mut GridBack<'_>,
) {
    let plan = Plan::new(room.size(), sizes);
    let Plan { stand, is_stacked, pixel, cell } = plan;
    let inner = scene.part();
    let part = &scene.step.parts[inner];
    let picture = |(rows, columns): (usize, usize)| {
        vec2((columns as f32 * pixel).max(72.0), rows as f32 * pixel + TITLE)
    };
    let input = Rect::from_min_size(room.min, picture(sizes.input)).intersect(room);
    let output = picture(sizes.results[0]);
    let block = block(stand, sizes.kernel, cell);
    let (left, output) = if is_stacked {
        let below = Rect::from_min_size(pos2(room.left(), input.bottom() + space::S), output);
        (input.right().max(below.right()) + GAP, below)
    } else {
        let left = input.right() + GAP;
        (left, Rect::from_min_size(pos2(left + block.x + GAP, room.top()), output))
    };
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
    titled(ui, output, output_title, "", |ui| result(ui, pixel, back));
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
