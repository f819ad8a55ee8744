//! A breakdown in words and numbers.

use super::{
    piece::{BreakdownScene, Piece, is_to_come},
    written::value_at,
};
use crate::{
    explain::breakdown::Breakdown,
    text::{fill, indices, tr},
    ui::{
        style::{
            fonts,
            tokens::{Tokens, size},
        },
        views::network::{lines, values},
    },
};
use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo};

/// The kind and number of the products.
pub(super) fn sentence(breakdown: &Breakdown) -> String {
    let count = breakdown.contributions.len();
    let (height, width) = breakdown.contributions.first().map_or((0, 0), |share| share.kernel.dim());
    let size = format!("{height}×{width}");
    let what = match (&breakdown.window, count) {
        (Some(_), 1) => fill(tr("one input map, one kernel of {size}"), &[("size", &size)]),
        (Some(_), _) => fill(
            tr("{count} input maps with {count} kernels of {size}, added up"),
            &[("count", &count.to_string()), ("size", &size)],
        ),
        (None, 1) => {
            fill(tr("{count} inputs times {count} weights, added up"), &[("count", &width.to_string())])
        }
        (None, _) => fill(
            tr("{count} maps of {size} with a weight for each pixel, added up"),
            &[("count", &count.to_string()), ("size", &size)],
        ),
    };
    what + if breakdown.bias.is_some() { tr(", plus a bias") } else { "" }
}

/// The sum of the marked place as an equation.
pub(super) fn written_ui(ui: &Ui, rect: Rect, scene: &BreakdownScene<'_>) {
    let BreakdownScene { breakdown, network, .. } = *scene;
    let Some(written) = scene.written else {
        return pooled_ui(ui, rect, scene);
    };
    let mut after = String::new();
    for (number, value) in written.stages.iter().enumerate() {
        let is_covered = scene.played.is_some_and(|played| {
            is_to_come(breakdown, Piece::Stage(number), played, &scene.highlights.stages[number])
        });
        if is_covered {
            break;
        }
        let layer = values::title(network, breakdown.stages[number].layer + 1);
        after.push_str("  → ");
        after.push_str(&layer);
        after.push_str(": ");
        after.push_str(value.text());
    }
    // Without enough room, the sum alone.
    let short = written.short();
    let whole = written.long().into_iter().chain([short.clone()]).map(|sum| sum + &after);
    let candidates: Vec<String> = whole.chain([short]).collect();
    line_ui(ui, rect, &candidates, &written.exact());
}

/// The window of a pooled value.
fn pooled_ui(ui: &Ui, rect: Rect, scene: &BreakdownScene<'_>) {
    let stages = scene.breakdown.stages.iter().zip(&scene.highlights.stages);
    let cell = stages.rev().find_map(|(stage, region)| Some((stage, value_at(&stage.map, region)?)));
    let Some((stage, value)) = cell else { return };
    let window = &scene.highlights.sum;
    let name = values::title(scene.network, stage.layer + 1);
    let text = fill(
        tr("{layer}: {value}, from rows {rows} and columns {columns} of the sum"),
        &[
            ("layer", &name),
            ("value", lines::single(value).text()),
            ("rows", &indices(window.rows.start, window.rows.end - 1)),
            ("columns", &indices(window.columns.start, window.columns.end - 1)),
        ],
    );
    line_ui(ui, rect, &[text], &lines::hover(value.into()));
}

/// Shows the first of the texts that fits, in the smaller font if necessary; `hover` has the exact values.
fn line_ui(ui: &Ui, rect: Rect, candidates: &[String], hover: &str) {
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
    let response = ui.interact(rect, ui.scope_id().with("written sum"), Sense::hover());
    let text = galley.text().to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
    response.on_hover_text(hover);
    let corner = Align2::LEFT_CENTER.anchor_size(rect.left_center(), galley.size()).min;
    ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())).galley(corner, galley, t.highlight_text);
}
