//! The outputs of the last layer, one class a line, in line with the softmax's.

use super::values::{self, Values};
use crate::{
    nn::Network,
    ui::{
        style::{
            fonts,
            tokens::{Tokens, radius},
        },
        widgets::numbers,
    },
};
use egui::{Align2, Painter, Rect, pos2};

/// The width of the column, in points.
pub const WIDTH: f32 = 84.0;

/// The room of a number, in points.
const NUMBER: f32 = 40.0;

/// With more classes than this, the softmax column has no line for each.
const MOST: usize = 20;

/// Whether a column has one value a class, in the softmax's lines.
pub fn is_column(network: &Network, column: usize) -> bool {
    column + 1 == values::softmax_column(network) && column > 0 && network.classes() <= MOST
}

/// The height of a class's line if all of them share `room`, in points.
pub fn row_height(classes: usize, room: f32) -> f32 {
    (room / classes.max(1) as f32).clamp(18.0, 34.0).floor()
}

/// Paints a bar from zero and the number of each value.
pub fn paint(painter: &Painter, shown: Values<'_>, column: usize, rect: Rect) {
    let t = Tokens::of(painter.ctx());
    let all = shown.column(column);
    let tall = rect.height() / all.len().max(1) as f32;
    let bars = rect.with_max_x(rect.right() - NUMBER);
    let lowest = all.iter().copied().fold(0.0, f32::min);
    let highest = all.iter().copied().fold(0.0, f32::max);
    let span = (highest - lowest).max(f32::MIN_POSITIVE);
    let x = |value: f32| bars.left() + bars.width() * ((value - lowest) / span).clamp(0.0, 1.0);
    for (class, value) in all.iter().enumerate() {
        let middle = rect.top() + tall * (class as f32 + 0.5);
        if value.is_finite() {
            let (from, to) = (x(0.0).min(x(*value)), x(0.0).max(x(*value)));
            let height = (tall * 0.42).clamp(6.0, 14.0);
            let bar = Rect::from_min_max(
                pos2(from, middle - height / 2.0),
                pos2(to.max(from + 1.0), middle + height / 2.0),
            );
            painter.rect_filled(bar, radius::S / 2, t.signed_text(*value));
        }
        let number = numbers::signed(*value);
        painter.text(pos2(rect.right(), middle), Align2::RIGHT_CENTER, number, fonts::mono(11.5), t.second);
    }
    painter.vline(x(0.0), rect.y_range(), t.control_stroke());
}
