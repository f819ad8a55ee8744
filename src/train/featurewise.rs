//! Preprocessing by figures of the training set.

use super::config::Featurewise;
use crate::{data::Split, nn::NetworkSpec};

impl Featurewise {
    /// The spec whose `preprocess` centres or scales by the pixels of the first `images` images: those that are learnt
    /// from. What is not asked for is left out (mean 0, std 1); when nothing is, the spec stays as it is.
    ///
    /// One grey channel is one feature, so there are one mean and one deviation, as `ImageDataGenerator` of Keras has
    /// them.
    #[must_use]
    pub fn apply(self, mut spec: NetworkSpec, split: &Split, images: usize) -> NetworkSpec {
        if self == Self::default() {
            return spec;
        }
        let (mean, std) = figures(split, images.min(split.len()));
        spec.preprocess.mean = if self.center { mean } else { 0.0 };
        spec.preprocess.std = if self.std { std } else { 1.0 };
        spec
    }
}

/// The mean and the standard deviation of all pixels, as shares of full ink; a deviation of 0 counts as 1.
fn figures(split: &Split, images: usize) -> (f32, f32) {
    // Whole numbers: exact, whatever the order. 10¹² pixels fit.
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
    fn the_figures_of_mnist_are_the_known_ones() {
        let train = mnist::load().unwrap().train;
        let both = Featurewise { center: true, std: true };
        let spec = both.apply(presets::lenet5_relu().spec, &train, train.len());
        let found = spec.preprocess;
        assert!((found.mean - 0.1307).abs() < 5e-5 && (found.std - 0.3081).abs() < 5e-5, "{found:?}");
        assert_eq!(found.pad, 2);
    }

    #[test]
    fn only_what_is_asked_for_and_only_from_what_is_learnt_from() {
        let split = Split::new("s", vec![0, 255, 255, 255], vec![0, 0], 1, 2).unwrap();
        let spec = presets::by_name("two-conv-cnn").unwrap().spec;
        let figures = |center, std| {
            let p = Featurewise { center, std }.apply(spec.clone(), &split, 1).preprocess;
            (p.mean, p.std)
        };
        assert_eq!(figures(false, false), (0.5, 0.5));
        assert_eq!(figures(true, false), (0.5, 1.0));
        assert_eq!(figures(false, true), (0.0, 0.5));
        let white = Split::new("s", vec![255, 255], vec![0], 1, 2).unwrap();
        assert_eq!(Featurewise { center: false, std: true }.apply(spec, &white, 9).preprocess.std, 1.0);
    }
}
