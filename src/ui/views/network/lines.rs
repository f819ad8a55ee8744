//! Numbers of the inspector: rounded so that equations are true as written, with the exact value on hover.

use crate::{
    text::{
        fill, tr,
        written::{Equation, Expression, MINUS, Number, Relation},
    },
    ui::widgets::KeyValue,
};
use egui::{Color32, Response, Ui};

/// A value with all digits that `f32` has.
pub fn exact(value: f32) -> String {
    let text =
        if value.is_finite() { format!("{value}") } else { Number::new(value.into(), 0).text().to_owned() };
    text.replace('-', MINUS)
}

/// A number that is in no equation.
pub fn single(value: f32) -> Number {
    Expression::value(value).equation(value).result
}

/// The result of an equation with its sign, after `≈` if the equation holds up to rounding only.
pub fn result(equation: &Equation) -> String {
    match equation.relation {
        Relation::Equal => equation.result.signed(),
        Relation::Approximate => format!("≈ {}", equation.result.signed()),
    }
}

/// The tooltip of a number.
pub fn hover(value: f64) -> String {
    fill(tr("exactly {value}"), &[("value", &exact(value as f32))])
}

/// A line with a number.
pub fn number_ui(ui: &mut Ui, name: &str, number: &Number) -> Response {
    KeyValue::new(name, &number.signed()).ui(ui).on_hover_text(hover(number.exact()))
}

/// The same with a colour.
pub fn colored_number_ui(ui: &mut Ui, name: &str, number: &Number, color: Color32) -> Response {
    KeyValue::new(name, &number.signed()).color(color).ui(ui).on_hover_text(hover(number.exact()))
}

/// The last line, with the result of an equation.
pub fn result_ui(ui: &mut Ui, name: &str, equation: &Equation) -> Response {
    let text = result(equation);
    KeyValue::new(name, &text).strong().ruled().ui(ui).on_hover_text(hover(equation.result.exact()))
}
