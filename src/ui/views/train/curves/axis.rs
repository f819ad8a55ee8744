//! The marks of the curves' axes, and how they are labelled.

use crate::ui::{model::display::LossScale, widgets::numbers};
use egui_plot::{GridInput, GridMark};

/// The least distance between two grid lines of `egui_plot`, in points: the unit of [`GridInput::base_step_size`].
const LEAST_SPACING: f64 = 8.0;

/// The least distance between two labels of a horizontal axis, in points: room for `100 000`.
const ACROSS: f64 = 76.0;

/// The least distance between two labels of a vertical axis, in points.
const UPWARDS: f64 = 36.0;

/// A smaller loss is drawn at this place of a logarithmic axis, which has no 0.
const LEAST_LOSS: f64 = 1e-7;

/// A logarithmic axis also labels 2 and 5 where a factor of ten takes at least this many points.
const DECADE_WITH_LABELS: f64 = 75.0;

/// The same for grid lines at 2, 3, … 9.
const DECADE_WITH_LINES: f64 = 60.0;

/// The place of a loss on its axis.
pub(super) fn place(scale: LossScale, loss: f64) -> f64 {
    match scale {
        LossScale::Linear => loss,
        LossScale::Log => loss.max(LEAST_LOSS).log10(),
    }
}

/// The smallest of 1, 2, 5, 10, 20, 50, … that is not below `least`.
pub(super) fn round_step(least: f64) -> f64 {
    if !(least.is_finite() && least > 0.0) {
        return 1.0;
    }
    let decade = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0]
        .map(|factor| factor * decade)
        .into_iter()
        .find(|&step| step >= least)
        .unwrap_or(10.0 * decade)
}

/// Whole steps, several of them labelled.
pub(super) fn steps(input: &GridInput) -> Vec<GridMark> {
    let least = input.base_step_size / LEAST_SPACING * ACROSS;
    let step = round_step(least).max(1.0);
    // 25, 250, … where 50, 500, … would leave few labels.
    let half = step / 2.0;
    marks(input, if half >= least && half.fract() == 0.0 { half } else { step })
}

/// The marks of a linear vertical axis.
pub(super) fn linear(input: &GridInput) -> Vec<GridMark> {
    marks(input, round_step(input.base_step_size / LEAST_SPACING * UPWARDS))
}

/// Multiples of `step`.
fn marks(input: &GridInput, step: f64) -> Vec<GridMark> {
    multiples(input.bounds, step).map(|value| GridMark { value, step_size: step }).collect()
}

/// The multiples of `step` between two bounds; none if there would be absurdly many.
fn multiples((low, high): (f64, f64), step: f64) -> impl Iterator<Item = f64> {
    let (first, last) = ((low / step).ceil(), (high / step).floor());
    let count = if (0.0..1000.0).contains(&(last - first)) { (last - first) as usize + 1 } else { 0 };
    (0..count).map(move |i| (first + i as f64) * step)
}

/// The marks of an axis of logarithms: powers of ten, and between them 2 to 9 where there is room.
pub(super) fn decades(input: &GridInput) -> Vec<GridMark> {
    let decade = LEAST_SPACING / input.base_step_size;
    let step = round_step(UPWARDS / decade).max(1.0);
    let mut all: Vec<GridMark> =
        multiples(input.bounds, step).map(|value| GridMark { value, step_size: step }).collect();
    if decade < DECADE_WITH_LINES {
        return all;
    }
    let (low, high) = (input.bounds.0.floor(), input.bounds.1.ceil());
    for power in multiples((low, high), 1.0) {
        for digit in 2..=9 {
            let has_label = decade >= DECADE_WITH_LABELS && matches!(digit, 2 | 5);
            let step_size = if has_label { LABELLED } else { UNLABELLED };
            let value = power + f64::from(digit).log10();
            if (input.bounds.0..=input.bounds.1).contains(&value) {
                all.push(GridMark { value, step_size });
            }
        }
    }
    all
}

/// The distance between 2 and 5, or 5 and 10, on an axis of logarithms.
const LABELLED: f64 = 0.3;

/// The spacing that marks a grid line without a label.
const UNLABELLED: f64 = 0.15;

/// The label of a mark of the loss axis. Empty for a line without a label.
pub(super) fn loss_label(scale: LossScale, mark: GridMark) -> String {
    match scale {
        LossScale::Linear => number(mark.value),
        LossScale::Log if mark.step_size == UNLABELLED => String::new(),
        LossScale::Log => {
            // The digits 1, 2 or 5 before a power of ten, without the error of the logarithm.
            let power = (mark.value + 1e-9).floor();
            let digit = 10_f64.powf(mark.value - power).round();
            if (-3.0..5.0).contains(&power) {
                number(digit * 10_f64.powf(power))
            } else {
                format!("{digit}e{power}")
            }
        }
    }
}

/// A number with few digits: from 100 000 on as a power of ten.
fn number(value: f64) -> String {
    if value.abs() >= 1e5 {
        // A mark is a round number: the rest is its rounding error.
        let text = format!("{value:.3e}");
        return text.replace(".000e", "e").replace("00e", "e").replace("0e", "e");
    }
    ((value * 1e6).round() / 1e6).to_string()
}

/// A mark of the axis of steps.
pub(super) fn step_label(mark: GridMark) -> String {
    if mark.value < 0.0 { String::new() } else { numbers::count(mark.value.round() as u64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The input for an axis between two bounds over a number of points.
    fn axis(bounds: (f64, f64), points: f64) -> GridInput {
        GridInput { bounds, base_step_size: (bounds.1 - bounds.0) / points * LEAST_SPACING }
    }

    /// Labels as `egui_plot` shows them: where a step takes more than this many points.
    fn labels(
        make: fn(&GridInput) -> Vec<GridMark>,
        write: impl Fn(GridMark) -> String,
        bounds: (f64, f64),
        points: f64,
    ) -> Vec<String> {
        let per_unit = points / (bounds.1 - bounds.0);
        let marks = make(&axis(bounds, points)).into_iter();
        let shown = marks.filter(|mark| mark.step_size * per_unit > 20.0);
        shown.map(write).filter(|text| !text.is_empty()).collect()
    }

    #[test]
    fn the_axis_of_steps_always_has_several_labels() {
        for end in [20.0, 36.0, 99.0, 120.0, 470.0, 938.0, 5_000.0, 18_760.0, 1e6] {
            for points in [330.0, 500.0, 900.0] {
                let found = labels(steps, step_label, (-0.01 * end, 1.02 * end), points);
                assert!((3..=12).contains(&found.len()), "{end} over {points}: {found:?}");
            }
        }
    }

    #[test]
    fn no_label_of_the_loss_is_long_whatever_the_run_did() {
        for low in [1e-7, 1e-4, 0.02, 0.5] {
            for high in [0.6, 2.4, 1e3, 2.6e28, 1e300] {
                for points in [90.0, 160.0, 560.0] {
                    for scale in [LossScale::Linear, LossScale::Log] {
                        let bounds = (place(scale, low), place(scale, high));
                        let make = if scale == LossScale::Log { decades } else { linear };
                        let found = labels(make, |mark| loss_label(scale, mark), bounds, points);
                        let what = format!("{low} to {high}, {scale:?} over {points}: {found:?}");
                        assert!(found.len() <= 25, "{what}");
                        assert!(found.iter().all(|text| text.chars().count() <= 7), "{what}");
                    }
                }
            }
        }
    }

    #[test]
    fn powers_of_ten_are_labelled_and_what_is_between_where_there_is_room() {
        let log = |bounds, points| {
            let mut found = labels(decades, |mark| loss_label(LossScale::Log, mark), bounds, points);
            found.sort_by_key(|text| text.parse::<f64>().unwrap().to_bits());
            found
        };
        assert_eq!(log((-2.1, 1.1), 200.0), ["0.01", "0.1", "1", "10"]);
        assert_eq!(log((-1.1, 0.5), 300.0), ["0.1", "0.2", "0.5", "1", "2"]);
        assert_eq!(log((-0.5, 28.5), 120.0), ["1", "1e10", "1e20"]);
        assert_eq!(
            labels(linear, |mark| loss_label(LossScale::Linear, mark), (0.0, 2.5), 200.0),
            ["0", "0.5", "1", "1.5", "2", "2.5"]
        );
        assert_eq!(number(2.5e28), "2.5e28");
        assert_eq!(number(2e28), "2e28");
    }
}
