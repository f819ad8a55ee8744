//! The lines between the maps of neighbouring layers.

use crate::{
    explain::{Edge, edge_count, edges},
    nn::Network,
    ui::{model::selection::MapId, style::tokens::Tokens},
};
use egui::{Painter, Pos2, Rect, Stroke};
use std::sync::Arc;

/// Between two layers with more edges than this, none are drawn: they would be a grey area.
const MOST: usize = 128;

/// For maps lower than this, in points, no edges are drawn.
const LOWEST: f32 = 8.0;

/// The most highlighted edges of one map; more cannot be told apart.
const MOST_LIT: usize = 24;

/// The ends of the line between two maps.
fn ends(from: Rect, to: Rect) -> [Pos2; 2] {
    [from.right_center(), to.left_center()]
}

/// Draws all edges into a column, under the maps; `place` is a map's place on the screen.
pub fn paint_faint(
    painter: &Painter,
    network: &Network,
    column: usize,
    count: usize,
    place: impl Fn(MapId) -> Option<Rect>,
) {
    let Some(layer) = column.checked_sub(1) else { return };
    if place(MapId { column, map: 0 }).is_none_or(|rect| rect.height() < LOWEST) {
        return;
    }
    // Counted before they are listed: there may be hundreds of thousands.
    if edge_count(network, layer) > MOST {
        return;
    }
    let stroke = Stroke::new(1.0, Tokens::of(painter.ctx()).line);
    for map in 0..count {
        for edge in edges(network, layer, map, MOST) {
            let from = place(MapId { column: layer, map: edge.from });
            if let (Some(from), Some(to)) = (from, place(MapId { column, map })) {
                painter.line_segment(ends(from, to), stroke);
            }
        }
    }
}

/// A cache of the strongest edges of the maps that were highlighted last, the newest at the end: a value of a large layer
/// has hundreds of thousands of edges.
#[derive(Default)]
pub struct LitEdges(Vec<(Arc<Network>, MapId, Vec<Edge>)>);

/// Enough for the selected map and the one under the pointer.
const KEPT: usize = 2;

impl LitEdges {
    fn of(&mut self, network: &Arc<Network>, map: MapId) -> &[Edge] {
        let is_of = |(of, at, _): &(Arc<Network>, MapId, _)| Arc::ptr_eq(of, network) && *at == map;
        let known = self.0.iter().position(is_of).map(|place| self.0.remove(place));
        let new = known.unwrap_or_else(|| {
            let layer = map.column.checked_sub(1);
            let edges = layer.map_or_else(Vec::new, |layer| edges(network, layer, map.map, MOST_LIT));
            (network.clone(), map, edges)
        });
        if self.0.len() >= KEPT {
            self.0.remove(0);
        }
        self.0.push(new);
        self.0.last().map_or(&[], |(.., edges)| edges)
    }

    /// Highlights the edges into a map, over the maps: the stronger an edge, the clearer its line.
    pub fn paint(
        &mut self,
        painter: &Painter,
        network: &Arc<Network>,
        map: MapId,
        place: impl Fn(MapId) -> Option<Rect>,
    ) {
        let (Some(layer), Some(to)) = (map.column.checked_sub(1), place(map)) else { return };
        let color = Tokens::of(painter.ctx()).highlight;
        for edge in self.of(network, map) {
            if let Some(from) = place(MapId { column: layer, map: edge.from }) {
                let strength = 0.25 + 0.75 * edge.strength;
                let stroke = Stroke::new(0.75 + 0.75 * edge.strength, color.gamma_multiply(strength));
                painter.line_segment(ends(from, to), stroke);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Init, presets};

    #[test]
    fn edges_are_chosen_once_for_a_network_and_a_map() {
        let networks: Vec<Arc<Network>> = (1..3)
            .map(|seed| Arc::new(Network::new(presets::lenet5_relu().spec, Init::He, seed).unwrap()))
            .collect();
        let mut lit = LitEdges::default();
        let maps = [MapId { column: 4, map: 2 }, MapId { column: 8, map: 7 }];
        let at: Vec<*const Edge> = maps.iter().map(|map| lit.of(&networks[0], *map).as_ptr()).collect();
        for _ in 0..3 {
            for (map, at) in maps.iter().zip(&at) {
                assert_eq!(lit.of(&networks[0], *map).as_ptr(), *at);
            }
        }
        for network in &networks {
            for map in maps {
                assert_eq!(lit.of(network, map), edges(network, map.column - 1, map.map, MOST_LIT));
            }
        }
        assert!(lit.of(&networks[0], MapId { column: 0, map: 0 }).is_empty());
        assert_eq!(lit.0.len(), KEPT);
    }
}
