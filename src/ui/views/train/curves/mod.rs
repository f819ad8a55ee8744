//! The live curves of loss and accuracy: of the current run, and of those that were kept.

mod axis;
mod drawn;
mod legend;
mod marks;
mod names;
mod quantity;
mod readout;

pub use self::legend::legend_ui;

use self::{drawn::Drawn, quantity::Quantity, readout::Readout};
use crate::{
    text::{Term, fill, tr},
    train::{History, Point, written_loss},
    ui::{
        action::{Action, Actions},
        model::{
            display::{LossScale, Smoothing},
            runs::{RunRef, RunRow},
            timeline::TimelineAct,
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{explain, icon_button_with_shortcut, numbers, section_with_detail, segmented},
    },
};
use egui::{
    Align, Align2, ComboBox, CursorIcon, Id, Key, Layout, Modifiers, RichText, Role, Ui, Vec2, WidgetInfo,
    vec2,
};
use egui_plot::{LineStyle, Plot, PlotPoint, PlotTransform, VLine};

/// The height of a plot's heading, in points.
const HEADING: f32 = 28.0;

/// The width of the chooser of the smoothing, in points.
const CHOOSER: f32 = 138.0;

/// The two plots: which part of a run they show, and the pointed step.
#[derive(Default)]
pub struct Curves {
    /// The run whose curves are shown.
    run: u64,
    /// Whether the next frame shows the whole run again.
    is_reset: bool,
    /// Whether the plots show only a part of the run.
    is_moved: bool,
    /// The step that was pointed at in the last frame.
    pointed: Option<f64>,
}

impl Curves {
    /// Loss and accuracy, in the order of a surrounding layout, each in `room`.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, rows: &[RunRow], room: Vec2, actions: &mut Actions) {
        let run = state.snapshot.as_ref().map_or(0, |snapshot| snapshot.run);
        let has_keyboard = ui.ctx().egui_wants_keyboard_input();
        let is_asked = !has_keyboard && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Home));
        // A new run, or a curve that was cut off, would be out of sight.
        let is_reset = std::mem::take(&mut self.is_reset) || is_asked || run != self.run;
        self.run = run;
        let pointed = self.pointed.take();
        let was_moved = std::mem::take(&mut self.is_moved);
        let scale = state.settings.loss_scale;
        for quantity in [Quantity::Loss(scale), Quantity::Accuracy] {
            ui.allocate_ui(room, |ui| {
                ui.vertical(|ui| {
                    ui.set_width(room.x);
                    self.heading_ui(ui, state, quantity, was_moved, actions);
                    let room = vec2(room.x, room.y - HEADING);
                    self.plot_ui(ui, state, rows, quantity, (room, is_reset, pointed), actions);
                });
            });
        }
        if self.pointed != pointed {
            // The other plot marks the step, too.
            ui.ctx().request_repaint();
        }
    }

    /// The step at the pointer.
    pub fn pointed(&self) -> Option<f64> {
        self.pointed
    }

    fn heading_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        quantity: Quantity,
        was_moved: bool,
        actions: &mut Actions,
    ) {
        let (title, unit) = match quantity {
            Quantity::Loss(_) => (Term::Loss, tr("cross-entropy, nats")),
            Quantity::Accuracy => (Term::Accuracy, tr("fraction classified correctly")),
        };
        ui.allocate_ui_with_layout(
            vec2(ui.available_width(), HEADING),
            Layout::right_to_left(Align::Center),
            |ui| {
                ui.spacing_mut().interact_size.y = 24.0;
                match quantity {
                    Quantity::Loss(mut scale) => {
                        let options = [(LossScale::Linear, tr("Linear")), (LossScale::Log, tr("Log"))];
                        if segmented(ui, tr("Loss axis"), &mut scale, &options).changed() {
                            actions.send(Action::SetLossScale(scale));
                        }
                    }
                    Quantity::Accuracy => {
                        ui.add_enabled_ui(was_moved, |ui| {
                            let name = tr("Show the whole run");
                            if icon_button_with_shortcut(ui, icons::MAXIMIZE, name, tr("Home")).clicked() {
                                self.is_reset = true;
                            }
                        });
                        smoothing_ui(ui, state.settings.smoothing, actions);
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let is_wide = ui.available_width() > 260.0;
                    let detail = if is_wide { unit } else { "" };
                    explain(section_with_detail(ui, title.label(), detail), title);
                });
            },
        );
    }

    fn plot_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        rows: &[RunRow],
        quantity: Quantity,
        (room, is_reset, pointed): (Vec2, bool, Option<f64>),
        actions: &mut Actions,
    ) {
        let t = Tokens::of(ui);
        let snapshot = state.snapshot.as_deref();
        let empty = History::default();
        let history = snapshot.map_or(&empty, |s| s.history.as_ref());
        let per_epoch = snapshot.map_or(1, |s| s.batches_per_epoch.max(1)) as f64;
        let total = snapshot.map_or(1.0, |s| (s.batches_per_epoch * s.epochs) as f64);
        let now = history.last().map_or(0, |p| p.step) as f64;
        let end = (now * 1.02).max(per_epoch.min(total) * 0.25).max(20.0);
        let mut plot = plot_of(&t, quantity, room, end);
        if is_reset {
            plot = plot.reset();
        }
        let steps = state.settings.smoothing.steps();
        // The current one lies above the others.
        let drawn: Vec<(&RunRow, Drawn)> = rows
            .iter()
            .rev()
            .filter(|row| row.is_shown)
            .map(|row| (row, Drawn::new(&row.history, quantity, steps, row.run == RunRef::Current)))
            .collect();
        let named =
            |(row, drawn): &(&RunRow, Drawn)| Some((row.name.clone(), drawn.end()?, t.runs[row.color]));
        let ends: Vec<_> = drawn.iter().rev().filter_map(named).collect();
        let shown = plot.show(ui, |plot| {
            let epochs = marks::epoch_marks(plot, per_epoch, now, room.x);
            for &epoch in &epochs {
                let line = VLine::new("", epoch as f64 * per_epoch).color(t.line_strong).width(1.0);
                plot.vline(line.style(LineStyle::Dashed { length: 3.0 }));
            }
            for (row, drawn) in drawn {
                drawn.show(plot, t.runs[row.color]);
            }
            let auto = plot.auto_bounds();
            (epochs, !(auto.x && auto.y))
        });
        let (epochs, is_moved) = shown.inner;
        self.is_moved |= is_moved;
        if shown.response.double_clicked() {
            self.is_reset = true;
        }
        marks::epoch_labels_ui(ui, &shown.transform, &epochs, per_epoch);
        smoothed_ui(ui, &shown.transform, history, steps);
        if ends.len() > 1 {
            marks::names_ui(ui, &shown.transform, &ends);
        }
        let name = match quantity {
            Quantity::Loss(_) => tr("Loss curves"),
            Quantity::Accuracy => tr("Accuracy curves"),
        };
        shown.response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Image, true, name);
            info.current_text_value = history.last().map(|last| said(&last, quantity));
            info
        });
        let Some(snapshot) = snapshot else { return };
        marks::changes_ui(ui, snapshot, &shown.transform);
        if let Some(step) = state.history_step() {
            marks::moment_ui(ui, step, &shown.transform);
        }
        let hovered = shown.response.hover_pos().map(|at| shown.transform.value_from_position(at).x);
        if shown.response.clicked()
            && state.has_moments()
            && let Some(step) = hovered
        {
            actions.send(Action::Timeline(TimelineAct::Show(step.max(0.0).round() as u64)));
        }
        if hovered.is_some() {
            self.pointed = hovered;
        }
        let Some(step) = hovered.or(pointed) else { return };
        let Some(readout) = Readout::near(history, step) else { return };
        readout.mark_ui(ui, quantity, &shown.transform);
        if hovered.is_some() && !shown.response.dragged() {
            let changes = marks::changes_at(snapshot, &shown.transform, step);
            readout.ui(ui, snapshot, (step, steps, &changes, rows), shown.response.id);
        }
        if state.has_moments() {
            shown.response.on_hover_cursor(CursorIcon::PointingHand);
        }
    }
}

/// An empty plot.
fn plot_of(t: &Tokens, quantity: Quantity, room: Vec2, end: f64) -> Plot<'static> {
    let [low, high] = quantity.least_bounds();
    let plot = Plot::new(format!("{quantity:?}"))
        .height(room.y.max(90.0))
        .width(room.x)
        .include_x(0.0)
        .include_x(end)
        .include_y(low)
        .include_y(high)
        .allow_scroll(false)
        .allow_axis_zoom_drag(false)
        .set_margin_fraction(vec2(0.01, 0.04))
        .show_background(false)
        .show_x(false)
        .show_y(false)
        .grid_color(t.line_strong)
        .link_axis(Id::unique("steps of the curves"), [true, false])
        .x_grid_spacer(|input| axis::steps(&input))
        .x_axis_formatter(|mark, _| axis::step_label(mark))
        .x_axis_label(RichText::new(tr("step")).size(size::SMALL).color(t.second))
        .y_axis_min_width(52.0);
    match quantity {
        Quantity::Loss(scale) => plot
            .y_grid_spacer(move |input| match scale {
                LossScale::Linear => axis::linear(&input),
                LossScale::Log => axis::decades(&input),
            })
            .y_axis_formatter(move |mark, _| axis::loss_label(scale, mark)),
        Quantity::Accuracy => plot
            .y_grid_spacer(|input| axis::linear(&input))
            .y_axis_formatter(|mark, _| format!("{} %", (mark.value * 1e4).round() / 100.0)),
    }
}

/// The chooser of the smoothing.
fn smoothing_ui(ui: &mut Ui, chosen: Smoothing, actions: &mut Actions) {
    let named = |smoothing: Smoothing| match smoothing {
        Smoothing::Off => tr("not smoothed").to_owned(),
        other => fill(tr("mean of {steps} steps"), &[("steps", &other.steps().to_string())]),
    };
    let response = ComboBox::from_id_salt("smoothing")
        .selected_text(RichText::new(named(chosen)).size(size::SMALL))
        .width(CHOOSER)
        .show_ui(ui, |ui| {
            for smoothing in Smoothing::ALL {
                if ui.selectable_label(smoothing == chosen, named(smoothing)).clicked() {
                    actions.send(Action::SetSmoothing(smoothing));
                }
            }
        })
        .response;
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, true, Term::Smoothing.label());
        info.current_text_value = Some(named(chosen));
        info
    });
    explain(response, Term::Smoothing);
}

/// Says in the plot how the training curve is smoothed.
fn smoothed_ui(ui: &Ui, transform: &PlotTransform, history: &History, steps: u64) {
    let t = Tokens::of(ui);
    let each = history.steps_per_point();
    // As `smoothed` rounds it.
    let steps = (steps / each).max(1) * each;
    if steps == 1 || history.last().is_none() {
        return;
    }
    let frame = *transform.frame();
    let long = if steps == each {
        tr("training: mean of {steps} steps")
    } else if frame.width() > 260.0 {
        tr("training, smoothed: mean of {steps} steps")
    } else {
        tr("smoothed: mean of {steps} steps")
    };
    let text = fill(long, &[("steps", &steps.to_string())]);
    let place = frame.left_bottom() + vec2(space::S, -space::XS);
    let painter = ui.painter_at(frame);
    let galley = painter.layout_no_wrap(text, fonts::words(size::SMALL), t.second);
    let place = Align2::LEFT_BOTTOM.anchor_size(place, galley.size());
    painter.rect_filled(place.expand2(vec2(2.0, 0.0)), 2, t.ground.gamma_multiply(0.75));
    painter.galley(place.min, galley, t.second);
}

impl Readout {
    /// Marks the step and its values in a plot.
    fn mark_ui(&self, ui: &Ui, quantity: Quantity, transform: &PlotTransform) {
        let t = Tokens::of(ui);
        let frame = *transform.frame();
        let painter = ui.painter_at(frame);
        let place = |point: &Point| {
            transform.position_from_point(&PlotPoint::new(point.step as f64, quantity.place(point)))
        };
        painter.vline(place(&self.training).x, frame.y_range(), (1.0, t.second));
        for (point, radius) in [(Some(self.training), 3.0), (self.evaluation(), 4.5)] {
            if let Some(point) = point {
                painter.circle(place(&point), radius, t.ground, (2.0, t.runs[0]));
            }
        }
    }
}

/// A point as text, for screen readers.
fn said(point: &Point, quantity: Quantity) -> String {
    match quantity {
        Quantity::Loss(_) => written_loss(point.loss),
        Quantity::Accuracy => numbers::percent(point.accuracy as f32),
    }
}
