//! The family of convolutions: the selected variant, its animation, its sum and its cost.

mod chain;
mod layout;
mod near;
mod settings;
mod signal;
mod slices;
mod stage;

use super::sum::{Line, WrittenSum, card_ui, write_result};
use crate::{
    explain::{Cell, cell::ChannelTerms},
    text::{fill, tr, written::Expression},
    ui::{
        action::Actions,
        model::convolution::{FamilyResult, lab::ConvolutionLab},
    },
};
use egui::Ui;
pub use settings::inspector_ui;
use stage::Stage;

/// The grids of a variant.
pub fn stage_ui(ui: &mut Ui, lab: &ConvolutionLab, refused: &mut Option<String>, actions: &mut Actions) {
    let (position, is_whole) = (lab.position(), lab.is_whole);
    let is_editable = !lab.playback.is_playing() && lab.family_rejected.is_none();
    let mut stage = Stage { position, is_whole, is_editable, actions, refused, lab };
    match lab.family_shown.as_deref() {
        Some(FamilyResult::Chain(shown)) => chain::chain_ui(ui, &shown.chain, &mut stage),
        Some(FamilyResult::Sliding(sliding)) => signal::signal_ui(ui, sliding, &mut stage),
        Some(FamilyResult::Volume(volume)) => slices::slices_ui(ui, volume, &mut stage),
        None => {}
    }
}

/// The current step, in words.
pub fn status(lab: &ConvolutionLab) -> String {
    let position = lab.position();
    let (at, count) = ((position + 1).to_string(), lab.track().len.to_string());
    let of = fill(tr("Step {at} of {count}"), &[("at", &at), ("count", &count)]);
    match lab.family_shown.as_deref() {
        Some(FamilyResult::Chain(shown)) => {
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
        Some(FamilyResult::Sliding(sliding)) => {
            let Some(step) = sliding.step(position) else { return of };
            let count = step.terms.len().to_string();
            fill(tr("{of}: the functions overlap at {places} places."), &[("of", &of), ("places", &count)])
        }
        Some(FamilyResult::Volume(volume)) => {
            let Some(step) = volume.step(position) else { return of };
            let [slice, row, column] = step.place.map(|n| n.to_string());
            let sentence = tr("{of}: slice {slice}, row {row}, column {column}.");
            fill(sentence, &[("of", &of), ("slice", &slice), ("row", &row), ("column", &column)])
        }
        None => of,
    }
}

/// The sum of the current output. Returns its height.
pub fn sum_ui(ui: &mut Ui, lab: &ConvolutionLab) -> f32 {
    let position = lab.position();
    card_ui(ui, |ui| {
        let mut line = Line::new(ui);
        let sum = |line: &mut Line, parts: &[ChannelTerms], value: f32| {
            let sum = WrittenSum { parts, divisor: None, bias: None, value, shown: 0, is_hidden: false };
            let equation = sum.write(line);
            write_result(line, &equation, ui);
            value
        };
        let value = match lab.family_shown.as_deref() {
            Some(FamilyResult::Chain(shown)) => shown.chain.step(position).map(|step| match &step.cell {
                Cell::Same { from, .. } => {
                    let [channel, row, column] = [from.channel, from.row, from.column].map(|n| n.to_string());
                    let sentence = tr("as it was in map {channel}, row {row}, column {column}");
                    let values = [("channel", &*channel), ("row", &*row), ("column", &*column)];
                    line.sign(&fill(sentence, &values));
                    let equation = Expression::value(step.value).equation(step.value);
                    write_result(&mut line, &equation, ui);
                    step.value
                }
                Cell::Sum { parts, .. } => sum(&mut line, parts, step.value),
                _ => sum(&mut line, &[], step.value),
            }),
            Some(FamilyResult::Sliding(sliding)) => {
                sliding.step(position).map(|step| sum(&mut line, &[step.part()], step.value))
            }
            Some(FamilyResult::Volume(volume)) => {
                volume.step(position).map(|step| sum(&mut line, &[step.part()], step.value))
            }
            None => None,
        };
        line.ui(ui, value);
    })
}
