//! How a lesson writes numbers: as the window writes the same number, in one piece, with a sign only below zero.

use crate::{
    lesson::Quantity,
    text::{
        tr,
        written::{percent, probability},
    },
};

/// The sign of a negative number.
const MINUS: &str = "−";

/// A number of the window as the window writes it.
pub fn written(quantity: Quantity, value: f64) -> String {
    let text = match quantity {
        Quantity::NetTop if value < 0.0 => tr("not sure").to_owned(),
        // The lesson writes the sign of per cent itself.
        Quantity::NetProbability => without_sign(&probability((value / 100.0) as f32)),
        Quantity::PoolChanged
        | Quantity::TrainAccuracy
        | Quantity::TrainTrainingAccuracy
        | Quantity::TrainGap => without_sign(&percent((value / 100.0) as f32)),
        Quantity::TrainRate => rate(value),
        Quantity::DrawInk => format!("{value:.1}"),
        Quantity::TrainLoss => format!("{value:.3}"),
        Quantity::ConvOutput
        | Quantity::ConvSmallest
        | Quantity::ConvLargest
        | Quantity::PoolOutput
        | Quantity::PoolAverage
        | Quantity::ConvKernelSum => number(value),
        _ => whole_or_short(value),
    };
    text.replace(['\u{2009}', ' '], "\u{a0}")
}

fn without_sign(percent: &str) -> String {
    percent.trim_end_matches('%').trim_end().to_owned()
}

/// A learning rate with the decimals of its field in the settings.
fn rate(value: f64) -> String {
    let step = value.abs().max(1e-5) * 0.02;
    let decimals = (1.0 / step).log10().ceil().clamp(0.0, 6.0) as usize;
    let text = format!("{value:.decimals$}");
    let is_exact = text.parse::<f64>().is_ok_and(|read| (read - value).abs() <= 1e-6 * value.abs());
    if is_exact { text } else { trimmed(value, 6) }
}

/// A number to three decimals at most.
pub fn number(value: f64) -> String {
    trimmed(value, if value.abs() >= 9.995 { 2 } else { 3 })
}

/// A number as a person typed it, to five decimals at most.
pub fn typed(value: f64) -> String {
    trimmed(value, 5)
}

/// A count, or a setting such as 0.02.
fn whole_or_short(value: f64) -> String {
    let is_whole = value.fract() == 0.0 && value.abs() < 1e15;
    if is_whole && value >= 10_000.0 {
        return crate::ui::widgets::numbers::count(value as u64);
    }
    trimmed(value, 6)
}

/// So many decimals at most, and no zeros at their end.
fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.replace('-', MINUS) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_window_writes_them() {
        for (quantity, value, text) in [
            (Quantity::PoolChanged, 15.306, "15.3"),
            (Quantity::NetProbability, 99.92, "99.9"),
            (Quantity::NetProbability, 99.99, ">99.9"),
            (Quantity::NetTop, 7.0, "7"),
            (Quantity::NetTop, -1.0, "not\u{a0}sure"),
            (Quantity::TrainGap, 9.78, "9.8"),
            (Quantity::TrainRate, f64::from(0.02_f32), "0.0200"),
            (Quantity::TrainRate, f64::from(0.012_345_f32), "0.012345"),
            (Quantity::DrawInk, 90.251, "90.3"),
            (Quantity::ConvOutput, 2.5, "2.5"),
            (Quantity::ConvOutput, -1.0, "−1"),
            (Quantity::ConvOutput, 1.0 / 3.0, "0.333"),
            (Quantity::NetParameters, 61_706.0, "61\u{a0}706"),
            (Quantity::ConvOutputHeight, 28.0, "28"),
        ] {
            assert_eq!(written(quantity, value), text, "{quantity:?}");
        }
        assert_eq!((typed(2.5), typed(-0.105), typed(12.0)), ("2.5".into(), "−0.105".into(), "12".into()));
        assert_eq!((typed(-0.0), typed(10.0)), ("0".into(), "10".into()));
    }
}
