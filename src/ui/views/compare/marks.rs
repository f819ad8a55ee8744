//! The marks of the curves' axes.

use crate::{
    train::written_loss,
    ui::{model::display::LossScale, widgets::numbers},
};
use egui_plot::{GridInput, GridMark};

/// A smaller loss is drawn at this place of a logarithmic axis.
const LEAST_LOSS: f64 = 1e-6;

/// The place of a step: the axis is that of log₁₀(1 + step).
pub fn place_of_step(step: u64) -> f64 {
    (1.0 + step as f64).log10()
}

/// The step at a place.
pub fn step_at(place: f64) -> u64 {
    (10_f64.powf(place.clamp(0.0, 18.0)) - 1.0).round() as u64
}

/// Steps 0, 1, 10, 100, …
pub fn steps(input: &GridInput) -> Vec<GridMark> {
    let decades = (0..18).map(|power| 10_u64.pow(power));
    let places = std::iter::once(0).chain(decades).map(place_of_step);
    marks(places, input)
}

/// The label of a step.
pub fn step_label(mark: GridMark) -> String {
    numbers::count(step_at(mark.value))
}

/// The place of a loss.
pub fn place_of_loss(scale: LossScale, loss: f64) -> f64 {
    match scale {
        LossScale::Linear => loss,
        LossScale::Log => loss.max(LEAST_LOSS).log10(),
    }
}

/// Powers of ten, and 2 and 5 times as much; on a linear axis halves, ones or more.
pub fn losses(scale: LossScale, input: &GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    match scale {
        LossScale::Linear => {
            let step = [0.25, 0.5, 1.0, 2.0, 5.0].into_iter().find(|step| (high - low) / step < 7.0);
            let step = step.unwrap_or_else(|| ((high - low) / 6.0).max(1e-9));
            marks((0..8).map(|i| f64::from(i) * step), input)
        }
        LossScale::Log => {
            let powers = (-6..12).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)));
            let all = powers.map(f64::log10);
            // Only the powers where there is no room for more.
            let is_wide = high - low > 2.5;
            marks(all.filter(|place| !is_wide || (place - place.round()).abs() < 1e-9), input)
        }
    }
}

/// The label of a loss.
pub fn loss_label(scale: LossScale, mark: GridMark) -> String {
    let loss = match scale {
        LossScale::Linear => mark.value,
        LossScale::Log => 10_f64.powf(mark.value),
    };
    if loss < 1e5 { ((loss * 1e6).round() / 1e6).to_string() } else { written_loss(loss) }
}

/// Whole pixels.
pub fn pixels(input: &GridInput) -> Vec<GridMark> {
    marks((0..=9).map(f64::from), input)
}

/// Quarters of all images.
pub fn shares(input: &GridInput) -> Vec<GridMark> {
    marks((0..=4).map(|quarter| f64::from(quarter) / 4.0), input)
}

fn marks(places: impl Iterator<Item = f64>, input: &GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let inside: Vec<f64> = places.filter(|place| (low..=high).contains(place)).collect();
    // A mark is labelled if its step has room: these all have.
    inside.into_iter().map(|value| GridMark { value, step_size: 1.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_few() {
        let input = |low, high| GridInput { bounds: (low, high), base_step_size: 0.05 };
        let steps: Vec<String> = steps(&input(-0.1, 3.3)).into_iter().map(step_label).collect();
        assert_eq!(steps, ["0", "1", "10", "100", &numbers::count(1000)]);
        let losses = |scale, low, high| {
            let marks = losses(scale, &input(low, high)).into_iter();
            marks.map(|mark| loss_label(scale, mark)).collect::<Vec<_>>()
        };
        assert_eq!(losses(LossScale::Log, -1.1, 0.5), ["0.1", "0.2", "0.5", "1", "2"]);
        assert_eq!(losses(LossScale::Log, -2.1, 1.1), ["0.01", "0.1", "1", "10"]);
        assert_eq!(losses(LossScale::Linear, 0.0, 2.4), ["0", "0.5", "1", "1.5", "2"]);
        assert!(losses(LossScale::Linear, 0.0, 1e30).len() < 9);
        for step in [0, 1, 9, 600, 54_321] {
            assert_eq!(step_at(place_of_step(step)), step);
        }
    }
}
