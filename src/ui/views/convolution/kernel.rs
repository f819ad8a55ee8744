//! The kernels: named, random or learnt, and the biases.

use super::rows::row_ui;
use crate::{
    explain::convolution::KERNELS,
    nn::{LayerSpec, Pair},
    text::{Term, fill, tr},
    ui::{
        action::{Action, Actions},
        model::convolution::{ConvolutionSetup, Weights, act::ConvolutionAct},
        state::AppState,
        style::{icons, tokens::space},
        widgets::{numbers, section_with_detail, tool_button, typed_number_ui},
    },
};
use egui::{ComboBox, DragValue, Ui};

/// Chooses the kernels of the selected filter.
pub fn kernels_ui(ui: &mut Ui, state: &AppState, setup: &mut ConvolutionSetup, actions: &mut Actions) {
    let lab = &state.convolution;
    let shown = lab.shown.as_deref();
    let filter = shown.map_or(0, |conv| conv.place(lab.position()).channel);
    let many = shown.is_some_and(|conv| conv.settings().out_channels > 1);
    let detail =
        if many { fill(tr("filter {number}"), &[("number", &filter.to_string())]) } else { String::new() };
    section_with_detail(ui, tr("Kernel values"), &detail);
    let send = |actions: &mut Actions, act| actions.send(Action::Convolution(act));
    let learned = |layer: usize| {
        fill(tr("learnt by {layer}"), &[("layer", &state.network.network.spec().layer_name(layer))])
    };
    row_ui(ui, Term::KernelPreset, |ui| {
        let chosen = chosen(setup, filter);
        ComboBox::from_id_salt("kernel")
            .selected_text(match (&setup.weights, chosen) {
                (Weights::Learned(layer), _) => learned(*layer),
                (_, Some(number)) => tr(KERNELS[number].name).to_owned(),
                (_, None) => tr("your own").to_owned(),
            })
            .width(ui.available_width() - space::XS)
            .truncate()
            .show_ui(ui, |ui| {
                for (number, kernel) in KERNELS.iter().enumerate() {
                    if ui.selectable_label(chosen == Some(number), tr(kernel.name)).clicked() {
                        send(actions, ConvolutionAct::UseKernel(filter, number));
                    }
                }
                let layers = state.network.network.spec().layers.iter().enumerate();
                for (number, layer) in layers.filter(|(_, layer)| matches!(layer, LayerSpec::Conv2d(_))) {
                    let is_chosen = setup.weights == Weights::Learned(number);
                    let item = ui.selectable_label(is_chosen, learned(number));
                    if item.on_hover_text(layer.summary()).clicked() {
                        send(actions, ConvolutionAct::UseLearned(number));
                    }
                }
            })
            .response
            .accessible_name(Term::KernelPreset.label());
    });
    if tool_button(ui, icons::SHUFFLE, tr("Random"), "").clicked() {
        send(actions, ConvolutionAct::RandomKernels);
    }
    let bias = shown.and_then(|conv| conv.bias()).and_then(|bias| bias.get(filter));
    if let (Some(&bias), true) = (bias, setup.has_bias) {
        let mut new = bias;
        row_ui(ui, Term::Bias, |ui| {
            let field = DragValue::new(&mut new)
                .speed(0.05)
                .range(-1e6..=1e6)
                .custom_formatter(|value, _| numbers::decimal(value))
                .custom_parser(numbers::typed);
            typed_number_ui(ui, field).accessible_name(Term::Bias.label());
        });
        if new != bias {
            send(actions, ConvolutionAct::SetBias(filter, new));
        }
    }
}

/// The named kernel that all channels of a filter share, if there is one.
fn chosen(setup: &ConvolutionSetup, filter: usize) -> Option<usize> {
    let Weights::Own(kernels) = &setup.weights else { return None };
    let [_, channels, h, w] = kernels.shape;
    let len = channels * h * w;
    let weights =
        kernels.values.get(filter * len..(filter + 1) * len).filter(|weights| !weights.is_empty())?;
    KERNELS.iter().position(|preset| {
        let kernel = crate::explain::convolution::resized(&preset.weights(), preset.size, Pair { h, w });
        preset.size.h <= h && preset.size.w <= w && weights.chunks_exact(h * w).all(|one| one == kernel)
    })
}
