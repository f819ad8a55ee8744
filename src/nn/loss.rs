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
    smoothed_cross_entropy(logits, label, 0.0)
}

/// [`cross_entropy`] against a target that gives the label `1 − smoothing` and spreads `smoothing` over all classes, the
/// label among them (Szegedy et al. 2015, arXiv:1512.00567): `log Σ_j exp(z_j) − (1 − smoothing) · z_label − smoothing · mean z`,
/// as PyTorch's `CrossEntropyLoss(label_smoothing)`.
///
/// # Panics
/// As [`cross_entropy`].
pub fn smoothed_cross_entropy(logits: &[f32], label: usize, smoothing: f32) -> f64 {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let above = |z: f32| f64::from(z) - f64::from(max);
    let mean = || logits.iter().map(|&z| above(z)).sum::<f64>() / logits.len() as f64;
    let wanted = if is_no_class(label, logits.len()) {
        mean()
    } else if smoothing > 0.0 {
        let smoothing = f64::from(smoothing);
        (1.0 - smoothing) * above(logits[label]) + smoothing * mean()
    } else {
        above(logits[label])
    };
    logits.iter().map(|&z| above(z).exp()).sum::<f64>().ln() - wanted
}

/// The smallest [`smoothed_cross_entropy`] that a network can reach: the entropy of the target, in nats.
pub fn smallest_loss(classes: usize, smoothing: f32) -> f64 {
    let share = f64::from(smoothing) / classes.max(1) as f64;
    let label = 1.0 - f64::from(smoothing) + share;
    let term = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
    term(label) + classes.saturating_sub(1) as f64 * term(share)
}

/// The gradient of a batch's mean [`smoothed_cross_entropy`] with respect to the logits of one image: `(softmax(z) −
/// (1 − smoothing) · onehot(label) − smoothing / classes) / batch`. For [`NO_CLASS`], the target is 1 / classes.
///
/// `logits`: (classes); `gradient`: (classes), overwritten.
///
/// # Panics
/// As [`cross_entropy`].
pub fn cross_entropy_gradient(
    logits: &[f32],
    label: usize,
    smoothing: f32,
    batch: usize,
    gradient: &mut [f32],
) {
    softmax(logits, gradient);
    if is_no_class(label, logits.len()) {
        let share = 1.0 / logits.len() as f32;
        for g in gradient.iter_mut() {
            *g -= share;
        }
    } else if smoothing > 0.0 {
        let share = smoothing / logits.len() as f32;
        for g in gradient.iter_mut() {
            *g -= share;
        }
        gradient[label] -= 1.0 - smoothing;
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
        cross_entropy_gradient(&logits, label, 0.0, 1, &mut g);
        for class in 0..4 {
            cross_entropy_gradient(&logits, class, 0.0, 4, &mut one);
            for (sum, one) in sum.iter_mut().zip(one) {
                *sum += one;
            }
        }
        assert!(g.iter().zip(sum).all(|(g, sum)| (g - sum).abs() < 1e-6), "{g:?} {sum:?}");
    }

    /// By hand, for logits 1, 2, 3 and the label 0: log Σ exp = 3 + ln(1 + e⁻¹ + e⁻²) = 3.407 605 96, so the loss is
    /// 3.407 605 96 − 1 without smoothing, and with 0.3 it is 3.407 605 96 − 0.7 · 1 − 0.3 · 2, which is also what
    /// `torch.nn.CrossEntropyLoss(label_smoothing=0.3)` defines: 0.7 · 2.407 605 96 + 0.1 · (2.407 605 96 + 1.407 605 96 +
    /// 0.407 605 96).
    #[test]
    fn smoothing_is_that_of_pytorch() {
        let logits = [1.0, 2.0, 3.0];
        let losses = [2.407_605_964_4, 1.407_605_964_4, 0.407_605_964_4];
        for (label, expected) in losses.into_iter().enumerate() {
            assert!((cross_entropy(&logits, label) - expected).abs() < 1e-9);
            for smoothing in [0.1_f32, 0.3, 0.9] {
                let share = f64::from(smoothing);
                let pytorch = (1.0 - share) * expected + share / 3.0 * losses.iter().sum::<f64>();
                let found = smoothed_cross_entropy(&logits, label, smoothing);
                assert!((found - pytorch).abs() < 1e-9, "{label}, {smoothing}: {found}, {pytorch}");
            }
        }
        assert!((smoothed_cross_entropy(&logits, 0, 0.3) - 2.107_605_96).abs() < 1e-7);
    }

    #[test]
    fn the_gradient_with_smoothing_is_that_of_the_loss() {
        let logits = [0.1, -2.0, 3.0, 0.7];
        for (label, smoothing) in [(1, 0.0), (1, 0.1), (3, 0.5), (0, 0.9)] {
            let mut g = [0.0; 4];
            cross_entropy_gradient(&logits, label, smoothing, 1, &mut g);
            for i in 0..4 {
                let loss = |by: f32| {
                    let mut moved = logits;
                    moved[i] += by;
                    smoothed_cross_entropy(&moved, label, smoothing)
                };
                let numerical = (loss(1e-2) - loss(-1e-2)) / 2e-2;
                assert!((f64::from(g[i]) - numerical).abs() < 1e-4, "{label}, {smoothing}: {i}");
            }
        }
        let label = NO_CLASS as usize;
        assert_eq!(smoothed_cross_entropy(&logits, label, 0.4), cross_entropy(&logits, label));
    }

    #[test]
    fn the_smallest_loss_is_reached_by_the_targets_own_probabilities() {
        assert_eq!(smallest_loss(10, 0.0), 0.0);
        let (label, share) = (0.7_f32 + 0.075, 0.075_f32);
        let logits = [share.ln(), label.ln(), share.ln(), share.ln()];
        assert!((smoothed_cross_entropy(&logits, 1, 0.3) - smallest_loss(4, 0.3)).abs() < 1e-6);
    }

    #[test]
    fn gradient_sums_to_zero() {
        let mut g = [0.0; 4];
        cross_entropy_gradient(&[0.1, -2.0, 3.0, 0.7], 1, 0.0, 5, &mut g);
        assert!(g.iter().sum::<f32>().abs() < 1e-7);
        assert!(g[1] < 0.0);
    }
}
