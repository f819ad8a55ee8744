//! The coloured maps of all layers, in one texture.

use super::{
    layout::Content,
    logits,
    values::{self, INPUT, MapLook, Values},
};
use crate::{
    nn::{ActivationGradients, Network, Shape, Trace},
    ui::{
        model::{display::MapScale, selection::MapId},
        widgets::HeatAtlas,
    },
};
use egui::{Painter, Rect, Ui};
use std::sync::Arc;

/// A longer name of a layer is cut off, in points: above maps, and above a vector.
const NAME: f32 = 90.0;
const STRIP_NAME: f32 = 66.0;

/// What the maps of a texture were made of.
type PaintedMaps = (Arc<Trace>, Option<Arc<ActivationGradients>>, MapLook);

/// The texture, kept between frames.
#[derive(Default)]
pub struct Maps {
    atlas: HeatAtlas,
    contents: Vec<Content>,
    /// The place of each column's first map in the atlas.
    first: Vec<usize>,
    /// The largest absolute value of each column.
    limits: Vec<f32>,
    shown: Option<PaintedMaps>,
}

impl Maps {
    /// Uses the activations of a trace, or gradients with respect to them. Returns whether the number or size of the maps
    /// has changed. A map is coloured when it is painted.
    pub fn update(
        &mut self,
        ui: &Ui,
        network: &Network,
        trace: &Arc<Trace>,
        gradients: Option<&Arc<ActivationGradients>>,
        look: MapLook,
    ) -> bool {
        let same = |a: Option<&Arc<ActivationGradients>>, b: Option<&Arc<ActivationGradients>>| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let is_shown = self.shown.as_ref().is_some_and(|(t, g, shown)| {
            Arc::ptr_eq(t, trace) && same(g.as_ref(), gradients) && *shown == look
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
                Content::Strip { .. } | Content::Logits { .. } => {
                    sizes.push((1, values::shape(network, column).len()));
                }
            }
        }
        self.atlas.set_sizes(ui.ctx(), &sizes);
        self.atlas.forget();
        let shown = Values { trace, gradients: gradients.map(Arc::as_ref) };
        self.limits = (0..columns).map(|column| limit(shown.column(column))).collect();
        self.shown = Some((trace.clone(), gradients.cloned(), look));
        is_other
    }

    /// The content of each column.
    pub fn contents(&self) -> &[Content] {
        &self.contents
    }

    /// The largest absolute value of a column.
    pub fn limit(&self, column: usize) -> f32 {
        self.limits[column]
    }

    /// Uploads all maps that were coloured in this frame.
    pub fn upload(&mut self, ui: &Ui) {
        self.atlas.upload(ui.ctx());
    }

    /// The largest absolute value of all layers.
    pub fn network_limit(&self) -> f32 {
        self.limits.iter().skip(1).copied().fold(0.0, f32::max)
    }

    /// Paints a map into `rect`; of a vector, all values.
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
        let Some((trace, gradients, look)) = &self.shown else { return };
        let shown = Values { trace, gradients: gradients.as_deref() };
        let all = shown.column(map.column);
        let values = if self.is_strip(map.column) { all } else { shown.map(map) };
        let of_column = self.limits[map.column];
        let limit = match look.colors.scale {
            // The input is not a layer; its own scale shows the image whatever the layers' values are.
            _ if map.column == INPUT => of_column,
            MapScale::Map => limit(values),
            MapScale::Layer => of_column,
            MapScale::Network => self.network_limit(),
            MapScale::Fixed => look.colors.limit,
        };
        // An input without negative values is a grey picture.
        let is_grey = map.column == INPUT && gradients.is_none() && all.iter().all(|v| *v >= 0.0);
        let table = if is_grey { look.grey() } else { look.signed() };
        self.atlas.fill(place, values, table, limit.max(f32::MIN_POSITIVE));
    }

    /// Whether a column is a vector.
    pub fn is_strip(&self, column: usize) -> bool {
        matches!(self.contents.get(column), Some(Content::Strip { .. } | Content::Logits { .. }))
    }
}

fn content(network: &Network, column: usize) -> Content {
    let shape = values::shape(network, column);
    // The widths of the widest letters and digits in the header's fonts.
    let name = values::title(network, column).chars().count() as f32 * 7.2;
    let header = name.min(NAME).max(shape.to_string().chars().count() as f32 * 7.0);
    match shape {
        Shape::Maps { channels, height, width } if height * width > 1 => {
            Content::Maps { count: channels, height, width, header }
        }
        _ if logits::is_column(network, column) => Content::Logits { len: shape.len(), width: logits::WIDTH },
        // The third line is a number such as ±2.9e-6.
        _ => Content::Strip { len: shape.len(), header: name.clamp(44.0, STRIP_NAME) },
    }
}

fn limit(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |limit, v| limit.max(v.abs()))
}
