//! A row of an inspector: a name on the left, a value on the right.

use crate::ui::style::{
    fonts,
    tokens::{Tokens, size, space},
};
use egui::{Align2, Color32, Response, Role, Sense, Ui, WidgetInfo, vec2};

/// The height of a line, in points.
const HEIGHT: f32 = 24.0;

/// A line of an inspector; see [`key_value`] for the plain one.
#[must_use = "show it with `ui`"]
pub struct KeyValue<'a> {
    label: &'a str,
    value: &'a str,
    color: Option<Color32>,
    is_strong: bool,
    is_ruled: bool,
}

impl<'a> KeyValue<'a> {
    /// A line with a name and a value.
    pub fn new(label: &'a str, value: &'a str) -> Self {
        Self { label, value, color: None, is_strong: false, is_ruled: false }
    }

    /// Gives the value a colour, one of the tokens.
    pub fn color(mut self, color: Color32) -> Self {
        self.color = Some(color);
        self
    }

    /// Makes the value heavier: a result.
    pub fn strong(mut self) -> Self {
        self.is_strong = true;
        self
    }

    /// Draws a line above, as above a sum.
    pub fn ruled(mut self) -> Self {
        self.is_ruled = true;
        self
    }

    /// Shows the line, as wide as there is room.
    pub fn ui(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let rule = if self.is_ruled { space::S } else { 0.0 };
        let font = if self.is_strong { fonts::mono_bold(size::MONO) } else { fonts::mono(size::MONO) };
        let ink = self.color.unwrap_or(t.text);
        let value = ui.painter().layout_no_wrap(self.value.to_owned(), font, ink);
        let width = ui.available_width().max(value.size().x + space::XL);
        let response = ui.allocate_response(vec2(width, HEIGHT + rule), Sense::hover());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Cell, true, self.label);
            info.current_text_value = Some(self.value.to_owned());
            info
        });
        let mut line = response.rect;
        if self.is_ruled {
            ui.painter().hline(line.x_range(), line.top() + rule / 2.0, t.line_stroke());
            line.min.y += rule;
        }
        let room = line.width() - value.size().x - space::S;
        let label = crate::ui::widgets::face::elided(
            ui,
            self.label,
            fonts::words(size::BODY),
            if self.is_strong { t.text } else { t.second },
            room,
        );
        let left = Align2::LEFT_CENTER.anchor_size(line.left_center(), label.size());
        let right = Align2::RIGHT_CENTER.anchor_size(line.right_center(), value.size());
        ui.painter().galley(left.min, label, t.second);
        ui.painter().galley(right.min, value, ink);
        response
    }
}

/// Shows a name on the left and a value in the face of numbers on the right.
pub fn key_value(ui: &mut Ui, label: &str, value: &str) -> Response {
    KeyValue::new(label, value).ui(ui)
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::ui::widgets::testing::harness;

    #[test]
    fn a_line_tells_its_value_and_fits_its_column() {
        let mut harness = harness(|ui, (): &mut ()| {
            key_value(ui, "bias", "−0.003");
            KeyValue::new("pre-activation", "+1.766").strong().ruled().ui(ui);
            ui.allocate_ui(vec2(60.0, 24.0), |ui| {
                key_value(ui, "a name that is much too long for its column", "1");
            });
        });
        harness.run();
        assert_eq!(harness.get_by_label("bias").value().as_deref(), Some("−0.003"));
        assert_eq!(harness.get_by_label("pre-activation").value().as_deref(), Some("+1.766"));
        assert!(harness.get_by_label("a name that is much too long for its column").rect().width() < 80.0);
    }
}
