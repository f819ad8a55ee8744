//! Numbers in cells, as short as the cells are narrow.

use crate::ui::widgets::numbers;

/// A number in a cell: whole numbers whole, others to two decimals.
pub fn short(value: f32) -> String {
    if value == value.trunc() && value.abs() < 1e4 {
        let sign = if value < 0.0 { "−" } else { "" };
        return format!("{sign}{:.0}", value.abs());
    }
    if (0.005..99.995).contains(&value.abs()) {
        let sign = if value < 0.0 { "−" } else { "" };
        let decimals = if value.abs() >= 9.995 { 1 } else { 2 };
        return format!("{sign}{:.decimals$}", value.abs());
    }
    if value.is_finite() && value.abs() < 0.005 {
        return "0".to_owned();
    }
    numbers::plain(value)
}

/// The same with one decimal, where cells are narrow.
pub(super) fn shorter(value: f32) -> String {
    let text = short(value);
    match text.split_once('.') {
        Some((whole, "00" | "0")) => whole.to_owned(),
        Some((whole, _)) if value.abs() >= 9.95 => whole.to_owned(),
        Some(_) => {
            let sign = if value < 0.0 { "−" } else { "" };
            let text = format!("{:.1}", value.abs());
            if text == "0.0" {
                return "0".to_owned();
            }
            format!("{sign}{}", text.strip_prefix('0').unwrap_or(&text))
        }
        None => text,
    }
}

/// A number in full: whole numbers as they are, others to four digits.
pub fn exact(value: f32) -> String {
    if value == value.trunc() && value.abs() < 1e5 { short(value) } else { numbers::precise(value) }
}
