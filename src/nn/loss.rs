//! Softmax cross-entropy, stable for any finite logits.

/// Softmax of one image's logits: `p_i = exp(z_i − max z) / Σ_j exp(z_j − max z)`.
///
/// `logits`: (classes); `probabilities`: (classes), overwritten.
pub fn softmax(logits: &[f32], probabilities: &mut [f32]) {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for (p, &z) in probabilities.iter_mut().zip(logits) {
        *p = (z - max).exp();
        sum += *p;
    }
    for p in probabilities {
        *p /= sum;
    }
}

/// The label of an image that shows none of the classes, of which there must be fewer than 256. Its target distribution is
/// uniform, so that the network learns to be unsure (Hendrycks, Mazeika and Dietterich 2019, "Deep Anomaly Detection with
/// Outlier Exposure", arXiv:1812.04606).
pub const NO_CLASS: u8 = 255;

/// Whether `label` is [`NO_CLASS`] rather than one of the classes.
pub(super) fn is_no_class(label: usize, classes: usize) -> bool {
    label == NO_CLASS as usize && label >= classes
}

/// The cross-entropy of one image with `logits` (classes), `log Σ_j exp(z_j) − z_label`, in nats. It is computed in `f64`, so that the small loss of
/// a confident network is not rounded to 0. For [`NO_CLASS`] it is the mean over all classes.
///
/// # Panics
/// If `label` is neither below the number of logits nor [`NO_CLASS`]; code that reads labels must check them.
pub fn cross_entropy(logits: &[f32], label: usize) -> f64 {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let above = |z: f32| f64::from(z) - f64::from(max);
    let wanted = if is_no_class(label, logits.len()) {
        logits.iter().map(|&z| above(z)).sum::<f64>() / logits.len() as f64
    } else {
        above(logits[label])
    };
    logits.iter().map(|&z| above(z).exp()).sum::<f64>().ln() - wanted
}

/// The gradient of a batch's mean cross-entropy with respect to the logits of one image: `(softmax(z) − onehot(label)) /
/// batch`. For [`NO_CLASS`], the one-hot vector is replaced by 1 / classes.
///
/// `logits`: (classes); `gradient`: (classes), overwritten.
///
/// # Panics
/// As [`cross_entropy`].
pub fn cross_entropy_gradient(logits: &[f32], label: usize, batch: usize, gradient: &mut [f32]) {
    softmax(logits, gradient);
    if is_no_class(label, logits.len()) {
        let share = 1.0 / logits.len() as f32;
        for g in gradient.iter_mut() {
            *g -= share;
        }
    } else {
        gradient[label] -= 1.0;
    }
    for g in gradient {
        *g /= batch as f32;
    }
}

/// The index of the largest value, the first of equals; 0 for an empty slice.
pub fn argmax(values: &[f32]) -> usize {
    let mut best = 0;
    for (i, &value) in values.iter().enumerate() {
        if value > values[best] {
            best = i;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn huge_logits_stay_finite() {
        let logits = [1000.0, 0.0, -1000.0];
        let mut p = [0.0; 3];
        softmax(&logits, &mut p);
        assert_eq!(p, [1.0, 0.0, 0.0]);
        assert_eq!(cross_entropy(&logits, 0), 0.0);
        assert_eq!(cross_entropy(&logits, 2), 2000.0);
    }

    #[test]
    fn small_losses_are_accurate() {
        let loss = cross_entropy(&[100.0, 80.0], 0);
        assert!((loss / (-20.0_f64).exp() - 1.0).abs() < 1e-6, "{loss}");
    }

    #[test]
    fn equal_logits_are_equally_likely() {
        assert!((cross_entropy(&[0.3; 10], 4) - 10.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn the_target_of_no_class_is_uniform() {
        let label = NO_CLASS as usize;
        assert!((cross_entropy(&[7.0; 10], label) - 10.0_f64.ln()).abs() < 1e-12);
        let logits = [0.1, -2.0, 3.0, 0.7];
        let mean = (0..4).map(|class| cross_entropy(&logits, class)).sum::<f64>() / 4.0;
        assert!((cross_entropy(&logits, label) - mean).abs() < 1e-12);
        let (mut g, mut one, mut sum) = ([0.0; 4], [0.0; 4], [0.0; 4]);
        cross_entropy_gradient(&logits, label, 1, &mut g);
        for class in 0..4 {
            cross_entropy_gradient(&logits, class, 4, &mut one);
            for (sum, one) in sum.iter_mut().zip(one) {
                *sum += one;
            }
        }
        assert!(g.iter().zip(sum).all(|(g, sum)| (g - sum).abs() < 1e-6), "{g:?} {sum:?}");
    }

    #[test]
    fn gradient_sums_to_zero() {
        let mut g = [0.0; 4];
        cross_entropy_gradient(&[0.1, -2.0, 3.0, 0.7], 1, 5, &mut g);
        assert!(g.iter().sum::<f32>().abs() < 1e-7);
        assert!(g[1] < 0.0);
    }
}
