//! The lines between the maps of neighbouring layers.

use crate::{
    explain::edges,
    nn::Network,
    ui::{selection::MapId, tokens::Tokens},
};
use egui::{Painter, Pos2, Rect, Stroke};

/// More lines than this between two layers are left out: they would be a grey area.
const MOST: usize = 128;

/// Maps lower than this, in points, stand too close for lines of their own.
const LOWEST: f32 = 8.0;

/// More lit lines than this cannot be told apart.
const MOST_LIT: usize = 24;

/// Where a line between two maps begins and ends.
fn ends(from: Rect, to: Rect) -> [Pos2; 2] {
    [from.right_center(), to.left_center()]
}

/// Draws all edges into a column, under the maps; `place` is where a map stands.
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
    let all = (0..count).map(|map| (map, edges(network, layer, map, MOST))).collect::<Vec<_>>();
    if all.iter().map(|(_, edges)| edges.len()).sum::<usize>() > MOST {
        return;
    }
    let stroke = Stroke::new(1.0, Tokens::of(painter.ctx()).line);
    for (map, edges) in all {
        for edge in edges {
            let from = place(MapId { column: layer, map: edge.from });
            if let (Some(from), Some(to)) = (from, place(MapId { column, map })) {
                painter.line_segment(ends(from, to), stroke);
            }
        }
    }
}

/// Lights the edges into a map, over the maps: the stronger what joins two maps, the clearer the line.
pub fn paint_lit(painter: &Painter, network: &Network, map: MapId, place: impl Fn(MapId) -> Option<Rect>) {
    let (Some(layer), Some(to)) = (map.column.checked_sub(1), place(map)) else { return };
    let color = Tokens::of(painter.ctx()).highlight;
    for edge in edges(network, layer, map.map, MOST_LIT) {
        if let Some(from) = place(MapId { column: layer, map: edge.from }) {
            let strength = 0.25 + 0.75 * edge.strength;
            let stroke = Stroke::new(0.75 + 0.75 * edge.strength, color.gamma_multiply(strength));
            painter.line_segment(ends(from, to), stroke);
        }
    }
}
