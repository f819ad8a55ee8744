//! The live curves of loss and accuracy.

mod axis;
mod names;
mod readout;

use self::{
    names::{full_name, quick_name},
    readout::Readout,
};
use crate::{
    text::{Term, fill, tr},
    train::{History, Point, Snapshot, written_loss},
    ui::{
        action::{Action, Actions},
        model::display::LossScale,
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{explain, icon_button_with_shortcut, numbers, section_with_detail, segmented},
    },
};
use egui::{
    Align, Align2, Color32, Id, Key, Layout, Modifiers, Rect, RichText, Role, Sense, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};
use egui_plot::{
    Line, LineStyle, MarkerShape, Plot, PlotPoint, PlotPoints, PlotTransform, PlotUi, Points, VLine,
};

/// The height of a plot's heading, in points.
const HEADING: f32 = 28.0;

/// Up to this many evaluations, each has a dot.
const MOST_DOTS: usize = 60;

/// The least distance between two marks of epochs, in points.
const EPOCH_SPACING: f64 = 40.0;

/// Up to this loss a logarithmic axis extends before there is a curve: chance with ten classes is 2.3.
const FIRST_LOSSES: [f64; 2] = [0.5, 3.0];

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

/// What a plot shows of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    Loss(LossScale),
    Accuracy,
}

impl Quantity {
    /// The place of a point on the vertical axis.
    fn place(self, point: &Point) -> f64 {
        match self {
            Self::Loss(scale) => axis::place(scale, point.loss),
            Self::Accuracy => point.accuracy,
        }
    }

    /// What the vertical axis always shows.
    fn least_bounds(self) -> [f64; 2] {
        match self {
            Self::Loss(LossScale::Linear) => [0.0, 2.4],
            Self::Loss(LossScale::Log) => FIRST_LOSSES.map(|loss| axis::place(LossScale::Log, loss)),
            Self::Accuracy => [0.0, 1.0],
        }
    }
}

/// A plot's data in its own coordinates.
struct Drawn {
    training: Vec<[f64; 2]>,
    quick: Vec<[f64; 2]>,
    full: Vec<[f64; 2]>,
}

impl Drawn {
    fn new(history: &History, quantity: Quantity) -> Self {
        let point = |p: &Point| [p.step as f64, quantity.place(p)];
        Self {
            training: history.training().map(|p| point(&p)).collect(),
            quick: history.quick.iter().map(point).collect(),
            full: history.full.iter().map(point).collect(),
        }
    }
}

impl Curves {
    /// Loss and accuracy, in the order of a surrounding layout, each in `room`.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, room: Vec2, actions: &mut Actions) {
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
                    self.heading_ui(ui, quantity, was_moved, actions);
                    self.plot_ui(ui, state, quantity, vec2(room.x, room.y - HEADING), (is_reset, pointed));
                });
            });
        }
        if self.pointed != pointed {
            // The other plot marks the step, too.
            ui.ctx().request_repaint();
        }
    }

    fn heading_ui(&mut self, ui: &mut Ui, quantity: Quantity, was_moved: bool, actions: &mut Actions) {
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
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let is_wide = ui.available_width() > 230.0;
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
        quantity: Quantity,
        room: Vec2,
        (is_reset, pointed): (bool, Option<f64>),
    ) {
        let t = Tokens::of(ui);
        let snapshot = state.snapshot.as_deref();
        let empty = History::default();
        let history = snapshot.map_or(&empty, |s| s.history.as_ref());
        let per_epoch = snapshot.map_or(1, |s| s.batches_per_epoch.max(1)) as f64;
        let total = snapshot.map_or(1.0, |s| (s.batches_per_epoch * s.epochs) as f64);
        let now = history.last().map_or(0, |p| p.step) as f64;
        let end = (now * 1.02).max(per_epoch.min(total) * 0.25).max(20.0);
        let [low, high] = quantity.least_bounds();
        let mut plot = Plot::new(format!("{quantity:?}"))
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
        plot = match quantity {
            Quantity::Loss(scale) => plot
                .y_grid_spacer(move |input| match scale {
                    LossScale::Linear => axis::linear(&input),
                    LossScale::Log => axis::decades(&input),
                })
                .y_axis_formatter(move |mark, _| axis::loss_label(scale, mark)),
            Quantity::Accuracy => plot
                .y_grid_spacer(|input| axis::linear(&input))
                .y_axis_formatter(|mark, _| format!("{} %", (mark.value * 1e4).round() / 100.0)),
        };
        if is_reset {
            plot = plot.reset();
        }
        let drawn = Drawn::new(history, quantity);
        let validation = snapshot.is_some_and(|s| s.validation);
        let shown = plot.show(ui, |plot| {
            let epochs = epoch_marks(plot, per_epoch, now, room.x);
            for &epoch in &epochs {
                let line = VLine::new("", epoch as f64 * per_epoch).color(t.line_strong).width(1.0);
                plot.vline(line.style(LineStyle::Dashed { length: 3.0 }));
            }
            drawn.show(plot, colors(&t), validation);
            let auto = plot.auto_bounds();
            (epochs, !(auto.x && auto.y))
        });
        let (epochs, is_moved) = shown.inner;
        self.is_moved |= is_moved;
        if shown.response.double_clicked() {
            self.is_reset = true;
        }
        epoch_labels_ui(ui, &shown.transform, &epochs, per_epoch);
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
        let hovered = shown.response.hover_pos().map(|at| shown.transform.value_from_position(at).x);
        let Some(readout) = hovered.or(pointed).and_then(|step| Readout::near(history, step)) else { return };
        readout.mark_ui(ui, quantity, &shown.transform);
        if hovered.is_some() {
            self.pointed = hovered;
            if !shown.response.dragged() {
                readout.ui(ui, snapshot, shown.response.id);
            }
        }
    }
}

impl Drawn {
    fn show(self, plot: &mut PlotUi<'_>, [training, evaluation]: [Color32; 2], validation: bool) {
        let dots = |points: Vec<[f64; 2]>, color, radius| {
            Points::new("", PlotPoints::from(points))
                .color(color)
                .shape(MarkerShape::Circle)
                .radius(radius)
                .filled(true)
        };
        // One point makes no line.
        if self.training.len() == 1 {
            plot.points(dots(self.training.clone(), training, 2.5));
        }
        if self.quick.len() <= MOST_DOTS {
            plot.points(dots(self.quick.clone(), evaluation, 2.5));
        }
        plot.line(
            Line::new(tr("training batches"), PlotPoints::from(self.training)).color(training).width(1.5),
        );
        plot.line(
            Line::new(quick_name(validation), PlotPoints::from(self.quick)).color(evaluation).width(2.0),
        );
        plot.points(dots(self.full, evaluation, 4.5));
    }
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
        let [training, evaluation] = colors(&t);
        let both = [(Some(self.training), training), (self.evaluation(), evaluation)];
        for (point, color) in both.into_iter().filter_map(|(point, color)| Some((point?, color))) {
            painter.circle(place(&point), 4.0, t.ground, (2.0, color));
        }
    }
}

/// The ends of complete epochs that are marked: all of them, or every second, fifth, tenth, …
fn epoch_marks(plot: &PlotUi<'_>, per_epoch: f64, now: f64, width: f32) -> Vec<u64> {
    let bounds = plot.plot_bounds();
    let per_point = bounds.width() / f64::from(width.max(1.0));
    let every = axis::round_step(EPOCH_SPACING * per_point / per_epoch).max(1.0) as u64;
    let made = (now / per_epoch) as u64;
    (1..=made / every).map(|i| i * every).collect()
}

/// The numbers of the epochs at their ends, along the upper edge of a plot.
fn epoch_labels_ui(ui: &Ui, transform: &PlotTransform, epochs: &[u64], per_epoch: f64) {
    let t = Tokens::of(ui);
    let frame = *transform.frame();
    let painter = ui.painter_at(frame);
    let mut free = f32::NEG_INFINITY;
    for &epoch in epochs {
        let at = transform.position_from_point(&PlotPoint::new(epoch as f64 * per_epoch, 0.0)).x - 3.0;
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

/// A point as text, for screen readers.
fn said(point: &Point, quantity: Quantity) -> String {
    match quantity {
        Quantity::Loss(_) => written_loss(point.loss),
        Quantity::Accuracy => numbers::percent(point.accuracy as f32),
    }
}

/// The curves' colours: training, evaluation.
fn colors(t: &Tokens) -> [Color32; 2] {
    [t.accent, t.highlight]
}

/// Which line is which.
pub fn legend_ui(ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let t = Tokens::of(ui);
    let validation = snapshot.is_some_and(|s| s.validation);
    let [training, evaluation] = colors(&t);
    let entries = [
        (tr("training batches"), training, false),
        (quick_name(validation), evaluation, false),
        (full_name(validation), evaluation, true),
    ];
    for (i, (name, color, is_dot)) in entries.into_iter().enumerate() {
        if i > 0 {
            ui.add_space(space::S);
        }
        let (rect, _): (Rect, _) = ui.allocate_exact_size(vec2(18.0, 12.0), Sense::hover());
        if is_dot {
            ui.painter().circle_filled(rect.center(), 4.5, color);
        } else {
            ui.painter().hline(rect.x_range(), rect.center().y, (2.5, color));
        }
        ui.label(RichText::new(name).font(fonts::words(size::SMALL)).color(t.second));
    }
}
