//! The two quantities that are plotted.

use super::axis;
use crate::{train::Point, ui::model::display::LossScale};

/// Up to this loss a logarithmic axis extends before there is a curve: chance with ten classes is 2.3.
const FIRST_LOSSES: [f64; 2] = [0.5, 3.0];

/// What a plot shows of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    Loss(LossScale),
    Accuracy,
}

impl Quantity {
    /// The place of a point on the vertical axis.
    pub(super) fn place(self, point: &Point) -> f64 {
        match self {
            Self::Loss(scale) => axis::place(scale, point.loss),
            Self::Accuracy => point.accuracy,
        }
    }

    /// What the vertical axis always shows.
    pub(super) fn least_bounds(self) -> [f64; 2] {
        match self {
            Self::Loss(LossScale::Linear) => [0.0, 2.4],
            Self::Loss(LossScale::Log) => FIRST_LOSSES.map(|loss| axis::place(LossScale::Log, loss)),
            Self::Accuracy => [0.0, 1.0],
        }
    }
}
