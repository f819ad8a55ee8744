//! A breakdown in words and numbers.

use super::piece::{BreakdownScene, Piece, is_to_come};
use crate::{
    explain::breakdown::{Breakdown, Region},
    text::{fill, tr},
    ui::{
        style::{
            fonts,
            tokens::{Tokens, size},
        },
        views::network::values,
        widgets::numbers,
    },
};
use egui::{Align2, Rect, Ui};
use ndarray::Array2;

/// Up to this many partial results are written out one by one.
const WRITTEN: usize = 8;

pub(super) fn sentence(breakdown: &Breakdown) -> String {
    let count = breakdown.contributions.len();
    let (height, width) = breakdown.contributions.first().map_or((0, 0), |share| share.kernel.dim());
    let size = format!("{height}×{width}");
    let bias =
        breakdown.bias.map(|bias| fill(tr(", plus bias {bias}"), &[("bias", &numbers::precise(bias))]));
    let what = match (&breakdown.window, count) {
        (Some(_), 1) => fill(tr("one input map by one kernel of {size}"), &[("size", &size)]),
        (Some(_), _) => fill(
            tr("{count} input maps by {count} kernels of {size}, added up"),
            &[("count", &count.to_string()), ("size", &size)],
        ),
        (None, 1) => {
            fill(tr("{count} inputs by {count} weights, added up"), &[("count", &width.to_string())])
        }
        (None, _) => fill(
            tr("{count} maps of {size}, each by a weight a pixel, added up"),
            &[("count", &count.to_string()), ("size", &size)],
        ),
    };
    what + &bias.unwrap_or_default()
}

/// The sum of the marked place, written out.
pub(super) fn written_ui(ui: &Ui, rect: Rect, scene: &BreakdownScene<'_>) {
    let BreakdownScene { breakdown, network, .. } = *scene;
    let Some(total) = value_at(&breakdown.sum, &scene.highlights.sum) else {
        return pooled_ui(ui, rect, scene);
    };
    let partials: Vec<f32> = breakdown
        .contributions
        .iter()
        .filter_map(|share| value_at(&share.partial, &scene.highlights.sum))
        .collect();
    let sum = numbers::precise(partials.iter().sum());
    let count = partials.len();
    let short = match count {
        1 => sum.clone(),
        _ => {
            fill(tr("Σ of {count} partial results = {sum}"), &[("count", &count.to_string()), ("sum", &sum)])
        }
    };
    let long = (2..=WRITTEN).contains(&count).then(|| {
        let terms: Vec<String> =
            partials.iter().map(|partial| format!("({})", numbers::precise(*partial))).collect();
        format!("{} = {sum}", terms.join(" + "))
    });
    let mut after = Vec::new();
    if let Some(bias) = breakdown.bias {
        after.push(format!(" + {} {} = {}", tr("bias"), numbers::precise(bias), numbers::precise(total)));
    }
    for (stage, region) in breakdown.stages.iter().zip(&scene.highlights.stages) {
        let Some(value) = value_at(&stage.map, region) else { break };
        let is_covered = scene.played.is_some_and(|played| {
            let number = breakdown.stages.iter().position(|other| other.layer == stage.layer).unwrap_or(0);
            is_to_come(breakdown, Piece::Stage(number), played, region)
        });
        if is_covered {
            break;
        }
        after.push(format!("  → {} {}", values::title(network, stage.layer + 1), numbers::precise(value)));
    }
    // Where there is little room, the sum alone.
    let sum_alone = short.clone()
        + &after.iter().take(usize::from(breakdown.bias.is_some())).cloned().collect::<String>();
    let whole = long.into_iter().chain([short]).map(|sum| sum + &after.concat());
    let candidates: Vec<String> = whole.chain([sum_alone]).collect();
    line_ui(ui, rect, &candidates);
}

/// Of how many values a pooled one is made.
fn pooled_ui(ui: &Ui, rect: Rect, scene: &BreakdownScene<'_>) {
    let stages = scene.breakdown.stages.iter().zip(&scene.highlights.stages);
    let cell = stages.rev().find_map(|(stage, region)| Some((stage, value_at(&stage.map, region)?)));
    let Some((stage, value)) = cell else { return };
    let window = &scene.highlights.sum;
    let name = values::title(scene.network, stage.layer + 1);
    let text = fill(
        tr("{layer}: {value}, of rows {rows} and columns {columns} of the sum"),
        &[
            ("layer", &name),
            ("value", &numbers::precise(value)),
            ("rows", &format!("{}–{}", window.rows.start, window.rows.end - 1)),
            ("columns", &format!("{}–{}", window.columns.start, window.columns.end - 1)),
        ],
    );
    line_ui(ui, rect, &[text]);
}

/// Shows the first of the texts that has room, in the smaller face if it needs that.
fn line_ui(ui: &Ui, rect: Rect, candidates: &[String]) {
    let t = Tokens::of(ui);
    let sizes = candidates.iter().flat_map(|text| [size::MONO, 11.0].map(|size| (text, size)));
    let mut galleys = sizes
        .map(|(text, size)| ui.painter().layout_no_wrap(text.clone(), fonts::mono(size), t.highlight_text));
    let mut shown = galleys.next();
    for galley in galleys {
        if shown.as_ref().is_some_and(|shown| shown.size().x <= rect.width()) {
            break;
        }
        shown = Some(galley);
    }
    let Some(galley) = shown else { return };
    let corner = Align2::LEFT_CENTER.anchor_size(rect.left_center(), galley.size()).min;
    ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())).galley(corner, galley, t.highlight_text);
}

/// The value of a region that is one cell.
pub(super) fn value_at(picture: &Array2<f32>, region: &Region) -> Option<f32> {
    if region.rows.len() != 1 || region.columns.len() != 1 {
        return None;
    }
    let place = (usize::try_from(region.rows.start).ok()?, usize::try_from(region.columns.start).ok()?);
    picture.get(place).copied()
}
