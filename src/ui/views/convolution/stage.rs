//! Where the grids stand: side by side in the room there is, as large as it allows.

use super::{
    Back, Scene,
    grids::{TITLE, input_ui, kernel_ui, output_ui, patch_ui, place, products_ui, titled},
};
use crate::ui::{
    action::{Action, Actions},
    convolution::ConvolutionAct,
    icons,
    tokens::{Tokens, size, space},
    tr::{fill, tr},
    widgets::{PlaybackAct, icon_button, number_grid, side_for},
};
use egui::{Align2, Button, DragValue, Label, Rect, RichText, Ui, UiBuilder, Vec2, vec2};

/// Between two columns of grids, in points; a sign stands there.
const GAP: f32 = 34.0;
/// Below this, in points, cells have no legible digits.
const LEGIBLE: f32 = 20.0;
/// The largest cell, in points.
const LARGEST: f32 = 92.0;
/// The most channels that stand below each other.
const MOST_ROWS: usize = 4;

/// How the grids are laid out.
struct Plan {
    /// Channels below each other.
    rows: usize,
    /// Outputs below each other.
    outputs: usize,
    /// Sides of the cells of input and output.
    side: f32,
    /// Cells of what is as large as the kernel.
    small: Vec2,
    /// Whether the input's cells have no digits, so that what the window sees is shown besides.
    has_patch: bool,
}

/// The grids' sizes in cells.
struct Sizes {
    input: (usize, usize),
    kernel: (usize, usize),
    output: (usize, usize),
}

impl Plan {
    fn new(room: Vec2, sizes: &Sizes, channels: usize, filters: usize) -> Self {
        let (input, kernel, output) = (sizes.input, sizes.kernel, sizes.output);
        let alike = |rows: usize, outputs: usize| {
            let middle = if rows > 1 { 2 * kernel.1 } else { kernel.1 };
            let gaps = if rows > 1 { 3.0 } else { 2.0 };
            let across = (room.x - gaps * GAP) / (input.1 + middle + output.1) as f32;
            let tall = |count: usize, cells: usize| {
                (room.y - count as f32 * (TITLE + space::S)) / (count * cells).max(1) as f32
            };
            let middle = if rows > 1 { tall(rows, kernel.0) } else { tall(2, kernel.0) };
            let side = across.min(tall(rows, input.0)).min(middle).min(tall(outputs, output.0));
            side.min(LARGEST).floor()
        };
        let all = if channels <= MOST_ROWS { channels } else { 1 };
        let outputs = if filters <= MOST_ROWS { filters } else { 1 };
        for (rows, outputs) in [(all, outputs), (all, 1), (1, outputs), (1, 1)] {
            let side = alike(rows, outputs);
            if side >= LEGIBLE {
                return Self { rows, outputs, side, small: Vec2::splat(side), has_patch: false };
            }
        }
        // Digits of the input have no room: its window is shown large, with all its numbers.
        let tall = (room.y - 3.0 * (TITLE + space::S)) / (3 * kernel.0) as f32;
        let wide = room.x * 0.34 / kernel.1 as f32;
        let small = vec2(wide.min(tall * 1.8).min(LARGEST * 0.7), tall.min(wide).min(LARGEST * 0.5))
            .max(Vec2::splat(2.0));
        let rest = room.x - 2.0 * GAP - small.x * kernel.1 as f32;
        let side = side_for(vec2(rest, room.y - TITLE), (input.0.max(output.0), input.1 + output.1), LARGEST);
        Self { rows: 1, outputs: 1, side, small, has_patch: true }
    }
}

/// Input, window, kernel, products and output.
pub fn stage_ui(ui: &mut Ui, scene: &Scene<'_>, back: &mut Back<'_>) {
    let conv = scene.conv;
    let (_, height, width) = conv.input().as_maps();
    let (filters, out_height, out_width) = conv.output().as_maps();
    let settings = *conv.settings();
    let padding = settings.padding;
    let sizes = Sizes {
        input: (height + 2 * padding.h, width + 2 * padding.w),
        kernel: (settings.kernel_size.h, settings.kernel_size.w),
        output: (out_height, out_width),
    };
    let channels = scene.step.parts.len();
    let mut room = ui.available_rect_before_wrap();
    if channels > 1 || filters > 1 {
        let strip = Rect::from_min_size(room.min, vec2(room.width(), ui.spacing().interact_size.y));
        strip_ui(&mut ui.new_child(UiBuilder::new().max_rect(strip)), scene, back.actions);
        room.min.y = strip.bottom() + space::S;
    }
    let plan = Plan::new(room.size(), &sizes, channels, filters);
    let many = |name: &str, number: usize| match plan.rows.max(plan.outputs) {
        1 => name.to_owned(),
        _ => format!("{name} {number}"),
    };
    let at_sizes = |size: (usize, usize)| format!("{}×{}", size.0, size.1);
    let filter = scene.step.place.channel;
    let shown: Vec<usize> = if plan.rows > 1 { (0..channels).collect() } else { vec![scene.part()] };
    let pad = if padding.area() + padding.h + padding.w > 0 {
        fill(tr("padding {padding}"), &[("padding", &pair(padding.h, padding.w))])
    } else {
        String::new()
    };
    let mut top = room.top();
    let mut right = room.left();
    for &inner in &shown {
        let part = &scene.step.parts[inner];
        let channel = part.channel;
        let square = Vec2::splat(plan.side);
        let input = place(room.left(), top, sizes.input, square, room);
        let title = format!("{} {}", tr("Input"), at_sizes((height, width)));
        let title = if plan.rows > 1 { format!("{title} · {channel}") } else { title };
        titled(ui, input, &title, &pad, |ui| {
            let name = many(tr("input"), channel);
            input_ui(ui, scene, &name, channel, plan.side, back);
        });
        let mut middle = place(input.right() + GAP, top, sizes.kernel, plan.small, room);
        let subtotal = if scene.is_hidden(scene.at) { String::new() } else { part_total(scene, inner) };
        let kernel_title = |name: &str| format!("{name} {}", at_sizes(sizes.kernel));
        if plan.has_patch {
            titled(ui, middle, tr("Patch"), "", |ui| {
                patch_ui(ui, scene, &many(tr("patch"), channel), part, plan.small, back);
            });
            middle = middle.translate(vec2(0.0, middle.height() + space::S));
            sign(ui, middle, "×");
        } else {
            between(ui, input, middle, "×");
        }
        titled(ui, middle, &kernel_title(tr("Kernel")), "", |ui| {
            let name = many(tr("kernel"), channel);
            kernel_ui(ui, scene, &name, part, plan.small, back);
        });
        let products = if plan.rows > 1 {
            middle.translate(vec2(middle.width() + GAP, 0.0))
        } else {
            middle.translate(vec2(0.0, middle.height() + space::S))
        };
        if plan.rows > 1 {
            between(ui, middle, products, "=");
        } else {
            sign(ui, products, "=");
        }
        titled(ui, products, tr("Products"), &subtotal, |ui| {
            products_ui(ui, scene, &many(tr("products"), channel), part, plan.small, back);
        });
        right = right.max(products.right().max(middle.right()));
        let tallest = input.bottom().max(products.bottom());
        top = tallest + space::S;
    }
    let mut top = room.top();
    let filters: Vec<usize> = if plan.outputs > 1 { (0..filters).collect() } else { vec![filter] };
    for filter in filters {
        let output = place(right + GAP, top, sizes.output, Vec2::splat(plan.side), room);
        let title = format!("{} {}", tr("Output"), at_sizes(sizes.output));
        let title = if plan.outputs > 1 { format!("{title} · {filter}") } else { title };
        titled(ui, output, &title, "", |ui| {
            output_ui(ui, scene, &many(tr("output"), filter), filter, plan.side, back);
        });
        top = output.bottom() + space::S;
    }
}

fn pair(h: usize, w: usize) -> String {
    if h == w { h.to_string() } else { format!("{h}×{w}") }
}

/// What a channel's products add up to.
fn part_total(scene: &Scene<'_>, inner: usize) -> String {
    format!("Σ {}", number_grid::exact(scene.step.parts[inner].subtotal()))
}

/// A sign between two grids that stand side by side.
fn between(ui: &Ui, left: Rect, right: Rect, sign: &str) {
    let t = Tokens::of(ui);
    let x = f32::midpoint(left.right(), right.left());
    let y = right.top() + TITLE + (right.height() - TITLE) / 2.0;
    let font = crate::ui::fonts::words(size::HEADING);
    ui.painter().text(egui::pos2(x, y), Align2::CENTER_CENTER, sign, font, t.second);
}

/// A sign before a grid that stands below another.
fn sign(ui: &Ui, rect: Rect, sign: &str) {
    let t = Tokens::of(ui);
    let place = egui::pos2(rect.left() - GAP / 2.0, rect.top() + TITLE + (rect.height() - TITLE) / 2.0);
    let font = crate::ui::fonts::words(size::HEADING);
    ui.painter().text(place, Align2::CENTER_CENTER, sign, font, t.second);
}

/// Which filter and which channel are looked at.
fn strip_ui(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let (filters, height, width) = scene.conv.output().as_maps();
    let place = scene.conv.place(scene.position);
    ui.horizontal(|ui| {
        if filters > 1 {
            if let Some(filter) = stepper_ui(ui, tr("Filter"), place.channel, 0..filters) {
                // The same place in another filter's map.
                let at = (filter * height + place.row) * width + place.column;
                let act = ConvolutionAct::Play(PlaybackAct::Seek(at));
                actions.send(Action::Convolution(act));
            }
            ui.add_space(space::L);
        }
        let channels = scene.conv.channels(place.channel);
        if channels.len() > 1 {
            let shown = scene.step.parts.get(scene.part()).map_or(0, |part| part.channel);
            if let Some(channel) = stepper_ui(ui, tr("Channel"), shown, channels) {
                actions.send(Action::Convolution(ConvolutionAct::LookAt(Some(channel))));
            }
            let is_strongest = scene.lab.channel.is_none();
            if is_strongest {
                ui.add(Label::new(RichText::new(tr("the strongest")).color(t.second)).truncate());
            } else if ui.add(Button::new(tr("Strongest")).frame(false).truncate()).clicked() {
                actions.send(Action::Convolution(ConvolutionAct::LookAt(None)));
            }
        }
    });
}

/// A number with one less and one more beside it; what it is changed to.
fn stepper_ui(ui: &mut Ui, name: &str, value: usize, range: std::ops::Range<usize>) -> Option<usize> {
    let t = Tokens::of(ui);
    let (first, last) = (range.start, range.end.saturating_sub(1));
    let mut new = value;
    ui.spacing_mut().item_spacing.x = space::XS;
    ui.label(RichText::new(name).color(t.second));
    let less = fill(tr("{name} before"), &[("name", name)]);
    let more = fill(tr("{name} after"), &[("name", name)]);
    if icon_button(ui, icons::CHEVRON_LEFT, &less).clicked() {
        new = value.saturating_sub(1).max(first);
    }
    ui.spacing_mut().interact_size.x = 32.0;
    ui.add(DragValue::new(&mut new).range(first..=last).speed(0.1)).accessible_name(name);
    let count = fill(tr("of {first}–{last}"), &[("first", &first.to_string()), ("last", &last.to_string())]);
    ui.label(RichText::new(count).color(t.second));
    if icon_button(ui, icons::CHEVRON_RIGHT, &more).clicked() {
        new = (value + 1).min(last);
    }
    (new != value).then_some(new)
}
