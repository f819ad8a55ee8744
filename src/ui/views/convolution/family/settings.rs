//! The inspector of the family: the variant, its settings, and its cost compared with the standard convolution.

use crate::{
    explain::variants::{BaselineKind, CostComparison, PAIRS, Variant, VariantSetting, VariantSettings},
    nn::Pair,
    text::{Term, fill, tr},
    ui::{
        action::{Action, Actions},
        model::convolution::{
            Block, ChainResult, ConvolutionSetting, FamilyChoice, FamilyResult, FamilySetup, Functions,
            MAX_LENGTHS, act::ConvolutionAct, lab::ConvolutionLab,
        },
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        views::convolution::rows::{number_ui, pair_ui, row_ui, wrong_ui},
        widgets::{numbers, section, segmented, tool_button},
    },
};
use egui::{Align, ComboBox, Label, Layout, RichText, Ui, vec2};

/// In windows lower than this, in points, the variants are a menu, so that the settings are visible.
const TALL: f32 = 860.0;
/// In panels narrower than this, too, because two names do not fit side by side.
const WIDE: f32 = 300.0;
/// The width of the names in the table of costs, in points.
const NAMES: f32 = 92.0;

/// All variants to choose from; the description, the settings and the cost of the chosen one.
pub fn inspector_ui(ui: &mut Ui, lab: &ConvolutionLab, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let chosen = lab.family.choice();
    section(ui, tr("The family"));
    ui.spacing_mut().item_spacing.y = 2.0;
    let mut choice = chosen;
    if ui.content_rect().height() < TALL || ui.available_width() < WIDE {
        ComboBox::from_id_salt("family")
            .selected_text(tr(chosen.name()))
            .width(ui.available_width() - space::XS)
            .truncate()
            .show_ui(ui, |ui| {
                for other in FamilyChoice::all() {
                    ui.selectable_value(&mut choice, other, tr(other.name()));
                }
            })
            .response
            .accessible_name(tr("Variant of convolution"));
        ui.add_space(space::XS);
    } else {
        let width = (ui.available_width() - space::XS) / 2.0;
        let kinds: Vec<FamilyChoice> = FamilyChoice::all().collect();
        for pair in kinds.chunks(2) {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                ui.spacing_mut().button_padding.x = space::XS;
                for &other in pair {
                    let button = egui::Button::selectable(chosen == other, tr(other.name()));
                    // Truncated, so that a long name does not widen the panel.
                    if ui.add_sized(vec2(width, 26.0), button.truncate()).clicked() {
                        choice = other;
                    }
                }
            });
        }
        ui.add_space(space::XS);
    }
    if choice != chosen {
        actions.send(Action::Convolution(ConvolutionAct::UseFamily(choice)));
    }
    ui.label(RichText::new(tr(chosen.about())).color(t.second));
    ui.add_space(space::S);
    section(ui, tr("Settings"));
    settings_ui(ui, lab, actions);
    ui.add_space(space::S);
    match lab.family_shown.as_deref() {
        Some(FamilyResult::Chain(shown)) => chain_costs_ui(ui, shown),
        Some(FamilyResult::Sliding(sliding)) => {
            if let Ok(figure) = sliding.compare_costs() {
                section(ui, tr("Cost, compared with standard"));
                table_ui(ui, tr("all values of the result"), &figure);
            }
        }
        Some(FamilyResult::Volume(volume)) => {
            if let Ok(figure) = volume.compare_costs() {
                section(ui, tr("Cost, compared with standard"));
                let shape = |sides: [usize; 3]| sides.map(|side| side.to_string()).join("×");
                let (size, kernel) = (shape(volume.size), shape(volume.kernel_size()));
                let text = tr("a {size} volume, a {kernel} kernel");
                table_ui(ui, &fill(text, &[("size", &size), ("kernel", &kernel)]), &figure);
            }
        }
        None => {}
    }
}

/// The settings of the selected variant, each with its error below it.
fn settings_ui(ui: &mut Ui, lab: &ConvolutionLab, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let mut setup = lab.family.clone();
    match &mut setup {
        FamilySetup::Member(setup) => {
            for &setting in setup.variant.settings() {
                setting_ui(ui, setting, &mut setup.settings);
                wrong_ui(ui, ConvolutionSetting::Family(setting), lab.family_rejected.as_ref());
            }
        }
        FamilySetup::OneDimension(functions) => functions_ui(ui, functions, lab),
        FamilySetup::ThreeDimensions(block) => block_ui(ui, block, lab),
    }
    let send = |actions: &mut Actions, act| actions.send(Action::Convolution(act));
    if setup != lab.family {
        send(actions, ConvolutionAct::SetFamily(Box::new(setup)));
    }
    let hint = tr("Drag a number of an input or a kernel, or click it and type.");
    ui.label(RichText::new(hint).size(size::SMALL).color(t.second));
    if lab.family != FamilySetup::new(lab.family.choice())
        && tool_button(ui, icons::ROTATE_CCW, tr("Reset to the example"), "").clicked()
    {
        send(actions, ConvolutionAct::ResetFamily);
    }
}

fn setting_ui(ui: &mut Ui, setting: VariantSetting, settings: &mut VariantSettings) {
    let range = FamilySetup::range(setting);
    match setting {
        VariantSetting::Size => pair_ui(ui, Term::InputSize, &mut settings.size, range),
        VariantSetting::Kernel => pair_ui(ui, Term::KernelSize, &mut settings.kernel, range),
        VariantSetting::Stride => pair_ui(ui, Term::Stride, &mut settings.stride, range),
        VariantSetting::Padding => pair_ui(ui, Term::Padding, &mut settings.padding, range),
        VariantSetting::OutputPadding => {
            pair_ui(ui, Term::OutputPadding, &mut settings.output_padding, range);
        }
        VariantSetting::Dilation => pair_ui(ui, Term::Dilation, &mut settings.dilation, range),
        VariantSetting::Channels => {
            number_ui(ui, Term::Channels, &mut settings.channels, range);
        }
        VariantSetting::Filters => {
            number_ui(ui, Term::Filters, &mut settings.filters, range);
        }
        VariantSetting::Groups => number_ui(ui, Term::Groups, &mut settings.groups, range),
        VariantSetting::Layers => number_ui(ui, Term::Layers, &mut settings.layers, range),
    }
}

fn functions_ui(ui: &mut Ui, functions: &mut Functions, lab: &ConvolutionLab) {
    let options = [(true, tr("Flipped")), (false, tr("Not flipped"))];
    segmented(ui, tr("The sliding function"), &mut functions.is_flipped, &options);
    ui.add_space(space::XS);
    let chosen = PAIRS.iter().position(|(_, f, g)| functions.f == *f && functions.g == *g);
    row_ui(ui, Term::Example, |ui| {
        ComboBox::from_id_salt("functions")
            .selected_text(chosen.map_or(tr("your own"), |number| tr(PAIRS[number].0)))
            .width(ui.available_width() - space::XS)
            .truncate()
            .show_ui(ui, |ui| {
                for (number, (name, ..)) in PAIRS.iter().enumerate() {
                    if ui.selectable_label(chosen == Some(number), tr(name)).clicked() {
                        *functions = Functions::of_pair(number, functions.is_flipped);
                    }
                }
            })
            .response
            .accessible_name(tr("Pair of functions"));
    });
    let (f, g) = &mut functions.lengths;
    number_ui(ui, Term::LengthF, f, 1..=MAX_LENGTHS.0);
    wrong_ui(ui, ConvolutionSetting::Standing, lab.family_rejected.as_ref());
    number_ui(ui, Term::LengthG, g, 1..=MAX_LENGTHS.1);
    wrong_ui(ui, ConvolutionSetting::Sliding, lab.family_rejected.as_ref());
}

fn block_ui(ui: &mut Ui, block: &mut Block, lab: &ConvolutionLab) {
    let sides = |ui: &mut Ui, sides: &mut [usize; 3], names: [Term; 2], setting: VariantSetting| {
        number_ui(ui, names[0], &mut sides[0], FamilySetup::range(setting));
        let mut side = Pair { h: sides[1], w: sides[2] };
        pair_ui(ui, names[1], &mut side, FamilySetup::range(setting));
        (sides[1], sides[2]) = (side.h, side.w);
    };
    let rejected = lab.family_rejected.as_ref();
    sides(ui, &mut block.size, [Term::InputDepth, Term::InputSize], VariantSetting::Size);
    wrong_ui(ui, ConvolutionSetting::Input, rejected);
    sides(ui, &mut block.kernel, [Term::KernelDepth, Term::KernelSize], VariantSetting::Kernel);
    wrong_ui(ui, ConvolutionSetting::Kernel, rejected);
    number_ui(ui, Term::Stride, &mut block.stride, FamilySetup::range(VariantSetting::Stride));
    wrong_ui(ui, ConvolutionSetting::Stride, rejected);
}

/// The cost of the layers with these settings, and in a network of a typical size.
fn chain_costs_ui(ui: &mut Ui, shown: &ChainResult) {
    let t = Tokens::of(ui);
    let ChainResult { chain, setup: (variant, settings), figure, literature, same } = shown;
    section(ui, tr("Cost, compared with standard"));
    if let Some(figure) = figure {
        table_ui(ui, &shapes(*variant, settings), figure);
    } else {
        let cost = chain.cost();
        let (weights, adds) = (numbers::count(cost.parameters), numbers::count(cost.multiply_adds));
        let text = tr("{weights} weights, {adds} multiply-adds; no convolution gives this size.");
        let text = fill(text, &[("weights", &weights), ("adds", &adds)]);
        ui.label(RichText::new(text).size(size::SMALL).color(t.second));
    }
    if let Some((settings, figure)) = literature {
        ui.add_space(space::S);
        table_ui(ui, &fill(tr("In a network: {shapes}"), &[("shapes", &shapes(*variant, settings))]), figure);
    }
    if let Some(same) = same {
        let last = chain.layers().len();
        let (icon, text) = if chain.values(last) == same.values(1) {
            let text = tr("A single layer with the whole kernel gives exactly the same map.");
            (icons::CHECK, text)
        } else {
            (icons::INFO, tr("A single layer gives the same map, except for rounding."))
        };
        ui.label(RichText::new(format!("{icon}  {text}")).size(size::SMALL).color(t.good));
    }
}

/// What is compared, as text: channels, sizes, kernels, groups.
fn shapes(variant: Variant, settings: &VariantSettings) -> String {
    let has = |setting: VariantSetting| variant.settings().contains(&setting);
    let (from, to) = (settings.channels.to_string(), settings.filters.to_string());
    let size = settings.size.to_string();
    let values = [("from", &*from), ("to", &*to), ("size", &*size)];
    let maps = if has(VariantSetting::Filters) {
        fill(tr("{from} → {to} channels of {size}"), &values)
    } else if settings.channels > 1 {
        fill(tr("{from} channels of {size}"), &values)
    } else {
        size.clone()
    };
    let mut parts = vec![maps];
    if has(VariantSetting::Kernel) {
        parts.push(settings.kernel.to_string());
    }
    for (setting, count, sentence) in [
        (VariantSetting::Groups, settings.groups, tr("{count} groups")),
        (VariantSetting::Layers, settings.layers, tr("{count} layers")),
    ] {
        if has(setting) {
            parts.push(fill(sentence, &[("count", &count.to_string())]));
        }
    }
    for (setting, pair, plain, sentence) in [
        (VariantSetting::Stride, settings.stride, 1, tr("stride {pair}")),
        (VariantSetting::Dilation, settings.dilation, 1, tr("dilation {pair}")),
    ] {
        if has(setting) && pair != Pair::square(plain) {
            let pair = if pair.h == pair.w { pair.h.to_string() } else { pair.to_string() };
            parts.push(fill(sentence, &[("pair", &pair)]));
        }
    }
    parts.join(", ")
}

/// The name of the standard convolution.
fn baseline_name(kind: BaselineKind) -> String {
    let side = |pair: Pair| if pair.h == pair.w { pair.h.to_string() } else { pair.to_string() };
    match kind {
        BaselineKind::Padded(padding) => fill(tr("conv, padding {padding}"), &[("padding", &side(padding))]),
        BaselineKind::ZerosBetween => tr("zeros between").to_owned(),
        BaselineKind::Kernel(kernel) => fill(tr("{kernel} kernel"), &[("kernel", &kernel.to_string())]),
        BaselineKind::AllChannels => tr("all channels").to_owned(),
        BaselineKind::FullyConnected => tr("fully connected").to_owned(),
        BaselineKind::EachSlice(kernel) => {
            fill(tr("{kernel}, each slice"), &[("kernel", &kernel.to_string())])
        }
    }
}

/// The cost of a variant compared with the standard convolution.
fn table_ui(ui: &mut Ui, what: &str, figure: &CostComparison) {
    let t = Tokens::of(ui);
    ui.label(RichText::new(what).size(size::SMALL).color(t.second));
    let width = (ui.available_width() - NAMES) / 2.0;
    let row = |ui: &mut Ui, cells: [&str; 3], is_head: bool| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            // The heading may use the room above the names.
            let rooms = if is_head { [0.0, NAMES + width, width] } else { [NAMES, width, width] };
            for (i, (text, room)) in cells.iter().zip(rooms).enumerate().filter(|(_, (_, room))| *room > 0.0)
            {
                let layout = if i == 0 {
                    Layout::left_to_right(Align::Center)
                } else {
                    Layout::right_to_left(Align::Center)
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
    row(ui, ["", &baseline_name(figure.kind), tr("this one")], true);
    let CostComparison { baseline, variant, .. } = figure;
    for (name, a, b) in [
        (tr("weights"), baseline.parameters, variant.parameters),
        (tr("multiply-adds"), baseline.multiply_adds, variant.multiply_adds),
    ] {
        row(ui, [name, &numbers::count(a), &numbers::count(b)], false);
        if a > 0 {
            row(ui, [tr("fraction"), "", &numbers::percent(b as f32 / a as f32)], false);
        }
    }
}
