//! A volume as slices: of the input, of the kernel with its products, and of the output.

use super::{
    near::{Pictures, Unit, near_ui},
    stage::Stage,
};
use crate::{
    explain::variants::{Volume, VolumeStep},
    text::{fill, tr},
    ui::{
        model::convolution::act::ConvolutionAct,
        style::{colormap::ColorMapLut, tokens::space},
        views::convolution::sizes::{TITLE, legible, limit, titled},
        widgets::{GridCell, NumberGrid},
    },
};
use egui::{Rect, Ui, UiBuilder, pos2, vec2};

/// The gap between two slices, in points.
const GAP: f32 = 20.0;
/// The largest cell, in points.
const LARGEST: f32 = 72.0;

/// The whole picture: three rows of slices.
pub fn slices_ui(ui: &mut Ui, volume: &Volume, stage: &mut Stage<'_>) {
    let Stage { position, is_whole, is_editable, .. } = *stage;
    let Some(step) = volume.step(position) else { return };
    let room = ui.available_rect_before_wrap();
    let (size, kernel, output) = (volume.size, volume.kernel_size(), volume.output);
    let across =
        |slices: usize, width: usize| (room.width() - (slices as f32 - 1.0) * GAP) / (slices * width) as f32;
    let rows = size[1] + kernel[1] + output[1];
    let tall = (room.height() - 3.0 * (TITLE + space::S)) / rows as f32;
    let side = across(size[0], size[2])
        .min(across(2 * kernel[0], kernel[2]))
        .min(across(output[0], output[2]))
        .min(tall)
        .min(LARGEST)
        .floor()
        .max(4.0);
    let colors = ColorMapLut::diverging(ui.theme());
    if side < legible(&volume.x, &volume.kernel, &volume.y) {
        return small_ui(ui, volume, &step, room, stage);
    }
    let mut row = Row { top: room.top(), left: room.left(), side, edge: room.left() };
    let products: Vec<f32> = step.terms.iter().map(|(_, x, weight)| x * weight).collect();
    for slice in 0..size[0] {
        let content = |row: usize, column: usize| GridCell {
            is_lit: step.terms.iter().any(|term| term.0 == [slice, row, column]),
            ..GridCell::of(volume.x[(slice * size[1] + row) * size[2] + column])
        };
        let (title, name) = names(tr("Input, slice {number}"), tr("input"), slice);
        let scale = limit(&volume.x);
        let shown = titled(ui, row.next(size[1], size[2]), &title, "", |ui| {
            let grid = NumberGrid::new(&name, (size[1], size[2]), side, colors, scale, &content);
            grid.editable(is_editable).ui(ui)
        });
        if let Some(((y, x), value)) = shown.edited {
            let at = (slice * size[1] + y) * size[2] + x;
            stage.send(ConvolutionAct::SetFamilyNumber(at, value));
        }
        stage.take(shown.refused);
    }
    row.below(size[1]);
    for (title, name, values, is_kernel) in [
        (tr("Kernel, slice {number}"), tr("kernel"), &volume.kernel, true),
        (tr("Products, slice {number}"), tr("products"), &products, false),
    ] {
        let scale = limit(values);
        for slice in 0..kernel[0] {
            let content = |row: usize, column: usize| GridCell {
                value: values.get((slice * kernel[1] + row) * kernel[2] + column).copied(),
                ..GridCell::default()
            };
            let (title, name) = names(title, name, slice);
            let shown = titled(ui, row.next(kernel[1], kernel[2]), &title, "", |ui| {
                let grid = NumberGrid::new(&name, (kernel[1], kernel[2]), side, colors, scale, &content);
                grid.editable(is_kernel && is_editable).ui(ui)
            });
            if let Some(((y, x), value)) = shown.edited {
                let at = (slice * kernel[1] + y) * kernel[2] + x;
                stage.send(ConvolutionAct::SetFamilyWeight(0, at, value));
            }
            stage.take(shown.refused);
        }
    }
    row.below(kernel[1]);
    for slice in 0..output[0] {
        let at = |row: usize, column: usize| (slice * output[1] + row) * output[2] + column;
        let content = |row: usize, column: usize| GridCell {
            value: volume.y.get(at(row, column)).copied().filter(|_| at(row, column) <= position || is_whole),
            is_lit: at(row, column) == position,
            ..GridCell::default()
        };
        let (title, name) = names(tr("Output, slice {number}"), tr("output"), slice);
        let scale = limit(&volume.y);
        let shown = titled(ui, row.next(output[1], output[2]), &title, "", |ui| {
            NumberGrid::new(&name, (output[1], output[2]), side, colors, scale, &content).clickable().ui(ui)
        });
        if let Some((y, x)) = shown.clicked {
            stage.seek(at(y, x));
        }
    }
}

/// The slices as small pictures, and beside them the kernel's inputs in each slice, its values and its products.
fn small_ui(ui: &mut Ui, volume: &Volume, step: &VolumeStep, room: Rect, stage: &mut Stage<'_>) {
    let [depth, height, width] = volume.kernel_size();
    let columns = [volume.size, volume.output].map(|[depth, height, width]| (depth, height, width));
    let pictures = Pictures::new(room.size(), &columns);
    let colors = ColorMapLut::diverging(ui.theme());
    for (number, (slices, rows, across)) in columns.into_iter().enumerate() {
        let is_input = number == 0;
        let (title, name) = if is_input { (tr("Input"), tr("input")) } else { (tr("Output"), tr("output")) };
        let values = if is_input { &volume.x } else { &volume.y };
        let scale = limit(values);
        titled(ui, pictures.column(number, room), title, "", |ui| {
            let below = ui.max_rect();
            for slice in 0..slices {
                let element = |row: usize, column: usize| (slice * rows + row) * across + column;
                let content = |row: usize, column: usize| {
                    let at = element(row, column);
                    let is_come = is_input || at <= stage.position || stage.is_whole;
                    GridCell {
                        value: values.get(at).copied().filter(|_| is_come),
                        is_lit: if is_input {
                            step.terms.iter().any(|term| term.0 == [slice, row, column])
                        } else {
                            at == stage.position
                        },
                        ..GridCell::default()
                    }
                };
                let name = numbered(name, slice);
                let place = pictures.map(number, slice, below);
                let mut child = ui.new_child(UiBuilder::new().max_rect(place));
                let grid = NumberGrid::new(&name, (rows, across), pictures.side, colors, scale, &content);
                let shown = if is_input { grid.ui(&mut child) } else { grid.clickable().ui(&mut child) };
                if let (Some((row, column)), false) = (shown.clicked, is_input) {
                    stage.seek(element(row, column));
                }
            }
        });
    }
    let size = height * width;
    let unit = |slice: usize| {
        let terms = step.terms.get(slice * size..(slice + 1) * size).unwrap_or_default();
        let at = |[z, y, x]: [usize; 3]| (z * volume.size[1] + y) * volume.size[2] + x;
        Unit {
            name: slice.to_string(),
            seen: terms.iter().map(|&(place, x, _)| Some((x, Some(at(place))))).collect(),
            kernel: terms.iter().map(|term| term.2).collect(),
            at: (0, slice * size),
        }
    };
    let units: Vec<Unit> = (0..depth).map(unit).collect();
    let rest = room.with_min_x(room.left() + pictures.width() + space::XL);
    near_ui(ui, (height, width), &units, rest, None, stage);
}

fn names(title: &str, name: &str, slice: usize) -> (String, String) {
    (fill(title, &[("number", &slice.to_string())]), numbered(name, slice))
}

/// The accessible name of one of several grids.
fn numbered(name: &str, slice: usize) -> String {
    fill(tr("{grid} {number}"), &[("grid", name), ("number", &slice.to_string())])
}

/// Slices side by side.
struct Row {
    top: f32,
    left: f32,
    side: f32,
    edge: f32,
}

impl Row {
    /// The place of the next slice of this many cells.
    fn next(&mut self, height: usize, width: usize) -> Rect {
        let size = vec2((width as f32 * self.side).max(60.0), height as f32 * self.side + TITLE);
        let place = Rect::from_min_size(pos2(self.left, self.top), size);
        self.left = place.right() + GAP;
        place
    }

    /// Starts the next row, below slices of this many rows.
    fn below(&mut self, height: usize) {
        self.top += height as f32 * self.side + TITLE + space::S;
        self.left = self.edge;
    }
}
