//! The training images nearest to the current image: by the last hidden layer, and by pixels.

use crate::{
    text::{fill, tr},
    train::similar::{Metric, Neighbour},
    ui::{
        action::{Action, Actions},
        model::{
            image::ground_of_set,
            similar::{MOST, SimilarAct, SimilarImages},
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{HeatAtlas, icon_button, section, segmented, switch},
    },
};
use egui::{
    Align, Align2, Layout, ProgressBar, Rect, RichText, Role, Sense, StrokeKind, Theme, Ui, Vec2, WidgetInfo,
    vec2,
};
use std::sync::Arc;

/// The images in a row.
const COLUMNS: usize = 6;

/// Between two images, in points.
const GAP: f32 = 7.0;

/// The height of the line under an image, in points.
const CAPTION: f32 = 18.0;

/// The section with its textures.
#[derive(Default)]
pub(super) struct Similar {
    atlas: HeatAtlas,
    shown: Option<(Arc<SimilarImages>, Theme)>,
}

impl Similar {
    /// The section of the panel.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let t = Tokens::of(ui);
        let small = |text: &str| RichText::new(text).font(fonts::words(size::SMALL)).color(t.second);
        let similar = &state.similar;
        section(ui, tr("Training images like it"));
        let name = tr("Find training images like the current image");
        if switch(ui, name, tr("find them"), similar.is_on).clicked() {
            actions.send(Action::Similar(SimilarAct::Seek(!similar.is_on)));
        }
        if !similar.is_on {
            ui.label(small(tr(
                "What is nearest for the network, and what for pixels alone: the network reads all training images once.",
            )));
            ui.add_space(space::L);
            return;
        }
        let mut is_euclidean = similar.metric == Metric::Euclidean;
        let options = [(false, tr("Cosine")), (true, tr("Euclidean"))];
        if segmented(ui, tr("Distance"), &mut is_euclidean, &options).changed() {
            actions.send(Action::Similar(SimilarAct::Euclidean(is_euclidean)));
        }
        // One line for what is being done, so that nothing below moves.
        let text = if let Some(share) = similar.progress {
            ui.horizontal(|ui| {
                ui.spacing_mut().interact_size.y = 22.0;
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if icon_button(ui, icons::X, tr("Stop reading")).clicked() {
                        actions.send(Action::Similar(SimilarAct::Seek(false)));
                    }
                    let bar = ProgressBar::new(share).desired_width(ui.available_width());
                    ui.add(bar.desired_height(6.0));
                });
            });
            tr("The network reads all training images …")
        } else if state.is_training() {
            tr("Found again when training pauses.")
        } else if state.image.is_blank() {
            tr("There is no image.")
        } else {
            ""
        };
        if !text.is_empty() {
            ui.label(small(text));
        }
        if let Some(found) = similar.found.clone() {
            self.update(ui, &found);
            let label = state.image.source.label().filter(|_| found.image_revision == state.image.revision);
            let layer = found.network.spec().layer_name(found.layer);
            let by_layer = fill(tr("by {layer}"), &[("layer", &layer)]);
            let lists = [(by_layer.as_str(), &found.by_layer), (tr("by pixels"), &found.by_pixels)];
            for (number, (title, list)) in lists.into_iter().enumerate() {
                heading_ui(ui, state, (title, list), label);
                if list.is_empty() {
                    ui.label(small(tr("Not a number: no image is nearer than another.")).color(t.warn));
                    continue;
                }
                self.row_ui(ui, state, (title, list, label), number * MOST, actions);
            }
        }
        ui.add_space(space::L);
    }

    /// New pictures for another answer or theme.
    fn update(&mut self, ui: &Ui, found: &Arc<SimilarImages>) {
        let theme = ui.theme();
        if self.shown.as_ref().is_some_and(|(of, then)| Arc::ptr_eq(of, found) && *then == theme) {
            return;
        }
        let split = &found.split;
        self.atlas.set_sizes(ui.ctx(), &vec![(split.width(), split.height()); 2 * MOST]);
        let colors = ground_of_set(&found.data).colors(theme);
        for (number, list) in [&found.by_layer, &found.by_pixels].into_iter().enumerate() {
            for (i, neighbour) in list.iter().enumerate() {
                if let Some(pixels) = split.colors(neighbour.index) {
                    self.atlas.fill_colors(number * MOST + i, &pixels);
                    continue;
                }
                let ink: Vec<f32> = split.grey(neighbour.index).iter().map(|p| f32::from(*p)).collect();
                self.atlas.fill(number * MOST + i, &ink, colors, 255.0);
            }
        }
        self.atlas.upload(ui.ctx());
        self.shown = Some((found.clone(), theme));
    }

    fn row_ui(
        &self,
        ui: &mut Ui,
        state: &AppState,
        (title, list, label): (&str, &[Neighbour], Option<u8>),
        first: usize,
        actions: &mut Actions,
    ) {
        let t = Tokens::of(ui);
        let width = ui.available_width();
        let side = ((width + GAP) / COLUMNS as f32 - GAP).floor();
        let rows = MOST.div_ceil(COLUMNS) as f32;
        let (all, response) = ui.allocate_exact_size(vec2(width, rows * (side + CAPTION)), Sense::hover());
        for (i, neighbour) in list.iter().enumerate() {
            let at = vec2((i % COLUMNS) as f32 * (side + GAP), (i / COLUMNS) as f32 * (side + CAPTION));
            let rect = Rect::from_min_size(all.min + at, Vec2::splat(side));
            let whole = rect.with_max_y(rect.bottom() + CAPTION - 2.0);
            let button = ui.interact(whole, response.id.with((first, i)), Sense::click());
            let said = fill(
                tr("image {image}: a {label}, distance {distance}"),
                &[
                    ("image", &neighbour.index.to_string()),
                    ("label", &state.label_name(neighbour.label)),
                    ("distance", &format!("{:.3}", neighbour.distance)),
                ],
            );
            button.widget_info(|| {
                let name = format!("{title} {}", i + 1);
                let mut info = WidgetInfo::labeled(Role::Button, ui.is_enabled(), name);
                info.current_text_value = Some(said.clone());
                info
            });
            if button.clicked() {
                actions.send(Action::Similar(SimilarAct::Show(neighbour.index)));
            }
            self.atlas.paint(ui.painter(), first + i, rect);
            let (stroke, kind) = match (button.has_focus(), button.hovered()) {
                (true, _) => (t.focus_stroke(), StrokeKind::Outside),
                (_, true) => (t.highlight_stroke(), StrokeKind::Outside),
                _ => (t.control_stroke(), StrokeKind::Inside),
            };
            ui.painter().rect_stroke(rect, radius::S, stroke, kind);
            let ink = if label.is_some_and(|label| label != neighbour.label) { t.warn } else { t.text };
            let place = rect.center_bottom() + vec2(0.0, 1.0);
            ui.painter().text(
                place,
                Align2::CENTER_TOP,
                state.label_name(neighbour.label),
                fonts::mono(12.0),
                ink,
            );
            button.on_hover_ui_at_pointer(|ui| {
                ui.label(said);
                ui.label(tr("Click to make it the current image."));
            });
        }
    }
}

/// How they were compared, and how many are what the image is.
fn heading_ui(ui: &mut Ui, state: &AppState, (title, list): (&str, &[Neighbour]), label: Option<u8>) {
    let t = Tokens::of(ui);
    let text = label.map(|label| {
        let same = list.iter().filter(|neighbour| neighbour.label == label).count().to_string();
        let values =
            [("same", same.as_str()), ("all", &list.len().to_string()), ("label", &state.label_name(label))];
        fill(tr("{same} of {all} are a {label}"), &values)
    });
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 20.0;
        ui.label(RichText::new(title).font(fonts::words(size::SECTION)).color(t.text));
        if let Some(text) = text {
            ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.second));
        }
    });
}
