//! Images of a measured set, each with what was said of it. A click makes one the current image.

use super::names::names_of;
use crate::{
    text::{ClassNames, fill, tr},
    train::confusion::Judgement,
    ui::{
        action::{Action, Actions},
        model::{
            evaluate::{EvaluateAct, EvaluateSet, Measurement},
            image::{ImageSource, ground_of_set},
        },
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{HeatAtlas, elided, numbers, section_with_detail, tool_button},
    },
};
use egui::{Align2, Layout, Rect, Role, Sense, StrokeKind, Theme, Ui, Vec2, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// The smallest side of an image, in points.
const SIDE: f32 = 68.0;

/// The height of the two lines under an image, in points.
const CAPTION: f32 = 34.0;

/// Names of so many characters have room for a share beside them.
const SHORT: usize = 2;

/// Between two images, in points.
const GAP: f32 = 10.0;

/// The most images that are shown.
const MOST: usize = 60;

/// The cell of the matrix whose images are shown.
type Cell = Option<(usize, usize)>;

/// The images with their textures.
#[derive(Default)]
pub(super) struct Gallery {
    atlas: HeatAtlas,
    shown: Option<(Arc<Measurement>, Cell, Theme)>,
    list: Vec<Judgement>,
    /// Where it was in the last frame.
    place: Option<Rect>,
}

/// The heading of the images of a cell, or of all mistakes.
pub(super) fn heading_ui(
    ui: &mut Ui,
    (measured, names): (&Measurement, &ClassNames),
    cell: Cell,
    actions: &mut Actions,
) {
    let count = match cell {
        Some((label, said)) => {
            measured.result.confusion.get(label).and_then(|row| row.get(said)).copied().unwrap_or(0)
        }
        None => measured.mistakes.len(),
    };
    let title = match cell {
        Some((label, said)) => {
            fill(tr("{label} read as {said}"), &[("label", &names.of(label)), ("said", &names.of(said))])
        }
        None => tr("All mistakes").to_owned(),
    };
    let count = numbers::count(count as u64);
    ui.horizontal(|ui| {
        // As high with the button as without it.
        ui.set_min_height(26.0);
        ui.spacing_mut().interact_size.y = 22.0;
        let wide = ui.available_width() > 420.0;
        let text = if wide { tr("{count} images, the most confident first") } else { tr("{count} images") };
        section_with_detail(ui, &title, &fill(text, &[("count", &count)]));
        if cell.is_some() {
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                if tool_button(ui, "", tr("All"), "").on_hover_text(tr("Show all mistakes")).clicked() {
                    actions.send(Action::Evaluate(EvaluateAct::ShowCell(None)));
                }
            });
        }
    });
}

impl Gallery {
    /// Shows as many images of `list` as there is room for. While the pointer is over them, they stay as they are.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        (what, measured, cell): (&str, &Arc<Measurement>, Cell),
        room: Vec2,
        list: impl Fn(&Measurement) -> Vec<Judgement>,
        actions: &mut Actions,
    ) {
        let is_over = self.place.is_some_and(|place| ui.rect_contains_pointer(place));
        let is_same_set = |of: &Measurement| {
            Arc::ptr_eq(&of.of.split, &measured.of.split) && of.of.range == measured.of.range
        };
        let held = self.shown.as_ref().filter(|(of, shown, _)| is_over && *shown == cell && is_same_set(of));
        let measured = held.map_or_else(|| measured.clone(), |(of, ..)| of.clone());
        self.update(ui, &measured, cell, list);
        let columns = (((room.x + GAP) / (SIDE + GAP)).floor() as usize).max(1);
        let side = ((room.x + GAP) / columns as f32 - GAP).min(SIDE * 1.3).floor();
        let tall = side + CAPTION;
        let rows = (((room.y + GAP / 2.0) / (tall + GAP / 2.0)).floor() as usize).max(1);
        let count = self.list.len().min(columns.saturating_mul(rows)).min(MOST);
        let used = vec2(room.x, count.div_ceil(columns) as f32 * (tall + GAP / 2.0));
        let (all, response) = ui.allocate_exact_size(used.min(room), Sense::hover());
        self.place = Some(all);
        if self.list.is_empty() {
            let t = Tokens::of(ui);
            let font = fonts::words(size::BODY);
            let at = response.rect.left_top() + vec2(0.0, space::S);
            ui.painter().text(at, Align2::LEFT_TOP, tr("No images."), font, t.second);
        }
        for i in 0..count {
            let at = vec2((i % columns) as f32 * (side + GAP), (i / columns) as f32 * (tall + GAP / 2.0));
            let rect = Rect::from_min_size(all.min + at, vec2(side, tall));
            self.image_ui(ui, state, (what, &measured), (i, rect, response.id.with(i)), actions);
        }
    }

    /// New pictures for another measurement, cell or theme.
    fn update(
        &mut self,
        ui: &Ui,
        measured: &Arc<Measurement>,
        cell: Cell,
        list: impl Fn(&Measurement) -> Vec<Judgement>,
    ) {
        let theme = ui.theme();
        let is_shown = self
            .shown
            .as_ref()
            .is_some_and(|(of, shown, then)| Arc::ptr_eq(of, measured) && (*shown, *then) == (cell, theme));
        if is_shown {
            return;
        }
        self.list = list(measured);
        self.list.truncate(MOST);
        let split = &measured.of.split;
        let sizes = vec![(split.width(), split.height()); self.list.len()];
        self.atlas.set_sizes(ui.ctx(), &sizes);
        let colors = ground_of_set(&measured.of.data).colors(theme);
        for (i, judgement) in self.list.iter().enumerate() {
            let number = judgement.image as usize;
            if let Some(pixels) = split.colors(number) {
                self.atlas.fill_colors(i, &pixels);
                continue;
            }
            let ink: Vec<f32> = split.grey(number).iter().map(|pixel| f32::from(*pixel)).collect();
            self.atlas.fill(i, &ink, colors, 255.0);
        }
        self.atlas.upload(ui.ctx());
        self.shown = Some((measured.clone(), cell, theme));
    }

    /// One image with what was said.
    fn image_ui(
        &self,
        ui: &Ui,
        state: &AppState,
        (what, measured): (&str, &Measurement),
        (i, rect, id): (usize, Rect, egui::Id),
        actions: &mut Actions,
    ) {
        let t = Tokens::of(ui);
        let Some(judgement) = self.list.get(i) else { return };
        let button = ui.interact(rect, id, Sense::click());
        let names = names_of(state, measured);
        let lines = lines(judgement, &names);
        button.widget_info(|| {
            // By its place: another image takes it over while the network trains.
            let mut info = WidgetInfo::labeled(Role::Button, ui.is_enabled(), format!("{what} {}", i + 1));
            info.current_text_value = Some(said(judgement, &names));
            info
        });
        if button.clicked() {
            actions.send(Action::Evaluate(EvaluateAct::ShowImage(judgement.image as usize)));
        }
        let picture = Rect::from_min_size(rect.min, Vec2::splat(rect.width()));
        self.atlas.paint(ui.painter(), i, picture);
        let (stroke, kind) =
            match (is_current(state, measured, judgement), button.has_focus(), button.hovered()) {
                (true, ..) => (t.highlight_stroke(), StrokeKind::Outside),
                (_, true, _) => (t.focus_stroke(), StrokeKind::Outside),
                (.., true) => (t.highlight_stroke(), StrokeKind::Outside),
                _ => (t.control_stroke(), StrokeKind::Inside),
            };
        ui.painter().rect_stroke(picture, radius::S, stroke, kind);
        for (number, (class, share)) in lines.iter().enumerate() {
            let y = picture.bottom() + 3.0 + 15.0 * number as f32;
            let ink = if number == 0 { t.text } else { t.second };
            let font = || fonts::mono(12.0);
            let left = pos2(picture.left() + 2.0, y);
            if class.chars().count() > SHORT {
                // The share is in the tooltip.
                let galley = elided(ui, class, font(), ink, picture.width() - 3.0);
                ui.painter().galley(left, galley, ink);
                continue;
            }
            ui.painter().text(left, Align2::LEFT_TOP, class, font(), ink);
            ui.painter().text(pos2(picture.right() - 1.0, y), Align2::RIGHT_TOP, share, font(), ink);
        }
        button.on_hover_ui_at_pointer(|ui| {
            ui.label(said(judgement, &names));
            ui.label(tr("Click to make it the current image."));
        });
    }
}

/// What was said, and below it what it is, each with its probability.
fn lines(judgement: &Judgement, names: &ClassNames) -> Vec<(String, String)> {
    let mut lines =
        vec![(names.of(judgement.said.into()).into_owned(), numbers::probability(judgement.probability))];
    if !judgement.is_correct() {
        lines.push((names.of(judgement.label.into()).into_owned(), numbers::probability(judgement.of_label)));
    }
    lines
}

fn said(judgement: &Judgement, names: &ClassNames) -> String {
    fill(
        tr("image {image}: a {label}, read as {said} with {share}"),
        &[
            ("image", &judgement.image.to_string()),
            ("label", &names.of(judgement.label.into())),
            ("said", &names.of(judgement.said.into())),
            ("share", &numbers::probability(judgement.probability)),
        ],
    )
}

/// Whether it is the current image.
fn is_current(state: &AppState, measured: &Measurement, judgement: &Judgement) -> bool {
    let is_it = |set: &str, index: usize| set == measured.of.data && index == judgement.image as usize;
    match &state.image.source {
        ImageSource::Sample { set, index, .. } => measured.of.set == EvaluateSet::Test && is_it(set, *index),
        ImageSource::TrainingSample { set, index, .. } => {
            measured.of.set != EvaluateSet::Test && is_it(set, *index)
        }
        ImageSource::Drawing | ImageSource::Picture(_) => false,
    }
}
