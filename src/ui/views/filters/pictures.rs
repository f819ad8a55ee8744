//! The pictures of a layer's filters: before, now and the change, and each filter's map.

use super::shown::Shown;
use crate::{
    explain::kernels::{FilterOrder, relative_change},
    nn::{Network, Trace},
    ui::{style::colormap::ColorMapLut, widgets::HeatAtlas},
};
use egui::{Painter, Rect, Theme, Ui};
use std::sync::Arc;

/// The shortest time between two sets of pictures while a network trains, in seconds.
const PACE: f64 = 0.1;

/// A picture of a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    Before,
    Now,
    Change,
}

impl Picture {
    /// All three, from left to right.
    pub const ALL: [Self; 3] = [Self::Before, Self::Now, Self::Change];
}

/// What the pictures were made from.
struct Made {
    network: Arc<Network>,
    before: Option<Arc<Network>>,
    layer: usize,
    order_by: FilterOrder,
    theme: Theme,
    at: f64,
}

/// The pictures with their textures.
#[derive(Default)]
pub struct Pictures {
    atlas: HeatAtlas,
    maps: HeatAtlas,
    made: Option<Made>,
    mapped: Option<(Arc<Trace>, usize, Theme)>,
    /// The filters in the order in which they are shown.
    pub order: Vec<usize>,
    /// The value of full colour before and now.
    pub limit: f32,
    /// The same of the change.
    pub change_limit: f32,
    /// How far each filter is from what it was, by its number.
    pub changes: Vec<f32>,
    differences: Vec<f32>,
    is_new: bool,
}

impl Pictures {
    /// New figures for another network, layer or order. While `is_pointed`, filters keep their places.
    pub fn update(&mut self, ui: &Ui, shown: &Shown<'_>, is_pointed: bool, is_training: bool) {
        let (theme, now) = (ui.theme(), ui.input(|input| input.time));
        let order_by = shown.filters.order;
        let is_same_place = self.made.as_ref().is_some_and(|made| {
            made.layer == shown.layer
                && made.order_by == order_by
                && made.theme == theme
                && made.network.spec() == shown.network.spec()
        });
        let is_same = is_same_place
            && self.made.as_ref().is_some_and(|made| {
                let before = shown.before.map(|(before, _)| before);
                let is_same_before = match (&made.before, before) {
                    (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                    (None, None) => true,
                    _ => false,
                };
                let waits = is_training && now - made.at < PACE;
                is_same_before && (Arc::ptr_eq(&made.network, shown.network) || waits)
            });
        if is_same {
            return;
        }
        let (tensors, before) = (shown.tensors(), shown.tensors_before());
        let weights = tensors.first().map_or(&[][..], crate::nn::Tensor::values);
        let weights_before = before.and_then(|tensors| tensors.first()).map_or(&[][..], |t| t.values());
        let largest = |values: &[f32]| values.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        self.differences = weights.iter().zip(weights_before).map(|(now, before)| now - before).collect();
        self.limit = largest(weights).max(largest(weights_before));
        self.change_limit = largest(&self.differences);
        let layout = &shown.layout;
        let change = |filter: usize| {
            before.map_or(0.0, |before| {
                relative_change(&layout.values(before, filter), &layout.values(tensors, filter))
            })
        };
        self.changes = (0..layout.filters).map(change).collect();
        if !is_same_place || !is_pointed {
            self.order = order_by.of(layout, tensors, before);
        }
        let count = layout.filters * layout.inputs;
        self.atlas.set_sizes(ui.ctx(), &vec![(layout.size.w, layout.size.h); 3 * count]);
        self.atlas.forget();
        self.made = Some(Made {
            network: shown.network.clone(),
            before: shown.before.map(|(before, _)| before.clone()),
            layer: shown.layer,
            order_by,
            theme,
            at: now,
        });
    }

    fn index(shown: &Shown<'_>, picture: Picture, filter: usize, input: usize) -> usize {
        let count = shown.layout.filters * shown.layout.inputs;
        picture as usize * count + filter * shown.layout.inputs + input
    }

    /// Colours a kernel that is about to be painted.
    pub fn fill(&mut self, ui: &Ui, shown: &Shown<'_>, picture: Picture, filter: usize, input: usize) {
        let index = Self::index(shown, picture, filter, input);
        if !self.atlas.is_stale(index) {
            return;
        }
        let layout = &shown.layout;
        let (values, limit) = match picture {
            Picture::Before => {
                let tensors = shown.tensors_before().unwrap_or_default();
                (layout.kernel_of(tensors, filter, input), self.limit)
            }
            Picture::Now => (layout.kernel_of(shown.tensors(), filter, input), self.limit),
            Picture::Change => {
                (self.differences.get(layout.kernel(filter, input)).unwrap_or_default(), self.change_limit)
            }
        };
        let colors = ColorMapLut::diverging(ui.theme());
        self.atlas.fill(index, values, colors, limit.max(f32::MIN_POSITIVE));
        self.is_new = true;
    }

    /// Makes what was coloured visible.
    pub fn upload(&mut self, ui: &Ui) {
        if std::mem::take(&mut self.is_new) {
            self.atlas.upload(ui.ctx());
        }
    }

    /// Paints a kernel.
    pub fn paint(
        &self,
        painter: &Painter,
        shown: &Shown<'_>,
        picture: Picture,
        (filter, input): (usize, usize),
        rect: Rect,
    ) {
        self.atlas.paint(painter, Self::index(shown, picture, filter, input), rect);
    }

    /// New maps of the current image, each on a scale of its own.
    pub fn update_maps(&mut self, ui: &Ui, shown: &Shown<'_>, trace: &Arc<Trace>) {
        let theme = ui.theme();
        let is_shown = self.mapped.as_ref().is_some_and(|(of, layer, then)| {
            Arc::ptr_eq(of, trace) && (*layer, *then) == (shown.layer, theme)
        });
        if is_shown {
            return;
        }
        let (maps, height, width) = shown.network.layers()[shown.layer].output().as_maps();
        self.maps.set_sizes(ui.ctx(), &vec![(width, height); maps]);
        let colors = ColorMapLut::diverging(theme);
        for (i, map) in trace.activation(shown.layer).chunks_exact(height * width).enumerate() {
            let limit = map.iter().fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs()));
            self.maps.fill(i, map, colors, limit);
        }
        self.maps.upload(ui.ctx());
        self.mapped = Some((trace.clone(), shown.layer, theme));
    }

    /// Paints the map of a filter.
    pub fn paint_map(&self, painter: &Painter, filter: usize, rect: Rect) {
        self.maps.paint(painter, filter, rect);
    }
}
