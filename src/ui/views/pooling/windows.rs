//! The windows one after the other: cells, maximum, mean.

use super::{
    grids::{OutputGrid, Scale, WindowGrid, inside, line_ui, title_ui},
    page::PoolingView,
    places::Band,
    scene::{PoolingScene, legend_ui, off_ui},
    send::seek,
    words,
};
use crate::{
    explain::pooling::{Pooling, PoolingRule},
    text::{fill, tr},
    ui::{
        action::Actions,
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::{GridCell, paper},
    },
};
use egui::{RichText, Ui};

impl PoolingView {
    pub(super) fn windows_ui(&mut self, ui: &mut Ui, shown: &PoolingScene<'_>, actions: &mut Actions) {
        if !shown.is_editable() {
            self.refused = None;
        }
        let study = shown.study;
        let track = study.track();
        let position = self
            .pointed_window
            .filter(|window| *window < track.len && shown.hides.from.is_none())
            .unwrap_or(shown.position);
        let inspected = self.inspect(study, position);
        // The largest cell would tell what is asked for.
        let winners = if shown.hides.has(position) { &[][..] } else { &inspected.winners[..] };
        let pointed = self.map_ui(ui, shown, Some(&inspected.max), winners, actions);
        let windows = self.pointed.map(|(row, column)| study.max.steps_reading(row, column));
        let lit = windows.as_deref().unwrap_or(std::slice::from_ref(&position));
        let steps = [Some(&inspected.max), inspected.average.as_ref()];
        let scale = Scale::of(study, shown.ground, ui.theme());
        let mut pointed_window = None;
        for (((name, pooling), step), rect) in shown.layers().into_iter().zip(steps).zip(shown.places.bands) {
            let Some((pooling, step)) = pooling.zip(step) else {
                off_ui(ui, rect, name);
                continue;
            };
            let words = match (shown.places.is_low, shown.places.is_wide) {
                (true, _) => 42.0,
                (false, true) => 78.0,
                (false, false) => 70.0,
            };
            let band = Band::of_two(rect, words);
            let (rows, columns) = pooling.output_size();
            title_ui(ui, band.title, name, &format!("{rows}×{columns}"));
            let is_max = matches!(step.rule, PoolingRule::Largest { .. });
            let is_hidden = |window: usize| is_max && shown.hides.has(window);
            let content = |window: usize| GridCell {
                value: pooling.output().get(window).copied().filter(|_| !is_hidden(window)),
                is_asked: is_hidden(window)
                    && shown.hides.windows.contains(&window)
                    && window <= shown.position,
                // Later steps.
                is_faint: window > shown.position,
                ..GridCell::default()
            };
            let grid = OutputGrid { name, size: (rows, columns), scale, lit, content: &content };
            let done =
                grid.ui(ui, band.picture, (study.number, shown.position, is_max.then_some(&shown.hides)));
            if let Some((row, column)) = done.clicked {
                seek(actions, row * columns + column);
            }
            pointed_window = pointed_window.or(done.hovered.map(|(row, column)| row * columns + column));
            if is_hidden(position) {
                continue;
            }
            let counts_padding =
                study.choice.count_include_pad && matches!(step.rule, PoolingRule::Mean { .. });
            let window = fill(tr("{name} window"), &[("name", name)]);
            let spacing = pooling.dilation();
            let grid = WindowGrid { name: &window, step, scale, counts_padding, spacing };
            grid.ui(ui, band.beside, (study.number, position));
            inside(ui, band.words, |ui| {
                let room = band.words.width() / (shown.font().size * 0.61);
                // Two lines; the first breaks before a number.
                let most = ((2.0 * room) as usize).saturating_sub(8);
                let formula = words::formula(step, counts_padding, most);
                let t = Tokens::of(ui);
                ui.spacing_mut().item_spacing.y = 2.0;
                let line = RichText::new(formula).font(shown.font()).color(t.highlight_text);
                ui.label(line).on_hover_text(words::exact_value(step.value));
                if shown.places.is_low {
                    return;
                }
                let comment = words::comment(step, counts_padding);
                ui.label(RichText::new(comment).size(size_of_words(shown)).color(t.second));
            });
        }
        inside(ui, shown.places.below, |ui| {
            ui.add_space(space::S);
            let text = shown.window_title(&inspected.max, position);
            if shown.places.is_low {
                // Which window it is stands at the foot.
                let (row, column) = (inspected.max.at.0.to_string(), inspected.max.at.1.to_string());
                let place = tr("Output row {row}, column {column}");
                line_ui(ui, &fill(place, &[("row", &row), ("column", &column)]));
                return;
            }
            ui.label(RichText::new(text).font(fonts::semibold(size::BODY)));
            let hint = if paper::is_on(ui) {
                ""
            } else if shown.is_editable() {
                tr("Click a number to change it. Point at a cell to see its windows.")
            } else if ui.ctx().content_rect().width() < TIGHT {
                tr("Point at a cell to see its windows.")
            } else {
                tr("Point at a cell to see its windows; click to go there.")
            };
            // Texts of varying height come last, so that nothing moves.
            legend_ui(ui, scale);
            uncovered_ui(ui, &study.max);
            self.pointed_ui(ui, shown, hint);
        });
        self.point(ui, pointed, pointed_window);
    }
}

/// In windows narrower than this, in points, a hint has its first half.
const TIGHT: f32 = 870.0;

fn size_of_words(shown: &PoolingScene<'_>) -> f32 {
    if shown.places.is_wide { size::BODY } else { size::SMALL }
}

/// The rows and columns that no window covers.
fn uncovered_ui(ui: &mut Ui, pooling: &Pooling) {
    let (rows, columns) = pooling.uncovered();
    let (row, column) =
        (words::lines(&rows, tr("row"), tr("rows")), words::lines(&columns, tr("column"), tr("columns")));
    let sentence = match (rows.is_empty(), columns.is_empty()) {
        (true, true) => return,
        (false, true) => tr("No window covers {rows}."),
        (true, false) => tr("No window covers {columns}."),
        (false, false) => tr("No window covers {rows} and {columns}."),
    };
    let text = fill(sentence, &[("rows", &row), ("columns", &column)]).replace("….", "…");
    let t = Tokens::of(ui);
    ui.label(RichText::new(text).color(t.warn));
}
