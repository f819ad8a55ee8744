//! The settings panel: source, settings of the layers, errors, the formula of the output size, counts.

use super::send::choose;
use crate::{
    explain::pooling::PoolOutputSize,
    nn::Pair,
    text::{Term, fill, index_range, tr},
    ui::{
        action::{Action, Actions},
        model::{
            pooling::{
                MAX_NUMBERS, PRESETS, PoolingSetting, PoolingSetup, PoolingSource, Study,
                maps::{column_name, map_columns},
            },
            worksheet::WorksheetAct,
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{
            card, explain, icon_button, key_value, numbers, section, section_with_detail, segmented,
            tool_button, typed_number, typed_number_ui,
        },
    },
    worksheet::Topic,
};
use egui::{Align, Checkbox, ComboBox, DragValue, Layout, RichText, Ui};
use std::ops::RangeInclusive;

/// The largest number that can be typed; values that are too large for the map are rejected with a message.
const TYPED: usize = 999;

/// The settings panel.
pub fn settings_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let choice = &state.settings.pooling;
    let mut new = choice.clone();
    source_ui(ui, state, &mut new);
    ui.add_space(space::M);
    window_ui(ui, state, &mut new);
    ui.add_space(space::M);
    if tool_button(ui, icons::DOWNLOAD, tr("Worksheet…"), "").clicked() {
        actions.send(Action::Worksheet(WorksheetAct::Open(Topic::Pooling)));
    }
    ui.add_space(space::M);
    // Everything whose height varies comes after the controls, so that no control moves.
    error_ui(ui, state);
    if let Some(study) = state.pooling.study.as_deref() {
        formula_ui(ui, study);
        ui.add_space(space::M);
        counts_ui(ui, study);
    }
    choose(actions, choice, |choice| *choice = new);
}

fn source_ui(ui: &mut Ui, state: &AppState, choice: &mut PoolingSetup) {
    section(ui, tr("Input"));
    ui.add_space(space::XS);
    let is_wrong = is_rejected(state, PoolingSetting::Source);
    let network = &state.network.network;
    let columns = map_columns(network);
    // The default is the first map after the input.
    let first = columns.get(1).or(columns.first()).map_or(0, |(column, ..)| *column);
    let map = match choice.source {
        map @ PoolingSource::Map { .. } => map,
        _ => PoolingSource::Map { column: first, map: 0 },
    };
    let options = [
        (PoolingSource::Image, tr("Image")),
        (map, tr("Feature map")),
        (PoolingSource::Numbers, tr("Numbers")),
    ];
    segmented(ui, tr("Input source"), &mut choice.source, &options);
    ui.add_space(space::XS);
    match &mut choice.source {
        PoolingSource::Image => {}
        PoolingSource::Map { column, map } => {
            row_ui(ui, Term::Layer, is_wrong, |ui| {
                ComboBox::from_id_salt("layer of the map")
                    .selected_text(column_name(network, *column))
                    .width(132.0)
                    .show_ui(ui, |ui| {
                        for (other, ..) in &columns {
                            if ui.selectable_label(other == column, column_name(network, *other)).clicked() {
                                (*column, *map) = (*other, 0);
                            }
                        }
                    })
                    .response
                    .accessible_name(tr("Layer of the map"));
            });
            let count = columns.iter().find(|(other, ..)| other == column).map_or(0, |(_, count, _)| *count);
            map_ui(ui, map, count, is_wrong);
        }
        PoolingSource::Numbers => numbers_ui(ui, choice),
    }
}

/// The number of the map in its layer.
fn map_ui(ui: &mut Ui, map: &mut usize, count: usize, is_wrong: bool) {
    row_ui(ui, Term::FeatureMap, is_wrong, |ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let next = ui.add_enabled_ui(map.saturating_add(1) < count, |ui| {
            icon_button(ui, icons::CHEVRON_RIGHT, tr("Next map"))
        });
        if next.inner.clicked() {
            *map += 1;
        }
        let of = format!(" {}", index_range(&(0..count)));
        let number = DragValue::new(map)
            .speed(0.1)
            .range(0..=TYPED.max(count))
            .clamp_existing_to_range(false)
            .suffix(of);
        ui.add(number).accessible_name(tr("Number of the feature map"));
        let back = ui.add_enabled_ui(*map > 0, |ui| icon_button(ui, icons::CHEVRON_LEFT, tr("Previous map")));
        if back.inner.clicked() {
            *map -= 1;
        }
    });
}

fn numbers_ui(ui: &mut Ui, choice: &mut PoolingSetup) {
    row_ui(ui, Term::Example, false, |ui| {
        let chosen = PRESETS.iter().find(|preset| preset.numbers() == choice.numbers);
        ComboBox::from_id_salt("example numbers")
            .selected_text(chosen.map_or(tr("your own"), |preset| tr(preset.name)))
            .width((ui.available_width() - 84.0).clamp(80.0, 168.0))
            .truncate()
            .show_ui(ui, |ui| {
                for preset in PRESETS {
                    let is_chosen = chosen.is_some_and(|chosen| chosen.name == preset.name);
                    if ui.selectable_label(is_chosen, tr(preset.name)).clicked() {
                        preset.choose(choice);
                    }
                }
            })
            .response
            .accessible_name(Term::Example.label());
    });
    row_ui(ui, Term::InputSize, false, |ui| {
        let (mut rows, mut columns) = (choice.numbers.rows, choice.numbers.columns);
        pair_ui(ui, Term::InputSize, (&mut rows, &mut columns), 1..=MAX_NUMBERS);
        if (rows, columns) != (choice.numbers.rows, choice.numbers.columns) {
            choice.numbers = choice.numbers.resized(rows, columns);
        }
    });
}

fn window_ui(ui: &mut Ui, state: &AppState, choice: &mut PoolingSetup) {
    section(ui, tr("Settings"));
    ui.add_space(space::XS);
    let is_square = choice.is_square;
    let before = choice.stride();
    let mut stride = before;
    for (setting, value, term) in [
        (PoolingSetting::KernelSize, &mut choice.kernel_size, Term::KernelSize),
        (PoolingSetting::Stride, &mut stride, Term::Stride),
        (PoolingSetting::Padding, &mut choice.padding, Term::Padding),
        (PoolingSetting::Dilation, &mut choice.dilation, Term::Dilation),
    ] {
        setting_ui(ui, term, value, is_square, is_rejected(state, setting));
    }
    if stride != before {
        choice.stride = Some(stride);
    }
    let mut is_own = choice.stride.is_none();
    switch_ui(ui, Term::StrideIsKernel, &mut is_own);
    if is_own != choice.stride.is_none() {
        choice.stride = (!is_own).then_some(stride);
    }
    let was_square = choice.is_square;
    switch_ui(ui, Term::Square, &mut choice.is_square);
    if choice.is_square && !was_square {
        choice.kernel_size = Pair::square(choice.kernel_size.h);
        choice.stride = choice.stride.map(|stride| Pair::square(stride.h));
        choice.padding = Pair::square(choice.padding.h);
        choice.dilation = Pair::square(choice.dilation.h);
    }
    switch_ui(ui, Term::CeilMode, &mut choice.ceil_mode);
    // A setting of average pooling, which has no dilation.
    let has_average = !choice.is_dilated();
    ui.add_enabled_ui(has_average, |ui| {
        switch_ui(ui, Term::CountIncludePad, &mut choice.count_include_pad);
    });
}

/// A setting of the layers: one number, or one for the height and one for the width.
fn setting_ui(ui: &mut Ui, term: Term, value: &mut Pair, is_square: bool, is_wrong: bool) {
    row_ui(ui, term, is_wrong, |ui| {
        if is_square {
            let mut side = value.h;
            ui.spacing_mut().interact_size.x = 64.0;
            typed_number_ui(ui, field(&mut side, 0..=TYPED)).accessible_name(term.label());
            if side != value.h {
                *value = Pair::square(side);
            }
        } else {
            pair_ui(ui, term, (&mut value.h, &mut value.w), 0..=TYPED);
        }
    });
}

/// A number of cells, applied when typing ends: the 1 of 12 would cut the map to one row.
fn field(value: &mut usize, range: RangeInclusive<usize>) -> DragValue<'_> {
    let field = typed_number(value).speed(0.05).range(range);
    field.clamp_existing_to_range(false)
}

/// A height and a width with a cross between them, added from right to left.
fn pair_ui(ui: &mut Ui, term: Term, (height, width): (&mut usize, &mut usize), range: RangeInclusive<usize>) {
    ui.spacing_mut().interact_size.x = 46.0;
    ui.spacing_mut().item_spacing.x = space::XS;
    let number = |ui: &mut Ui, name: &'static str, value: &mut usize| {
        let name = fill(tr(name), &[("label", term.label())]);
        typed_number_ui(ui, field(value, range.clone())).accessible_name(name);
    };
    number(ui, "{label} width", width);
    ui.label("×");
    number(ui, "{label} height", height);
}

/// A row with a label, marked if its value is rejected.
fn row_ui(ui: &mut Ui, term: Term, is_wrong: bool, add: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        let text = if is_wrong {
            RichText::new(format!("{}  {}", term.label(), icons::TRIANGLE_ALERT)).color(t.bad)
        } else {
            RichText::new(term.label()).color(t.second)
        };
        explain(ui.label(text), term);
        ui.with_layout(Layout::right_to_left(Align::Center), add);
    });
}

fn switch_ui(ui: &mut Ui, term: Term, is_on: &mut bool) {
    row_ui(ui, term, false, |ui| {
        ui.add(Checkbox::without_text(is_on)).accessible_name(term.label());
    });
}

fn is_rejected(state: &AppState, setting: PoolingSetting) -> bool {
    state.pooling.rejected.as_ref().is_some_and(|rejected| rejected.setting == setting)
}

/// Why the settings are rejected, if they are.
fn error_ui(ui: &mut Ui, state: &AppState) {
    let Some(rejected) = &state.pooling.rejected else { return };
    let t = Tokens::of(ui);
    let kept =
        if state.pooling.study.is_some() { tr(" The view shows the last valid settings.") } else { "" };
    let text = format!("{}  {}{kept}", icons::TRIANGLE_ALERT, rejected.sentence());
    ui.label(RichText::new(text).color(t.bad));
    ui.add_space(space::M);
}

/// The formula of the output size, with symbols and with numbers.
fn formula_ui(ui: &mut Ui, study: &Study) {
    let [rows, columns] = study.choice.sides(study.max.input_size());
    let ceil_mode = study.choice.ceil_mode;
    let rounding = if ceil_mode { tr("rounded up") } else { tr("rounded down") };
    explain(section_with_detail(ui, Term::OutputSize.label(), rounding), Term::OutputSize);
    let (height, width) = study.max.output_size();
    card(ui, |ui| {
        let t = Tokens::of(ui);
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        let mono = |text: String| RichText::new(text).font(fonts::mono(size::MONO)).color(t.second);
        let (open, close) = if ceil_mode { ("⌈", "⌉") } else { ("⌊", "⌋") };
        let is_dilated = study.choice.is_dilated();
        let kernel = if is_dilated { "K′" } else { "K" };
        ui.label(mono(format!("{open}(n + 2P − {kernel}) / S{close} + 1")));
        let span = |ui: &mut Ui, PoolOutputSize { dilation, kernel, .. }: PoolOutputSize, span: usize| {
            ui.label(mono(format!("K′ = {dilation}·({kernel} − 1) + 1 = {span}")));
        };
        if is_dilated {
            ui.label(mono("K′ = D·(K − 1) + 1".to_owned()));
        }
        let line = |ui: &mut Ui, side: PoolOutputSize, is: usize| {
            if is_dilated {
                span(ui, side, side.span());
            }
            let (PoolOutputSize { n, stride, padding, .. }, kernel) = (side, side.span());
            let text = format!("{open}({n} + 2·{padding} − {kernel}) / {stride}{close} + 1 =");
            // In a narrow panel, a long result goes on its own line.
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                ui.spacing_mut().interact_size.y = 18.0;
                ui.label(mono(text));
                let formula = side.formula().unwrap_or(is);
                ui.label(
                    RichText::new(formula.to_string())
                        .font(fonts::mono_bold(size::MONO))
                        .color(t.highlight_text),
                );
                if side.drops_last_window() {
                    ui.label(mono(format!("{formula} − 1 = {is}")));
                }
            });
        };
        line(ui, rows, height);
        if rows != columns {
            line(ui, columns, width);
        }
        if rows.drops_last_window() || columns.drops_last_window() {
            let text = tr("The last window would start in the padding, so it is dropped.");
            ui.label(RichText::new(text).size(size::SMALL).color(t.second));
        }
    });
}

fn counts_ui(ui: &mut Ui, study: &Study) {
    section(ui, tr("Counts"));
    let max = &study.max;
    let ((height, width), (rows, columns)) = (max.input_size(), max.output_size());
    let size = |rows: usize, columns: usize| {
        format!("{rows}×{columns} = {}", numbers::count((rows * columns) as u64))
    };
    explain(key_value(ui, Term::InputValues.label(), &size(height, width)), Term::InputValues);
    explain(key_value(ui, Term::OutputValues.label(), &size(rows, columns)), Term::OutputValues);
    explain(key_value(ui, Term::Parameters.label(), "0"), Term::Parameters);
    explain(key_value(ui, Term::Ties.label(), &numbers::count(study.ties as u64)), Term::Ties);
}
