//! The family of convolutions: which one, its animation, its sum, and what it costs beside the standard.

mod chain;
mod layout;
mod near;
mod settings;
mod signal;
mod slices;

use super::sum::{Line, card_ui, parts_of};
use crate::{
    explain::Cell,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        convolution::{ConvolutionAct, Lab, Shown},
        tokens::Tokens,
        widgets::PlaybackAct,
    },
};
use egui::Ui;

pub use near::Near;
pub use settings::inspector_ui;

/// What is painted of a kind in a frame, and what comes back of it.
struct Stage<'a> {
    /// The step that the animation has come to.
    position: usize,
    /// Whether outputs are shown that it has not come to.
    is_whole: bool,
    /// Whether numbers can be typed: they are those of the picture, and stand still.
    is_editable: bool,
    /// What was done.
    actions: &'a mut Actions,
    /// What was typed and is no number.
    refused: &'a mut Option<String>,
    /// What is shown where there is no room for all.
    near: &'a mut Near,
}

impl Stage<'_> {
    fn send(&mut self, act: ConvolutionAct) {
        self.actions.send(Action::Convolution(act));
        *self.refused = None;
    }

    /// Goes to a step that was clicked.
    fn seek(&mut self, at: usize) {
        self.send(ConvolutionAct::Play(PlaybackAct::Seek(at)));
    }

    /// Keeps what was typed into a grid and is no number.
    fn take(&mut self, refused: Option<String>) {
        *self.refused = refused.or(self.refused.take());
    }
}

/// The grids of a kind.
pub fn stage_ui(
    ui: &mut Ui,
    lab: &Lab,
    (refused, near): (&mut Option<String>, &mut Near),
    actions: &mut Actions,
) {
    near.turn_to(lab.family.choice());
    let (position, is_whole) = (lab.position(), lab.is_whole);
    let is_editable = !lab.playback.is_playing() && lab.family_refusal.is_none();
    let mut stage = Stage { position, is_whole, is_editable, actions, refused, near };
    match lab.family_shown.as_deref() {
        Some(Shown::Chain(shown)) => chain::chain_ui(ui, &shown.chain, &mut stage),
        Some(Shown::Sliding(sliding)) => signal::signal_ui(ui, sliding, &mut stage),
        Some(Shown::Volume(volume)) => slices::slices_ui(ui, volume, &mut stage),
        None => {}
    }
}

/// Where the animation stands, in words.
pub fn status(lab: &Lab) -> String {
    let position = lab.position();
    let (at, count) = ((position + 1).to_string(), lab.track().len.to_string());
    let of = fill(tr("Step {at} of {count}"), &[("at", &at), ("count", &count)]);
    match lab.family_shown.as_deref() {
        Some(Shown::Chain(shown)) => {
            let chain = &shown.chain;
            let Some(step) = chain.step(position) else { return of };
            let summary = chain.layers()[step.layer].summary();
            let [layer, map, row, column] =
                [step.layer + 1, step.place.channel, step.place.row, step.place.column]
                    .map(|n| n.to_string());
            let sentence = tr("{of}: layer {layer}, {summary}, map {map}, row {row}, column {column}.");
            let values = [("of", &*of), ("layer", &*layer), ("summary", &*summary), ("map", &*map)];
            fill(&fill(sentence, &values), &[("row", &row), ("column", &column)])
        }
        Some(Shown::Sliding(sliding)) => {
            let Some(step) = sliding.step(position) else { return of };
            let count = step.terms.len().to_string();
            fill(tr("{of}: the functions meet at {places} places."), &[("of", &of), ("places", &count)])
        }
        Some(Shown::Volume(volume)) => {
            let Some(step) = volume.step(position) else { return of };
            let [slice, row, column] = step.place.map(|n| n.to_string());
            let sentence = tr("{of}: slice {slice}, row {row}, column {column}.");
            fill(sentence, &[("of", &of), ("slice", &slice), ("row", &row), ("column", &column)])
        }
        None => of,
    }
}

/// The sum of the output that the animation has come to; how high it is.
pub fn sum_ui(ui: &mut Ui, lab: &Lab) -> f32 {
    let position = lab.position();
    card_ui(ui, |ui| {
        let t = Tokens::of(ui);
        let mut line = Line::new(ui);
        let mut value = None;
        match lab.family_shown.as_deref() {
            Some(Shown::Chain(shown)) => {
                if let Some(step) = shown.chain.step(position) {
                    match &step.cell {
                        Cell::Sum { parts, .. } => parts_of(&mut line, parts),
                        Cell::Same { from, .. } => {
                            let [channel, row, column] =
                                [from.channel, from.row, from.column].map(|n| n.to_string());
                            let sentence = tr("as it was in map {channel}, row {row}, column {column}");
                            let values = [("channel", &*channel), ("row", &*row), ("column", &*column)];
                            line.sign(&fill(sentence, &values));
                        }
                        _ => {}
                    }
                    value = Some(step.value);
                }
            }
            Some(Shown::Sliding(sliding)) => {
                if let Some(step) = sliding.step(position) {
                    parts_of(&mut line, &[step.part()]);
                    value = Some(step.value);
                }
            }
            Some(Shown::Volume(volume)) => {
                if let Some(step) = volume.step(position) {
                    parts_of(&mut line, &[step.part()]);
                    value = Some(step.value);
                }
            }
            None => {}
        }
        if let Some(value) = value {
            line.sign(" = ");
            line.strong(&super::sum::number(value), t.highlight_text);
        }
        line.ui(ui);
    })
}
