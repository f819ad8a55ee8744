//! Your digit while it learns: the probability of each class at every kept moment, a row each.

use crate::{
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{
            image::CurrentImage,
            learning::{LearningAct, MAX_PINNED},
            network::Origin,
            timeline::TimelineAct,
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{ImageTile, icon_button, numbers, section_with_detail},
    },
};
use egui::{
    Align, Align2, Label, Layout, Pos2, Rangef, Rect, RichText, Role, Sense, Shape, Stroke, Ui, UiBuilder,
    Vec2, WidgetInfo, pos2, vec2,
};

/// The height of the heading, in points.
const HEADING: f32 = 32.0;

/// The room for a class's name on the left and its probability on the right, in points.
const SIDES: [f32; 2] = [26.0, 62.0];

/// The height of the axis, in points.
const AXIS: f32 = 18.0;

/// A row lower than this, in points, has no name.
const LOW: f32 = 12.0;

/// The heading with the followed images, and the rows.
pub fn digit_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let room = ui.available_size();
    ui.allocate_ui_with_layout(vec2(room.x, HEADING), Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        images_ui(ui, state, HEADING - 6.0, actions);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let detail = if ui.available_width() > 320.0 { tr("probability at each moment") } else { "" };
            section_with_detail(ui, tr("Your digit while it learns"), detail);
        });
    });
    let (rect, response) =
        ui.allocate_exact_size(vec2(room.x, (room.y - HEADING).max(40.0)), Sense::click_and_drag());
    let followed = state.learning.curve().filter(|curve| !curve.points.is_empty());
    let is_current = state.learning.shown.is_none();
    let (Some(curve), Some(snapshot)) = (followed, &state.snapshot) else {
        let text = if is_current && state.image.is_blank() {
            tr("Draw a digit: its probabilities are drawn here while the network learns.")
        } else {
            tr("Press Train: the probabilities of the current image are drawn here while the network learns.")
        };
        let text = RichText::new(text).size(size::SMALL).color(t.second);
        let place = rect.shrink2(vec2(0.0, space::S));
        ui.new_child(UiBuilder::new().max_rect(place)).add(Label::new(text).wrap());
        return;
    };
    let end = ((snapshot.epochs * snapshot.batches_per_epoch) as u64).max(snapshot.step).max(1);
    let shown = state.timeline.chosen.map_or(snapshot.step, |chosen| chosen.step);
    let mut points = curve.points.clone();
    // The newest step is no moment yet.
    let is_live = is_current && state.network.origin == Origin::Live && state.is_answered();
    if is_live && points.last().is_some_and(|(step, _)| *step < snapshot.step) {
        points.push((snapshot.step, state.probabilities()));
    }
    let chart = Chart { rect, end, points };
    chart.paint(ui, shown, state.timeline.chosen.is_some());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Image, true, tr("Your digit while it learns"));
        info.current_text_value = Some(chart.said(shown));
        info
    });
    if (response.clicked() || response.dragged())
        && let Some(pointer) = response.interact_pointer_pos()
    {
        actions.send(Action::Timeline(TimelineAct::Show(chart.step(pointer.x))));
    }
}

/// The images that are followed, from the right.
fn images_ui(ui: &mut Ui, state: &AppState, side: f32, actions: &mut Actions) {
    let learning = &state.learning;
    let can_pin = !state.image.is_blank() && learning.pinned.len() < MAX_PINNED;
    ui.add_enabled_ui(can_pin, |ui| {
        if icon_button(ui, icons::PLUS, tr("Pin the current image")).clicked() {
            actions.send(Action::Learning(LearningAct::Pin));
        }
    });
    for pinned in learning.pinned.iter().rev() {
        let name = fill(tr("Pinned image {number}"), &[("number", &pinned.id.to_string())]);
        if icon_button(ui, icons::X, &fill(tr("Unpin image {number}"), &[("number", &pinned.id.to_string())]))
            .clicked()
        {
            actions.send(Action::Learning(LearningAct::Unpin(pinned.id)));
        }
        tile_ui(ui, (&name, side), &pinned.image, learning.shown == Some(pinned.id), || {
            actions.send(Action::Learning(LearningAct::Show(Some(pinned.id))));
        });
    }
    tile_ui(ui, (tr("Follow the current image"), side), &state.image, learning.shown.is_none(), || {
        actions.send(Action::Learning(LearningAct::Show(None)));
    });
}

fn tile_ui(
    ui: &mut Ui,
    (name, side): (&str, f32),
    image: &CurrentImage,
    is_shown: bool,
    mut choose: impl FnMut(),
) {
    let t = Tokens::of(ui);
    let seen = &image.seen;
    let place = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    let (rect, response) = place;
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_shown, name));
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect));
    child.disable();
    ImageTile::new(name, name, image.revision, seen.as_raw(), seen.width() as usize)
        .ground(image.ground)
        .side(side)
        .ui(&mut child);
    if is_shown {
        ui.painter().rect_stroke(rect, 2, Stroke::new(2.0, t.accent), egui::StrokeKind::Outside);
    }
    if response.on_hover_text(name).clicked() {
        choose();
    }
}

/// The rows of one image.
struct Chart {
    rect: Rect,
    /// The last step that is planned.
    end: u64,
    /// Steps with the class probabilities.
    points: Vec<(u64, Vec<f32>)>,
}

impl Chart {
    fn range(&self) -> Rangef {
        Rangef::new(self.rect.left() + SIDES[0], self.rect.right() - SIDES[1])
    }

    /// The place of a step on the axis log(1 + step), as on the timeline.
    fn place(&self, step: u64) -> f32 {
        let part = ((1 + step) as f64).ln() / ((1 + self.end) as f64).ln();
        self.range().min + self.range().span() * (part as f32).min(1.0)
    }

    fn step(&self, place: f32) -> u64 {
        let part = ((place - self.range().min) / self.range().span().max(1.0)).clamp(0.0, 1.0);
        (((1 + self.end) as f64).powf(f64::from(part)) - 1.0).round() as u64
    }

    /// The probabilities at the last moment up to a step.
    fn at(&self, step: u64) -> &[f32] {
        let points = &self.points;
        let before = points.partition_point(|(other, _)| *other <= step).saturating_sub(1);
        points.get(before).map_or(&[], |(_, probabilities)| probabilities)
    }

    /// The most likely class at a step, in words.
    fn said(&self, step: u64) -> String {
        let probabilities = self.at(step);
        let best = winner(probabilities);
        best.map_or_else(String::new, |(class, probability)| {
            let step = numbers::count(step);
            let percent = numbers::probability(probability);
            fill(
                tr("step {step}: {class}, {percent}"),
                &[("step", &step), ("class", &class.to_string()), ("percent", &percent)],
            )
        })
    }

    fn paint(&self, ui: &Ui, shown: u64, is_history: bool) {
        let t = Tokens::of(ui);
        let painter = ui.painter();
        let classes = self.points.first().map_or(0, |(_, p)| p.len()).max(1);
        let row = (self.rect.height() - AXIS) / classes as f32;
        let now = self.at(shown);
        let best = winner(now).map(|(class, _)| class);
        for class in 0..classes {
            let bottom = self.rect.top() + row * (class + 1) as f32;
            let (color, ink) =
                if best == Some(class) { (t.highlight, t.highlight_text) } else { (t.accent, t.second) };
            painter.hline(self.range(), bottom, Stroke::new(1.0, t.line));
            self.area_ui(ui, class, (bottom, row - 2.0), color);
            if row >= LOW {
                let middle = bottom - row / 2.0;
                let font = fonts::mono((row - 4.0).min(size::MONO));
                let left = pos2(self.rect.left(), middle);
                painter.text(left, Align2::LEFT_CENTER, class.to_string(), font.clone(), ink);
                let percent = now.get(class).map_or_else(String::new, |p| numbers::probability(*p));
                painter.text(pos2(self.rect.right(), middle), Align2::RIGHT_CENTER, percent, font, ink);
            }
        }
        let bottom = self.rect.top() + row * classes as f32;
        let color = if is_history { t.highlight } else { t.good };
        painter.vline(self.place(shown), self.rect.top()..=bottom, Stroke::new(1.5, color));
        for step in [0, 1, 10, 100, 1000, 10_000, 100_000] {
            if step < self.end && self.place(self.end) - self.place(step) > 48.0 {
                self.label(ui, step);
            }
        }
        self.label(ui, self.end);
    }

    fn label(&self, ui: &Ui, step: u64) {
        let t = Tokens::of(ui);
        let place = pos2(self.place(step), self.rect.bottom());
        let text = numbers::count(step);
        ui.painter().text(place, Align2::CENTER_BOTTOM, text, fonts::mono(size::SMALL - 2.0), t.second);
    }

    /// The filled curve of a class above the bottom of its row.
    fn area_ui(&self, ui: &Ui, class: usize, (bottom, height): (f32, f32), color: egui::Color32) {
        let mut top: Vec<Pos2> = Vec::new();
        for (step, probabilities) in &self.points {
            let Some(probability) = probabilities.get(class) else { continue };
            // What is not a number has no height.
            let probability = if probability.is_finite() { probability.clamp(0.0, 1.0) } else { 0.0 };
            top.push(pos2(self.place(*step), bottom - height * probability));
        }
        let mut mesh = egui::Mesh::default();
        for pair in top.windows(2) {
            let base = mesh.vertices.len() as u32;
            for point in [pair[0], pair[1], pos2(pair[1].x, bottom), pos2(pair[0].x, bottom)] {
                mesh.colored_vertex(point, color.gamma_multiply(0.35));
            }
            mesh.add_triangle(base, base + 1, base + 2);
            mesh.add_triangle(base, base + 2, base + 3);
        }
        ui.painter().add(Shape::mesh(mesh));
        ui.painter().line(top, Stroke::new(1.5, color));
    }
}

/// The most likely class with its probability; none if they are not numbers.
fn winner(probabilities: &[f32]) -> Option<(usize, f32)> {
    let are_numbers = probabilities.iter().all(|p| p.is_finite());
    let all = probabilities.iter().copied().enumerate();
    all.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| are_numbers)
}
