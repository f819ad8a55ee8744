//! Preprocessing by statistics of the training set.

use super::config::Featurewise;
use crate::{data::Split, nn::NetworkSpec};

impl Featurewise {
    /// Sets the spec's `preprocess` to the mean and the standard deviation of the pixels of the first `images` images,
    /// the ones to train on. A statistic that is off is left out (mean 0, std 1); if both are, the spec does not change.
    ///
    /// A grey channel is one feature, so there is one mean and one standard deviation, as in Keras's
    /// `ImageDataGenerator`.
    #[must_use]
    pub fn apply(self, mut spec: NetworkSpec, split: &Split, images: usize) -> NetworkSpec {
        if self == Self::default() {
            return spec;
        }
        let (mean, std) = statistics(split, images.min(split.len()));
        spec.preprocess.mean = if self.center { mean } else { 0.0 };
        spec.preprocess.std = if self.std { std } else { 1.0 };
        spec
    }
}

/// Mean and standard deviation of all pixels, with full ink as 1. A deviation of 0 is returned as 1.
fn statistics(split: &Split, images: usize) -> (f32, f32) {
    // Integer sums are exact in any order. 10¹² pixels fit.
    let (mut sum, mut squares, mut count) = (0_u64, 0_u64, 0_u64);
    for i in 0..images {
        for &pixel in split.image(i) {
            sum += u64::from(pixel);
            squares += u64::from(pixel) * u64::from(pixel);
        }
        count += split.image(i).len() as u64;
    }
    let count = count.max(1) as f64;
    let mean = sum as f64 / count / 255.0;
    let variance = squares as f64 / count / (255.0 * 255.0) - mean * mean;
    let std = variance.max(0.0).sqrt();
    (mean as f32, if std > 0.0 { std as f32 } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::mnist, nn::presets};

    #[test]
    fn the_statistics_of_mnist_are_the_known_ones() {
        let train = mnist::load().unwrap().train;
        let both = Featurewise { center: true, std: true };
        let spec = both.apply(presets::lenet5_relu().spec, &train, train.len());
        let found = spec.preprocess;
        assert!((found.mean - 0.1307).abs() < 5e-5 && (found.std - 0.3081).abs() < 5e-5, "{found:?}");
        assert_eq!(found.pad, 2);
    }

    #[test]
    fn each_statistic_can_be_left_out_and_only_training_images_count() {
        let split = Split::new("s", vec![0, 255, 255, 255], vec![0, 0], 1, 2).unwrap();
        let spec = presets::by_name("two-conv-cnn").unwrap().spec;
        let statistics = |center, std| {
            let p = Featurewise { center, std }.apply(spec.clone(), &split, 1).preprocess;
            (p.mean, p.std)
        };
        assert_eq!(statistics(false, false), (0.5, 0.5));
        assert_eq!(statistics(true, false), (0.5, 1.0));
        assert_eq!(statistics(false, true), (0.0, 0.5));
        let white = Split::new("s", vec![255, 255], vec![0], 1, 2).unwrap();
        assert_eq!(Featurewise { center: false, std: true }.apply(spec, &white, 9).preprocess.std, 1.0);
    }
}
