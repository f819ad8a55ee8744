//! How much is lost: what was pooled, blown up beside its source.

use super::{
    PoolingView,
    grids::{MapGrid, Scale, inside, title_ui},
    places::Band,
    shown::{Shown, legend_ui, numbers_ui, off_ui},
    words,
};
use crate::ui::{
    tokens::{Tokens, space},
    tr::{fill, tr},
};
use egui::{RichText, Ui};

impl PoolingView {
    pub(super) fn loss_ui(&mut self, ui: &mut Ui, shown: &Shown<'_>) {
        let study = shown.study;
        let scale = Scale::of(study, ui.theme());
        let (title, detail) = shown.map_title();
        title_ui(ui, shown.places.title, &title, &detail);
        let lit: Vec<(usize, usize)> = self.pointed.into_iter().collect();
        let map = MapGrid { lit: &lit, ..MapGrid::plain(tr("map"), &study.max, scale) };
        let mut pointed = map.ui(ui, shown.places.map, study.max.input()).hovered;
        for (i, ((name, pooling), rect)) in shown.layers().into_iter().zip(shown.places.bands).enumerate() {
            let (Some(pooling), Some(loss)) = (pooling, &study.losses()[i]) else {
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
            let grid_name = fill(tr("{layer} blown up"), &[("layer", &name.to_lowercase())]);
            let grid = MapGrid { lit: &lit, ..MapGrid::plain(&grid_name, pooling, scale) };
            pointed = pointed.or(grid.ui(ui, band.picture, &loss.blown_up).hovered);
            inside(ui, band.words, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                numbers_ui(ui, tr("values kept"), name, &words::share(pooling.len(), pooling.input().len()));
                numbers_ui(ui, tr("mean squared difference"), name, &words::value(loss.mean_squared));
            });
        }
        let (_, width) = study.max.input_size();
        let here = self.pointed.and_then(|(row, column)| {
            let at = row * width + column;
            let [max, average] = study.losses().each_ref().map(|loss| {
                loss.as_ref().and_then(|loss| loss.blown_up.get(at)).map(|value| words::value(*value))
            });
            Some(((row, column), words::value(*study.max.input().get(at)?), max?, average))
        });
        inside(ui, shown.places.below, |ui| {
            ui.add_space(space::S);
            let text = match &here {
                Some(((row, column), was, max, average)) => {
                    let values = [
                        ("row", row.to_string()),
                        ("column", column.to_string()),
                        ("was", was.clone()),
                        ("max", max.clone()),
                        ("average", average.clone().unwrap_or_default()),
                    ];
                    let sentence = if average.is_some() {
                        tr("Row {row}, column {column}: was {was}; {max} of max, {average} of average.")
                    } else {
                        tr("Row {row}, column {column}: was {was}; {max} of max.")
                    };
                    fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
                }
                None => tr("Each pooled value stands where its window stood. Point at a cell to compare.")
                    .to_owned(),
            };
            let t = Tokens::of(ui);
            ui.label(RichText::new(text).color(t.second));
            legend_ui(ui, scale);
        });
        self.point(ui, pointed, None);
    }
}
