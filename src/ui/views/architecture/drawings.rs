//! Seven inputs and three outputs: connected each with each, in windows, and in windows with the same weights.

use crate::{
    explain::Connections,
    text::{fill, tr},
    ui::style::{
        fonts,
        tokens::{Tokens, radius, size, space},
    },
};
use egui::{Align2, Color32, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

const INPUTS: usize = 7;
const OUTPUTS: usize = 3;
const WINDOW: usize = 3;
const STRIDE: usize = 2;

/// The height of a drawing, in points.
const HEIGHT: f32 = 66.0;

/// The drawings, each with its number of weights.
pub fn drawings_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    let counts = Connections::new(INPUTS as u64, OUTPUTS as u64, 1, WINDOW as u64);
    let width = (ui.available_width() - 2.0 * space::S) / 3.0;
    let (all, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT + 20.0), Sense::hover());
    for (i, count) in [counts.full, counts.local, counts.shared].into_iter().enumerate() {
        let left = all.left() + i as f32 * (width + space::S);
        let frame = Rect::from_min_size(pos2(left, all.top()), vec2(width, HEIGHT));
        ui.painter().rect(frame, radius::M, t.ground, t.line_stroke(), StrokeKind::Inside);
        let color = |output: usize, element: usize| match i {
            0 => t.line_strong,
            // Every line has its own weight, or only every element of the window.
            1 => [t.second, t.accent, t.positive][(output + element) % 3]
                .gamma_multiply(0.5 + 0.25 * output as f32),
            _ => [t.accent, t.highlight, t.good][element],
        };
        draw(ui, &t, frame.shrink2(vec2(10.0, 12.0)), i == 0, &color);
        let text = fill(tr("{count} weights"), &[("count", &count.to_string())]);
        let at = pos2(frame.center().x, frame.bottom() + 10.0);
        ui.painter().text(at, Align2::CENTER_CENTER, &text, fonts::words(size::SMALL), t.second);
        let response = ui.interact(frame, ui.scope_id().with(("connections", i)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &text));
    }
}

fn draw(ui: &Ui, t: &Tokens, place: Rect, is_full: bool, color: &dyn Fn(usize, usize) -> Color32) {
    let input =
        |i: usize| pos2(place.left() + place.width() * i as f32 / (INPUTS - 1) as f32, place.bottom());
    let output = |o: usize| pos2(input(o * STRIDE + 1).x, place.top());
    for o in 0..OUTPUTS {
        let cells = if is_full { 0..INPUTS } else { o * STRIDE..o * STRIDE + WINDOW };
        for (element, i) in cells.enumerate() {
            let stroke = Stroke::new(if is_full { 1.0 } else { 2.0 }, color(o, element % WINDOW));
            ui.painter().line_segment([output(o), input(i)], stroke);
        }
    }
    for at in (0..INPUTS).map(input).chain((0..OUTPUTS).map(output)) {
        ui.painter().circle(at, 3.0, t.raised, (1.0, t.second));
    }
}
