//! The gradient of the map, from one output or from all outputs so far: max pooling passes it to the largest cell, average
//! pooling to all cells in equal parts.

use super::{
    grids::{MapGrid, Scale, inside, title_ui},
    page::PoolingView,
    places::Band,
    scene::{Figure, PoolingScene, legend_ui, off_ui},
    send::choose,
    words,
};
use crate::{
    explain::pooling::{PoolingRule, PoolingStep},
    text::{
        Term, fill, tr,
        written::{Equation, Expression, Relation},
    },
    ui::{
        action::Actions,
        model::pooling::Backward,
        style::{
            colormap::ColorMapLut,
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::segmented,
    },
};
use egui::{RichText, Ui};
use std::sync::Arc;

impl PoolingView {
    pub(super) fn gradient_ui(&mut self, ui: &mut Ui, shown: &PoolingScene<'_>, actions: &mut Actions) {
        let study = shown.study;
        let is_one = shown.choice.is_gradient_of_one;
        let inspected = self.inspect(study, shown.position);
        let step = &inspected.max;
        let mut pointed =
            self.map_ui(ui, shown, Some(step), inspected.winners.get(..1).unwrap_or(&[]), actions);
        // Until the gradients of this step are computed, those of the last one are shown.
        let is_of_size = |backward: &&Arc<Backward>| {
            backward.gradients[0].as_ref().is_some_and(|gradient| gradient.len() == study.max.input().len())
        };
        let backward = shown.backward.filter(is_of_size).map(Arc::as_ref);
        let key = backward.map(|backward| (backward.study.number, backward.of));
        let figures = backward.map_or([(0, 0.0); 2], |backward| backward.figures);
        let limit = figures.iter().fold(0.0_f32, |limit, (_, largest)| limit.max(*largest));
        let scale = Scale { colors: ColorMapLut::sequential(ui.theme()), limit };
        for (i, ((name, pooling), rect)) in shown.layers().into_iter().zip(shown.places.bands).enumerate() {
            let Some(pooling) = pooling else {
                off_ui(ui, rect, name);
                continue;
            };
            let gradient = backward.and_then(|backward| backward.gradients[i].as_deref()).unwrap_or_default();
            let band = Band::of_one(rect, 52.0);
            title_ui(
                ui,
                band.title,
                &fill(tr("Gradient through {layer}"), &[("layer", &name.to_lowercase())]),
                "",
            );
            let grid_name = fill(tr("gradient through {layer}"), &[("layer", &name.to_lowercase())]);
            let grid = MapGrid { window: Some(step), ..MapGrid::plain(&grid_name, pooling, scale) };
            let done = grid.ui(ui, band.picture, gradient, key);
            pointed = pointed.or(done.hovered);
            inside(ui, band.words, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let (reached, largest) = figures[i];
                Figure::share(Term::CellsReached, name, reached, pooling.input().len()).ui(ui);
                let step = inspected.average.as_ref().filter(|_| is_one && i == 1);
                let division = step.and_then(|step| equal_part(step, largest));
                Figure::value(Term::LargestGradient, name, largest, division.as_ref()).ui(ui);
            });
        }
        let at = self.pointed.map(|(row, column)| row * study.max.input_size().1 + column);
        let here = at.and_then(|at| {
            let of = |i: usize| backward?.gradients[i].as_ref()?.get(at).copied();
            Some((of(0)?, of(1)))
        });
        inside(ui, shown.places.below, |ui| {
            ui.add_space(space::S);
            let t = Tokens::of(ui);
            if shown.places.is_wide {
                let text = shown.window_title(step, shown.position);
                ui.label(RichText::new(text).font(fonts::semibold(size::BODY)));
            }
            ui.horizontal(|ui| {
                if shown.places.is_wide {
                    ui.label(RichText::new(tr("Gradient of the sum of")).color(t.second));
                }
                let mut is_one = is_one;
                let options = [(false, tr("outputs so far")), (true, tr("this output"))];
                if segmented(ui, tr("Outputs of the gradient"), &mut is_one, &options).changed() {
                    choose(actions, shown.choice, |choice| choice.is_gradient_of_one = is_one);
                }
            });
            if shown.places.is_low {
                return;
            }
            let text = match here {
                Some((max, Some(average))) => fill(
                    tr("This cell: {max} through max, {average} through average."),
                    &[("max", &words::value(max)), ("average", &words::value(average))],
                ),
                Some((max, None)) => {
                    fill(tr("This cell: {max} through max."), &[("max", &words::value(max))])
                }
                None => {
                    tr("Max passes the gradient to the largest cell, average to all cells in equal parts.")
                        .to_owned()
                }
            };
            ui.label(RichText::new(text).color(t.second));
            legend_ui(ui, scale);
        });
        self.point(ui, pointed, None);
    }
}

/// `1 / 4 = 0.25`: the part of the gradient that each cell of a mean receives; `None` if it is not the largest gradient.
fn equal_part(step: &PoolingStep, largest: f32) -> Option<Equation> {
    let PoolingRule::Mean { divisor } = step.rule else { return None };
    let equation = Expression::value(1.0).over(divisor).equation(largest);
    (equation.relation == Relation::Equal).then_some(equation)
}
