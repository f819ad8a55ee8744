//! The way of the gradient back: to the winners, or to all cells in equal parts; from one output, or from all up to one.

use super::{
    grids::{MapGrid, Scale, inside, title_ui},
    page::PoolingView,
    places::Band,
    scene::{PoolingScene, legend_ui, numbers_ui, off_ui},
    send::choose,
    words,
};
use crate::{
    text::{fill, tr},
    ui::{
        action::Actions,
        model::pooling::Back,
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
        let looked = self.look(study, shown.position);
        let step = &looked.max;
        let mut pointed = self.map_ui(ui, shown, Some(step), looked.winners.get(..1).unwrap_or(&[]), actions);
        // Those of the window before, for the moment that the next ones take.
        let is_of_size = |back: &&Arc<Back>| {
            back.gradients[0].as_ref().is_some_and(|gradient| gradient.len() == study.max.input().len())
        };
        let back = shown.back.filter(is_of_size).map(Arc::as_ref);
        let key = back.map(|back| (back.study.number, back.of));
        let figures = back.map_or([(0, 0.0); 2], |back| back.figures);
        let limit = figures.iter().fold(0.0_f32, |limit, (_, largest)| limit.max(*largest));
        let scale = Scale { colors: ColorMapLut::sequential(ui.theme()), limit };
        for (i, ((name, pooling), rect)) in shown.layers().into_iter().zip(shown.places.bands).enumerate() {
            let Some(pooling) = pooling else {
                off_ui(ui, rect, name);
                continue;
            };
            let gradient = back.and_then(|back| back.gradients[i].as_deref()).unwrap_or_default();
            let band = Band::of_one(rect, 52.0);
            title_ui(
                ui,
                band.title,
                &fill(tr("Back through {layer}"), &[("layer", &name.to_lowercase())]),
                "",
            );
            let grid_name = fill(tr("gradient through {layer}"), &[("layer", &name.to_lowercase())]);
            let grid = MapGrid { window: Some(step), ..MapGrid::plain(&grid_name, pooling, scale) };
            let done = grid.ui(ui, band.picture, gradient, key);
            pointed = pointed.or(done.hovered);
            inside(ui, band.words, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let (reached, largest) = figures[i];
                numbers_ui(ui, tr("reached"), name, &words::share(reached, pooling.input().len()));
                numbers_ui(ui, tr("largest"), name, &words::value(largest));
            });
        }
        let at = self.pointed.map(|(row, column)| row * study.max.input_size().1 + column);
        let here = at.and_then(|at| {
            let of = |i: usize| back?.gradients[i].as_ref()?.get(at).copied();
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
}
