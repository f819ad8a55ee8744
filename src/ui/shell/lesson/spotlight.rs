//! The spotlight: the window is dimmed around the places that a step speaks of, and a line leads to the first of them.

use super::{places::Places, prose};
use crate::{
    lesson::{Quantity, TaskKind},
    text::shown_name,
    ui::{
        action::{Action, Actions},
        model::lesson::{LessonAct, LessonAnswer, OpenLesson},
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, radius, size},
        },
    },
};
use egui::{Align2, Color32, Id, LayerId, Order, Painter, Pos2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Around a place that is lit, in points.
const AROUND: f32 = 5.0;

/// The width of the outline around the place, in points.
const OUTLINE: f32 = 3.0;

/// How much of what is not lit is covered.
const COVER: f32 = 0.62;

/// How much of the further places is covered: the place itself is the brightest.
const ALSO_COVER: f32 = 0.15;

/// Lights the places of the step, and takes clicks that answer its task. `panel` is the lesson's own, `room` what may be
/// dimmed.
pub fn spotlight_ui(ui: &Ui, state: &AppState, panel: Option<Rect>, room: Rect, actions: &mut Actions) {
    let Some(open) = &state.lesson else { return };
    let Some(step) = open.step() else { return };
    let ctx = ui.ctx();
    let painter = ctx.layer_painter(LayerId::new(Order::Middle, Id::unique("spotlight")));
    let t = Tokens::of(ui);
    let reply = open.work().and_then(|work| work.reply.as_ref());
    let ringed: Vec<Rect> =
        reply.iter().flat_map(|reply| &reply.places).filter_map(|name| Places::find(ctx, name)).collect();
    if matches!(open.asked(), Some(Quantity::ConvOutputHeight | Quantity::ConvOutputWidth)) {
        hide_sizes(&painter, ctx, &t);
    }
    if open.has_spotlight {
        let text = step.shown().1;
        let pointed: Vec<Rect> = text
            .places()
            .filter_map(|name| Places::find(ctx, name))
            .map(|rect| rect.expand(AROUND).intersect(room))
            .filter(Rect::is_positive)
            .collect();
        if let Some(first) = pointed.first() {
            let also =
                step.show.iter().flat_map(|show| &show.also).filter_map(|name| Places::find(ctx, name));
            let also: Vec<Rect> = also.map(|rect| rect.expand(AROUND)).collect();
            let bright: Vec<Rect> = pointed.iter().chain(&ringed).copied().collect();
            let lit: Vec<Rect> = bright.iter().chain(&also).copied().collect();
            let rail = panel.map_or(room, |panel| room.with_max_x(panel.left().max(room.left())));
            dim(&painter, rail, &lit, t.ground.gamma_multiply(COVER));
            // What lies in the bars is not dimmed at all.
            for part in also.iter().map(|rect| rect.intersect(rail)).filter(Rect::is_positive) {
                dim(&painter, part, &bright, t.ground.gamma_multiply(ALSO_COVER));
            }
            // In the lesson's colour: the marks of the views are yellow.
            painter.rect_stroke(*first, radius::M, Stroke::new(OUTLINE, t.accent), StrokeKind::Outside);
            if let (Some(panel), Some(phrase)) = (panel, prose::phrase(ui)) {
                lead(&painter, phrase, panel, *first, &Places::grids(ctx), t.accent);
            }
        }
    }
    // The answer, or what a wrong one forgot.
    let color = if reply.is_some_and(|reply| reply.is_right) { t.good } else { t.bad };
    for rect in &ringed {
        painter.rect_stroke(rect.expand(1.0), radius::S, Stroke::new(3.0, color), StrokeKind::Outside);
    }
    clicks(ui, open, panel, room, actions);
}

/// Covers the grids and steps of the outputs while their number is asked for.
fn hide_sizes(painter: &Painter, ctx: &egui::Context, t: &Tokens) {
    // Words and formulas leave it out themselves.
    let starts = ["output", "Step of outputs", "Scrub outputs"].map(shown_name);
    let tells = |name: &str| starts.iter().any(|start| name.starts_with(start));
    let grid = Places::find(ctx, "output");
    for place in Places::named(ctx, tells) {
        painter.rect_filled(place.expand(3.0), radius::S, t.ground);
    }
    if let Some(grid) = grid {
        let font = fonts::mono_bold(size::ANSWER / 2.0);
        painter.text(grid.left_top() + vec2(12.0, 6.0), Align2::LEFT_TOP, "?", font, t.highlight_text);
    }
}

/// A click on the view lifts the spotlight; where one is asked for, it is the answer.
fn clicks(ui: &Ui, open: &OpenLesson, panel: Option<Rect>, room: Rect, actions: &mut Actions) {
    let is_busy = ui.ctx().any_popup_open() || ui.ctx().memory(|memory| memory.top_modal_layer().is_some());
    let at: Option<Pos2> =
        ui.input(|input| input.pointer.primary_released().then(|| input.pointer.interact_pos()).flatten());
    let Some(at) = at.filter(|at| room.contains(*at) && !panel.is_some_and(|panel| panel.contains(*at)))
    else {
        return;
    };
    if is_busy {
        return;
    }
    let task = open.step().and_then(|step| step.task.as_ref());
    let is_open = open.work().is_some_and(|work| !work.is_done());
    if let Some(TaskKind::Click { .. }) = task.map(|task| &task.kind).filter(|_| is_open) {
        if let Some(name) = Places::at(ui.ctx(), at) {
            actions.send(Action::Lesson(LessonAct::Answer(LessonAnswer::Click(name))));
        }
    } else if open.has_spotlight {
        actions.send(Action::Lesson(LessonAct::Spotlight(false)));
    }
}

/// Covers `room` except for what is lit.
fn dim(painter: &Painter, room: Rect, lit: &[Rect], color: Color32) {
    let cuts = |low: f32, high: f32, ends: Vec<f32>| {
        let mut cuts: Vec<f32> =
            ends.into_iter().map(|end| end.clamp(low, high)).chain([low, high]).collect();
        cuts.sort_by(f32::total_cmp);
        cuts.dedup();
        cuts
    };
    let rows =
        cuts(room.top(), room.bottom(), lit.iter().flat_map(|rect| [rect.top(), rect.bottom()]).collect());
    let columns =
        cuts(room.left(), room.right(), lit.iter().flat_map(|rect| [rect.left(), rect.right()]).collect());
    for row in rows.windows(2) {
        for column in columns.windows(2) {
            let [(top, bottom), (left, right)] = [(row[0], row[1]), (column[0], column[1])];
            let part = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
            if !lit.iter().any(|rect| rect.contains(part.center())) {
                painter.rect_filled(part, 0, color);
            }
        }
    }
}

/// A line from the panel's edge at the phrase to the place, through a gap between what is shown; no gap, no line.
fn lead(painter: &Painter, phrase: Rect, panel: Rect, place: Rect, grids: &[Rect], color: Color32) {
    let stroke = Stroke::new(2.0, color);
    let edge = panel.left() - 9.0;
    if place.right() >= edge {
        return;
    }
    let from = pos2(panel.left() - 1.0, phrase.center().y);
    let is_beside = (place.top()..=place.bottom()).contains(&from.y);
    let heights = [is_beside.then_some(from.y), Some(place.bottom()), Some(place.top())];
    let is_free = |y: &f32| {
        let way = Rect::from_min_max(pos2(place.right() + 1.0, y - 1.0), pos2(edge, y + 1.0));
        panel.y_range().contains(*y) && !grids.iter().any(|grid| grid.intersects(way))
    };
    let Some(y) = heights.into_iter().flatten().find(is_free) else { return };
    let to = pos2(place.right(), y);
    let way = [from, pos2(edge, from.y), pos2(edge, y), to];
    for line in way.windows(2) {
        painter.line_segment([line[0], line[1]], stroke);
    }
    painter.circle_filled(to, 4.0, color);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lit_is_not_covered() {
        let ctx = egui::Context::default();
        let room = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 100.0));
        let lit = [
            Rect::from_min_max(pos2(10.0, 10.0), pos2(30.0, 30.0)),
            Rect::from_min_max(pos2(20.0, 20.0), pos2(60.0, 40.0)),
        ];
        let mut output =
            ctx.run_ui(egui::RawInput { screen_rect: Some(room), ..egui::RawInput::default() }, |ui| {
                dim(ui.painter(), room, &lit, Color32::TRANSPARENT.gamma_multiply(0.5));
            });
        let covers: Vec<Rect> = output
            .shapes
            .iter()
            .filter_map(|shape| match &shape.shape {
                egui::Shape::Rect(rect) => Some(rect.rect),
                _ => None,
            })
            .collect();
        output.textures_delta.clear();
        let covered = |point: Pos2| covers.iter().filter(|rect| rect.contains(point)).count();
        for point in [pos2(15.0, 15.0), pos2(25.0, 25.0), pos2(50.0, 35.0)] {
            assert_eq!(covered(point), 0, "{point:?}");
        }
        for point in [pos2(5.0, 5.0), pos2(15.0, 35.0), pos2(50.0, 15.0), pos2(99.0, 99.0)] {
            assert_eq!(covered(point), 1, "{point:?}");
        }
    }
}
