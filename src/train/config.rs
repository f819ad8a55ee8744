//! What a training run is made of, as data, and why one cannot start or go on.

use crate::{
    data::Augment,
    nn::{
        Init,
        optim::{OptimizerSpec, Schedule},
        presets::Recipe,
    },
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The settings of a training run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    /// The optimiser and its settings.
    pub optimizer: OptimizerSpec,
    /// The learning rate that training begins with.
    pub lr: f32,
    /// How the rate goes on from there.
    #[serde(default)]
    pub schedule: Schedule,
    /// Steps during which the rate rises evenly to what the schedule says: times 1/n, 2/n, … 1; 0 is none.
    #[serde(default)]
    pub warmup: u64,
    /// Gradients whose length, all parameters taken as one vector, is above this are shortened to it; 0 is never.
    #[serde(default)]
    pub clip_norm: f32,
    /// Images a batch.
    pub batch: usize,
    /// Passes over the training set.
    pub epochs: usize,
    /// How initial weights are drawn.
    pub init: Init,
    /// Draws the initial weights and the order of the images.
    pub seed: u64,
    /// The share of the training set, its end, that is kept for validation instead of the test set; 0 is none, and
    /// anything above 0 is at least one image.
    pub validation: f32,
    /// Training is over when the validation loss has not fallen for this many epochs, and goes back to the best weights;
    /// 0 is never.
    #[serde(default)]
    pub early_stop: usize,
    /// How images are changed each time they are learnt from.
    #[serde(default)]
    pub augment: Augment,
    /// What is done to every image by figures taken from the training set.
    #[serde(default)]
    pub featurewise: Featurewise,
}

/// The preprocessing that a training set determines, as in Keras: it becomes the `preprocess` of the network's spec.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Featurewise {
    /// Subtract the mean of all pixels.
    pub center: bool,
    /// Divide by their standard deviation.
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
            early_stop: 0,
            augment: Augment::default(),
            featurewise: Featurewise::default(),
        }
    }

    /// Refuses settings that no run can have.
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
            return refuse("batch", self.batch.to_string(), "must be from 1 to 4096");
        }
        if self.epochs == 0 || self.epochs > MAX_EPOCHS {
            return refuse("epochs", self.epochs.to_string(), "must be from 1 to 10000");
        }
        if !(0.0..=0.9).contains(&self.validation) {
            return refuse("validation", self.validation.to_string(), "must be from 0 to 0.9");
        }
        if !self.clip_norm.is_finite() || self.clip_norm < 0.0 {
            return refuse("gradient clipping", self.clip_norm.to_string(), "must be a number of at least 0");
        }
        if self.early_stop > 0 && self.validation == 0.0 {
            let rule = "needs a validation share above 0: the test set must not decide when to stop";
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

/// The most images a batch.
pub const MAX_BATCH: usize = 4096;

/// The most epochs of one run.
pub const MAX_EPOCHS: usize = 10_000;

/// The most classes that a label, a byte, can name.
pub const MAX_CLASSES: usize = 256;

/// Why a run cannot start or cannot go on.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TrainError {
    /// A setting is out of its range.
    #[error("{setting} is {value}, but {rule}")]
    Setting {
        /// Its name.
        setting: &'static str,
        /// What it is.
        value: String,
        /// What it should be.
        rule: &'static str,
    },
    /// The pictures are not of the network's size.
    #[error(
        "the images of {data} are {height}×{width}, but {network} takes {channels}×{wants_height}×{wants_width}"
    )]
    ImageSize {
        /// The data set.
        data: String,
        /// Rows of its images.
        height: usize,
        /// Columns of its images.
        width: usize,
        /// The network.
        network: String,
        /// Channels that it takes.
        channels: usize,
        /// Rows that it takes before padding.
        wants_height: usize,
        /// Columns that it takes before padding.
        wants_width: usize,
    },
    /// A label has no output.
    #[error("{data} has labels up to {label}, but {network} has only {classes} outputs (0 to {last})", last = classes.saturating_sub(1))]
    Label {
        /// The data set.
        data: String,
        /// Its largest label.
        label: usize,
        /// The network.
        network: String,
        /// Its outputs.
        classes: usize,
    },
    /// More outputs than a label can name.
    #[error("{network} has {classes} outputs, but a label names one of at most {max} classes", max = MAX_CLASSES)]
    Outputs {
        /// The network.
        network: String,
        /// Its outputs.
        classes: usize,
    },
    /// There is nothing to learn from.
    #[error("{0} leaves no images to train on")]
    NoImages(String),
    /// There is nothing to judge the network by.
    #[error("{0} has no test images to judge the network by")]
    NoTestImages(String),
    /// Only a fully connected last layer can be divided by a temperature.
    #[error("the last layer of {0} is not linear, so it has no weights to calibrate")]
    NoLastLinear(String),
    /// The drawings cannot be mixed with the data set.
    #[error("the drawings cannot be mixed with the data set: {0}")]
    Mixture(String),
    /// The loss, a gradient or a weight is no finite number any more; the weights are the last finite ones.
    #[error(
        "{what} at step {step}: training paused at the last finite weights; begin again (Reset) with a lower learning rate than {lr}"
    )]
    Diverged {
        /// The step that was not made.
        step: u64,
        /// What is not finite, and the loss.
        what: String,
        /// The learning rate then.
        lr: String,
    },
}
