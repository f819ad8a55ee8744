//! How the answer to an image changed while the network learnt: its class probabilities at every kept moment.

use super::image::CurrentImage;
use std::sync::Arc;

/// The most images that are pinned.
pub const MAX_PINNED: usize = 3;

/// An image that is followed besides the current one.
#[derive(Clone, Debug)]
pub struct PinnedImage {
    /// Its number, which no other pinned image has.
    pub id: u64,
    /// The image as it was when it was pinned.
    pub image: Arc<CurrentImage>,
}

/// The pinned images, and the one whose answers are shown.
#[derive(Clone, Debug, Default)]
pub struct LearningState {
    /// The pinned images, in the order in which they were pinned.
    pub pinned: Vec<PinnedImage>,
    /// The number of the pinned image that is shown; `None` is the current image.
    pub shown: Option<u64>,
    /// The newest answers.
    pub curves: Option<LearningCurves>,
    /// The number of images that were pinned so far.
    pub count: u64,
}

impl LearningState {
    /// The answers to the image that is shown.
    pub fn curve(&self) -> Option<&LearningCurve> {
        self.curves.as_ref()?.curves.iter().find(|curve| curve.pinned == self.shown)
    }
}

/// The answers of one run to some images.
#[derive(Clone, Debug)]
pub struct LearningCurves {
    /// The number of the run.
    pub run: u64,
    /// The answers, an image each.
    pub curves: Vec<LearningCurve>,
}

/// The answers to one image.
#[derive(Clone, Debug)]
pub struct LearningCurve {
    /// The number of the pinned image; `None` is the current image.
    pub pinned: Option<u64>,
    /// The revision of the current image.
    pub image_revision: u64,
    /// Steps, in order, with the class probabilities at that moment.
    pub points: Vec<(u64, Vec<f32>)>,
}

/// What a person does with the images that are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum LearningAct {
    /// Follows the current image as it is now.
    Pin,
    /// No longer follows this pinned image.
    Unpin(u64),
    /// Shows the answers to this pinned image, or to the current one.
    Show(Option<u64>),
}
