//! The place of a map whose breakdown is shown.

use super::selection::Selection;
use crate::{
    explain::{
        arrays,
        breakdown::{Breakdown, BreakdownStage},
        cell::Place,
    },
    nn::{LayerSpec, Network},
    ui::widgets::Track,
};

/// The place that a breakdown shows.
#[derive(Clone, Copy, Debug)]
pub struct BreakdownFocus {
    /// The selected stage; `None` if it is the sum.
    pub stage: Option<usize>,
    /// The selection; a flattened value is replaced by its place in its map.
    pub selection: Selection,
    /// The selected (row, column), or else the one with the largest value.
    pub at: (usize, usize),
    /// The places of the map, for the animation.
    pub track: Track,
}

impl BreakdownFocus {
    /// The place that `selection` selects.
    pub fn of(breakdown: &Breakdown, network: &Network, selection: Selection) -> Self {
        let (stage, selection) = focus(breakdown, network, selection);
        let map = stage.map_or(&breakdown.sum, |stage| &breakdown.stages[stage].map);
        let (height, width) = map.dim();
        let pixel = selection.pixel.filter(|&(y, x)| y < height && x < width);
        let track = Track { len: (height * width).max(1), row: width.max(1) };
        Self { stage, selection, at: pixel.unwrap_or_else(|| arrays::strongest(map)), track }
    }

    /// The step of the animation.
    pub fn step(&self) -> usize {
        self.at.0 * self.track.row + self.at.1
    }

    /// The selection at another step.
    pub fn selection_at(&self, step: usize) -> Selection {
        Selection { pixel: Some((step / self.track.row, step % self.track.row)), ..self.selection }
    }
}

/// The selected stage, `None` for the sum; and the selection, with a flattened value replaced by its place in its map.
fn focus(breakdown: &Breakdown, network: &Network, selection: Selection) -> (Option<usize>, Selection) {
    let Some(map) = selection.map else { return (None, selection) };
    let flatten = map.column.checked_sub(1).filter(|&layer| {
        matches!(network.spec().layers.get(layer), Some(LayerSpec::Flatten(_))) && layer > breakdown.layer
    });
    if let Some(layer) = flatten {
        let Place { row, column, .. } = Place::of(map.map, network.layers()[layer].input());
        let stage = breakdown.stages.len().checked_sub(1);
        return (stage, Selection { pixel: Some((row, column)), ..selection });
    }
    let of = |stage: &BreakdownStage| stage.layer + 1 == map.column && stage.channel == map.map;
    (breakdown.stages.iter().position(of), selection)
}
