//! A photograph behind all filters of the first layer, at full size.

use super::shown::Shown;
use crate::{
    nn::LayerSpec,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{
            convolution::photos::PHOTOS,
            file_kind::FileKind,
            filters::{FiltersAct, PhotoChoice, PhotoMaps},
        },
        state::AppState,
        style::{
            colormap::ColorMapLut,
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{HeatAtlas, Legend, segmented, tool_button},
    },
};
use egui::{Align2, Rect, RichText, Role, ScrollArea, Sense, StrokeKind, Theme, Ui, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// The line under a map.
const CAPTION: f32 = 18.0;

/// The height of the row of tools.
const TOOLS: f32 = 34.0;

/// The maps with their textures: the photograph, then for each filter its map and its kernel.
#[derive(Default)]
pub struct Photograph {
    atlas: HeatAtlas,
    shown: Option<(Arc<crate::nn::Trace>, Theme)>,
    limit: f32,
}

impl Photograph {
    /// The tools, and below them the maps, which scroll.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, shown: &Shown<'_>, actions: &mut Actions) {
        let t = Tokens::of(ui);
        ui.horizontal_wrapped(|ui| {
            ui.set_min_height(TOOLS);
            let mut choice = shown.filters.photo;
            let mut options: Vec<(PhotoChoice, &str)> = PHOTOS
                .iter()
                .enumerate()
                .map(|(i, photo)| (PhotoChoice::BuiltIn(i), tr(photo.name)))
                .collect();
            options.push((PhotoChoice::Current, tr("Current image")));
            if state.convolution.photo.is_some() {
                options.push((PhotoChoice::Opened, tr("Opened")));
            }
            if segmented(ui, tr("Photograph"), &mut choice, &options).changed() {
                actions.send(Action::Filters(FiltersAct::Photo(choice)));
            }
            if tool_button(ui, icons::IMAGE, tr("Open a photograph"), "").clicked() {
                actions.send(Action::AskForFile(FileKind::Photograph));
            }
            if self.limit > 0.0 {
                Legend::new(ColorMapLut::diverging(ui.theme()), self.limit).width(70.0).ui(ui);
            }
        });
        let first = shown.network.spec().layers.first();
        if !matches!(first, Some(LayerSpec::Conv2d(_))) {
            ui.add_space(space::L);
            let text = tr(
                "The first layer of this network is not a convolution: a photograph cannot go through it.",
            );
            ui.label(RichText::new(text).color(t.second));
            return;
        }
        let is_of = |maps: &&PhotoMaps| maps.network.spec() == shown.network.spec();
        let Some(maps) = shown.filters.photo_maps.as_ref().filter(is_of) else { return };
        self.update(ui, maps);
        let (count, height, width) = maps.size;
        let room = ui.available_width() - space::M;
        let gap = space::M;
        // As large as all fit, and at least a point for each pixel.
        let side_in = |columns: usize| ((room + gap) / columns as f32 - gap).floor();
        let shape = height as f32 / width.max(1) as f32;
        let tall_in = |columns: usize| {
            (count + 1).div_ceil(columns) as f32 * (side_in(columns) * shape + CAPTION + gap)
        };
        let most = (((room + gap) / (width as f32 + gap)).floor() as usize).clamp(1, 8);
        let columns = (1..=most).find(|&columns| tall_in(columns) <= ui.available_height()).unwrap_or(most);
        let side = side_in(columns);
        let tall = (side * shape).floor();
        ScrollArea::vertical().id_salt("maps of the photograph").auto_shrink(false).show(ui, |ui| {
            let rows = (count + 1).div_ceil(columns);
            let (all, response) =
                ui.allocate_exact_size(vec2(room, rows as f32 * (tall + CAPTION + gap)), Sense::hover());
            for at in 0..=count {
                let corner = vec2(
                    (at % columns) as f32 * (side + gap),
                    (at / columns) as f32 * (tall + CAPTION + gap),
                );
                let place = Rect::from_min_size(all.min + corner, vec2(side, tall));
                if !ui.is_rect_visible(place.with_max_y(place.bottom() + CAPTION)) {
                    continue;
                }
                self.atlas.paint(ui.painter(), at, place);
                ui.painter().rect_stroke(place, 0, t.line_stroke(), StrokeKind::Outside);
                let line = pos2(place.left(), place.bottom() + 2.0);
                let font = fonts::words(size::SMALL);
                let Some(filter) = at.checked_sub(1) else {
                    let name = if shown.filters.photo == PhotoChoice::Current {
                        tr("Current image")
                    } else {
                        maps.photo.name.as_str()
                    };
                    ui.painter().text(line, Align2::LEFT_TOP, name, font, t.second);
                    continue;
                };
                let id = response.id.with(filter);
                let button = ui.interact(place, id, Sense::click());
                let name = fill(tr("Map of filter {filter}"), &[("filter", &filter.to_string())]);
                button.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
                let stroke = match (button.has_focus(), button.hovered()) {
                    (true, _) => Some(t.focus_stroke()),
                    (_, true) => Some(t.highlight_stroke()),
                    _ => None,
                };
                if let Some(stroke) = stroke {
                    ui.painter().rect_stroke(place, 0, stroke, StrokeKind::Outside);
                }
                let kernel = Rect::from_min_size(place.min + vec2(4.0, 4.0), vec2(30.0, 30.0));
                self.atlas.paint(ui.painter(), count + 1 + filter, kernel);
                ui.painter().rect_stroke(kernel, 0, t.control_stroke(), StrokeKind::Outside);
                ui.painter().text(line, Align2::LEFT_TOP, filter, fonts::mono(size::SMALL), t.text);
                if shown.layer == 0 {
                    let marks = shown.marks(filter);
                    let place = pos2(line.x + 28.0, line.y);
                    ui.painter().text(place, Align2::LEFT_TOP, marks, font, t.accent);
                }
                if button.clicked() {
                    actions.send(Action::Filters(FiltersAct::Layer(0)));
                    actions.send(Action::Filters(FiltersAct::Select(filter, 0)));
                    actions.send(Action::Filters(FiltersAct::ShowPhoto(false)));
                }
            }
        });
    }

    /// New pictures of another photograph or network. All maps have one scale.
    fn update(&mut self, ui: &Ui, maps: &PhotoMaps) {
        let theme = ui.theme();
        let is_shown =
            self.shown.as_ref().is_some_and(|(of, then)| Arc::ptr_eq(of, &maps.trace) && *then == theme);
        if is_shown {
            return;
        }
        let (count, height, width) = maps.size;
        let (_, tall, wide) = maps.photo.size;
        let Some(weight) = maps.network.parameters().first().and_then(|tensors| tensors.first()) else {
            return;
        };
        let &[filters, inputs, h, w] = weight.shape() else { return };
        let mut sizes = vec![(wide, tall)];
        sizes.extend(std::iter::repeat_n((width, height), count));
        sizes.extend(std::iter::repeat_n((w, h), filters));
        self.atlas.set_sizes(ui.ctx(), &sizes);
        let values = maps.trace.activation(0);
        self.limit = values.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        let grey = &maps.trace.input.values()[..tall * wide];
        let most = grey.iter().fold(f32::MIN_POSITIVE, |most, value| most.max(*value));
        let ground = crate::ui::style::picture::PictureGround::default();
        self.atlas.fill(0, grey, ground.colors(theme), most.max(f32::MIN_POSITIVE));
        let colors = ColorMapLut::diverging(theme);
        for (i, map) in values.chunks_exact(height * width).enumerate() {
            self.atlas.fill(1 + i, map, colors, self.limit.max(f32::MIN_POSITIVE));
        }
        for (i, kernel) in weight.values().chunks_exact((inputs * h * w).max(1)).enumerate() {
            let kernel = &kernel[..h * w];
            let limit = kernel.iter().fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs()));
            self.atlas.fill(1 + count + i, kernel, colors, limit);
        }
        self.atlas.upload(ui.ctx());
        self.shown = Some((maps.trace.clone(), theme));
    }
}
