//! The way of the gradient back: to the winners, or to all cells in equal parts; from one output, or from all up to one.

use super::{
    PoolingView, choose,
    grids::{MapGrid, Scale, inside, title_ui},
    places::Band,
    shown::{Shown, legend_ui, numbers_ui, off_ui},
    words,
};
use crate::ui::{
    action::Actions,
    colormap::ColorMapLut,
    fonts,
    pooling::Gradients,
    tokens::{Tokens, size, space},
    tr::{fill, tr},
    widgets::segmented,
};
use egui::{RichText, Ui};
use std::sync::Arc;

impl PoolingView {
    pub(super) fn gradient_ui(&mut self, ui: &mut Ui, shown: &Shown<'_>, actions: &mut Actions) {
        let study = shown.study;
        let is_one = shown.choice.is_gradient_of_one;
        let step = study.max.step(shown.position);
        let winner: Vec<(usize, usize)> = step.winners().into_iter().take(1).collect();
        let mut pointed = self.map_ui(ui, shown, Some(&step), &winner, actions);
        let gradients = self.gradients(shown);
        let limit = gradients.iter().flatten().flatten().fold(0.0_f32, |limit, d| limit.max(d.abs()));
        let scale = Scale { colors: ColorMapLut::sequential(ui.theme()), limit };
        for (i, ((name, pooling), rect)) in shown.layers().into_iter().zip(shown.places.bands).enumerate() {
            let (Some(pooling), Some(gradient)) = (pooling, &gradients[i]) else {
                off_ui(ui, rect, name);
                continue;
            };
            let band = Band::of_one(rect, 52.0);
            title_ui(
                ui,
                band.title,
                &fill(tr("Back through {layer}"), &[("layer", &name.to_lowercase())]),
                "",
            );
            let grid_name = fill(tr("gradient through {layer}"), &[("layer", &name.to_lowercase())]);
            let grid = MapGrid { window: Some(&step), ..MapGrid::plain(&grid_name, pooling, scale) };
            let done = grid.ui(ui, band.picture, gradient);
            pointed = pointed.or(done.hovered);
            inside(ui, band.words, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let reached = gradient.iter().filter(|d| **d != 0.0).count();
                let largest = gradient.iter().copied().fold(0.0, f32::max);
                numbers_ui(ui, tr("reached"), name, &words::share(reached, gradient.len()));
                numbers_ui(ui, tr("largest"), name, &words::value(largest));
            });
        }
        let at = self.pointed.map(|(row, column)| row * study.max.input_size().1 + column);
        let here = at.and_then(|at| {
            let of = |i: usize| gradients[i].as_ref()?.get(at).copied();
            Some((of(0)?, of(1)))
        });
        inside(ui, shown.places.below, |ui| {
            ui.add_space(space::S);
            let t = Tokens::of(ui);
            if shown.places.is_wide {
                let text = shown.window_title(&step, shown.position);
                ui.label(RichText::new(text).font(fonts::semibold(size::BODY)));
            }
            ui.horizontal(|ui| {
                if shown.places.is_wide {
                    ui.label(RichText::new(tr("A gradient of 1 from")).color(t.second));
                }
                let mut is_one = is_one;
                let options = [(false, tr("outputs so far")), (true, tr("this output"))];
                if segmented(ui, tr("Gradient of the output"), &mut is_one, &options).changed() {
                    choose(actions, shown.choice, |choice| choice.is_gradient_of_one = is_one);
                }
            });
            let text = match here {
                Some((max, Some(average))) => fill(
                    tr("Here: {max} through max, {average} through average."),
                    &[("max", &words::value(max)), ("average", &words::value(average))],
                ),
                Some((max, None)) => fill(tr("Here: {max} through max."), &[("max", &words::value(max))]),
                None => tr("Max sends all of it to the first winner; average shares it among its cells.")
                    .to_owned(),
            };
            ui.label(RichText::new(text).color(t.second));
            legend_ui(ui, scale);
        });
        self.point(ui, pointed, None);
    }

    /// The gradients that the window sends back that is looked at, or all up to it: computed once a window.
    fn gradients(&mut self, shown: &Shown<'_>) -> Arc<Gradients> {
        let (position, is_one) = (shown.position, shown.choice.is_gradient_of_one);
        let is_kept = |(study, at, of_one, _): &super::Back| {
            Arc::ptr_eq(study, shown.study) && (*at, *of_one) == (position, is_one)
        };
        let kept = self.back.take().filter(is_kept);
        let (.., gradients) = self.back.insert(kept.unwrap_or_else(|| {
            let gradients = shown.study.both(|pooling| {
                if is_one {
                    pooling.backward_of_one(position)
                } else {
                    pooling.backward_of_first(position + 1)
                }
            });
            (shown.study.clone(), position, is_one, Arc::new(gradients))
        }));
        gradients.clone()
    }
}
