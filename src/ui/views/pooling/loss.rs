//! How much is lost: what was pooled, blown up beside its source, window by window.

use super::{
    grids::{MapGrid, Scale, inside, title_ui},
    page::{Looked, PoolingView},
    places::Band,
    scene::{PoolingScene, legend_ui, numbers_ui, off_ui},
    send::seek,
    words,
};
use crate::{
    text::{fill, tr},
    ui::{
        action::Actions,
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
    },
};
use egui::{RichText, Ui};

impl PoolingView {
    pub(super) fn loss_ui(&mut self, ui: &mut Ui, shown: &PoolingScene<'_>, actions: &mut Actions) {
        let study = shown.study;
        let scale = Scale::of(study, shown.ground, ui.theme());
        let looked = self.look(study, shown.position);
        let step = &looked.max;
        let mut lit = looked.winners.clone();
        lit.extend(self.pointed);
        let mut pointed = self.map_ui(ui, shown, Some(step), &lit, actions);
        let lit: Vec<(usize, usize)> = self.pointed.into_iter().collect();
        for (i, ((name, pooling), rect)) in shown.layers().into_iter().zip(shown.places.bands).enumerate() {
            let (Some(pooling), Some(loss)) = (pooling, &study.losses[i]) else {
                off_ui(ui, rect, name);
                continue;
            };
            let band = Band::of_one(rect, 52.0);
            let (rows, columns) = pooling.output_size();
            title_ui(
                ui,
                band.title,
                name,
                &fill(tr("{size} blown up"), &[("size", &format!("{rows}×{columns}"))]),
            );
            let so_far = loss.steps.get(shown.position);
            let outline = so_far.map(|so_far| (so_far.rows.clone(), so_far.columns.clone()));
            let outline = outline.filter(|(rows, columns)| !rows.is_empty() && !columns.is_empty());
            let grid_name = fill(tr("{layer} blown up"), &[("layer", &name.to_lowercase())]);
            let grid = MapGrid {
                lit: &lit,
                outline,
                until: Some(shown.position),
                ..MapGrid::plain(&grid_name, pooling, scale)
            };
            let done = grid.ui(ui, band.picture, &loss.upsampled, study.number);
            pointed = pointed.or(done.hovered);
            if let Some((row, column)) = done.clicked {
                seek(actions, pooling.step_at(row, column));
            }
            let (cells, mean_squared) =
                so_far.map_or((0, 0.0), |so_far| (so_far.cells, so_far.mean_squared()));
            inside(ui, band.words, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                numbers_ui(ui, tr("values kept"), name, &words::share(shown.position + 1, cells));
                numbers_ui(ui, tr("mean squared difference"), name, &words::value(mean_squared));
            });
        }
        inside(ui, shown.places.below, |ui| {
            ui.add_space(space::S);
            let t = Tokens::of(ui);
            if shown.places.is_wide {
                let text = shown.window_title(step, shown.position);
                ui.label(RichText::new(text).font(fonts::semibold(size::BODY)));
            }
            ui.label(RichText::new(kept(&looked)).color(t.text));
            let here = here(shown, self.pointed);
            let text = here.unwrap_or_else(|| {
                tr("Point at a cell to compare; click one to go to its window.").to_owned()
            });
            ui.label(RichText::new(text).color(t.second));
            legend_ui(ui, scale);
        });
        self.point(ui, pointed, None);
    }
}

/// What of a window is kept.
fn kept(looked: &Looked) -> String {
    let step = &looked.max;
    let mean = looked.average.as_ref().map(|average| words::value(average.value));
    let sentence = if mean.is_some() {
        tr("Of {count} values, max keeps the largest, {max}; average their mean, {average}.")
    } else {
        tr("Of {count} values, max keeps the largest, {max}.")
    };
    let values = [
        ("count", step.inside().count().to_string()),
        ("max", words::value(step.value)),
        ("average", mean.unwrap_or_default()),
    ];
    fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// What is under the pointer, before and after.
fn here(shown: &PoolingScene<'_>, pointed: Option<(usize, usize)>) -> Option<String> {
    let (row, column) = pointed?;
    let study = shown.study;
    let (_, width) = study.max.input_size();
    let at = row * width + column;
    let [max, average] = study
        .losses
        .each_ref()
        .map(|loss| loss.as_ref().and_then(|loss| loss.upsampled.get(at)).map(|value| words::value(*value)));
    let sentence = if average.is_some() {
        tr("Row {row}, column {column}: was {was}; {max} of max, {average} of average.")
    } else {
        tr("Row {row}, column {column}: was {was}; {max} of max.")
    };
    let values = [
        ("row", row.to_string()),
        ("column", column.to_string()),
        ("was", words::value(*study.max.input().get(at)?)),
        ("max", max?),
        ("average", average.unwrap_or_default()),
    ];
    Some(fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str()))))
}
