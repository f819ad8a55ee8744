//! im2col: the windows as columns of a matrix, the filters as rows of another, and their product.
//!
//! Laid out as for multiplying by hand: the right factor above the product, the left factor to its left, so that the
//! row and the column of each value meet in it.

use super::{
    grids::input_ui,
    scene::{ConvolutionScene, GridBack},
    sizes::{TITLE, limit, titled},
};
use crate::{
    explain::{Convolution, arrays, convolution::Im2col},
    text::{fill, tr},
    ui::{
        action::Action,
        model::convolution::act::ConvolutionAct,
        style::{
            colormap::ColorMapLut,
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::{GridCell, NumberGrid, PlaybackAct, number_grid::FEW_LIT, side_for},
    },
};
use egui::{Rect, RichText, Ui, UiBuilder, Vec2, pos2, vec2};
use std::sync::Arc;

/// The gap between the matrices, in points.
const GAP: f32 = 24.0;
/// If square cells would be smaller than this, in points, the cells fill the room instead.
const LEGIBLE: f32 = 20.0;

/// The most rows shown of the matrix of windows.
const MOST_CELLS: usize = 1 << 16;

/// The matrices of a convolution, computed once: for a photograph they have millions of values.
#[derive(Default)]
pub struct Product {
    made: Option<(Arc<Convolution>, Im2col)>,
    /// Changes whenever the matrices do.
    number: u64,
}

impl Product {
    /// The matrices of the group of `filter`, and their number.
    pub fn of(&mut self, conv: &Arc<Convolution>, filter: usize) -> Option<(&Im2col, u64)> {
        let is_made = self
            .made
            .as_ref()
            .is_some_and(|(of, im2col)| Arc::ptr_eq(of, conv) && im2col.filters.contains(&filter));
        if !is_made {
            self.made = conv.im2col(filter).map(|im2col| (conv.clone(), im2col));
            self.number += 1;
        }
        self.made.as_ref().map(|(_, im2col)| (im2col, self.number))
    }

    /// Drops the matrices when they are not shown.
    pub fn forget(&mut self) {
        self.made = None;
    }
}

/// The cells of the three matrices.
struct Plan {
    /// The cells of the matrix of windows.
    window: Vec2,
    /// The cells of the matrix of filters.
    weight: Vec2,
}

impl Plan {
    fn new(room: Vec2, elements: usize, windows: usize, filters: usize) -> Self {
        let room = vec2(room.x - GAP, room.y - 2.0 * TITLE - GAP);
        let across = (elements + windows) as f32;
        let square = side_for(room, (elements + filters, 1), 56.0).min(room.x / across).floor();
        if square >= LEGIBLE {
            return Self { window: Vec2::splat(square), weight: Vec2::splat(square) };
        }
        let tall = (room.y / (elements + filters) as f32).min(28.0);
        let weight = (room.x * 0.34 / elements as f32).min(28.0);
        let window = ((room.x - weight * elements as f32) / windows as f32).min(28.0);
        // With hundreds of windows, several share a pixel.
        let least = Vec2::splat(0.25);
        Self { window: vec2(window, tall).max(least), weight: vec2(weight, tall).max(least) }
    }
}

/// The three matrices, with the input above the filters.
pub fn matrix_ui(
    ui: &mut Ui,
    scene: &ConvolutionScene<'_>,
    (im2col, number): (&Im2col, u64),
    back: &mut GridBack<'_>,
) {
    let place = scene.step.place;
    let t = Tokens::of(ui);
    let filters = &im2col.filters;
    let (rows, (all, windows)) = (filters.len(), im2col.columns.dim());
    // With thousands of rows, each would be smaller than a pixel.
    let elements = all.min((MOST_CELLS / windows.max(1)).max(1));
    let mut room = ui.available_rect_before_wrap();
    let sentence = fill(
        tr(
            "{filters}×{elements} filters · {elements}×{windows} windows = {filters}×{windows} outputs, put back as {shape}",
        ),
        &[
            ("filters", &rows.to_string()),
            ("elements", &all.to_string()),
            ("windows", &windows.to_string()),
            ("shape", &scene.conv.output().to_string()),
        ],
    );
    let line = Rect::from_min_size(room.min, vec2(room.width(), 20.0));
    let text = RichText::new(sentence).font(fonts::words(size::BODY)).color(t.second);
    ui.new_child(UiBuilder::new().max_rect(line)).add(egui::Label::new(text).truncate());
    room.min.y = line.bottom() + space::XS;
    let plan = Plan::new(room.size(), elements, windows, rows);
    let (_, height, width) = scene.conv.output().as_maps();
    let window = place.row * width + place.column;
    let row = place.channel - filters.start;
    let left = room.left() + plan.weight.x * elements as f32 + GAP;
    let below = room.top() + TITLE + plan.window.y * elements as f32 + GAP;
    let diverging = ColorMapLut::diverging(ui.theme());

    // The input, in the free corner of the layout.
    let input = scene.conv.input();
    let (_, input_height, input_width) = input.as_maps();
    let sides = scene.conv.border().around(input_height, input_width);
    let corner = Rect::from_min_max(room.min, pos2(left - GAP, below - space::S));
    let side = side_for(corner.size() - vec2(0.0, TITLE), sides, 32.0);
    if corner.width() > 40.0 && corner.height() > 60.0 {
        let part = scene.step.parts.get(scene.part()).map_or(0, |part| part.channel);
        titled(ui, corner, tr("Input"), "", |ui| {
            input_ui(ui, scene, tr("input"), part, side, back);
        });
    }

    let above = Rect::from_min_max(pos2(left, room.top()), pos2(room.right(), below - space::XS));
    let title = fill(
        tr("Windows {rows}×{columns}"),
        &[("rows", &all.to_string()), ("columns", &windows.to_string())],
    );
    let detail = if elements < all {
        let values = [("count", &*elements.to_string()), ("number", &*window.to_string())];
        fill(tr("its first {count} rows; column {number} is this window"), &values)
    } else {
        fill(tr("column {number} is this window"), &[("number", &window.to_string())])
    };
    let scale = limit(scene.conv.x());
    let kernel = scene.conv.settings().kernel_size;
    // The elements of the window that cover the pointed input, one for each channel.
    let term = |row: usize| scene.step.parts.get(row / kernel.area())?.terms.get(row % kernel.area());
    let is_pointed = |row: &usize| {
        let place = term(*row).map(|term| (term.seen.row, term.seen.column));
        scene.hover.input.is_some_and(|(_, y, x)| place == Some((y, x)))
    };
    let lit: Vec<(usize, usize)> =
        (0..elements).filter(is_pointed).map(|row| (row, window)).take(FEW_LIT).collect();
    let content = |row: usize, column: usize| GridCell {
        value: im2col.columns.get((row, column)).copied(),
        is_lit: column == window && lit.contains(&(row, column)),
        ..GridCell::default()
    };
    let shown = titled(ui, above, &title, &detail, |ui| {
        NumberGrid::new(tr("windows"), (elements, windows), plan.window.y, diverging, scale, &content)
            .picture_of(number, &lit)
            .cell(plan.window)
            .outline(Some((0..elements, window..window + 1)))
            .clickable()
            .ui(ui)
    });
    let first = place.channel * height * width;
    if let Some((_, column)) = shown.hovered {
        back.hover.output = Some(first + column);
    }
    let go = |back: &mut GridBack<'_>, at: usize| {
        back.actions.send(Action::Convolution(ConvolutionAct::Play(PlaybackAct::Seek(at))));
    };
    if let Some((_, column)) = shown.clicked {
        go(back, first + column);
    }

    let beside = Rect::from_min_max(pos2(room.left(), below), pos2(left - GAP, room.bottom()));
    let title =
        fill(tr("Filters {rows}×{columns}"), &[("rows", &rows.to_string()), ("columns", &all.to_string())]);
    let content = |row: usize, column: usize| GridCell {
        value: im2col.weights.get((row, column)).copied(),
        ..GridCell::default()
    };
    let divided = scene.conv.divisor().map(|count| count.to_string()).unwrap_or_default();
    let divided = match divided.as_str() {
        "" => String::new(),
        count => fill(tr("divided by {count}"), &[("count", count)]),
    };
    titled(ui, beside, &title, &divided, |ui| {
        NumberGrid::new(
            tr("filters"),
            (rows, elements),
            plan.weight.y,
            diverging,
            arrays::limit(&im2col.weights),
            &content,
        )
        .cell(plan.weight)
        .outline(Some((row..row + 1, 0..elements)))
        .ui(ui)
    });

    let product = Rect::from_min_max(pos2(left, below), room.max);
    let bias = if scene.conv.bias().is_some() { tr("with the bias added") } else { "" };
    let content = |row: usize, column: usize| {
        let at = (filters.start + row) * height * width + column;
        GridCell {
            value: im2col
                .outputs
                .get((row, column))
                .copied()
                .filter(|_| (at <= scene.position || scene.lab.is_whole) && !scene.is_asked(at)),
            is_lit: at == scene.at,
            is_asked: scene.is_asked(at) && (at <= scene.position || scene.lab.is_whole),
            ..GridCell::default()
        }
    };
    let title = fill(
        tr("Outputs {rows}×{columns}"),
        &[("rows", &rows.to_string()), ("columns", &windows.to_string())],
    );
    let cell = vec2(plan.window.x, plan.weight.y);
    let shown = titled(ui, product, &title, bias, |ui| {
        NumberGrid::new(tr("product"), (rows, windows), cell.y, diverging, limit(scene.conv.y()), &content)
            .cell(cell)
            .clickable()
            .ui(ui)
    });
    let at = |(row, column): (usize, usize)| (filters.start + row) * height * width + column;
    if let Some(cell) = shown.hovered {
        back.hover.output = Some(at(cell));
    }
    if let Some(cell) = shown.clicked {
        go(back, at(cell));
    }
}
