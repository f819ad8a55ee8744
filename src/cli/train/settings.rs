//! The settings of a run as options.

use crate::cli::{
    error::Usage,
    number::{real, whole},
};
use crate::{
    data::Augment,
    nn::{
        Init,
        optim::{OptimizerSpec, Schedule},
        presets::Recipe,
    },
    text::Sentence,
    train::{
        Featurewise, LiveChange, TrainConfig,
        config::{MAX_BATCH, MAX_EPOCHS, MAX_IMAGES},
    },
};
use anyhow::Result;
use clap::Args;

/// The settings of a run.
#[derive(Debug, Args)]
pub(super) struct Settings {
    /// Passes over the training set, counted from the start of the run.
    #[arg(long, value_name = "N", value_parser = whole(1..=MAX_EPOCHS))]
    epochs: Option<usize>,
    /// Images per batch.
    #[arg(long, value_name = "N", value_parser = whole(1..=MAX_BATCH), conflicts_with = "resume")]
    batch: Option<usize>,
    /// sgd, momentum, nesterov, adam, adamw, rmsprop or adagrad.
    #[arg(long, value_name = "NAME", value_parser = str::parse::<OptimizerSpec>, conflicts_with = "resume")]
    optimizer: Option<OptimizerSpec>,
    /// The learning rate.
    #[arg(long, value_name = "F", value_parser = real::<f32>())]
    lr: Option<f32>,
    /// How the learning rate changes: constant, time:DECAY, step:EPOCHS,GAMMA, cosine, one-cycle (its peak is --lr) or
    /// one-cycle:START,PEAK,RISE (start and peak as multiples of --lr, rise as a fraction of all steps).
    #[arg(long, value_name = "SCHEDULE", value_parser = str::parse::<Schedule>, conflicts_with = "resume")]
    schedule: Option<Schedule>,
    /// Raise the learning rate linearly during the first N steps.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        value_parser = whole(0..=u64::MAX),
        conflicts_with = "resume"
    )]
    warmup: u64,
    /// Scale gradients down to this L2 norm, over all parameters together; 0 is no clipping.
    #[arg(
        long,
        value_name = "F",
        default_value_t = 0.0,
        value_parser = real::<f32>(),
        conflicts_with = "resume"
    )]
    clip_norm: f32,
    /// The momentum of the optimisers sgd, momentum and nesterov.
    #[arg(long, value_name = "F", value_parser = real::<f32>())]
    momentum: Option<f32>,
    /// Weight decay (an L2 penalty): this factor times the weight is added to each gradient; adamw decays the weights
    /// themselves.
    #[arg(long, value_name = "F", value_parser = real::<f32>(), conflicts_with = "resume")]
    weight_decay: Option<f32>,
    /// The fraction of the training set, from its end, to evaluate each epoch on instead of the test set.
    #[arg(long, value_name = "F", value_parser = real::<f32>(), conflicts_with = "resume")]
    validation: Option<f32>,
    /// Learn from N images only, the same whatever the seed; the more, the less a network overfits.
    #[arg(long, value_name = "N", value_parser = whole(1..=MAX_IMAGES), conflicts_with = "resume")]
    train_images: Option<usize>,
    /// Label smoothing of the training loss: the share of the target that goes to all classes alike, from 0 to below 1.
    #[arg(
        long,
        value_name = "F",
        default_value_t = 0.0,
        value_parser = real::<f32>(),
        conflicts_with = "resume"
    )]
    label_smoothing: f32,
    /// Stop if the validation loss has not fallen for N epochs, and restore the weights of the best epoch; 0 is never.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        value_parser = whole(0..=usize::MAX),
        conflicts_with = "resume"
    )]
    early_stop: usize,
    /// Augmentation, random changes to every training image: digits (the default without a value), keras, or settings
    /// such as rotation:10,shift:0.1,scale:0.1,shear:10,elastic:16,flip.
    #[arg(long, value_name = "CHANGES", value_parser = str::parse::<Augment>, conflicts_with = "resume")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "digits")]
    augment: Option<Augment>,
    /// Subtract the mean of the training set's pixels from every image. The mean becomes part of the model.
    #[arg(long, conflicts_with = "resume")]
    featurewise_center: bool,
    /// Divide every image by the standard deviation of the training set's pixels, which becomes part of the model.
    #[arg(long, conflicts_with = "resume")]
    featurewise_std: bool,
    /// The distribution of the initial weights: he, xavier, or a standard deviation such as 0.01.
    #[arg(long, value_name = "INIT", value_parser = str::parse::<Init>, conflicts_with = "resume")]
    init: Option<Init>,
    /// The seed of the initial weights, the order of the images, augmentation and dropout.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = whole(0..=u64::MAX),
        conflicts_with = "resume"
    )]
    seed: u64,
}

impl Settings {
    /// The recipe, changed by the options.
    pub(super) fn config(&self, recipe: &Recipe) -> Result<TrainConfig> {
        let mut config = TrainConfig::from_recipe(recipe, self.seed);
        if let Some(optimizer) = self.optimizer
            && optimizer.name() != recipe.optimizer.name()
        {
            config.optimizer = optimizer;
            config.lr = optimizer.default_lr();
        }
        if let Some(weight_decay) = self.weight_decay {
            *config.optimizer.weight_decay_mut() = weight_decay;
        }
        for change in self.live_changes(&config)? {
            config.apply(change);
        }
        config.schedule = self.schedule.unwrap_or(config.schedule);
        config.warmup = self.warmup;
        config.clip_norm = self.clip_norm;
        config.batch = self.batch.unwrap_or(config.batch);
        config.init = self.init.unwrap_or(config.init);
        config.validation = self.validation.unwrap_or(config.validation);
        config.train_images = self.train_images;
        config.label_smoothing = self.label_smoothing;
        config.early_stop = self.early_stop;
        config.augment = self.augment.unwrap_or(config.augment);
        config.featurewise = Featurewise { center: self.featurewise_center, std: self.featurewise_std };
        config.check()?;
        Ok(config)
    }

    /// The options that a resumed run takes, too.
    pub(super) fn live_changes(&self, config: &TrainConfig) -> Result<Vec<LiveChange>, Usage> {
        if let (Some(momentum), None) = (self.momentum, config.optimizer.momentum()) {
            let name = config.optimizer.name();
            let sentence = Sentence::new("--momentum {value}: {optimizer} has no momentum");
            return Err(sentence.with("value", momentum).with("optimizer", name).into());
        }
        let changes = [
            self.momentum.map(LiveChange::Momentum),
            self.lr.map(LiveChange::LearningRate),
            self.epochs.map(LiveChange::Epochs),
        ];
        Ok(changes.into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::presets;

    fn settings(optimizer: Option<&str>, momentum: Option<f32>) -> Settings {
        let optimizer = optimizer.map(|name| name.parse().unwrap());
        let none = (None, None, None, None);
        let (epochs, batch, lr, weight_decay) = none;
        Settings {
            epochs,
            batch,
            optimizer,
            lr,
            schedule: None,
            warmup: 0,
            clip_norm: 0.0,
            momentum,
            weight_decay,
            validation: None,
            train_images: None,
            label_smoothing: 0.0,
            early_stop: 0,
            augment: None,
            featurewise_center: false,
            featurewise_std: false,
            init: None,
            seed: 3,
        }
    }

    #[test]
    fn the_default_is_the_recipe() {
        let recipe = presets::lenet5_relu().recipe;
        assert_eq!(settings(None, None).config(&recipe).unwrap(), TrainConfig::from_recipe(&recipe, 3));
        assert_eq!(settings(Some("momentum"), None).config(&recipe).unwrap().lr, recipe.lr);
    }

    #[test]
    fn another_optimiser_has_its_own_default_rate() {
        let recipe = presets::lenet5_relu().recipe;
        assert_eq!(settings(Some("adam"), None).config(&recipe).unwrap().lr, 0.001);
        let error = settings(Some("adam"), Some(0.5)).config(&recipe).unwrap_err();
        assert!(error.is::<Usage>() && error.to_string().contains("adam has no momentum"), "{error}");
    }
}
