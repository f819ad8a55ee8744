//! How the accuracy falls as images are moved or rotated, get thinner or thicker strokes, or noise.

use super::{
    error::TrainError,
    evaluate::{Evaluator, check_fit},
};
use crate::{
    data::{Change, Split},
    nn::{Executor, Network},
};
use std::ops::Range;

/// The seed of the noise: every network sees the same noise.
const SEED: u64 = 1;

/// What is done to the images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum ChangeKind {
    /// They are moved by whole pixels: the mean over up, down, left and right.
    #[default]
    Shift,
    /// They are rotated: the mean over both directions.
    Rotation,
    /// They get Gaussian noise.
    Noise,
    /// Their strokes get thinner or thicker.
    Thickness,
}

impl ChangeKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Shift, Self::Rotation, Self::Noise, Self::Thickness];

    /// How far, from the least on: pixels, degrees, or the noise's standard deviation, where full ink is 1. 0 is no change.
    pub fn levels(self) -> &'static [f32] {
        match self {
            Self::Shift => &[0.0, 1.0, 2.0, 3.0, 4.0],
            Self::Rotation => &[0.0, 10.0, 20.0, 30.0, 45.0, 60.0],
            Self::Noise => &[0.0, 0.1, 0.2, 0.3, 0.4, 0.5],
            Self::Thickness => &[-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0],
        }
    }

    /// The changes over which the accuracy at a level is averaged.
    pub fn changes(self, level: f32) -> Vec<Change> {
        let none = Change::default();
        if level == 0.0 {
            return vec![none];
        }
        match self {
            Self::Shift => {
                let by = level as i32;
                let ways = [(by, 0), (-by, 0), (0, by), (0, -by)];
                ways.map(|shift| Change { shift, ..none }).to_vec()
            }
            Self::Rotation => [level, -level].map(|rotation| Change { rotation, ..none }).to_vec(),
            Self::Noise => vec![Change { noise: level, ..none }],
            Self::Thickness => vec![Change { thickness: level, ..none }],
        }
    }
}

/// The accuracy on the images of `range` at one level of change: the mean over its directions. `None` if `is_wanted` said
/// no in between, or if the change leaves nothing of images of this size.
///
/// # Errors
/// If the images do not fit the network, or there are none.
pub fn accuracy_at(
    network: &Network,
    (name, split, range): (&str, &Split, Range<usize>),
    (kind, level): (ChangeKind, f32),
    executor: &dyn Executor,
    is_wanted: &dyn Fn() -> bool,
) -> Result<Option<f64>, TrainError> {
    check_fit(network, name, split)?;
    if range.is_empty() {
        return Err(TrainError::NoTestImages(name.into()));
    }
    let changes = kind.changes(level);
    let (mut correct, mut images) = (0, 0);
    for change in &changes {
        if change.check(split.height(), split.width()).is_err() {
            return Ok(None);
        }
        let changed = change.of(split, range.clone(), SEED);
        let mut evaluator = Evaluator::new(network, 0..changed.len());
        loop {
            if !is_wanted() {
                return Ok(None);
            }
            if let Some(result) = evaluator.step(network, &changed, executor) {
                correct += result.correct;
                images += result.images;
                break;
            }
        }
    }
    Ok(Some(correct as f64 / images.max(1) as f64))
}
