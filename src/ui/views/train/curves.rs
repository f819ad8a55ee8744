//! The live curves of loss and accuracy.

use crate::{
    text::tr,
    train::{History, Point, Snapshot, written_loss},
    ui::{
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::{numbers, section_with_detail},
    },
};
use egui::{Color32, Id, RichText, Sense, Ui, Vec2, vec2};
use egui_plot::{HoverPosition, Line, MarkerShape, Plot, PlotPoints, Points};

/// Loss on the training batches, and on the evaluation set.
pub fn loss_ui(ui: &mut Ui, state: &AppState, room: Vec2) {
    curve_ui(
        ui,
        state,
        room,
        "loss",
        tr("Loss"),
        tr("cross-entropy, nats"),
        |point| point.loss,
        written_loss,
    );
}

/// Accuracy on the training batches, and on the evaluation set.
pub fn accuracy_ui(ui: &mut Ui, state: &AppState, room: Vec2) {
    let percent = |v: f64| numbers::percent_to(v, 2);
    curve_ui(
        ui,
        state,
        room,
        "accuracy",
        tr("Accuracy"),
        tr("share read right"),
        |point| point.accuracy,
        percent,
    );
}

#[expect(clippy::too_many_arguments, reason = "two callers, each naming every part once")]
fn curve_ui(
    ui: &mut Ui,
    state: &AppState,
    room: Vec2,
    id: &str,
    title: &str,
    unit: &str,
    value: impl Fn(&Point) -> f64,
    shown: impl Fn(f64) -> String + 'static,
) {
    let t = Tokens::of(ui);
    ui.allocate_ui(room, |ui| {
        ui.vertical(|ui| {
            ui.set_width(room.x);
            section_with_detail(ui, title, unit);
            let empty = History::default();
            let (history, per_epoch, total) = match &state.snapshot {
                Some(s) => {
                    (s.history.as_ref(), s.batches_per_epoch as f64, (s.batches_per_epoch * s.epochs) as f64)
                }
                None => (&empty, 1.0, 1.0),
            };
            let points = |all: &mut dyn Iterator<Item = Point>| -> Vec<[f64; 2]> {
                all.map(|p| [p.step as f64, value(&p)]).collect()
            };
            let training = points(&mut history.training());
            let quick = points(&mut history.quick.iter().copied());
            let full = points(&mut history.full.iter().copied());
            let top = if id == "loss" { 2.4 } else { 1.0 };
            let now = history.last().map_or(0, |p| p.step) as f64;
            let is_percent = id == "accuracy";
            let plot = Plot::new(id)
                .height((room.y - 28.0).max(90.0))
                .width(room.x)
                .include_x(0.0)
                .include_x((now * 1.02).max(per_epoch.min(total) * 0.25).max(20.0))
                .include_y(0.0)
                .include_y(top)
                .allow_scroll(false)
                .allow_drag(false)
                .allow_boxed_zoom(true)
                .set_margin_fraction(vec2(0.01, 0.04))
                .show_background(false)
                .grid_color(t.line_strong)
                .link_cursor(Id::unique("curves"), [true, false])
                .y_axis_min_width(48.0)
                .y_axis_formatter(move |mark, _| {
                    if is_percent {
                        format!("{:.0} %", mark.value * 100.0)
                    } else if mark.value >= 1e6 {
                        written_loss(mark.value)
                    } else {
                        format!("{}", (mark.value * 1e4).round() / 1e4)
                    }
                })
                .x_axis_label(RichText::new(tr("step")).size(size::SMALL).color(t.second))
                .label_formatter(move |hover| match hover {
                    HoverPosition::NearDataPoint { plot_name, position, .. } => {
                        Some(format!("{plot_name}\nstep {}\n{}", position.x.round(), shown(position.y)))
                    }
                    HoverPosition::Elsewhere { .. } => None,
                });
            let (on_training, on_evaluation) = colors(&t);
            let evaluation = evaluation_name(state);
            plot.show(ui, |plot| {
                plot.line(
                    Line::new(tr("training batches"), PlotPoints::from(training))
                        .color(on_training)
                        .width(1.5),
                );
                plot.line(Line::new(evaluation, PlotPoints::from(quick)).color(on_evaluation).width(2.0));
                let marks = Points::new(full_name(state), PlotPoints::from(full));
                plot.points(marks.color(on_evaluation).shape(MarkerShape::Circle).radius(4.5).filled(true));
            });
        });
    });
}

/// The curves' colours: training, evaluation.
fn colors(t: &Tokens) -> (Color32, Color32) {
    (t.accent, t.highlight)
}

/// What the line of quick evaluations is called.
fn evaluation_name(state: &AppState) -> &'static str {
    if is_validation(state) { tr("validation, first 1000") } else { tr("test, first 1000") }
}

/// What the marks at the epochs' ends are called.
fn full_name(state: &AppState) -> &'static str {
    if is_validation(state) { tr("validation, all") } else { tr("test, all") }
}

fn is_validation(state: &AppState) -> bool {
    state.snapshot.as_deref().is_some_and(|s: &Snapshot| s.validation)
}

/// Which line is which.
pub fn legend_ui(ui: &mut Ui, state: &AppState) {
    let t = Tokens::of(ui);
    let (training, evaluation) = colors(&t);
    let entries = [
        (tr("training batches"), training, false),
        (evaluation_name(state), evaluation, false),
        (full_name(state), evaluation, true),
    ];
    for (i, (name, color, is_mark)) in entries.into_iter().enumerate() {
        if i > 0 {
            ui.add_space(space::S);
        }
        let (rect, _) = ui.allocate_exact_size(vec2(18.0, 12.0), Sense::hover());
        if is_mark {
            ui.painter().circle_filled(rect.center(), 4.5, color);
        } else {
            ui.painter().hline(rect.x_range(), rect.center().y, (2.5, color));
        }
        ui.label(RichText::new(name).font(fonts::words(size::SMALL)).color(t.second));
    }
}
