//! The row over Architecture for a file of weights whose network is not known, and the table of its tensors.

use crate::{
    foreign::FoundTensor,
    nn::NetworkSpec,
    text::{fill, harmless, tr},
    ui::{
        action::{Action, Actions},
        model::import::{Fit, ImportAct, ImportLab},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{icon_button, modal, primary_button, tool_button},
    },
};
use egui::{Align, ComboBox, Grid, Label, Layout, RichText, ScrollArea, Ui, vec2};

/// The height of the row, in points.
pub const IMPORT_HEIGHT: f32 = 46.0;

/// The width of the table's dialog, and the height of its rows' part, in points.
const TABLE: (f32, f32) = (620.0, 420.0);

/// Shows the row.
pub fn import_ui(ui: &mut Ui, state: &AppState, lab: &ImportLab, actions: &mut Actions) {
    let spec = state.architecture.draft.named_spec();
    let fit = lab.fit(&spec);
    let t = Tokens::of(ui);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        if icon_button(ui, icons::X, tr("Close the weights")).clicked() {
            actions.send(Action::Import(ImportAct::Close));
        }
        let can = fit.fault.is_none();
        if ui.add_enabled_ui(can, |ui| primary_button(ui, icons::CHECK, tr("Use these weights"))).inner.clicked() {
            actions.send(Action::Import(ImportAct::Use));
        }
        if tool_button(ui, icons::LIST, tr("Tensors…"), "").clicked() {
            actions.send(Action::Import(ImportAct::Table(true)));
        }
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            ui.add_space(5.0);
            let file = lab.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            let placed = lab.foreign.found.len() - fit.matching.unused.len();
            let counts = [("file", harmless(&file)), ("placed", placed.to_string()), ("all", lab.foreign.found.len().to_string())];
            let counts = counts.each_ref().map(|(name, value)| (*name, value.as_str()));
            let title = fill(tr("Weights of {file}: {placed} of {all} tensors have a place"), &counts);
            ui.add(Label::new(RichText::new(title).font(fonts::semibold(size::BODY)).color(t.text)).truncate());
            let (said, color) = match &fit.fault {
                Some(fault) => (format!("{}.", fault.capitalised()), t.bad),
                None => (tr("Every tensor has its place. Check strides, padding, pooling and activations: weights do not tell them.").to_owned(), t.second),
            };
            ui.add(Label::new(RichText::new(&said).size(size::SMALL).color(color)).truncate()).on_hover_text(&said);
        });
    });
    if lab.shows_table {
        table_ui(ui, lab, &spec, &fit, actions);
    }
}

/// The dialog with the table.
fn table_ui(ui: &Ui, lab: &ImportLab, spec: &NetworkSpec, fit: &Fit, actions: &mut Actions) {
    let modal = modal(ui.ctx(), "tensors").show(ui.ctx(), |ui| {
        let (width, height) = TABLE;
        let room = ui.ctx().content_rect().size() - vec2(80.0, 220.0);
        ui.set_width(width.min(room.x));
        let t = Tokens::of(ui);
        ui.label(RichText::new(tr("Tensors")).font(fonts::semibold(size::LARGE)).color(t.text));
        let about =
            tr("Which tensor of the file belongs to which layer: by order and shape, or as you choose.");
        ui.label(RichText::new(about).size(size::SMALL).color(t.second));
        ui.add_space(space::M);
        ScrollArea::both().max_height(height.min(room.y)).auto_shrink([false, true]).show(ui, |ui| {
            rows_ui(ui, lab, spec, fit, actions);
        });
        ui.add_space(space::M);
        ui.horizontal(|ui| {
            if primary_button(ui, icons::CHECK, tr("Done")).clicked() {
                actions.send(Action::Import(ImportAct::Table(false)));
            }
            if tool_button(ui, icons::ROTATE_CCW, tr("By order and shape"), "").clicked() {
                actions.send(Action::Import(ImportAct::Again));
            }
        });
    });
    if modal.should_close() {
        actions.send(Action::Import(ImportAct::Table(false)));
    }
}

fn rows_ui(ui: &mut Ui, lab: &ImportLab, spec: &NetworkSpec, fit: &Fit, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let small = |text: &str| RichText::new(text).size(size::SMALL);
    let found = |i: Option<usize>| i.and_then(|i| lab.foreign.found.get(i));
    Grid::new("rows").num_columns(4).striped(true).spacing([space::M, space::XS]).show(ui, |ui| {
        for title in [tr("layer"), tr("tensor"), tr("shape"), tr("in the file")] {
            ui.label(small(title).color(t.second));
        }
        ui.end_row();
        for row in &fit.matching.rows {
            let tensor = found(row.found);
            if tensor.is_none() && row.is_optional {
                continue;
            }
            ui.label(small(&spec.layer_name(row.layer)));
            ui.label(RichText::new(&row.key).font(fonts::mono(size::SMALL)));
            ui.label(small(&shape(&row.shape)));
            let fits = tensor.is_some_and(|tensor| tensor.shape == row.shape);
            let text = tensor.map_or_else(|| tr("none").to_owned(), |tensor| harmless(&tensor.key));
            let text = small(&text).color(if fits { t.text } else { t.bad });
            let name = fill(tr("Tensor for {key}"), &[("key", &row.key)]);
            let combo = ComboBox::from_id_salt(&row.key).width(240.0).selected_text(text).show_ui(ui, |ui| {
                // Those of the right shape first.
                let (same, other): (Vec<&FoundTensor>, Vec<&FoundTensor>) =
                    lab.foreign.found.iter().partition(|other| other.shape == row.shape);
                for choice in same.into_iter().chain(other) {
                    let is_it = tensor.is_some_and(|tensor| tensor.key == choice.key);
                    let label = format!("{}  {}", harmless(&choice.key), shape(&choice.shape));
                    if ui.selectable_label(is_it, label).clicked() {
                        let chosen = Some(choice.key.clone());
                        actions.send(Action::Import(ImportAct::Choose(row.key.clone(), chosen)));
                    }
                }
            });
            let enabled = combo.response.enabled();
            combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, enabled, &name));
            ui.end_row();
        }
        let left_out = lab.foreign.found.iter().filter(|tensor| lab.map.left_out.contains(&tensor.key));
        let unused = fit.matching.unused.iter().filter_map(|&i| lab.foreign.found.get(i));
        for tensor in unused.chain(left_out) {
            ui.label(small(tr("no layer")).color(t.second));
            ui.label("");
            ui.label(small(&shape(&tensor.shape)));
            let mut is_out = lab.map.left_out.contains(&tensor.key);
            let name = fill(tr("leave out {tensor}"), &[("tensor", &harmless(&tensor.key))]);
            if ui.checkbox(&mut is_out, small(&name)).changed() {
                actions.send(Action::Import(ImportAct::LeaveOut(tensor.key.clone(), is_out)));
            }
            ui.end_row();
        }
    });
}

fn shape(shape: &[usize]) -> String {
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("×")
}
