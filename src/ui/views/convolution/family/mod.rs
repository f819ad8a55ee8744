//! The family of convolutions: which one, its animation, its sum, and what it costs beside the standard.

mod chain;
mod signal;
mod slices;

use super::sum::{Line, card_ui, parts_of};
use crate::{
    explain::{
        Cell,
        family::{Figure, Member, PAIRS},
    },
    ui::{
        action::{Action, Actions},
        convolution::{ConvolutionAct, FamilyChoice, Lab, Shown},
        fonts, icons,
        tokens::{Tokens, size, space},
        tr::{fill, tr},
        widgets::{numbers, section, segmented},
    },
};
use egui::{Align, Label, Layout, RichText, Ui, vec2};

/// The grids of a kind.
pub fn stage_ui(ui: &mut Ui, lab: &Lab, actions: &mut Actions) {
    let position = lab.position();
    match lab.family_shown.as_deref() {
        Some(Shown::Chain(chain, ..)) => chain::chain_ui(ui, chain, position, lab.is_whole, actions),
        Some(Shown::Sliding(sliding)) => signal::signal_ui(ui, sliding, position, lab.is_whole, actions),
        Some(Shown::Volume(volume)) => slices::slices_ui(ui, volume, position, lab.is_whole, actions),
        None => {}
    }
}

/// Where the animation stands, in words.
pub fn status(lab: &Lab) -> String {
    let position = lab.position();
    let (at, count) = ((position + 1).to_string(), lab.track().len.to_string());
    let of = fill(tr("Step {at} of {count}"), &[("at", &at), ("count", &count)]);
    match lab.family_shown.as_deref() {
        Some(Shown::Chain(chain, ..)) => {
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
            Some(Shown::Chain(chain, ..)) => {
                if let Some(step) = chain.step(position) {
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
                    pairs(&mut line, step.terms.iter().map(|(_, f, g)| (*f, *g)));
                    value = Some(step.value);
                }
            }
            Some(Shown::Volume(volume)) => {
                if let Some(step) = volume.step(position) {
                    pairs(&mut line, step.terms.iter().map(|(_, x, w)| (*x, *w)));
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

fn pairs(line: &mut Line, pairs: impl Iterator<Item = (f32, f32)>) {
    for (i, (x, w)) in pairs.enumerate() {
        if i > 0 {
            line.sign(" + ");
        }
        line.number(&super::sum::bracketed(x));
        line.sign("·");
        line.number(&super::sum::bracketed(w));
    }
}

/// All kinds to choose from, and what the chosen one is and costs.
pub fn inspector_ui(ui: &mut Ui, lab: &Lab, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let mut send = |act| actions.send(Action::Convolution(act));
    section(ui, tr("The family"));
    ui.spacing_mut().item_spacing.y = 2.0;
    let members = Member::ALL.map(FamilyChoice::Member);
    let others = [FamilyChoice::OneDimension(0, true), FamilyChoice::ThreeDimensions];
    for choice in members.into_iter().chain(others) {
        let is_chosen = lab.family.is_like(choice);
        let button = egui::Button::selectable(is_chosen, tr(choice.name()));
        if ui.add(button.min_size(vec2(ui.available_width(), 24.0))).clicked() && !is_chosen {
            send(ConvolutionAct::UseFamily(choice));
        }
    }
    ui.add_space(space::S);
    section(ui, tr(lab.family.name()));
    ui.label(RichText::new(tr(lab.family.about())).color(t.second));
    ui.add_space(space::S);
    if let FamilyChoice::OneDimension(pair, is_flipped) = lab.family {
        let mut flipped = is_flipped;
        let options = [(true, tr("flipped")), (false, tr("as it stands"))];
        if segmented(ui, tr("The sliding function"), &mut flipped, &options).changed() {
            send(ConvolutionAct::UseFamily(FamilyChoice::OneDimension(pair, flipped)));
        }
        ui.add_space(space::XS);
        for (number, (name, ..)) in PAIRS.iter().enumerate() {
            if ui.radio(number == pair, tr(name)).clicked() && number != pair {
                send(ConvolutionAct::UseFamily(FamilyChoice::OneDimension(number, is_flipped)));
            }
        }
    }
    let figure = match lab.family_shown.as_deref() {
        Some(Shown::Sliding(sliding)) => sliding.figure().ok(),
        Some(Shown::Volume(volume)) => volume.figure().ok(),
        _ => None,
    };
    if let Some(figure) = figure {
        ui.add_space(space::S);
        figure_ui(ui, &figure);
    }
    if let Some(Shown::Chain(chain, figure, same)) = lab.family_shown.as_deref() {
        if let Some(figure) = figure {
            figure_ui(ui, figure);
        }
        if let Some(same) = same {
            let last = chain.layers().len();
            let is_same = chain.values(last) == same.values(1);
            let (icon, text) = if is_same {
                (
                    icons::CHECK,
                    tr("The one layer with the whole kernel gives the same map here, number for number."),
                )
            } else {
                (icons::INFO, tr("The one layer gives the same map but for rounding."))
            };
            ui.label(RichText::new(format!("{icon}  {text}")).size(size::SMALL).color(t.good));
        }
    }
}

/// What a kind costs beside the standard.
fn figure_ui(ui: &mut Ui, figure: &Figure) {
    let t = Tokens::of(ui);
    section(ui, tr("Cost beside the standard"));
    ui.label(RichText::new(tr(figure.what)).size(size::SMALL).color(t.second));
    let width = (ui.available_width() - 92.0) / 2.0;
    let row = |ui: &mut Ui, cells: [&str; 3], is_head: bool| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (i, text) in cells.iter().enumerate() {
                let (room, layout) = if i == 0 {
                    (92.0, Layout::left_to_right(Align::Center))
                } else {
                    (width, Layout::right_to_left(Align::Center))
                };
                let text = if is_head || i == 0 {
                    RichText::new(*text).size(size::SMALL).color(t.second)
                } else {
                    RichText::new(*text).font(fonts::mono(size::MONO)).color(t.text)
                };
                ui.allocate_ui_with_layout(vec2(room, 22.0), layout, |ui| {
                    ui.set_min_width(room);
                    ui.add(Label::new(text).truncate());
                });
            }
        });
    };
    row(ui, ["", tr(figure.standard_name), tr("this one")], true);
    let Figure { standard, member, .. } = figure;
    for (name, a, b) in [
        (tr("weights"), standard.parameters, member.parameters),
        (tr("multiply-adds"), standard.multiply_adds, member.multiply_adds),
    ] {
        row(ui, [name, &numbers::count(a), &numbers::count(b)], false);
        if a > 0 {
            row(ui, [tr("share"), "", &numbers::percent(b as f32 / a as f32)], false);
        }
    }
}
