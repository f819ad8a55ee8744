//! A control for any setting of a layer, by its kind.

use crate::{
    nn::{LayerSetting, LayerSpec, SettingKind, SettingValue},
    text::{Term, fill, tr},
    ui::{
        style::{
            icons,
            tokens::{Tokens, space},
        },
        widgets::{explain, icon_button, numbers, typed_number, typed_number_ui},
    },
};
use egui::{
    Align, Checkbox, ComboBox, Layout, Response, RichText, Role, Slider, Ui, WidgetInfo, emath::Numeric, vec2,
};
use std::ops::RangeInclusive;

/// The width of the column of labels, in points.
const LABEL: f32 = 104.0;

/// The width of a field, in points.
const FIELD: f32 = 40.0;

/// The largest number that can be typed; the row says what does not fit.
const MOST: usize = 1 << 20;

/// What a control did in this frame.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Changed {
    /// The layer with another setting.
    pub layer: Option<LayerSpec>,
    /// Whether a number is being dragged, so that further changes belong to this one.
    pub is_dragged: bool,
    /// Whether a drag has ended.
    pub has_settled: bool,
}

impl Changed {
    /// Notes what a control of numbers does.
    pub fn note(&mut self, response: &Response) {
        self.is_dragged |= response.dragged() || response.is_pointer_button_down_on();
        self.has_settled |= response.drag_stopped() || response.lost_focus();
    }
}

/// The label of a setting.
fn label(layer: &LayerSpec, name: &str) -> String {
    if let Some(term) = Term::of_layer_setting(layer.type_name(), name) {
        return term.label().to_owned();
    }
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The tooltip of a setting: what its term means, or at least its name in PyTorch.
fn with_tip(response: Response, layer: &LayerSpec, name: &str) -> Response {
    match Term::of_layer_setting(layer.type_name(), name) {
        Some(term) => explain(response, term),
        None => response.on_hover_text(format!("{}: {name}", tr("PyTorch"))),
    }
}

/// A value as words.
pub fn written(value: &SettingValue) -> String {
    match value {
        SettingValue::Switch(true) => tr("on").to_owned(),
        SettingValue::Switch(false) => tr("off").to_owned(),
        SettingValue::Count(count) => count.to_string(),
        SettingValue::Real(number) => numbers::plain(*number),
        SettingValue::Pair([h, w]) if h == w => h.to_string(),
        SettingValue::Pair([h, w]) => format!("{h}×{w}"),
        SettingValue::Choice(word) => word.clone(),
        SettingValue::List(numbers) => numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// A label, and any control at its right.
pub fn row_ui(ui: &mut Ui, label: &str, tip: impl FnOnce(Response) -> Response, add: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.allocate_ui_with_layout(vec2(LABEL, 26.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(LABEL);
            tip(ui.label(RichText::new(label).color(t.second)));
        });
        ui.with_layout(Layout::right_to_left(Align::Center), add);
    });
}

/// A field for a number, which applies when typing ends.
pub fn number_field<N: Numeric>(
    ui: &mut Ui,
    name: &str,
    value: &mut N,
    speed: f64,
    range: RangeInclusive<N>,
) -> Response {
    ui.spacing_mut().interact_size = vec2(FIELD, 24.0);
    ui.spacing_mut().button_padding.x = space::XS;
    let field = typed_number(value).range(range).speed(speed);
    typed_number_ui(ui, field).accessible_name(name)
}

fn slider(ui: &mut Ui, name: &str, value: &mut usize, range: RangeInclusive<usize>) -> Response {
    let t = Tokens::of(ui);
    ui.spacing_mut().slider_width = (ui.available_width() - space::S).max(24.0);
    ui.spacing_mut().interact_size.y = 16.0;
    ui.visuals_mut().selection.bg_fill = t.accent;
    ui.visuals_mut().widgets.hovered.bg_fill = t.accent;
    ui.visuals_mut().widgets.active.bg_fill = t.accent;
    let mut shown = (*value).clamp(*range.start(), *range.end());
    let before = shown;
    let is_long = *range.end() > 64;
    let response = ui.add(Slider::new(&mut shown, range).integer().logarithmic(is_long).show_value(false));
    if shown != before {
        *value = shown;
    }
    response.accessible_name(name)
}

/// The control of a setting of `layer`.
pub fn setting_ui(ui: &mut Ui, layer: &LayerSpec, setting: &LayerSetting, changed: &mut Changed) {
    let label = label(layer, &setting.name);
    let name = setting.name.clone();
    let mut value = setting.value.clone();
    row_ui(
        ui,
        &label,
        |response| with_tip(response, layer, &name),
        |ui| {
            if setting.is_optional {
                let mut is_set = value.is_some();
                let text = fill(tr("Set {setting}"), &[("setting", &label)]);
                let toggle = ui.add(Checkbox::without_text(&mut is_set)).accessible_name(&text);
                if with_tip(toggle, layer, &setting.name).changed() {
                    value = is_set.then(|| usual(&setting.kind));
                }
                if !is_set {
                    ui.weak(tr("not set"));
                    return;
                }
            }
            if let Some(value) = &mut value {
                value_ui(ui, layer, (&label, setting), value, changed);
            }
        },
    );
    if value != setting.value {
        changed.layer = layer.with_setting(&setting.name, value.as_ref()).or(changed.layer.take());
    }
}

/// A first value of a setting that was left out.
fn usual(kind: &SettingKind) -> SettingValue {
    match kind {
        SettingKind::Count => SettingValue::Count(1),
        SettingKind::Pair | SettingKind::PairOr(_) => SettingValue::Pair([1, 1]),
        SettingKind::Real => SettingValue::Real(1.0),
        SettingKind::Switch => SettingValue::Switch(true),
        SettingKind::Choice(words) => SettingValue::Choice(words.first().cloned().unwrap_or_default()),
        SettingKind::List => SettingValue::List(vec![1]),
    }
}

fn value_ui(
    ui: &mut Ui,
    layer: &LayerSpec,
    (label, setting): (&str, &LayerSetting),
    value: &mut SettingValue,
    changed: &mut Changed,
) {
    let named = |text: &'static str| fill(text, &[("label", label)]);
    if let SettingKind::PairOr(words) = &setting.kind {
        words_ui(ui, layer, (label, setting), words, value);
    }
    match value {
        SettingValue::Switch(is_on) => {
            with_tip(ui.add(Checkbox::without_text(is_on)).accessible_name(label), layer, &setting.name);
        }
        SettingValue::Count(count) => {
            changed.note(&number_field(ui, &named(tr("{label}, typed")), count, 0.1, 0..=MOST));
            let range = if setting.name.starts_with("out_") { 1..=512 } else { 1..=16 };
            changed.note(&slider(ui, label, count, range));
        }
        SettingValue::Real(number) => {
            let speed = f64::from((number.abs() / 100.0).max(1e-4));
            let range = f32::MIN..=f32::MAX;
            ui.spacing_mut().interact_size.x = 2.0 * FIELD;
            let field = typed_number(number).range(range).speed(speed).max_decimals(8);
            let field = typed_number_ui(ui, field).accessible_name(label);
            changed.note(&with_tip(field, layer, &setting.name));
        }
        SettingValue::Pair(pair) => {
            let t = Tokens::of(ui);
            let [height, width] = pair;
            changed.note(&number_field(ui, &named(tr("{label} width")), width, 0.05, 0..=MOST));
            ui.label(RichText::new("×").color(t.second));
            changed.note(&number_field(ui, &named(tr("{label} height")), height, 0.05, 0..=MOST));
            let (least, most) = match setting.name.as_str() {
                name if name.contains("padding") => (0, 5),
                "kernel_size" => (1, 11),
                _ => (1, 4),
            };
            let mut side = (*height).max(*width);
            let before = side;
            changed.note(&slider(ui, label, &mut side, least..=most));
            if side != before {
                *pair = [side; 2];
            }
        }
        SettingValue::List(numbers) => {
            length_ui(ui, layer, label, &setting.name, numbers);
            // From right to left, as the row is laid out.
            for (at, number) in numbers.iter_mut().enumerate().rev() {
                let name =
                    fill(tr("{label} {number}"), &[("label", label), ("number", &(at + 1).to_string())]);
                changed.note(&with_tip(
                    number_field(ui, &name, number, 0.05, 0..=MOST),
                    layer,
                    &setting.name,
                ));
            }
        }
        SettingValue::Choice(_) if matches!(setting.kind, SettingKind::PairOr(_)) => {}
        SettingValue::Choice(word) => {
            let SettingKind::Choice(words) = &setting.kind else { return };
            let shown = ComboBox::from_id_salt(&setting.name)
                .selected_text(word.as_str())
                .width(ui.available_width() - space::XS)
                .truncate()
                .show_ui(ui, |ui| {
                    for other in words {
                        ui.selectable_value(word, other.clone(), other);
                    }
                });
            with_tip(shown.response.accessible_name(label), layer, &setting.name);
        }
    }
}

/// A button for each word that stands for a height and a width.
fn words_ui(
    ui: &mut Ui,
    layer: &LayerSpec,
    (label, setting): (&str, &LayerSetting),
    words: &[String],
    value: &mut SettingValue,
) {
    for word in words {
        let is_it = matches!(value, SettingValue::Choice(other) if other == word);
        let name = format!("{label}: {word}");
        let button = ui.selectable_label(is_it, word);
        button.widget_info(|| WidgetInfo::selected(Role::Button, true, is_it, &name));
        if with_tip(button, layer, &setting.name).clicked() {
            *value = if is_it { SettingValue::Pair([0, 0]) } else { SettingValue::Choice(word.clone()) };
        }
    }
}

/// Buttons that make a list longer or shorter, if the layer takes lists of other lengths.
fn length_ui(ui: &mut Ui, layer: &LayerSpec, label: &str, name: &str, numbers: &mut Vec<usize>) {
    let longer = [&[1], numbers.as_slice()].concat();
    let shorter = numbers.get(1..).unwrap_or_default().to_vec();
    for (icon, text, other) in [
        (icons::PLUS, tr("{label}: one more number"), longer),
        (icons::MINUS, tr("{label}: one number less"), shorter),
    ] {
        let is_taken = layer.with_setting(name, Some(&SettingValue::List(other.clone()))).is_some();
        if !other.is_empty() && is_taken && icon_button(ui, icon, &fill(text, &[("label", label)])).clicked()
        {
            *numbers = other;
        }
    }
}
