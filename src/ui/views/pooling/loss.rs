//! The information lost: the pooled map, upsampled to the size of its input, window by window.

use super::{
    grids::{MapGrid, Scale, inside, line_ui, title_ui},
    page::{InspectedWindow, PoolingView},
    places::Band,
    scene::{Figure, PoolingScene, legend_ui, off_ui},
    send::seek,
    words,
};
use crate::{
    text::{Term, fill, tr},
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
        let inspected = self.inspect(study, shown.position);
        let step = &inspected.max;
        let mut lit = inspected.winners.clone();
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
                &fill(tr("{size}, enlarged"), &[("size", &format!("{rows}×{columns}"))]),
            );
            let so_far = loss.steps.get(shown.position);
            let outline = so_far.map(|so_far| (so_far.rows.clone(), so_far.columns.clone()));
            let outline = outline.filter(|(rows, columns)| !rows.is_empty() && !columns.is_empty());
            let grid_name = fill(tr("{layer} enlarged"), &[("layer", &name.to_lowercase())]);
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
            let division = so_far.map(|so_far| so_far.expression().equation(so_far.mean_squared()));
            inside(ui, band.words, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                Figure::share(Term::ValuesKept, name, shown.position + 1, cells).ui(ui);
                Figure::value(Term::MeanSquaredError, name, mean_squared, division.as_ref()).ui(ui);
            });
        }
        inside(ui, shown.places.below, |ui| {
            ui.add_space(space::S);
            let t = Tokens::of(ui);
            if shown.places.is_wide {
                let text = shown.window_title(step, shown.position);
                ui.label(RichText::new(text).font(fonts::semibold(size::BODY)));
            }
            if shown.places.is_low {
                let max = words::value(step.value);
                let mean = inspected.average.as_ref().map(|average| words::value(average.value));
                let text = match mean {
                    Some(mean) => fill(tr("Largest {max}, mean {mean}"), &[("max", &max), ("mean", &mean)]),
                    None => fill(tr("Largest {max}"), &[("max", &max)]),
                };
                line_ui(ui, &text);
                return;
            }
            ui.label(RichText::new(kept(&inspected)).color(t.text));
            let here = here(shown, self.pointed);
            let text = here.unwrap_or_else(|| {
                tr("Point at a cell to compare its values; click to go to its window.").to_owned()
            });
            ui.label(RichText::new(text).color(t.second));
            legend_ui(ui, scale);
        });
        self.point(ui, pointed, None);
    }
}

/// The value that each layer keeps of a window.
fn kept(inspected: &InspectedWindow) -> String {
    let step = &inspected.max;
    let mean = inspected.average.as_ref().map(|average| words::value(average.value));
    let count = step.inside().count();
    let sentence = if count == 1 {
        tr("The window has one value, {max}.")
    } else if mean.is_some() {
        tr("{count} values become one: the largest, {max}, or their mean, {average}.")
    } else {
        tr("{count} values become one: the largest, {max}.")
    };
    let values = [
        ("count", count.to_string()),
        ("max", words::value(step.value)),
        ("average", mean.unwrap_or_default()),
    ];
    fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// The values of the cell under the pointer.
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
        tr("Row {row}, column {column}: {was} in the map, {max} after max, {average} after average.")
    } else {
        tr("Row {row}, column {column}: {was} in the map, {max} after max.")
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
