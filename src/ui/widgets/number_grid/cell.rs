//! A cell whose number is dragged, or typed.

use super::text::{Digits, LARGEST_TYPED, short};
use crate::{
    text::{fill, tr},
    ui::widgets::{numbers, typed_number::typed_number_ui},
};
use egui::{Color32, Direction, DragValue, Layout, Rect, Role, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo};
use std::cell::RefCell;

/// What a person did to an editable cell.
pub(super) struct Typed {
    pub(super) value: Option<f32>,
    pub(super) refused: Option<String>,
}

/// A cell that is dragged, or clicked and typed into.
pub(super) fn cell_ui(
    ui: &mut Ui,
    rect: Rect,
    label: &str,
    value: f32,
    digits: &Digits,
    ink: Color32,
) -> Typed {
    let layout = Layout::centered_and_justified(Direction::TopDown);
    let ui = &mut ui.new_child(UiBuilder::new().max_rect(rect).layout(layout).id_salt(label));
    let id = ui.next_auto_id();
    let is_typing = ui.memory(|memory| memory.has_focus(id));
    let style = ui.style_mut();
    style.text_styles.insert(TextStyle::Monospace, digits.font.clone());
    style.spacing.button_padding = Vec2::ZERO;
    style.spacing.interact_size = rect.size();
    for visuals in [
        &mut style.visuals.widgets.inactive,
        &mut style.visuals.widgets.hovered,
        &mut style.visuals.widgets.active,
    ] {
        visuals.weak_bg_fill = Color32::TRANSPARENT;
        visuals.bg_fill = Color32::TRANSPARENT;
        if !is_typing {
            // The text field has its own ground.
            visuals.fg_stroke.color = ink;
        }
        visuals.expansion = 0.0;
    }
    style.visuals.widgets.inactive.bg_stroke = egui::Stroke::NONE;
    let refused = RefCell::new(None);
    let mut edited = value;
    let is_whole = value == value.trunc();
    let ctx = ui.ctx().clone();
    let field = DragValue::new(&mut edited)
        .speed(if is_whole { 0.05 } else { f64::from(value.abs().max(0.1)) * 0.01 })
        .range(-LARGEST_TYPED..=LARGEST_TYPED)
        .clamp_existing_to_range(false)
        .max_decimals(3)
        // While it is edited, a number shows the decimals for which the cell is too narrow.
        .custom_formatter(|value, _| {
            let is_typed = ctx.memory(|memory| memory.has_focus(id));
            if is_typed { short(value as f32) } else { (digits.write)(value as f32) }
        })
        .custom_parser(|text| match parse(text) {
            Ok(value) => Some(f64::from(value)),
            Err(sentence) => {
                *refused.borrow_mut() = Some(sentence);
                None
            }
        });
    let response = typed_number_ui(ui, field);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::SpinButton, true, label);
        info.value = Some(f64::from(value));
        info
    });
    // Dragging a whole number goes from one whole number to the next.
    let edited = if response.dragged() && is_whole { edited.round() } else { edited };
    // A shortened number does not change if the text stays the same.
    let is_other = edited != value && (response.dragged() || short(edited) != short(value));
    let refused = refused.into_inner().map(|text| {
        let sentence = match numbers::typed(&text) {
            Some(_) => tr("{name}: “{text}” is too large. Type a number of at most a million."),
            None => tr("{name}: “{text}” is not a number. Type one such as 2 or −0.5."),
        };
        fill(sentence, &[("name", label), ("text", &text)])
    });
    Typed { value: is_other.then_some(edited), refused }
}

/// Parses a typed number. The error is the typed text.
fn parse(text: &str) -> Result<f32, String> {
    match numbers::typed(text).map(|value| value as f32) {
        Some(value) if value.abs() <= LARGEST_TYPED => Ok(value),
        _ => Err(text.trim().to_owned()),
    }
}
