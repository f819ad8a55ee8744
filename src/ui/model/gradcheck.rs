//! The gradient check: the slope of the loss by nudging a weight, against the one that backpropagation computes.

use crate::{
    nn::{
        Network,
        gradcheck::{AGREES, Check, TensorChecks},
    },
    text::Sentence,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The images of a batch.
pub const BATCH: usize = 8;

/// The values of each parameter tensor that can be checked.
pub const SAMPLES: [usize; 3] = [5, 20, 100];

/// Which images have the loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CheckImages {
    /// The current image.
    #[default]
    Current,
    /// The first images of the test set.
    Batch,
}

/// By how much a weight is nudged, up and down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "`value` has the numbers")]
pub enum Nudge {
    Tenth,
    Hundredth,
    #[default]
    Thousandth,
    TenThousandth,
}

impl Nudge {
    /// All of them, the largest first.
    pub const ALL: [Self; 4] = [Self::Tenth, Self::Hundredth, Self::Thousandth, Self::TenThousandth];

    /// The ε of the central difference.
    pub fn value(self) -> f32 {
        match self {
            Self::Tenth => 0.1,
            Self::Hundredth => 0.01,
            Self::Thousandth => 0.001,
            Self::TenThousandth => 0.0001,
        }
    }
}

/// What is to be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckSetup {
    /// The layer; `None` is all of them.
    pub layer: Option<usize>,
    /// The images.
    pub images: CheckImages,
    /// The nudge.
    pub nudge: Nudge,
    /// The most values of each parameter tensor.
    pub samples: usize,
}

impl Default for CheckSetup {
    fn default() -> Self {
        Self { layer: None, images: CheckImages::default(), nudge: Nudge::default(), samples: SAMPLES[1] }
    }
}

/// What can be done with the gradient check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CheckAct {
    /// Opens it in the Network view, or closes it.
    Open(bool),
    /// Changes what is to be checked.
    Edit(CheckSetup),
    /// Checks.
    Run,
    /// Calls the check off; what it found so far stays.
    Cancel,
}

/// What was checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The network.
    pub network: Arc<Network>,
    /// Its step, if it is of a run.
    pub step: Option<u64>,
    /// The settings.
    pub setup: CheckSetup,
    /// The number of images.
    pub images: usize,
    /// The class of the loss, if there is one image.
    pub class: Option<u8>,
}

/// One value with its two slopes.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckRow {
    /// The core's check.
    pub check: Check,
    /// The difference as a fraction of the tensor's largest slope.
    pub relative: f64,
}

impl CheckRow {
    /// Whether both slopes are the same but for rounding.
    pub fn agrees(&self) -> bool {
        self.relative <= AGREES
    }
}

/// Slopes of the loss below this are flat; see [`CheckResult::is_flat`].
const FLAT: f64 = 1e-4;

/// What a check has found so far.
#[derive(Clone, Debug)]
pub struct CheckResult {
    /// Of what.
    pub of: Checked,
    /// The values, those that differ most first.
    pub rows: Vec<CheckRow>,
    /// The tensors.
    pub tensors: Vec<TensorChecks>,
    /// The values that were to be checked.
    pub total: usize,
    /// Whether it was checked to its end, or called off.
    pub is_over: bool,
}

impl CheckResult {
    /// What the checks say.
    pub fn new(of: Checked, checks: &[Check], total: usize, is_over: bool) -> Self {
        let tensors = TensorChecks::of(&of.network, checks);
        let rows = checks.iter().map(|check| {
            let tensor = tensors.iter().find(|tensor| tensor.name == check.name);
            let relative = tensor.map_or(0.0, |tensor| tensor.relative_difference(check));
            CheckRow { check: check.clone(), relative }
        });
        let mut rows: Vec<CheckRow> = rows.collect();
        // What is not a number is the worst.
        rows.sort_by(|a, b| b.relative.total_cmp(&a.relative));
        Self { of, rows, tensors, total, is_over }
    }

    /// The largest difference, as a fraction of the largest slope of its tensor; not a number if one is none.
    pub fn worst(&self) -> Option<f64> {
        self.rows.first().map(|row| if self.has_nan() { f64::NAN } else { row.relative })
    }

    /// The largest difference of the values without a corner in reach.
    pub fn worst_without_corner(&self) -> Option<f64> {
        self.rows.iter().find(|row| row.check.corner.is_none()).map(|row| row.relative)
    }

    /// Whether all slopes are so small that the rounding of the loss shows: of an image that the network is very sure of.
    pub fn is_flat(&self) -> bool {
        let largest = self.rows.iter().map(|row| row.check.backpropagated.abs()).fold(0.0, f64::max);
        largest < FLAT
    }

    /// Whether a slope is not a number.
    pub fn has_nan(&self) -> bool {
        self.rows.iter().any(|row| row.relative.is_nan())
    }

    /// How many values agree, differ at a corner, and differ without one.
    pub fn counts(&self) -> (usize, usize, usize) {
        let differ = || self.rows.iter().filter(|row| !row.agrees());
        let corners = differ().filter(|row| row.check.corner.is_some()).count();
        let all = differ().count();
        (self.rows.len() - all, corners, all - corners)
    }
}

/// The state of the gradient check.
#[derive(Debug, Default)]
pub struct GradientCheckState {
    /// Whether it takes the place of the maps in the Network view.
    pub is_open: bool,
    /// What is to be checked.
    pub setup: CheckSetup,
    /// What was found last.
    pub found: Option<Arc<CheckResult>>,
    /// Whether a check is running.
    pub is_running: bool,
    /// Why nothing can be checked.
    pub problem: Option<Sentence>,
}
