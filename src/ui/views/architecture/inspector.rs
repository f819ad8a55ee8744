//! The panel: the settings of the selected layer or of the input, and its figures.

use super::{
    controls::buttons_ui,
    field::{Changed, number_field, row_ui, setting_ui},
    send::send,
    sheets::Sheets,
    why,
    words::{bytes, layer_name, times},
};
use crate::{
    nn::{Shape, SpecEdit},
    text::{Term, fill, tr},
    ui::{
        action::Actions,
        model::architecture::ArchitectureAct,
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::{explain, key_value, numbers, section},
    },
};
use egui::{RichText, TextEdit, Ui};

/// The largest side of a picture and the most channels that can be typed.
const MAX_SIDE: usize = 4096;

/// The most classes that can be typed.
const MAX_CLASSES: usize = 1 << 16;

/// The name while it is typed.
#[derive(Default)]
pub struct NameField {
    typed: String,
    of: String,
}

/// The panel.
pub fn inspector_ui(
    ui: &mut Ui,
    state: &AppState,
    sheets: &Sheets,
    name: &mut NameField,
    has_buttons: bool,
    actions: &mut Actions,
) {
    match state.architecture.selected {
        Some(place) => layer_ui(ui, state, sheets, place, has_buttons, actions),
        None => input_ui(ui, state, name, actions),
    }
    ui.add_space(space::M);
    why::why_ui(ui, state, sheets);
}

fn layer_ui(
    ui: &mut Ui,
    state: &AppState,
    sheets: &Sheets,
    place: usize,
    has_buttons: bool,
    actions: &mut Actions,
) {
    let t = Tokens::of(ui);
    let Some(layer) = state.architecture.draft.layers.get(place) else { return };
    let name = layer_name(state, sheets, place);
    ui.label(RichText::new(&name).size(size::SMALL).color(t.second));
    ui.label(RichText::new(layer.spec.summary()).font(fonts::semibold(size::LARGE)).color(t.text));
    if has_buttons {
        ui.horizontal(|ui| buttons_ui(ui, state, place, &name, actions));
    }
    ui.add_space(space::S);
    let settings = layer.spec.settings();
    let mut changed = Changed::default();
    if settings.is_empty() {
        ui.label(RichText::new(tr("This layer has no settings.")).color(t.second));
    }
    ui.push_id((place, layer.spec.type_name()), |ui| {
        for setting in &settings {
            setting_ui(ui, &layer.spec, setting, &mut changed);
        }
    });
    apply(&changed, |spec| SpecEdit::Set(place, spec), actions);
    ui.add_space(space::M);
    section(ui, tr("Its numbers"));
    let figures = sheets.figures(place);
    let base = sheets.base_figures(layer.origin);
    let mut row = |term: Term, now: Option<String>, was: Option<String>| {
        let now = now.unwrap_or_else(|| "–".to_owned());
        let text = match was.filter(|was| *was != now) {
            Some(was) => fill(tr("{now}  was {was}"), &[("now", &now), ("was", &was)]),
            None => now,
        };
        explain(key_value(ui, term.label(), &text), term);
    };
    row(Term::Input, figures.map(|f| f.input.to_string()), base.map(|f| f.input.to_string()));
    row(Term::Output, figures.map(|f| f.cost.output.to_string()), base.map(|f| f.cost.output.to_string()));
    let count = |number: u64| numbers::count(number);
    row(Term::Parameters, figures.map(|f| count(f.cost.parameters)), base.map(|f| count(f.cost.parameters)));
    row(
        Term::MultiplyAdds,
        figures.map(|f| count(f.cost.multiply_adds)),
        base.map(|f| count(f.cost.multiply_adds)),
    );
    row(
        Term::Memory,
        figures.map(|f| bytes(f.cost.activation_bytes())),
        base.map(|f| bytes(f.cost.activation_bytes())),
    );
    row(Term::ReceptiveField, figures.map(|f| times(f.field)), base.map(|f| times(f.field)));
}

/// Sends the change of a control: one that is dragged goes on until it is let go.
fn apply(changed: &Changed, edit: impl FnOnce(crate::nn::LayerSpec) -> SpecEdit, actions: &mut Actions) {
    if let Some(layer) = changed.layer.clone() {
        send(actions, act(edit(layer), changed));
    }
    if changed.has_settled {
        send(actions, ArchitectureAct::Settle);
    }
}

fn act(edit: SpecEdit, changed: &Changed) -> ArchitectureAct {
    if changed.is_dragged { ArchitectureAct::Adjust(edit) } else { ArchitectureAct::Edit(vec![edit]) }
}

/// The network's name, its input and its classes.
fn input_ui(ui: &mut Ui, state: &AppState, name: &mut NameField, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let draft = &state.architecture.draft;
    ui.label(RichText::new(tr("The network")).font(fonts::semibold(size::LARGE)).color(t.text));
    ui.add_space(space::S);
    if name.of != draft.name {
        *name = NameField { typed: draft.name.clone(), of: draft.name.clone() };
    }
    row_ui(
        ui,
        tr("Name"),
        |response| response.on_hover_text(tr("What the network menu and files call it.")),
        |ui| {
            let field = TextEdit::singleline(&mut name.typed).desired_width(ui.available_width() - space::XS);
            let field = ui.add(field);
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, tr("Name")));
            if field.lost_focus() && name.typed != draft.name {
                name.of.clear();
                send(actions, ArchitectureAct::Rename(name.typed.clone()));
            }
        },
    );
    let mut changed = Changed::default();
    let mut input = draft.input;
    let pad = draft.preprocess.pad;
    let label = |term: Term, text: &'static str| fill(text, &[("label", term.label())]);
    match &mut input {
        Shape::Vector(features) => {
            term_row_ui(ui, Term::Input, |ui| {
                changed.note(&number_field(ui, Term::Input.label(), features, 0.5, 1..=1 << 20));
            });
        }
        Shape::Maps { channels, height, width } => {
            term_row_ui(ui, Term::PictureSize, |ui| {
                for (i, (side, name)) in
                    [(width, tr("{label} width")), (height, tr("{label} height"))].into_iter().enumerate()
                {
                    if i > 0 {
                        ui.label(RichText::new("×").color(t.second));
                    }
                    let mut picture = side.saturating_sub(2 * pad);
                    let before = picture;
                    let name = label(Term::PictureSize, name);
                    changed.note(&number_field(ui, &name, &mut picture, 0.1, 1..=MAX_SIDE));
                    if picture != before {
                        *side = picture + 2 * pad;
                    }
                }
            });
            term_row_ui(ui, Term::Channels, |ui| {
                changed.note(&number_field(ui, Term::Channels.label(), channels, 0.05, 1..=MAX_SIDE));
            });
        }
    }
    let mut wanted = pad;
    if matches!(input, Shape::Maps { .. }) {
        term_row_ui(ui, Term::Background, |ui| {
            changed.note(&number_field(ui, Term::Background.label(), &mut wanted, 0.05, 0..=MAX_SIDE));
        });
    }
    let mut classes = draft.classes;
    term_row_ui(ui, Term::Classes, |ui| {
        number_field(ui, Term::Classes.label(), &mut classes, 0.1, 1..=MAX_CLASSES);
    });
    if input != draft.input {
        send(actions, act(SpecEdit::Input(input), &changed));
    }
    if wanted != pad {
        send(actions, act(SpecEdit::Pad(wanted), &changed));
    }
    if classes != draft.classes {
        send(actions, ArchitectureAct::SetClasses(classes));
    }
    if changed.has_settled {
        send(actions, ArchitectureAct::Settle);
    }
    ui.label(RichText::new(tr("Click a layer for its settings.")).size(size::SMALL).color(t.second));
}

fn term_row_ui(ui: &mut Ui, term: Term, add: impl FnOnce(&mut Ui)) {
    row_ui(ui, term.label(), |response| explain(response, term), add);
}
