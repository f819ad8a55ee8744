//! The patches of the test set at which a map is largest, each as large as the receptive field.

use super::{values, what_if};
use crate::{
    explain::{
        ReceptiveField, cell_of_value,
        top_activations::{InputPatch, TopActivation},
    },
    nn::{Network, NetworkSpec},
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{
            image::ground_of_set,
            selection::MapId,
            top_activations::{MOST, TopPatches},
        },
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{HeatAtlas, numbers, section_with_detail, segmented, tool_button},
    },
};
use egui::{
    Align2, ProgressBar, Rect, Response, RichText, Role, Sense, StrokeKind, Theme, Ui, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// Between two patches, in points.
const GAP: f32 = 8.0;

/// The height of the two lines under a patch, in points.
const CAPTION: f32 = 34.0;

/// The choices for the number of images; the last one is all.
const IMAGES: [usize; 3] = [500, 2_000, usize::MAX];

/// The section with its textures.
#[derive(Default)]
pub struct StrongestPatches {
    atlas: HeatAtlas,
    /// The search, map and theme of the textures.
    shown: Option<(TopPatches, usize, Theme)>,
    patches: Vec<(TopActivation, InputPatch)>,
    /// Two networks of the same form, and whether their weights are the same.
    compared: Option<(Arc<Network>, Arc<Network>, bool)>,
    /// The receptive fields of a network's layers.
    fields: Option<(NetworkSpec, Vec<ReceptiveField>)>,
}

impl StrongestPatches {
    /// The section of the selected map; starts a search for a layer that has none.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, map: MapId, actions: &mut Actions) {
        let Some(of) = what_if::map_of(map) else { return };
        let field = self.field(state, of.layer);
        let (rows, columns) = field.map_or((0, 0), |field| field.size());
        section_with_detail(ui, tr("Strongest patches"), &format!("{rows}×{columns}"));
        let t = Tokens::of(ui);
        let small = |text: &str| RichText::new(text).font(fonts::words(size::SMALL)).color(t.second);
        let Some(data) = state.data.ready() else {
            ui.label(small(tr("They are searched in the test set when a data set is loaded.")));
            ui.add_space(space::L);
            return;
        };
        let wanted = state.settings.patch_images.min(data.test.len());
        let is_of = |found: &&TopPatches| {
            found.layer == of.layer
                && Arc::ptr_eq(&found.split, &data.test)
                && found.network.spec() == state.network.network.spec()
        };
        let found = state.top_activations.as_ref().filter(is_of);
        let mut images = state.settings.patch_images;
        ui.horizontal(|ui| {
            let words = IMAGES.map(|count| match count {
                usize::MAX => tr("all").to_owned(),
                count => numbers::count(count as u64),
            });
            let options: Vec<(usize, &str)> =
                IMAGES.iter().copied().zip(words.iter().map(String::as_str)).collect();
            if segmented(ui, tr("Test images"), &mut images, &options).changed() {
                actions.send(Action::SetPatchImages(images));
            }
            ui.label(small(tr("test images")));
        });
        ui.add_space(space::XS);
        let Some(found) = found.filter(|found| found.images == wanted || found.images == 0) else {
            actions.send(Action::FindPatches(of.layer));
            return;
        };
        self.grid_ui(ui, found, of.map, field.as_ref(), actions);
        let is_stale = !self.has_weights_of(found, &state.network.network);
        let looked_at = numbers::count(found.search.images() as u64);
        let is_cancelled = found.search.images() < found.images;
        if !found.is_over {
            ui.horizontal(|ui| {
                let width = (ui.available_width() - 80.0).max(60.0);
                let bar = ProgressBar::new(found.progress()).desired_width(width).desired_height(16.0);
                let text = fill(tr("{count} images"), &[("count", &looked_at)]);
                ui.add(bar.text(RichText::new(text).size(size::SMALL)));
                if tool_button(ui, "", tr("Cancel"), "").clicked() {
                    actions.send(Action::StopPatches);
                }
            });
        } else if is_stale || is_cancelled {
            let text = if is_stale {
                tr("The weights have changed since the search.").to_owned()
            } else {
                fill(tr("Cancelled after {count} images."), &[("count", &looked_at)])
            };
            ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.warn));
            if tool_button(ui, "", tr("Search again"), "").clicked() {
                actions.send(Action::FindPatches(of.layer));
            }
        }
        if found.is_over && self.patches.is_empty() && found.search.images() > 0 {
            let text = tr("Not a number: this map has no largest value for any image.");
            ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.warn));
        }
        let sentence = tr(
            "The receptive fields at which the map is largest, at most one for each image of {set}: the value, and below it the label and number of the image. All maps and kernels are on.",
        );
        ui.label(small(&fill(sentence, &[("set", &data.name)])));
        let (_, height, width) = state.network.network.input().as_maps();
        if rows > height || columns > width {
            let size = format!("{height}×{width}");
            ui.label(small(&fill(
                tr("The receptive field is larger than the image of {size}: its border is padding."),
                &[("size", &size)],
            )));
        }
        ui.add_space(space::L);
    }

    /// Whether a search used these weights, of this network or of a copy.
    fn has_weights_of(&mut self, found: &TopPatches, network: &Arc<Network>) -> bool {
        let is_compared = self
            .compared
            .as_ref()
            .is_some_and(|(of, with, _)| Arc::ptr_eq(of, &found.network) && Arc::ptr_eq(with, network));
        if !is_compared {
            let is_same = Arc::ptr_eq(&found.network, network)
                || (found.network.parameters() == network.parameters()
                    && found.network.buffers() == network.buffers());
            self.compared = Some((found.network.clone(), network.clone(), is_same));
        }
        self.compared.as_ref().is_some_and(|(.., is_same)| *is_same)
    }

    fn field(&mut self, state: &AppState, layer: usize) -> Option<ReceptiveField> {
        let spec = state.network.network.spec();
        if self.fields.as_ref().is_none_or(|(of, _)| of != spec) {
            self.fields = Some((spec.clone(), ReceptiveField::of_layers(spec).ok()?));
        }
        self.fields.as_ref()?.1.get(layer).copied()
    }

    /// New pictures after progress of the search, or for another map or theme.
    fn update(&mut self, ui: &Ui, found: &TopPatches, map: usize, field: &ReceptiveField) {
        let theme = ui.theme();
        let is_shown = self.shown.as_ref().is_some_and(|(of, shown, theme_then)| {
            Arc::ptr_eq(&of.search, &found.search) && (*shown, *theme_then) == (map, theme)
        });
        if is_shown {
            return;
        }
        let (_, rows, columns) = values::shape(&found.network, found.layer + 1).as_maps();
        let patch = |peak: &TopActivation| {
            let element = (map * rows + peak.cell.0) * columns + peak.cell.1;
            InputPatch::of(field, cell_of_value(&found.network, found.layer, element))
        };
        self.patches = found.search.of_map(map).iter().map(|peak| (peak.clone(), patch(peak))).collect();
        let (_, height, width) = found.network.input().as_maps();
        let crops = self.patches.iter().map(|(_, patch)| (patch.inside.1.len(), patch.inside.0.len()));
        let sizes: Vec<(usize, usize)> =
            crops.chain(std::iter::repeat_n((width, height), self.patches.len())).collect();
        self.atlas.set_sizes(ui.ctx(), &sizes);
        let colors = ground_of_set(&found.set).colors(theme);
        for (i, (peak, patch)) in self.patches.iter().enumerate() {
            let ink = found.ink(peak.image);
            self.atlas.fill(i, &patch.crop(&ink, width), colors, 1.0);
            self.atlas.fill(self.patches.len() + i, &ink, colors, 1.0);
        }
        self.atlas.upload(ui.ctx());
        self.shown = Some((found.clone(), map, theme));
    }

    /// The patches side by side, the strongest first, with empty places for those that are not found yet.
    fn grid_ui(
        &mut self,
        ui: &mut Ui,
        found: &TopPatches,
        map: usize,
        field: Option<&ReceptiveField>,
        actions: &mut Actions,
    ) {
        let Some(field) = field else { return };
        self.update(ui, found, map, field);
        let width = ui.available_width();
        let columns = if width > 280.0 { 4 } else { 3 };
        let side = ((width + GAP) / columns as f32 - GAP).floor();
        let rows = MOST.div_ceil(columns);
        let tall = rows as f32 * (side + CAPTION + GAP);
        let (all, response) = ui.allocate_exact_size(vec2(width, tall), Sense::hover());
        let t = Tokens::of(ui);
        for i in 0..MOST {
            let at = vec2((i % columns) as f32 * (side + GAP), (i / columns) as f32 * (side + CAPTION + GAP));
            let slot = Rect::from_min_size(all.min + at, vec2(side, side));
            let Some((peak, _)) = self.patches.get(i) else {
                ui.painter().rect_stroke(slot, radius::S, t.line_stroke(), StrokeKind::Inside);
                continue;
            };
            let whole = slot.with_max_y(slot.max.y + CAPTION);
            let button = ui.interact(whole, response.id.with(i), Sense::click());
            let (number, label) = (peak.image.to_string(), found.split.label(peak.image).to_string());
            let value = numbers::precise(peak.value);
            button.widget_info(|| {
                let name = fill(
                    tr("Patch {place}: image {number}, a {label}, {value}"),
                    &[
                        ("place", &(i + 1).to_string()),
                        ("number", &number),
                        ("label", &label),
                        ("value", &value),
                    ],
                );
                WidgetInfo::labeled(Role::Button, ui.is_enabled(), name)
            });
            if button.clicked() {
                actions.send(Action::ShowSample(peak.image));
            }
            self.patch_ui(ui, &button, slot, i);
            let line = |y: f32, text: String, color| {
                let place = pos2(slot.center().x, slot.bottom() + y);
                ui.painter().text(place, Align2::CENTER_TOP, text, fonts::mono(11.5), color);
            };
            line(2.0, value, t.text);
            line(17.0, fill(tr("a {label}, #{number}"), &[("label", &label), ("number", &number)]), t.second);
            self.tip_ui(button, found, i);
        }
    }

    /// One patch in its square; the part outside the input is empty.
    fn patch_ui(&self, ui: &Ui, button: &Response, slot: Rect, i: usize) {
        let t = Tokens::of(ui);
        let Some((_, InputPatch { inside, whole })) = self.patches.get(i) else { return };
        let longest = whole.0.len().max(whole.1.len()).max(1) as f32;
        let pixel = slot.width() / longest;
        let beside = vec2(longest - whole.1.len() as f32, longest - whole.0.len() as f32) * pixel / 2.0;
        let from = vec2(
            (inside.1.start as isize - whole.1.start) as f32,
            (inside.0.start as isize - whole.0.start) as f32,
        );
        let picture = Rect::from_min_size(
            slot.min + beside + from * pixel,
            vec2(inside.1.len() as f32, inside.0.len() as f32) * pixel,
        );
        ui.painter().rect_filled(slot, radius::S, t.track);
        self.atlas.paint(ui.painter(), i, picture);
        let (stroke, kind) = match (button.has_focus(), button.hovered()) {
            (true, _) => (t.focus_stroke(), StrokeKind::Outside),
            (_, true) => (t.highlight_stroke(), StrokeKind::Outside),
            _ => (t.control_stroke(), StrokeKind::Inside),
        };
        ui.painter().rect_stroke(slot, radius::S, stroke, kind);
    }

    /// The whole image with the patch in it.
    fn tip_ui(&self, button: Response, found: &TopPatches, i: usize) {
        let Some((peak, InputPatch { inside, .. })) = self.patches.get(i) else { return };
        let (_, height, width) = found.network.input().as_maps();
        button.on_hover_ui_at_pointer(|ui| {
            let t = Tokens::of(ui);
            let label = found.split.label(peak.image).to_string();
            ui.label(fill(
                tr("{set} test {index}, a {label}"),
                &[("set", &found.set), ("index", &peak.image.to_string()), ("label", &label)],
            ));
            let pixel = 180.0 / height.max(width).max(1) as f32;
            let size = vec2(width as f32, height as f32) * pixel;
            let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
            self.atlas.paint(ui.painter(), self.patches.len() + i, rect);
            let at = |y: usize, x: usize| rect.min + vec2(x as f32, y as f32) * pixel;
            let field =
                Rect::from_min_max(at(inside.0.start, inside.1.start), at(inside.0.end, inside.1.end));
            ui.painter().rect_stroke(field, 0, t.highlight_stroke(), StrokeKind::Inside);
            ui.label(tr("Click to make it the current image."));
        });
    }
}
