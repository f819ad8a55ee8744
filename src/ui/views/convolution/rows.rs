//! The rows of the settings: a label, a field to type in, a slider, and beside them the error of the setting.

use crate::{
    nn::Pair,
    text::{Term, fill, tr},
    ui::{
        model::convolution::{ConvolutionRejected, ConvolutionSetting},
        style::tokens::{Tokens, space},
        widgets::{explain, typed_number, typed_number_ui, wrong_note},
    },
};
use egui::{Align, Layout, Rect, RichText, Slider, Ui, vec2};
use std::ops::RangeInclusive;

/// The width of the column of labels, in points.
const LABEL: f32 = 98.0;
/// The height of a row, in points.
const ROW: f32 = 26.0;
/// The width of a field, in points.
const FIELD: f32 = 34.0;
/// The range of typed values. The sliders have smaller ranges; an error explains an impossible value.
const TYPED: RangeInclusive<usize> = 0..=999;

/// Any control at the right of its label.
pub fn row_ui(ui: &mut Ui, term: Term, add: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.allocate_ui_with_layout(vec2(LABEL, 26.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(LABEL);
            explain(ui.label(RichText::new(term.label()).color(t.second)), term);
        });
        ui.with_layout(Layout::right_to_left(Align::Center), add);
    });
}

fn field_ui(ui: &mut Ui, name: &str, value: &mut usize) {
    ui.spacing_mut().interact_size = vec2(FIELD, 24.0);
    ui.spacing_mut().button_padding.x = space::XS;
    // Applied when typing ends: the 1 of 12 would cut numbers and kernels.
    let field = typed_number(value).range(TYPED).speed(0.05);
    typed_number_ui(ui, field).accessible_name(name);
}

fn slider_ui(ui: &mut Ui, name: &str, value: &mut usize, range: RangeInclusive<usize>) {
    let t = Tokens::of(ui);
    ui.spacing_mut().slider_width = (ui.available_width() - space::S).max(24.0);
    ui.spacing_mut().interact_size.y = 16.0;
    ui.visuals_mut().selection.bg_fill = t.accent;
    ui.visuals_mut().widgets.hovered.bg_fill = t.accent;
    ui.visuals_mut().widgets.active.bg_fill = t.accent;
    let mut shown = (*value).clamp(*range.start(), *range.end());
    let before = shown;
    ui.add(Slider::new(&mut shown, range).integer().show_value(false)).accessible_name(name);
    if shown != before {
        *value = shown;
    }
}

/// A number with a slider.
pub fn number_ui(ui: &mut Ui, term: Term, value: &mut usize, range: RangeInclusive<usize>) {
    let label = term.label();
    row_ui(ui, term, |ui| {
        field_ui(ui, &fill(tr("{label}, typed"), &[("label", label)]), value);
        slider_ui(ui, label, value, range);
    });
}

/// A height and a width; the slider sets both to the same value.
pub fn pair_ui(ui: &mut Ui, term: Term, value: &mut Pair, range: RangeInclusive<usize>) {
    let t = Tokens::of(ui);
    let label = term.label();
    row_ui(ui, term, |ui| {
        field_ui(ui, &fill(tr("{label} width"), &[("label", label)]), &mut value.w);
        ui.label(RichText::new("×").color(t.second));
        field_ui(ui, &fill(tr("{label} height"), &[("label", label)]), &mut value.h);
        let mut side = value.h.max(value.w);
        let before = side;
        slider_ui(ui, label, &mut side, range);
        if side != before {
            *value = Pair::square(side);
        }
    });
}

/// The error of a setting, beside the row that was added last: no row moves for it.
pub fn wrong_ui(ui: &mut Ui, setting: ConvolutionSetting, rejected: Option<&ConvolutionRejected>) {
    if let Some(rejected) = rejected.filter(|rejected| rejected.setting == setting) {
        let bottom = ui.cursor().top() - ui.spacing().item_spacing.y;
        let room = ui.max_rect();
        let row = Rect::from_x_y_ranges(room.x_range(), (bottom - ROW)..=bottom);
        wrong_note(ui, row, setting, &rejected.sentence());
    }
}
