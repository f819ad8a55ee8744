//! Loss and accuracy of both runs over the step.

use super::{marks, palette::color};
use crate::{
    text::{Term, fill, tr},
    train::{Point, written_loss},
    ui::{
        model::{
            compare::{NAMES, RunShown},
            display::LossScale,
        },
        state::AppState,
        style::tokens::{Tokens, size, space},
        widgets::{explain, numbers, section_with_detail},
    },
};
use egui::{Id, Response, RichText, Role, Ui, Vec2, WidgetInfo, vec2};
use egui_plot::{Line, MarkerShape, Plot, PlotPoints, Points};

/// The height of a heading, in points.
const HEADING: f32 = 26.0;

/// Plots narrower than this, in points, are one above the other.
const SIDE_BY_SIDE: f32 = 560.0;

/// How much of a training curve is seen: the evaluations are in front.
const FAINT: f32 = 0.45;

/// What a plot shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    Loss(LossScale),
    Accuracy,
}

impl Quantity {
    fn place(self, point: &Point) -> [f64; 2] {
        let value = match self {
            Self::Loss(scale) => marks::place_of_loss(scale, point.loss),
            Self::Accuracy => point.accuracy,
        };
        [marks::place_of_step(point.step), value]
    }

    fn written(self, point: &Point) -> String {
        match self {
            Self::Loss(_) => written_loss(point.loss),
            Self::Accuracy => numbers::percent_to(point.accuracy, 2),
        }
    }
}

/// Both plots in this room.
pub fn curves_ui(ui: &mut Ui, state: &AppState, room: Vec2) {
    let quantities = [Quantity::Loss(state.settings.loss_scale), Quantity::Accuracy];
    if room.x >= SIDE_BY_SIDE {
        let each = vec2((room.x - space::L) / 2.0, room.y);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            for quantity in quantities {
                plot_ui(ui, state, quantity, each);
            }
        });
    } else {
        let each = vec2(room.x, (room.y - space::S) / 2.0);
        for quantity in quantities {
            plot_ui(ui, state, quantity, each);
        }
    }
}

fn plot_ui(ui: &mut Ui, state: &AppState, quantity: Quantity, room: Vec2) {
    ui.allocate_ui(room, |ui| {
        ui.vertical(|ui| {
            ui.set_width(room.x);
            ui.spacing_mut().item_spacing.y = 0.0;
            let (term, name) = match quantity {
                Quantity::Loss(_) => (Term::Loss, tr("Loss of both")),
                Quantity::Accuracy => (Term::Accuracy, tr("Accuracy of both")),
            };
            ui.allocate_ui(vec2(room.x, HEADING), |ui| {
                let heading =
                    section_with_detail(ui, term.label(), tr("test images; faint: training batches"));
                explain(heading, term);
            });
            let t = Tokens::of(ui);
            let runs = state.compare.shown.as_ref().map(|shown| &shown.runs);
            let (low, high) = match quantity {
                Quantity::Loss(LossScale::Linear) => (0.0, 2.4),
                Quantity::Loss(LossScale::Log) => (-1.0, 0.45),
                Quantity::Accuracy => (0.0, 1.0),
            };
            let mut plot = Plot::new(name)
                .height((room.y - HEADING).max(80.0))
                .width(room.x)
                .include_x(0.0)
                .include_x(marks::place_of_step(20))
                .include_y(low)
                .include_y(high)
                .allow_scroll(false)
                .allow_zoom(false)
                .allow_drag(false)
                .allow_boxed_zoom(false)
                .allow_double_click_reset(false)
                .set_margin_fraction(vec2(0.02, 0.05))
                .show_background(false)
                .show_x(false)
                .show_y(false)
                .grid_color(t.line_strong)
                .link_axis(Id::unique("steps of both"), [true, false])
                .x_grid_spacer(|input| marks::steps(&input))
                .x_axis_formatter(|mark, _| marks::step_label(mark))
                .x_axis_label(RichText::new(tr("step")).size(size::SMALL).color(t.second))
                .y_axis_min_width(48.0);
            plot = match quantity {
                Quantity::Loss(scale) => plot
                    .y_grid_spacer(move |input| marks::losses(scale, &input))
                    .y_axis_formatter(move |mark, _| marks::loss_label(scale, mark)),
                Quantity::Accuracy => plot
                    .y_grid_spacer(|input| marks::shares(&input))
                    .y_axis_formatter(|mark, _| format!("{} %", (mark.value * 100.0).round())),
            };
            let shown = plot.show(ui, |plot| {
                for (i, run) in runs.into_iter().flatten().enumerate() {
                    let ink = color(&t, i);
                    let of = |points: Vec<Point>| {
                        PlotPoints::from(points.iter().map(|point| quantity.place(point)).collect::<Vec<_>>())
                    };
                    let training = of(run.history.training().collect());
                    plot.line(Line::new("", training).color(ink.gamma_multiply(FAINT)).width(1.0));
                    plot.line(Line::new("", of(evaluations(run))).color(ink).width(2.0));
                    let whole = Points::new("", of(run.history.full.clone()));
                    plot.points(whole.color(ink).shape(MarkerShape::Circle).radius(4.0).filled(true));
                }
            });
            let said = runs.map(|runs| both(runs, quantity, u64::MAX)).unwrap_or_default();
            shown.response.widget_info(|| {
                let mut info = WidgetInfo::labeled(Role::Image, true, name);
                info.current_text_value = Some(said.clone());
                info
            });
            let pointed = shown.response.hover_pos();
            if let (Some(pointed), Some(runs)) = (pointed, runs) {
                let step = marks::step_at(shown.transform.value_from_position(pointed).x);
                readout_ui(shown.response, runs, quantity, step);
            }
        });
    });
}

/// The evaluations, quick and whole, by step.
fn evaluations(run: &RunShown) -> Vec<Point> {
    let mut all: Vec<Point> = run.history.quick.iter().chain(&run.history.full).copied().collect();
    all.sort_by_key(|point| point.step);
    all
}

/// What both were at a step: their last evaluation up to it.
fn both(runs: &[RunShown; 2], quantity: Quantity, step: u64) -> String {
    let one = |run: &RunShown| {
        let all = evaluations(run);
        let last = all.iter().rfind(|point| point.step <= step);
        last.map_or_else(|| "–".to_owned(), |point| quantity.written(point))
    };
    format!("{} {}, {} {}", NAMES[0], one(&runs[0]), NAMES[1], one(&runs[1]))
}

/// Step and values at the pointer.
fn readout_ui(response: Response, runs: &[RunShown; 2], quantity: Quantity, step: u64) {
    response.on_hover_ui_at_pointer(|ui| {
        ui.label(fill(tr("step {step}"), &[("step", &numbers::count(step))]));
        ui.label(both(runs, quantity, step));
    });
}
