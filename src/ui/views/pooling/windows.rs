//! The windows, one after the other: what each sees, who wins, what the mean is.

use super::{
    grids::{OutputGrid, Scale, WindowGrid, inside, title_ui},
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
        widgets::GridCell,
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
        let position = self.pointed_window.filter(|window| *window < track.len).unwrap_or(shown.position);
        let looked = self.look(study, position);
        let pointed = self.map_ui(ui, shown, Some(&looked.max), &looked.winners, actions);
        let windows = self.pointed.map(|(row, column)| study.max.steps_reading(row, column));
        let lit = windows.as_deref().unwrap_or(std::slice::from_ref(&position));
        let steps = [Some(&looked.max), looked.average.as_ref()];
        let scale = Scale::of(study, shown.ground, ui.theme());
        let mut pointed_window = None;
        for (((name, pooling), step), rect) in shown.layers().into_iter().zip(steps).zip(shown.places.bands) {
            let Some((pooling, step)) = pooling.zip(step) else {
                off_ui(ui, rect, name);
                continue;
            };
            let band = Band::of_two(rect, if shown.places.is_wide { 78.0 } else { 70.0 });
            let (rows, columns) = pooling.output_size();
            title_ui(ui, band.title, name, &format!("{rows}×{columns}"));
            let content = |window: usize| GridCell {
                value: pooling.output().get(window).copied(),
                // What is still to come.
                is_faint: window > shown.position,
                ..GridCell::default()
            };
            let grid = OutputGrid { name, size: (rows, columns), scale, lit, content: &content };
            let done = grid.ui(ui, band.picture, (study.number, shown.position));
            if let Some((row, column)) = done.clicked {
                seek(actions, row * columns + column);
            }
            pointed_window = pointed_window.or(done.hovered.map(|(row, column)| row * columns + column));
            let counts_padding =
                study.choice.count_include_pad && matches!(step.rule, PoolingRule::Mean { .. });
            let window = fill(tr("{name} window"), &[("name", name)]);
            let spacing = pooling.dilation();
            let grid = WindowGrid { name: &window, step, scale, counts_padding, spacing };
            grid.ui(ui, band.beside, (study.number, position));
            inside(ui, band.words, |ui| {
                let room = band.words.width() / (shown.font().size * 0.61);
                // Two lines, of which the first ends where a number does.
                let most = ((2.0 * room) as usize).saturating_sub(8);
                let formula = words::formula(step, counts_padding, most);
                let t = Tokens::of(ui);
                ui.spacing_mut().item_spacing.y = 2.0;
                let line = RichText::new(formula).font(shown.font()).color(t.highlight_text);
                ui.label(line);
                let comment = words::comment(step, counts_padding);
                ui.label(RichText::new(comment).size(size_of_words(shown)).color(t.second));
            });
        }
        inside(ui, shown.places.below, |ui| {
            ui.add_space(space::S);
            let text = shown.window_title(&looked.max, position);
            ui.label(RichText::new(text).font(fonts::semibold(size::BODY)));
            let hint = if shown.is_editable() {
                tr("Click a number and type another. Point at a cell to see who sees it.")
            } else {
                tr("Point at a cell to see who sees it; click one to go to its window.")
            };
            self.pointed_ui(ui, shown, hint);
            unseen_ui(ui, &study.max);
            legend_ui(ui, scale);
        });
        self.point(ui, pointed, pointed_window);
    }
}

fn size_of_words(shown: &PoolingScene<'_>) -> f32 {
    if shown.places.is_wide { size::BODY } else { size::SMALL }
}

/// Which rows and columns no window sees.
fn unseen_ui(ui: &mut Ui, pooling: &Pooling) {
    let (rows, columns) = pooling.uncovered();
    let list = |lines: &[usize]| {
        let (shown, rest) = lines.split_at(lines.len().min(4));
        let numbers: Vec<String> = shown.iter().map(ToString::to_string).collect();
        format!("{}{}", numbers.join(", "), if rest.is_empty() { "" } else { " …" })
    };
    let sentence = match (rows.is_empty(), columns.is_empty()) {
        (true, true) => return,
        (false, true) => tr("No window sees row {rows}."),
        (true, false) => tr("No window sees column {columns}."),
        (false, false) => tr("No window sees row {rows} and column {columns}."),
    };
    let text = fill(sentence, &[("rows", &list(&rows)), ("columns", &list(&columns))]).replace("….", "…");
    let t = Tokens::of(ui);
    ui.label(RichText::new(text).color(t.warn));
}
