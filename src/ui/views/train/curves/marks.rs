//! What is marked along the steps: epochs, changed settings, the moment that is shown, and the names of the runs.

use super::axis;
use crate::{
    text::{fill, tr},
    train::{SettingChange, Snapshot},
    ui::{
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::numbers,
    },
};
use egui::{Align2, Color32, Rect, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform, PlotUi};

/// The least distance between two marks of epochs, in points.
const EPOCH_SPACING: f64 = 40.0;

/// Half the side of the mark of a changed setting, in points.
const DIAMOND: f32 = 5.0;

/// So near to the pointer, in points, a mark is pointed at.
const NEAR: f32 = 6.0;

fn across(transform: &PlotTransform, step: f64) -> f32 {
    transform.position_from_point(&PlotPoint::new(step, 0.0)).x
}

/// The ends of complete epochs that are marked: all of them, or every second, fifth, tenth, …
pub(super) fn epoch_marks(plot: &PlotUi<'_>, per_epoch: f64, now: f64, width: f32) -> Vec<u64> {
    let bounds = plot.plot_bounds();
    let per_point = bounds.width() / f64::from(width.max(1.0));
    let every = axis::round_step(EPOCH_SPACING * per_point / per_epoch).max(1.0) as u64;
    let made = (now / per_epoch) as u64;
    (1..=made / every).map(|i| i * every).collect()
}

/// The numbers of the epochs at their ends, along the upper edge of a plot.
pub(super) fn epoch_labels_ui(ui: &Ui, transform: &PlotTransform, epochs: &[u64], per_epoch: f64) {
    let t = Tokens::of(ui);
    let frame = *transform.frame();
    let painter = ui.painter_at(frame);
    let mut free = f32::NEG_INFINITY;
    for &epoch in epochs {
        let at = across(transform, epoch as f64 * per_epoch) - 3.0;
        if !frame.x_range().contains(at) {
            continue;
        }
        let long = fill(tr("epoch {epoch}"), &[("epoch", &numbers::count(epoch))]);
        let short = numbers::count(epoch);
        // The first one says what the numbers are.
        for text in if free.is_finite() { vec![short] } else { vec![long, short] } {
            let galley = painter.layout_no_wrap(text, fonts::mono(size::SMALL), t.second);
            let rect = Align2::RIGHT_TOP.anchor_size(pos2(at, frame.top() + 1.0), galley.size());
            if rect.left() > frame.left().max(free) {
                painter.galley(rect.min, galley, t.second);
                free = rect.right() + space::XS;
                break;
            }
        }
    }
}

/// A diamond at the lower edge for each change of a setting.
pub(super) fn changes_ui(ui: &Ui, snapshot: &Snapshot, transform: &PlotTransform) {
    let t = Tokens::of(ui);
    let frame = *transform.frame();
    let painter = ui.painter_at(frame);
    for change in snapshot.timeline.changes() {
        let x = across(transform, change.step as f64);
        painter.vline(x, frame.y_range(), Stroke::new(1.0, t.warn.gamma_multiply(0.5)));
        let centre = pos2(x, frame.bottom() - DIAMOND - 1.0);
        let [up, right] = [vec2(0.0, DIAMOND), vec2(DIAMOND, 0.0)];
        let corners = vec![centre - up, centre + right, centre + up, centre - right];
        painter.add(Shape::convex_polygon(corners, t.warn, Stroke::new(1.0, t.ground)));
    }
}

/// The changes of settings at the pointer.
pub(super) fn changes_at(snapshot: &Snapshot, transform: &PlotTransform, step: f64) -> Vec<SettingChange> {
    let pointer = across(transform, step);
    let is_near = |change: &&SettingChange| (across(transform, change.step as f64) - pointer).abs() < NEAR;
    snapshot.timeline.changes().iter().filter(is_near).copied().collect()
}

/// The moment of the timeline that is shown: a line, and its step at the upper edge.
pub(super) fn moment_ui(ui: &Ui, step: u64, transform: &PlotTransform) {
    let t = Tokens::of(ui);
    let frame = *transform.frame();
    let x = across(transform, step as f64);
    if !frame.x_range().contains(x) {
        return;
    }
    let painter = ui.painter_at(frame);
    painter.vline(x, frame.y_range(), Stroke::new(1.5, t.highlight));
    let text = fill(tr("step {step}"), &[("step", &numbers::count(step))]);
    let galley = painter.layout_no_wrap(text, fonts::semibold(size::SMALL), t.highlight_text);
    let room = galley.size() + vec2(2.0 * space::S, 2.0);
    let left = (x - room.x / 2.0).clamp(frame.left(), (frame.right() - room.x).max(frame.left()));
    let place = Rect::from_min_size(pos2(left, frame.top() + 1.0), room);
    painter.rect(place, 4, t.raised, Stroke::new(1.0, t.highlight), egui::StrokeKind::Inside);
    painter.galley(place.min + vec2(space::S, 1.0), galley, t.highlight_text);
}

/// The names of the runs at the ends of their curves. One that would lie on another has its place above or below it, or none.
pub(super) fn names_ui(ui: &Ui, transform: &PlotTransform, ends: &[(String, [f64; 2], Color32)]) {
    let t = Tokens::of(ui);
    let frame = *transform.frame();
    let painter = ui.painter_at(frame);
    let mut taken: Vec<Rect> = Vec::new();
    for (name, [x, y], color) in ends {
        let at = transform.position_from_point(&PlotPoint::new(*x, *y));
        if !frame.contains(at) {
            continue;
        }
        let galley = painter.layout_no_wrap(name.clone(), fonts::semibold(size::SMALL), *color);
        let room = galley.size();
        let left = (at.x - room.x).clamp(frame.left(), (frame.right() - room.x - 2.0).max(frame.left()));
        // Above the end, below it, further away.
        let steps = [-1.0, 1.0, -2.0, 2.0, -3.0, 3.0];
        let places = steps.map(|k: f32| {
            let middle = at.y + k * (room.y + 1.0) - k.signum() * (room.y / 2.0 - 6.0);
            Rect::from_min_size(pos2(left, middle - room.y / 2.0), room)
        });
        let inner = frame.shrink(1.0);
        let is_free = |place: &Rect| {
            inner.contains_rect(*place) && !taken.iter().any(|other| other.expand(1.0).intersects(*place))
        };
        let Some(place) = places.into_iter().find(is_free) else { continue };
        painter.rect_filled(place.expand2(vec2(2.0, 0.0)), 2, t.ground.gamma_multiply(0.75));
        painter.galley(place.min, galley, *color);
        taken.push(place);
    }
}
