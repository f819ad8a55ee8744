//! The patches of the test set that excite the filter most.

use super::shown::Shown;
use crate::{
    explain::{ReceptiveField, cell_of_value, top_activations::InputPatch},
    nn::NetworkSpec,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{
            image::ground_of_set,
            top_activations::{MOST, TopPatches},
        },
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{HeatAtlas, numbers, section_with_detail, tool_button},
    },
};
use egui::{Align2, Rect, RichText, Role, Sense, StrokeKind, Theme, Ui, Vec2, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// Between two images, in points.
const GAP: f32 = 8.0;
/// The line under an image.
const CAPTION: f32 = 17.0;
/// The height of the heading and of the line below.
const LINES: f32 = 26.0 + 40.0;
/// The largest side of an image.
const LARGEST: f32 = 92.0;

/// The images with their textures.
#[derive(Default)]
pub struct Patches {
    atlas: HeatAtlas,
    shown: Option<(TopPatches, usize, Theme)>,
    found: Vec<(usize, f32, InputPatch)>,
    fields: Option<(NetworkSpec, Vec<ReceptiveField>)>,
}

impl Patches {
    /// The images, each with the patch in it outlined.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        shown: &Shown<'_>,
        room: Vec2,
        actions: &mut Actions,
    ) {
        let t = Tokens::of(ui);
        let small = |text: &str| RichText::new(text).font(fonts::words(size::SMALL)).color(t.second);
        let Some(field) = self.field(shown) else { return };
        let (rows, columns) = field.size();
        section_with_detail(ui, tr("What excites it most"), &format!("{rows}×{columns}"));
        let Some(data) = state.data.ready() else {
            ui.label(small(tr("Its strongest patches come from the test set, once a data set is loaded.")));
            return;
        };
        let is_of = |found: &&TopPatches| {
            found.layer == shown.layer
                && Arc::ptr_eq(&found.split, &data.test)
                && found.network.spec() == shown.network.spec()
        };
        let found = state.top_activations.as_ref().filter(is_of);
        let is_old = found.is_some_and(|found| !Arc::ptr_eq(&found.network, shown.network));
        // While a network trains, every step would begin another search.
        if found.is_none() || is_old && !state.is_training() {
            actions.send(Action::FindPatches(shown.layer));
        }
        let Some(found) = found else { return };
        self.update(ui, found, shown.filter, &field);
        self.images_ui(ui, found, room - vec2(0.0, LINES), actions);
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = 22.0;
            if is_old && state.is_training() {
                ui.label(small(tr("of an earlier step")));
                if tool_button(ui, "", tr("Search again"), "").clicked() {
                    actions.send(Action::FindPatches(shown.layer));
                }
            } else {
                let values =
                    [("count", numbers::count(found.search.images() as u64)), ("set", data.name.clone())];
                let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                ui.label(small(&fill(tr("of {count} test images of {set}"), &values)));
            }
        });
    }

    fn field(&mut self, shown: &Shown<'_>) -> Option<ReceptiveField> {
        let spec = shown.network.spec();
        if self.fields.as_ref().is_none_or(|(of, _)| of != spec) {
            self.fields = Some((spec.clone(), ReceptiveField::of_layers(spec).ok()?));
        }
        self.fields.as_ref()?.1.get(shown.layer).copied()
    }

    fn update(&mut self, ui: &Ui, found: &TopPatches, map: usize, field: &ReceptiveField) {
        let theme = ui.theme();
        let is_shown = self.shown.as_ref().is_some_and(|(of, shown, then)| {
            Arc::ptr_eq(&of.search, &found.search) && (*shown, *then) == (map, theme)
        });
        // Nothing is found yet: what was found before stays until there is.
        let is_early = found.search.images() == 0 && !found.is_over;
        if is_shown
            || is_early
                && self.shown.as_ref().is_some_and(|(of, shown, then)| {
                    of.layer == found.layer
                        && (*shown, *then) == (map, theme)
                        && of.network.spec() == found.network.spec()
                })
        {
            return;
        }
        let Some(layer) = found.network.layers().get(found.layer) else { return };
        let (_, rows, columns) = layer.output().as_maps();
        let patch = |cell: (usize, usize)| {
            let element = (map * rows + cell.0) * columns + cell.1;
            InputPatch::of(field, cell_of_value(&found.network, found.layer, element))
        };
        let peaks = found.search.of_map(map).iter();
        self.found = peaks.map(|peak| (peak.image, peak.value, patch(peak.cell))).collect();
        let (_, height, width) = found.network.input().as_maps();
        self.atlas.set_sizes(ui.ctx(), &vec![(width, height); self.found.len()]);
        let colors = ground_of_set(&found.set).colors(theme);
        for (i, (image, ..)) in self.found.iter().enumerate() {
            self.atlas.fill(i, &found.ink(*image), colors, 1.0);
        }
        self.atlas.upload(ui.ctx());
        self.shown = Some((found.clone(), map, theme));
    }

    fn images_ui(&self, ui: &mut Ui, found: &TopPatches, room: Vec2, actions: &mut Actions) {
        let t = Tokens::of(ui);
        let (all, response) = ui.allocate_exact_size(room, Sense::hover());
        let (_, height, width) = found.network.input().as_maps();
        // As large as all twelve fit, in three to six columns.
        let side_in = |columns: usize| {
            let rows = MOST.div_ceil(columns);
            let by_width = (room.x + GAP) / columns as f32 - GAP;
            by_width.min((room.y + GAP / 2.0) / rows as f32 - GAP / 2.0 - CAPTION).min(LARGEST)
        };
        let columns = (3..=6).max_by(|a, b| side_in(*a).total_cmp(&side_in(*b))).unwrap_or(4);
        let side = side_in(columns).max(24.0).floor();
        for (i, (image, value, InputPatch { inside, .. })) in self.found.iter().enumerate() {
            let at = vec2(
                (i % columns) as f32 * (side + GAP),
                (i / columns) as f32 * (side + CAPTION + GAP / 2.0),
            );
            let slot = Rect::from_min_size(all.min + at, vec2(side, side));
            if slot.bottom() + CAPTION > all.bottom() + 1.0 {
                break;
            }
            let button = ui.interact(slot, response.id.with(i), Sense::click());
            let label = found.split.label(*image).to_string();
            let written = numbers::precise(*value);
            button.widget_info(|| {
                let values = [("place", (i + 1).to_string()), ("number", image.to_string())];
                let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                let name = fill(tr("Patch {place}: image {number}"), &values);
                let mut info = WidgetInfo::labeled(Role::Button, ui.is_enabled(), name);
                info.current_text_value = Some(format!("{written}, {label}"));
                info
            });
            if button.clicked() {
                actions.send(Action::ShowSample(*image));
            }
            self.atlas.paint(ui.painter(), i, slot);
            let stroke = match (button.has_focus(), button.hovered()) {
                (true, _) => t.focus_stroke(),
                (_, true) => t.highlight_stroke(),
                _ => t.control_stroke(),
            };
            ui.painter().rect_stroke(slot, radius::S, stroke, StrokeKind::Outside);
            let pixel = slot.size() / vec2(width as f32, height as f32);
            let corner = |y: usize, x: usize| slot.min + vec2(x as f32, y as f32) * pixel;
            let patch = Rect::from_min_max(
                corner(inside.0.start, inside.1.start),
                corner(inside.0.end, inside.1.end),
            );
            ui.painter().rect_stroke(patch, 0, (1.5, t.highlight), StrokeKind::Outside);
            let place = pos2(slot.center().x, slot.bottom() + 1.0);
            ui.painter().text(place, Align2::CENTER_TOP, &written, fonts::mono(size::SMALL - 2.0), t.second);
            button.on_hover_ui_at_pointer(|ui| {
                let values = [("label", label.clone()), ("number", image.to_string())];
                let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                ui.label(fill(tr("a {label}, #{number}"), &values));
                ui.label(tr("Click to make it the current image."));
            });
        }
        ui.add_space(space::XS / 2.0);
    }
}
