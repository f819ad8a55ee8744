//! The way of the gradient back: to the winners, or to all cells in equal parts.

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
    pooling::Gradients,
    tokens::{Tokens, space},
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
        let window = is_one.then_some(&step);
        let lit: Vec<(usize, usize)> =
            if is_one { step.winners().into_iter().take(1).collect() } else { Vec::new() };
        let mut pointed = self.map_ui(ui, shown, window, &lit, actions);
        let gradients = if is_one { self.gradients_of_one(shown) } else { study.gradients() };
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
            let done = MapGrid::plain(&grid_name, pooling, scale).ui(ui, band.picture, gradient);
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
            ui.horizontal(|ui| {
                if shown.places.is_wide {
                    ui.label(RichText::new(tr("A gradient of 1 from")).color(Tokens::of(ui).second));
                }
                let mut is_one = is_one;
                let options = [(false, tr("every output")), (true, tr("this output"))];
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
            let t = Tokens::of(ui);
            ui.label(RichText::new(text).color(t.second));
            legend_ui(ui, scale);
        });
        self.point(ui, pointed, None);
    }

    /// The gradients that the window sends back that is looked at: computed once a window.
    fn gradients_of_one(&mut self, shown: &Shown<'_>) -> Arc<Gradients> {
        let is_kept =
            |(study, window, _): &super::OfOne| Arc::ptr_eq(study, shown.study) && *window == shown.position;
        let kept = self.one.take().filter(is_kept);
        let (.., gradients) = self.one.insert(kept.unwrap_or_else(|| {
            let gradients = shown.study.both(|pooling| pooling.backward_of_one(shown.position));
            (shown.study.clone(), shown.position, Arc::new(gradients))
        }));
        gradients.clone()
    }
}
