//! The settings of a training run as data.

use super::error::TrainError;
use crate::{
    data::Augment,
    nn::{
        Init,
        optim::{OptimizerSpec, Schedule},
        presets::Recipe,
    },
};
use serde::{Deserialize, Serialize};

/// The settings of a training run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    /// The optimiser and its settings.
    pub optimizer: OptimizerSpec,
    /// The learning rate that the schedule starts from.
    pub lr: f32,
    /// How the learning rate changes during the run.
    #[serde(default)]
    pub schedule: Schedule,
    /// The first n steps multiply the schedule's rate by 1/n, 2/n, … 1; 0 is no warm-up.
    #[serde(default)]
    pub warmup: u64,
    /// The largest norm (L2, over all parameters together) of a gradient; a longer one is scaled down to it. 0 is no
    /// clipping.
    #[serde(default)]
    pub clip_norm: f32,
    /// Images per batch.
    pub batch: usize,
    /// Passes over the training set.
    pub epochs: usize,
    /// The distribution of the initial weights.
    pub init: Init,
    /// Seed of the initial weights, the order of the images, augmentation and dropout.
    pub seed: u64,
    /// The fraction of the training set, taken from its end, that is used for validation instead of the test set. 0 is
    /// none; any value above 0 is at least one image.
    pub validation: f32,
    /// Learn from this many images only, of those that are not for validation; `None` is all of them. They are the first
    /// of one fixed random order, whatever the seed: a larger part contains a smaller one, and the classes are mixed even
    /// if the set is sorted.
    #[serde(default)]
    pub train_images: Option<usize>,
    /// The share of the target that goes to all classes alike, as `label_smoothing` of PyTorch's `CrossEntropyLoss`: 0 is
    /// none. It changes the training loss, not that of an evaluation.
    #[serde(default)]
    pub label_smoothing: f32,
    /// Training stops when the validation loss has not fallen for this many epochs, and the network gets the weights of
    /// the best epoch. 0 is never.
    #[serde(default)]
    pub early_stop: usize,
    /// Random changes to every training image.
    #[serde(default)]
    pub augment: Augment,
    /// Preprocessing by statistics of the training set.
    #[serde(default)]
    pub featurewise: Featurewise,
}

/// Preprocessing by statistics of the training set, as in Keras. It becomes the `preprocess` of the network's spec.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Featurewise {
    /// Subtract the mean of all pixels.
    pub center: bool,
    /// Divide by the standard deviation of all pixels.
    pub std: bool,
}

impl TrainConfig {
    /// A preset's recipe with a seed.
    pub fn from_recipe(recipe: &Recipe, seed: u64) -> Self {
        let Recipe { optimizer, lr, schedule, batch, epochs, init, validation } = *recipe;
        Self {
            optimizer,
            lr,
            schedule,
            warmup: 0,
            clip_norm: 0.0,
            batch,
            epochs,
            init,
            seed,
            validation,
            train_images: None,
            label_smoothing: 0.0,
            early_stop: 0,
            augment: Augment::default(),
            featurewise: Featurewise::default(),
        }
    }

    /// Checks that every setting is in its range.
    pub fn check(&self) -> Result<(), TrainError> {
        let refuse = |setting, value: String, rule| Err(TrainError::Setting { setting, value, rule });
        if !self.lr.is_finite() || self.lr <= 0.0 {
            return refuse("learning rate", self.lr.to_string(), "must be a number above 0");
        }
        if let Some(momentum) = self.optimizer.momentum()
            && !(0.0..1.0).contains(&momentum)
        {
            return refuse("momentum", momentum.to_string(), "must be at least 0 and below 1");
        }
        let mut optimizer = self.optimizer;
        let decay = *optimizer.weight_decay_mut();
        if !decay.is_finite() || decay < 0.0 {
            return refuse("weight decay", decay.to_string(), "must be a number of at least 0");
        }
        if self.batch == 0 || self.batch > MAX_BATCH {
            return refuse("batch size", self.batch.to_string(), "must be from 1 to 4096");
        }
        if self.epochs == 0 || self.epochs > MAX_EPOCHS {
            return refuse("epochs", self.epochs.to_string(), "must be from 1 to 10000");
        }
        if !(0.0..=0.9).contains(&self.validation) {
            return refuse("validation", self.validation.to_string(), "must be from 0 to 0.9");
        }
        if self.train_images == Some(0) {
            return refuse("training images", "0".to_owned(), "must be at least 1");
        }
        if !(0.0..1.0).contains(&self.label_smoothing) {
            return refuse(
                "label smoothing",
                self.label_smoothing.to_string(),
                "must be at least 0 and below 1",
            );
        }
        if !self.clip_norm.is_finite() || self.clip_norm < 0.0 {
            return refuse("gradient clipping", self.clip_norm.to_string(), "must be a number of at least 0");
        }
        if self.early_stop > 0 && self.validation == 0.0 {
            let rule = "needs a validation fraction above 0: the test set must not decide when to stop";
            return refuse("early stop", self.early_stop.to_string(), rule);
        }
        if let Err((setting, value, rule)) = self.augment.check() {
            return refuse(setting, value.to_string(), rule);
        }
        if let Init::Normal(std) = self.init
            && !(std.is_finite() && std >= 0.0)
        {
            return refuse("initial deviation", std.to_string(), "must be a number of at least 0");
        }
        Ok(())
    }
}

/// The most images per batch.
pub const MAX_BATCH: usize = 4096;

/// The most images of a training set.
pub const MAX_IMAGES: usize = 100_000_000;

/// The most epochs of one run.
pub const MAX_EPOCHS: usize = 10_000;

/// The most classes: a label is a byte.
pub const MAX_CLASSES: usize = 256;
