//! The track of the timeline: the kept moments, epochs, changes, flags, and a handle that is dragged through them.

use super::axis::Axis;
use crate::{
    text::{fill, tr},
    train::{Snapshot, hand::FilterEvent},
    ui::{
        action::{Action, Actions},
        model::timeline::TimelineAct,
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::numbers,
    },
};
use egui::{
    Align2, Color32, CursorIcon, EventFilter, Id, Key, Modifiers, Pos2, Rangef, Rect, Response, Role, Sense,
    Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// The room at both ends of the track, in points: half a label.
const ENDS: f32 = 18.0;

/// The radius of the handle, in points.
const HANDLE: f32 = 7.0;

/// From this height on, in points, the track has labels and the loss above it.
const HIGH: f32 = 46.0;

/// The identity of the track, by which a key gives it the keyboard.
pub fn id() -> Id {
    Id::unique("timeline")
}

/// The track in the room that is left.
pub fn track_ui(ui: &mut Ui, state: &AppState, room: Vec2, actions: &mut Actions) -> Response {
    let rect = ui.allocate_space(room).1;
    let has_moments = state.has_moments();
    let sense = if has_moments { Sense::click_and_drag() } else { Sense::hover() };
    let response = ui.interact(rect, id(), sense);
    let line = if rect.height() >= HIGH { rect.bottom() - 22.0 } else { rect.center().y - 2.0 };
    let inner = Rangef::new(rect.left() + ENDS, rect.right() - ENDS);
    let Some(snapshot) = state.snapshot.as_ref().filter(|_| has_moments) else {
        let t = Tokens::of(ui);
        ui.painter().hline(inner, line, Stroke::new(4.0, t.track));
        return response;
    };
    let planned = (snapshot.epochs * snapshot.batches_per_epoch) as u64;
    let axis = Axis { end: planned.max(snapshot.step), range: inner };
    let shown = state.timeline.chosen.map_or(snapshot.step, |chosen| chosen.step);
    paint(ui, state, snapshot, rect, (axis, line, shown));
    response.widget_info(|| {
        let mut info = WidgetInfo::slider(true, shown as f64, tr("Timeline"));
        info.role = Role::Slider;
        info.current_text_value = Some(if state.timeline.chosen.is_some() {
            fill(tr("history, step {step}"), &[("step", &numbers::count(shown))])
        } else {
            fill(tr("live, step {step}"), &[("step", &numbers::count(shown))])
        });
        info
    });
    if (response.clicked() || response.dragged())
        && let Some(pointer) = response.interact_pointer_pos()
    {
        response.request_focus();
        actions.send(Action::Timeline(TimelineAct::Show(axis.step(pointer.x))));
    }
    if response.has_focus() {
        keys(ui, state, snapshot, actions);
    }
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    match ui.input(|i| i.pointer.hover_pos()).filter(|_| response.hovered()) {
        Some(pointer) => response.on_hover_text_at_pointer(hint(snapshot, axis, pointer)),
        None => response,
    }
}

/// What is at the pointer.
fn hint(snapshot: &Snapshot, axis: Axis, pointer: Pos2) -> String {
    let step = axis.step(pointer.x);
    let near = |other: u64| (axis.place(other) - pointer.x).abs() < 5.0;
    if let Some(change) = snapshot.timeline.changes().iter().find(|change| near(change.step)) {
        return fill(
            tr("After step {step}: {change}"),
            &[("step", &numbers::count(change.step)), ("change", &change.change.to_string())],
        );
    }
    if let Some(mark) = snapshot.timeline.marks().iter().find(|mark| near(mark.step)) {
        let text = match mark.event {
            FilterEvent::Painted => tr("After step {step}: filter {filter} of layer {layer} painted"),
            FilterEvent::Learned => tr("After step {step}: filter {filter} of layer {layer} learned again"),
            FilterEvent::Frozen => tr("After step {step}: filter {filter} of layer {layer} frozen"),
            FilterEvent::Released => tr("After step {step}: filter {filter} of layer {layer} released"),
        };
        let (filter, layer) = (mark.id.filter.to_string(), mark.id.layer.to_string());
        let step = numbers::count(mark.step);
        return fill(text, &[("step", &step), ("filter", &filter), ("layer", &layer)]);
    }
    let named = snapshot.timeline.moments().iter().find(|moment| moment.flag.is_some() && near(moment.step));
    match named.and_then(|moment| Some((moment.step, moment.flag.as_ref()?))) {
        Some((step, flag)) => {
            fill(tr("step {step}: {name}"), &[("step", &numbers::count(step)), ("name", flag)])
        }
        None => fill(tr("step {step}"), &[("step", &numbers::count(step))]),
    }
}

fn keys(ui: &Ui, state: &AppState, snapshot: &Snapshot, actions: &mut Actions) {
    let filter = EventFilter { horizontal_arrows: true, escape: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id(), filter));
    let mut press = |modifiers, key, act| {
        if ui.input_mut(|i| i.consume_key(modifiers, key)) {
            actions.send(Action::Timeline(act));
        }
    };
    press(Modifiers::SHIFT, Key::ArrowLeft, TimelineAct::Step(-5));
    press(Modifiers::SHIFT, Key::ArrowRight, TimelineAct::Step(5));
    press(Modifiers::NONE, Key::ArrowLeft, TimelineAct::Step(-1));
    press(Modifiers::NONE, Key::ArrowRight, TimelineAct::Step(1));
    press(Modifiers::NONE, Key::Home, TimelineAct::Show(0));
    press(Modifiers::NONE, Key::End, TimelineAct::Live);
    press(Modifiers::NONE, Key::Escape, TimelineAct::Live);
    press(Modifiers::NONE, Key::Space, TimelineAct::Film(state.timeline.film.is_none()));
    if let Some(chosen) = state.timeline.chosen {
        press(Modifiers::NONE, Key::B, TimelineAct::Branch);
        let flagged = snapshot.timeline.at(chosen.step).is_some_and(|moment| moment.flag.is_some());
        let step = fill(tr("step {step}"), &[("step", &numbers::count(chosen.step))]);
        press(Modifiers::NONE, Key::F, TimelineAct::Flag((!flagged).then_some(step)));
    }
}

fn paint(ui: &Ui, state: &AppState, snapshot: &Snapshot, rect: Rect, at: (Axis, f32, u64)) {
    let (axis, line, shown) = at;
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let is_high = rect.height() >= HIGH;
    if is_high {
        loss_ui(ui, snapshot, rect.with_max_y(line - 6.0), axis);
    }
    painter.hline(axis.range, line, Stroke::new(4.0, t.track));
    let done = Rangef::new(axis.range.min, axis.place(snapshot.step));
    painter.hline(done, line, Stroke::new(4.0, t.accent.gamma_multiply(0.45)));
    painter.hline(Rangef::new(done.min, axis.place(shown)), line, Stroke::new(4.0, t.accent));

    let tick = |step: u64, length: f32, color: Color32| {
        let x = axis.place(step);
        painter.vline(x, line + 4.0..=line + 4.0 + length, Stroke::new(1.0, color));
    };
    for moment in snapshot.timeline.moments() {
        tick(moment.step, 4.0, t.faint);
    }
    for epoch in 1..=snapshot.epochs.min(200) {
        tick((epoch * snapshot.batches_per_epoch) as u64, 7.0, t.second);
    }
    if is_high {
        for step in axis.labels() {
            let place = pos2(axis.place(step), rect.bottom());
            let text = numbers::count(step);
            painter.text(place, Align2::CENTER_BOTTOM, text, fonts::mono(size::SMALL - 2.0), t.second);
        }
    }
    let timeline = &snapshot.timeline;
    let changes = timeline.changes().iter().map(|change| change.step);
    let mut steps: Vec<u64> = changes.chain(timeline.marks().iter().map(|mark| mark.step)).collect();
    steps.sort_unstable();
    steps.dedup();
    for step in steps {
        let centre = pos2(axis.place(step), line);
        let d = 4.5;
        let points = vec![
            centre + vec2(0.0, -d),
            centre + vec2(d, 0.0),
            centre + vec2(0.0, d),
            centre + vec2(-d, 0.0),
        ];
        painter.add(Shape::convex_polygon(points, t.warn, Stroke::new(1.0, t.raised)));
    }
    flags_ui(ui, snapshot, rect, (axis, line));
    painter.circle(pos2(axis.place(snapshot.step), line), 4.5, t.good, Stroke::new(1.5, t.raised));
    if state.timeline.chosen.is_some() {
        let ring = Stroke::new(2.5, t.highlight);
        let has_focus = ui.memory(|memory| memory.has_focus(id()));
        painter.circle(pos2(axis.place(shown), line), HANDLE, t.raised, ring);
        if has_focus {
            painter.circle_stroke(pos2(axis.place(shown), line), HANDLE + 3.0, Stroke::new(1.0, t.accent));
        }
    } else if ui.memory(|memory| memory.has_focus(id())) {
        painter.circle_stroke(pos2(axis.place(shown), line), HANDLE, Stroke::new(1.5, t.accent));
    }
}

/// The names of flagged moments, above the track; one that has no room beside the last is a line alone.
fn flags_ui(ui: &Ui, snapshot: &Snapshot, rect: Rect, (axis, line): (Axis, f32)) {
    let t = Tokens::of(ui);
    let mut free = f32::MIN;
    for moment in snapshot.timeline.moments() {
        let Some(flag) = &moment.flag else { continue };
        let x = axis.place(moment.step);
        ui.painter().vline(x, rect.top() + 4.0..=line, Stroke::new(1.0, t.highlight_text));
        let font = fonts::words(size::SMALL - 1.0);
        let galley = ui.painter().layout_no_wrap(flag.clone(), font, t.highlight_text);
        let left = (x + space::XS).min(rect.right() - galley.size().x);
        if left > free && rect.height() >= HIGH {
            free = left + galley.size().x + space::S;
            let place = Rect::from_min_size(pos2(left, rect.top() + 1.0), galley.size());
            ui.painter().rect_filled(place.expand2(vec2(2.0, 0.0)), 2, t.raised);
            ui.painter().galley(place.min, galley, t.highlight_text);
        }
    }
}

/// The training loss above the track.
fn loss_ui(ui: &Ui, snapshot: &Snapshot, room: Rect, axis: Axis) {
    let t = Tokens::of(ui);
    let points: Vec<_> = snapshot.history.training().collect();
    let most = points.iter().map(|point| point.loss).fold(f64::MIN_POSITIVE, f64::max);
    // Neighbours that share a point of the screen would only cost time.
    let mut line: Vec<Pos2> = Vec::new();
    for point in points {
        let x = axis.place(point.step);
        if line.last().is_none_or(|last| x - last.x >= 1.0) {
            line.push(pos2(x, room.bottom() - room.height() * (point.loss / most) as f32));
        }
    }
    ui.painter().line(line, Stroke::new(1.0, t.faint));
}
