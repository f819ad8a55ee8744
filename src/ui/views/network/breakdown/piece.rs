//! The pictures of a breakdown, their names, and the places in them that correspond.

use super::written::Written;
use crate::{
    explain::{
        breakdown::{Breakdown, Highlights, Region},
        what_if::{LayerKernel, LayerMap, WhatIf},
    },
    nn::{LayerSpec, Network},
    text::{fill, tr},
    ui::style::tokens::Tokens,
};
use egui::{Painter, Rect, vec2};
use ndarray::Array2;

/// A picture of the breakdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The input map of a contribution.
    Input(usize),
    /// The kernel of a contribution.
    Kernel(usize),
    /// The partial result of a contribution.
    Partial(usize),
    /// The sum of all partial results and the bias.
    Sum,
    /// The output of a layer that follows.
    Stage(usize),
}

/// The data that all pictures of a frame share.
pub(super) struct BreakdownScene<'a> {
    pub(super) breakdown: &'a Breakdown,
    pub(super) network: &'a Network,
    pub(super) what_if: &'a WhatIf,
    /// The selected stage; none if it is the sum.
    pub(super) stage: Option<usize>,
    pub(super) highlights: Highlights,
    /// The (stage, row, column) that the animation has reached, while it plays: later places are hidden.
    pub(super) played: Option<(Option<usize>, usize, usize)>,
    /// The sum of the marked place; none if a whole window of it is marked.
    pub(super) written: Option<&'a Written>,
}

/// Whether a picture shows a map or a kernel that is switched off.
pub(super) fn is_off(scene: &BreakdownScene<'_>, piece: Piece) -> bool {
    let breakdown = scene.breakdown;
    let is_map_off = |layer, map| !scene.what_if.has_map(LayerMap { layer, map });
    match piece {
        Piece::Input(share) => {
            let mut before = (0..breakdown.layer).rev();
            let is_view = |&layer: &usize| {
                !matches!(scene.network.spec().layers[layer], LayerSpec::Flatten(_) | LayerSpec::Dropout(_))
            };
            // Only maps have switches.
            let is_map = breakdown.window.is_some() || breakdown.contributions[share].input.nrows() > 1;
            let layer = before.find(is_view).filter(|_| is_map);
            layer.is_some_and(|layer| is_map_off(layer, breakdown.contributions[share].channel))
        }
        Piece::Kernel(share) => {
            let kernel = LayerKernel {
                layer: breakdown.layer,
                output: breakdown.channel,
                input: breakdown.contributions[share].channel,
            };
            !scene.what_if.has_kernel(kernel)
        }
        Piece::Partial(_) => false,
        Piece::Sum => is_map_off(breakdown.layer, breakdown.channel),
        Piece::Stage(stage) => is_map_off(breakdown.stages[stage].layer, breakdown.stages[stage].channel),
    }
}

/// The place of the sum that corresponds to a place of a picture.
pub(super) fn scene_pixel(breakdown: &Breakdown, piece: Piece, at: (usize, usize)) -> Option<(usize, usize)> {
    let highlights = place_of(breakdown, piece, at).sum;
    let first = |range: &std::ops::Range<isize>| usize::try_from(range.start).ok();
    first(&highlights.rows).zip(first(&highlights.columns)).filter(|_| breakdown.sum.len() > 1)
}

/// The places that correspond to a place of a picture.
pub(super) fn place_of(breakdown: &Breakdown, piece: Piece, (row, column): (usize, usize)) -> Highlights {
    match piece {
        Piece::Stage(stage) => breakdown.highlights(Some(stage), row, column),
        Piece::Input(_) => {
            let (row, column) = breakdown.output_centred_on(row, column);
            breakdown.highlights(None, row, column)
        }
        _ => breakdown.highlights(None, row, column),
    }
}

pub(super) fn picture(breakdown: &Breakdown, piece: Piece) -> &Array2<f32> {
    match piece {
        Piece::Input(share) => &breakdown.contributions[share].input,
        Piece::Kernel(share) => &breakdown.contributions[share].kernel,
        Piece::Partial(share) => {
            let share = &breakdown.contributions[share];
            share.products.as_ref().unwrap_or(&share.partial)
        }
        Piece::Sum => &breakdown.sum,
        Piece::Stage(stage) => &breakdown.stages[stage].map,
    }
}

/// The name of a picture, for screen readers.
pub(super) fn name(scene: &BreakdownScene<'_>, piece: Piece) -> String {
    let breakdown = scene.breakdown;
    let of = |text: &str, share: usize| {
        fill(text, &[("number", &breakdown.contributions[share].channel.to_string())])
    };
    match piece {
        Piece::Input(share) => of(tr("input map {number}"), share),
        Piece::Kernel(share) => of(tr("kernel of channel {number}"), share),
        Piece::Partial(share) => of(tr("partial result of channel {number}"), share),
        Piece::Sum => tr("sum of the partial results").to_owned(),
        Piece::Stage(stage) => fill(
            tr("output of {layer}"),
            &[("layer", &scene.network.spec().layer_name(breakdown.stages[stage].layer))],
        ),
    }
}

/// A region of a picture on the screen; it may reach into the padding.
pub(super) fn on(rect: Rect, picture: &Array2<f32>, region: &Region) -> Rect {
    let cell = vec2(rect.width() / picture.ncols() as f32, rect.height() / picture.nrows() as f32);
    let at = |row: isize, column: isize| rect.min + vec2(column as f32, row as f32) * cell;
    Rect::from_min_max(at(region.rows.start, region.columns.start), at(region.rows.end, region.columns.end))
}

/// Hides the places that the animation has not reached.
pub(super) fn cover(
    painter: &Painter,
    rect: Rect,
    piece: Piece,
    breakdown: &Breakdown,
    played: (Option<usize>, usize, usize),
) {
    if matches!(piece, Piece::Input(_) | Piece::Kernel(_)) {
        return;
    }
    let ground = Tokens::of(painter.ctx()).ground;
    let shown = picture(breakdown, piece);
    for (y, x) in (0..shown.nrows()).flat_map(|y| (0..shown.ncols()).map(move |x| (y, x))) {
        let cell = Region::cell(y, x);
        if is_to_come(breakdown, piece, played, &cell) {
            painter.rect_filled(on(rect, shown, &cell).expand(0.25), 0, ground);
        }
    }
}

/// Whether a cell of a picture depends on a place that the animation has not reached.
pub(super) fn is_to_come(
    breakdown: &Breakdown,
    piece: Piece,
    (stage, row, column): (Option<usize>, usize, usize),
    cell: &Region,
) -> bool {
    let needs = match (piece, stage) {
        // Earlier pictures than the one that is played are complete.
        (Piece::Input(_) | Piece::Kernel(_), _) | (Piece::Partial(_) | Piece::Sum, Some(_)) => return false,
        (Piece::Partial(_) | Piece::Sum, None) => cell.clone(),
        (Piece::Stage(number), Some(stage)) if number < stage => return false,
        (Piece::Stage(number), stage) => {
            let (Ok(y), Ok(x)) = (usize::try_from(cell.rows.start), usize::try_from(cell.columns.start))
            else {
                return false;
            };
            let highlights = breakdown.highlights(Some(number), y, x);
            stage.map_or(highlights.sum, |stage| highlights.stages[stage].clone())
        }
    };
    let last = (needs.rows.end - 1, needs.columns.end - 1);
    last.0 > row as isize || (last.0 == row as isize && last.1 > column as isize)
}
