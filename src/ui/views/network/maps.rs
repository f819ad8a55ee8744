//! The maps of all layers in one texture, with their colours.

use super::{
    layout::Content,
    values::{self, INPUT, Values},
};
use crate::{
    nn::{ActivationGradients, Network, Shape, Trace},
    ui::{
        model::{display::MapScale, selection::MapId},
        style::{colormap::ColorMapLut, picture::PictureGround},
        widgets::HeatAtlas,
    },
};
use egui::{Painter, Rect, Theme, Ui};
use std::sync::Arc;

/// What a texture was coloured with.
type PaintedMaps = (Arc<Trace>, Option<Arc<ActivationGradients>>, MapScale, Theme, PictureGround);

/// What is kept of it between frames.
#[derive(Default)]
pub struct Maps {
    atlas: HeatAtlas,
    contents: Vec<Content>,
    /// The first map's place in the atlas, a column each.
    first: Vec<usize>,
    limits: Vec<f32>,
    shown: Option<PaintedMaps>,
}

impl Maps {
    /// Takes in a trace, or gradients by it; whether the maps are others in number or size. A map gets its colours when it is
    /// painted.
    pub fn update(
        &mut self,
        ui: &Ui,
        network: &Network,
        trace: &Arc<Trace>,
        gradients: Option<&Arc<ActivationGradients>>,
        scale: MapScale,
        ground: PictureGround,
    ) -> bool {
        let same = |a: Option<&Arc<ActivationGradients>>, b: Option<&Arc<ActivationGradients>>| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let is_shown = self.shown.as_ref().is_some_and(|(t, g, s, theme, of)| {
            let is_same_look = (*s, *theme, *of) == (scale, ui.theme(), ground);
            Arc::ptr_eq(t, trace) && same(g.as_ref(), gradients) && is_same_look
        });
        if is_shown {
            return false;
        }
        let columns = network.layers().len() + 1;
        let contents: Vec<Content> = (0..columns).map(|column| content(network, column)).collect();
        let is_other = contents != self.contents;
        self.contents = contents;
        let mut sizes = Vec::new();
        self.first.clear();
        for column in 0..columns {
            self.first.push(sizes.len());
            match self.contents[column] {
                Content::Maps { count, height, width, .. } => {
                    sizes.extend(std::iter::repeat_n((width, height), count));
                }
                Content::Strip { .. } => sizes.push((1, values::shape(network, column).len())),
            }
        }
        self.atlas.set_sizes(ui.ctx(), &sizes);
        self.atlas.forget();
        let shown = Values { trace, gradients: gradients.map(Arc::as_ref) };
        self.limits = (0..columns).map(|column| limit(shown.column(column))).collect();
        self.shown = Some((trace.clone(), gradients.cloned(), scale, ui.theme(), ground));
        is_other
    }

    /// What stands in each column.
    pub fn contents(&self) -> &[Content] {
        &self.contents
    }

    /// The largest absolute value of a column.
    pub fn limit(&self, column: usize) -> f32 {
        self.limits[column]
    }

    /// Hands the colours of all maps that were painted for the first time to the graphics card.
    pub fn upload(&mut self, ui: &Ui) {
        self.atlas.upload(ui.ctx());
    }

    /// The largest absolute value of all layers.
    pub fn network_limit(&self) -> f32 {
        self.limits.iter().skip(1).copied().fold(0.0, f32::max)
    }

    /// Paints one map as large as `rect`; of a vector, all of it.
    pub fn paint(&mut self, painter: &Painter, map: MapId, rect: Rect) {
        let Some(&first) = self.first.get(map.column) else { return };
        let place = if self.is_strip(map.column) { first } else { first + map.map };
        if self.atlas.is_stale(place) {
            self.fill(map, place);
        }
        self.atlas.paint(painter, place, rect);
    }

    /// Colours one map.
    fn fill(&mut self, map: MapId, place: usize) {
        let Some((trace, gradients, scale, theme, ground)) = &self.shown else { return };
        let shown = Values { trace, gradients: gradients.as_deref() };
        let all = shown.column(map.column);
        let values = if self.is_strip(map.column) { all } else { shown.map(map) };
        let of_column = self.limits[map.column];
        let limit = match scale {
            _ if map.column == INPUT => of_column,
            MapScale::Map => limit(values),
            MapScale::Layer => of_column,
            MapScale::Network => self.network_limit(),
        };
        // An input without negative values is a grey picture.
        let is_grey = map.column == INPUT && gradients.is_none() && all.iter().all(|v| *v >= 0.0);
        let colors = if is_grey { ground.colors(*theme) } else { ColorMapLut::diverging(*theme) };
        self.atlas.fill(place, values, colors, limit.max(f32::MIN_POSITIVE));
    }

    /// Whether a column is a vector.
    pub fn is_strip(&self, column: usize) -> bool {
        matches!(self.contents.get(column), Some(Content::Strip { .. }))
    }
}

fn content(network: &Network, column: usize) -> Content {
    let shape = values::shape(network, column);
    // The faces' widest digits and letters at the header's sizes.
    let header =
        |name: &str| (name.chars().count() as f32 * 7.4).max(shape.to_string().chars().count() as f32 * 7.0);
    let spec = column.checked_sub(1).map(|layer| &network.spec().layers[layer]);
    let name = |is_vector| spec.map_or_else(String::new, |spec| values::short_name(spec, is_vector));
    match shape {
        Shape::Maps { channels, height, width } if height * width > 1 => {
            Content::Maps { count: channels, height, width, header: header(&name(false)) }
        }
        // Below the name stands a number such as ±2.9e-6.
        _ => Content::Strip { len: shape.len(), header: header(&name(true)).max(38.0) },
    }
}

fn limit(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |limit, v| limit.max(v.abs()))
}
