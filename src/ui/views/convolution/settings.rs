//! The settings of the convolution, each with its error below it.

use super::{
    kernel::kernels_ui,
    rows::{number_ui, pair_ui, row_ui, wrong_ui},
};
use crate::{
    explain::convolution::{ConvolutionExample, EXAMPLES, PaddingMode},
    nn::{Pair, Shape, layers},
    text::{Term, fill, tr},
    ui::{
        action::{Action, Actions},
        model::{
            convolution::{
                ConvolutionSetting, ConvolutionSetup, ConvolutionSource, act::ConvolutionAct, photos::PHOTOS,
            },
            file_kind::FileKind,
        },
        state::AppState,
        style::{
            icons,
            picture::PictureGround,
            tokens::{Tokens, size, space},
        },
        widgets::{explain, section, tool_button},
    },
};
use egui::{Align, Checkbox, ComboBox, Layout, RichText, Ui, vec2};

/// All settings.
pub fn settings_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let lab = &state.convolution;
    let mut setup = lab.setup.clone();
    let rejected = lab.rejected.as_ref();
    section(ui, tr("Input"));
    input_ui(ui, state, &mut setup, actions);
    wrong_ui(ui, ConvolutionSetting::Source, rejected);
    ui.add_space(space::S);
    section(ui, tr("Settings"));
    pair_ui(ui, Term::KernelSize, &mut setup.kernel, 1..=11);
    wrong_ui(ui, ConvolutionSetting::Kernel, rejected);
    pair_ui(ui, Term::Stride, &mut setup.stride, 1..=4);
    wrong_ui(ui, ConvolutionSetting::Stride, rejected);
    padding_ui(ui, &mut setup);
    wrong_ui(ui, ConvolutionSetting::Padding, rejected);
    pair_ui(ui, Term::Dilation, &mut setup.dilation, 1..=4);
    wrong_ui(ui, ConvolutionSetting::Dilation, rejected);
    number_ui(ui, Term::Filters, &mut setup.filters, 1..=16);
    wrong_ui(ui, ConvolutionSetting::Filters, rejected);
    let channels = lab.shown.as_ref().map_or(1, |conv| conv.input().as_maps().0);
    if channels > 1 || setup.groups != 1 {
        number_ui(ui, Term::Groups, &mut setup.groups, 1..=channels.min(16));
        wrong_ui(ui, ConvolutionSetting::Groups, rejected);
    }
    switch_ui(ui, Term::AddBias, &mut setup.has_bias);
    switch_ui(ui, Term::FitExactly, &mut setup.refuses_rest);
    wrong_ui(ui, ConvolutionSetting::Rest, rejected);
    switch_ui(ui, Term::AverageProducts, &mut setup.then.averages);
    then_ui(ui, &mut setup);
    wrong_ui(ui, ConvolutionSetting::Then, rejected);
    ui.add_space(space::S);
    kernels_ui(ui, state, &mut setup, actions);
    wrong_ui(ui, ConvolutionSetting::Weights, rejected);
    ui.add_space(space::S);
    if setup != lab.setup {
        actions.send(Action::Convolution(ConvolutionAct::Set(Box::new(setup))));
    }
}

fn switch_ui(ui: &mut Ui, term: Term, is_on: &mut bool) {
    wide_row_ui(ui, term, |ui| {
        explain(ui.add(Checkbox::without_text(is_on)).accessible_name(term.label()), term);
    });
}

/// The layers after the convolution.
fn then_ui(ui: &mut Ui, setup: &mut ConvolutionSetup) {
    wide_row_ui(ui, Term::Followed, |ui| {
        let pool = format!("{} 2×2", Term::MaxPool.label());
        explain(ui.checkbox(&mut setup.then.pool, pool), Term::MaxPool);
        ui.add_space(space::S);
        explain(ui.checkbox(&mut setup.then.relu, Term::Relu.label()), Term::Relu);
    });
}

/// A row whose label is wider than the column of labels.
fn wide_row_ui(ui: &mut Ui, term: Term, add: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        explain(ui.label(RichText::new(term.label()).color(t.second)), term);
        ui.with_layout(Layout::right_to_left(Align::Center), add);
    });
}

/// The settings of the input, which depend on its source.
fn input_ui(ui: &mut Ui, state: &AppState, setup: &mut ConvolutionSetup, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let small = |text: String| RichText::new(text).size(size::SMALL).color(t.second);
    match setup.source {
        ConvolutionSource::Numbers => {
            examples_ui(ui, setup, state.hides_output_size(), actions);
            let (channels, height, width) = setup.size;
            let mut side = Pair { h: height, w: width };
            pair_ui(ui, Term::InputSize, &mut side, 1..=crate::ui::model::convolution::MAX_SIDE);
            let mut count = channels;
            number_ui(ui, Term::Channels, &mut count, 1..=crate::ui::model::convolution::MAX_CHANNELS);
            setup.size = (count, side.h, side.w);
            wrong_ui(ui, ConvolutionSetting::Input, state.convolution.rejected.as_ref());
            ui.label(small(tr("Drag a number, or click it and type.").to_owned()));
        }
        ConvolutionSource::Image => {
            let seen = &state.image.seen;
            let size = format!("{}×{}", seen.height(), seen.width());
            ui.label(small(fill(
                tr("The current image as the networks see it: {size}, {scale}."),
                &[("size", &size), ("scale", state.image.ground.scale())],
            )));
        }
        ConvolutionSource::Layer(number) => layers_ui(ui, state, number, actions),
        ConvolutionSource::Photo => {
            photos_ui(ui, state, actions);
            if let Some(photo) = &state.convolution.photo {
                let (channels, height, width) = photo.size;
                let kind = if channels == 3 { tr("red, green, blue") } else { tr("grey") };
                let size = format!("{height}×{width}");
                let scale = PictureGround::Black.scale();
                ui.label(small(format!("{}: {size}, {kind}, {scale}", photo.name)));
                if photo.is_scaled() {
                    let original = format!("{}×{}", photo.original.0, photo.original.1);
                    let values = [("original", &*original), ("size", &*size)];
                    let text = fill(
                        tr("Scaled from {original} to {size}, so that its pixels are visible."),
                        &values,
                    );
                    ui.label(small(format!("{}  {text}", icons::INFO)).color(t.warn));
                }
            }
            if tool_button(ui, icons::FOLDER_OPEN, tr("Open photograph…"), "").clicked() {
                actions.send(Action::AskForFile(FileKind::Photograph));
            }
        }
    }
}

/// The photographs that come with the program.
fn photos_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let name = state.convolution.photo.as_ref().map_or("", |photo| photo.name.as_str());
    let chosen = PHOTOS.iter().find(|photo| photo.name == name);
    row_ui(ui, Term::Example, |ui| {
        ComboBox::from_id_salt("photograph")
            .selected_text(chosen.map_or(tr("your own"), |photo| tr(photo.name)))
            .width(ui.available_width() - space::XS)
            .truncate()
            .show_ui(ui, |ui| {
                for (number, photo) in PHOTOS.iter().enumerate() {
                    let item = ui.selectable_label(photo.name == name, tr(photo.name));
                    if item.on_hover_text(photo.source).clicked() {
                        actions.send(Action::Convolution(ConvolutionAct::UsePhoto(number)));
                    }
                }
            })
            .response
            .accessible_name(tr("Photograph"));
    });
    if let Some(photo) = chosen {
        let t = Tokens::of(ui);
        let source = fill(tr("Photograph: {source}."), &[("source", photo.source)]);
        ui.label(RichText::new(source).size(size::SMALL).color(t.second));
    }
}

/// The examples, with a sentence about the one that is shown, unless that would tell what a lesson asks for.
fn examples_ui(ui: &mut Ui, setup: &ConvolutionSetup, is_hidden: bool, actions: &mut Actions) {
    let is_this = |example: &ConvolutionExample| {
        ConvolutionSetup { refuses_rest: setup.refuses_rest, ..ConvolutionSetup::of_example(example) }
            == *setup
    };
    let chosen = EXAMPLES.iter().find(|example| is_this(example));
    row_ui(ui, Term::Example, |ui| {
        ComboBox::from_id_salt("example")
            .selected_text(chosen.map_or(tr("your own"), |example| tr(example.name)))
            .width(ui.available_width() - space::XS)
            .truncate()
            .show_ui(ui, |ui| {
                for (number, example) in EXAMPLES.iter().enumerate() {
                    let item = ui.selectable_label(is_this(example), tr(example.name));
                    let item = if is_hidden { item } else { item.on_hover_text(tr(example.about)) };
                    if item.clicked() {
                        actions.send(Action::Convolution(ConvolutionAct::UseExample(number)));
                    }
                }
            })
            .response
            .accessible_name(tr("Example"));
    });
    let t = Tokens::of(ui);
    let about = match chosen {
        Some(_) if is_hidden => tr("What it shows is said after the answer."),
        Some(example) => tr(example.about),
        None => tr("Numbers and settings of your own."),
    };
    // The room is there whatever is said, so that no row below moves.
    let room = vec2(ui.available_width(), ABOUT);
    ui.allocate_ui_with_layout(room, Layout::top_down(Align::Min), |ui| {
        ui.set_min_height(ABOUT);
        ui.label(RichText::new(about).size(size::SMALL).color(t.second));
    });
}

/// The height of the sentence about an example, two lines, in points.
const ABOUT: f32 = 34.0;

/// The layers whose input has rows and columns.
fn layers_ui(ui: &mut Ui, state: &AppState, chosen: usize, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let network = &state.network.network;
    let name = |number: usize| (number < network.layers().len()).then(|| network.spec().layer_name(number));
    row_ui(ui, Term::InputOf, |ui| {
        ComboBox::from_id_salt("layer")
            .selected_text(name(chosen).unwrap_or_default())
            .width(ui.available_width() - space::XS)
            .truncate()
            .show_ui(ui, |ui| {
                for (number, layer) in network.layers().iter().enumerate() {
                    if let (Shape::Maps { .. }, Some(name)) = (layer.input(), name(number)) {
                        let text = format!("{name}   {}", layer.input());
                        if ui.selectable_label(number == chosen, text).clicked() {
                            let source = ConvolutionAct::UseSource(ConvolutionSource::Layer(number));
                            actions.send(Action::Convolution(source));
                        }
                    }
                }
            })
            .response
            .accessible_name(tr("Layer"));
    });
    let sentence = fill(
        tr("The numbers that {network} computes from the current image."),
        &[("network", &network.spec().name)],
    );
    ui.label(RichText::new(sentence).size(size::SMALL).color(t.second));
}

fn padding_ui(ui: &mut Ui, setup: &mut ConvolutionSetup) {
    let mut zeros = setup.zeros().unwrap_or(setup.zeros);
    let before = zeros;
    pair_ui(ui, Term::Padding, &mut zeros, 0..=5);
    if zeros != before {
        (setup.zeros, setup.padding) = (zeros, PaddingMode::Zeros);
    }
    row_ui(ui, Term::PaddingMode, |ui| {
        let named = |padding: PaddingMode| match padding {
            PaddingMode::Zeros => tr("as set"),
            PaddingMode::Valid => tr("valid: none"),
            PaddingMode::Same => tr("same: keeps size"),
            PaddingMode::Full => tr("full: every overlap"),
        };
        let old = setup.padding;
        ComboBox::from_id_salt("padding")
            .selected_text(named(old))
            .width(ui.available_width() - space::XS)
            .truncate()
            .show_ui(ui, |ui| {
                for padding in [PaddingMode::Zeros, PaddingMode::Valid, PaddingMode::Same, PaddingMode::Full]
                {
                    ui.selectable_value(&mut setup.padding, padding, named(padding));
                }
            })
            .response
            .accessible_name(Term::PaddingMode.label());
        if setup.padding == PaddingMode::Zeros && old != PaddingMode::Zeros {
            setup.zeros = before;
        }
    });
    // Only layers of a network come with another one.
    if setup.fill != layers::PaddingMode::Zeros {
        row_ui(ui, Term::PaddingFill, |ui| {
            ComboBox::from_id_salt("padding shows")
                .selected_text(setup.fill.name())
                .width(ui.available_width() - space::XS)
                .show_ui(ui, |ui| {
                    for fill in layers::PaddingMode::ALL {
                        ui.selectable_value(&mut setup.fill, fill, fill.name());
                    }
                })
                .response
                .accessible_name(Term::PaddingFill.label());
        });
    }
}
