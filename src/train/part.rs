//! The images that a run learns from: the training set without validation images, or a part of it.

use super::{config::TrainConfig, error::TrainError};
use crate::data::{Split, shuffled};
use std::sync::Arc;

/// The seed of the order that a part of the training set is taken from.
const PART_SEED: u64 = 0x5041_5254;

/// The number of images of a training set that are not for validation.
pub(super) fn images_available(config: &TrainConfig, train: &Split) -> usize {
    let share = (train.len() as f64 * f64::from(config.validation)).round() as usize;
    let kept = if config.validation > 0.0 { share.max(1).min(train.len()) } else { 0 };
    train.len() - kept
}

/// The number of images of a training set to learn from; the rest is for validation or is left out.
pub fn images_to_learn_from(config: &TrainConfig, train: &Split) -> usize {
    let available = images_available(config, train);
    config.train_images.map_or(available, |wanted| wanted.min(available))
}

/// Checks that a training set has as many images as the settings want.
pub fn check_images(config: &TrainConfig, data: &str, train: &Split) -> Result<(), TrainError> {
    let available = images_available(config, train);
    match config.train_images {
        Some(wanted) if wanted > available => {
            Err(TrainError::TrainImages { data: data.into(), wanted, available })
        }
        _ => Ok(()),
    }
}

/// A split whose first [`images_to_learn_from`] images are those to learn from: `train` itself, or a copy of the part that
/// [`TrainConfig::train_images`] asks for.
pub fn part_to_learn_from(config: &TrainConfig, train: &Arc<Split>) -> Arc<Split> {
    let available = images_available(config, train);
    match config.train_images {
        Some(wanted) if wanted < available => {
            let order = shuffled(available, PART_SEED, 0);
            Arc::new(train.pick(&order[..wanted]))
        }
        _ => train.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::presets;

    fn config(train_images: Option<usize>, validation: f32) -> TrainConfig {
        let config = TrainConfig::from_recipe(&presets::lenet5_relu().recipe, 1);
        TrainConfig { validation, train_images, ..config }
    }

    /// Images of one pixel, sorted by class.
    fn sorted() -> Arc<Split> {
        let pixels: Vec<u8> = (0..200).collect();
        let labels = pixels.iter().map(|pixel| pixel / 20).collect();
        Arc::new(Split::new("s", pixels, labels, 1, 1).unwrap())
    }

    fn pixels(split: &Split) -> Vec<u8> {
        (0..split.len()).map(|i| split.image(i)[0]).collect()
    }

    #[test]
    fn a_part_mixes_the_classes_and_a_larger_one_contains_it() {
        let train = sorted();
        let part = |count| part_to_learn_from(&config(Some(count), 0.0), &train);
        let (small, large) = (part(60), part(100));
        assert_eq!(pixels(&small), pixels(&large)[..60]);
        assert_eq!(small.classes(), 10);
        for class in 0..10 {
            let count = (0..large.len()).filter(|&i| large.label(i) == class).count();
            assert!((4..=16).contains(&count), "class {class}: {count}");
        }
        let other_seed = TrainConfig { seed: 9, ..config(Some(60), 0.0) };
        assert_eq!(part_to_learn_from(&other_seed, &train), small);
    }

    #[test]
    fn no_validation_image_is_in_a_part() {
        let train = sorted();
        let config = config(Some(140), 0.25);
        let part = part_to_learn_from(&config, &train);
        assert_eq!((part.len(), images_to_learn_from(&config, &train)), (140, 140));
        assert!(pixels(&part).iter().all(|&pixel| pixel < 150));
        let all = TrainConfig { train_images: None, ..config };
        assert_eq!(images_to_learn_from(&all, &train), 150);
        assert!(Arc::ptr_eq(&part_to_learn_from(&all, &train), &train));
    }
}
