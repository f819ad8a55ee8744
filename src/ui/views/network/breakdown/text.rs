//! A breakdown in words and numbers.

use super::piece::{BreakdownScene, Piece, is_to_come};
use crate::{
    explain::breakdown::{Breakdown, Highlights, Region},
    text::{
        fill, tr,
        written::{Equation, Expression, Number},
    },
    ui::{
        style::{
            fonts,
            tokens::{Tokens, size},
        },
        views::network::{lines, values},
    },
};
use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo};
use ndarray::Array2;

/// Up to this many partial results are written one by one.
const WRITTEN: usize = 8;

/// The sum of one place with all its numbers, rounded together so that the sum is true as written.
pub(super) struct Written {
    /// The partial results, then the bias if there is one, and the sum.
    equation: Equation,
    /// The number of partial results.
    count: usize,
    /// The sum of the partial results alone.
    sum: f64,
    /// The outputs of the layers that follow, as far as they depend on this place alone.
    pub(super) stages: Vec<Number>,
}

impl Written {
    /// The sum at the marked place; `None` if more than one place is marked.
    pub(super) fn of(breakdown: &Breakdown, highlights: &Highlights) -> Option<Self> {
        let total = value_at(&breakdown.sum, &highlights.sum)?;
        let partials = breakdown.contributions.iter().map(|share| value_at(&share.partial, &highlights.sum));
        let partials: Vec<f64> = partials.map(|partial| partial.map(f64::from)).collect::<Option<_>>()?;
        let (count, sum) = (partials.len(), partials.iter().sum());
        let terms = partials.into_iter().chain(breakdown.bias.map(f64::from));
        let equation = Expression::sum(terms).equation(total);
        let decimals = equation.result.decimals();
        let stages = breakdown.stages.iter().zip(&highlights.stages);
        let stages = stages.map_while(|(stage, region)| value_at(&stage.map, region));
        // A layer that passes the sum on shows the same digits.
        let stage = |value: f32| {
            if value == total { equation.result.clone() } else { Number::new(value.into(), decimals) }
        };
        let stages = stages.map(stage).collect();
        Some(Self { equation, count, sum, stages })
    }

    fn partials(&self) -> &[Number] {
        &self.equation.numbers[..self.count]
    }

    /// A partial result as it is written under its picture: as in the equation, if that has all of them.
    pub(super) fn partial(&self, number: usize) -> Option<String> {
        let partial = self.partials().get(number)?;
        if self.count <= WRITTEN {
            return Some(partial.signed());
        }
        Some(Number::new(partial.exact(), self.total().decimals()).signed())
    }

    fn bias(&self) -> Option<&Number> {
        self.equation.numbers.get(self.count)
    }

    pub(super) fn total(&self) -> &Number {
        &self.equation.result
    }

    /// The sum with every partial result; `None` if there are too many, or only one number.
    fn long(&self) -> Option<String> {
        if self.count > WRITTEN || self.equation.numbers.len() < 2 {
            return None;
        }
        let mut terms: Vec<String> = self.partials().iter().map(Number::bracketed).collect();
        terms.extend(self.bias().map(|bias| format!("{} {}", tr("bias"), bias.bracketed())));
        Some(format!("{} {} {}", terms.join(" + "), self.equation.relation.sign(), self.total().text()))
    }

    /// The sum with the partial results in one number.
    fn short(&self) -> String {
        let count = self.count.to_string();
        let Some(bias) = self.bias() else {
            let total = self.total().text();
            return fill(tr("Σ of {count} partial results = {sum}"), &[("count", &count), ("sum", total)]);
        };
        let expression = Expression::sum([self.sum, bias.exact()]);
        let equation = expression.equation_to(self.total().exact(), self.total().decimals());
        let [sum, bias] = [0, 1].map(|number| equation.numbers[number].bracketed());
        fill(
            tr("Σ of {count} partial results {sum} + bias {bias} {sign} {total}"),
            &[
                ("count", &count),
                ("sum", &sum),
                ("bias", &bias),
                ("sign", equation.relation.sign()),
                ("total", equation.result.text()),
            ],
        )
    }

    /// The numbers with all digits.
    fn exact(&self) -> String {
        let exact = |number: &Number| lines::exact(number.exact() as f32);
        let terms: Vec<String> = self.equation.numbers.iter().take(WRITTEN + 1).map(exact).collect();
        let more = if self.equation.numbers.len() > WRITTEN + 1 { " + …" } else { "" };
        fill(
            tr("Exact terms: {terms}{more}\nExact result: {total}"),
            &[("terms", &terms.join(" + ")), ("more", more), ("total", &exact(self.total()))],
        )
    }
}

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
        after += &format!("  → {layer}: {}", value.text());
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
            ("rows", &format!("{}–{}", window.rows.start, window.rows.end - 1)),
            ("columns", &format!("{}–{}", window.columns.start, window.columns.end - 1)),
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

/// The value of a region of one cell.
pub(super) fn value_at(picture: &Array2<f32>, region: &Region) -> Option<f32> {
    if region.rows.len() != 1 || region.columns.len() != 1 {
        return None;
    }
    let place = (usize::try_from(region.rows.start).ok()?, usize::try_from(region.columns.start).ok()?);
    picture.get(place).copied()
}
