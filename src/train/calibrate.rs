//! Calibration by temperature scaling: a network's probabilities are made to match its accuracy.
//!
//! Guo, Pleiss, Sun and Weinberger 2017, "On Calibration of Modern Neural Networks", arXiv:1706.04599. Dividing the logits
//! by a temperature changes the probabilities but not their order, so predictions stay. Here the weights and the bias of
//! the last layer are divided, so that the network itself has calibrated probabilities.

use super::{
    error::TrainError,
    evaluate::{check_fit, input_transform},
    reliability::Reliability,
};
use crate::{
    data::Split,
    nn::{
        LayerSpec, Network, Tensor,
        loss::{cross_entropy, softmax},
    },
};

/// The range of temperatures to search, as natural logarithms.
const RANGE: [f64; 2] = [-3.0, 3.0];
/// Steps of the search, each of which shortens the range by the golden ratio: enough for the precision of an `f32`.
const STEPS: usize = 60;
/// Intervals of probability for the calibration error.
const BINS: usize = 15;

/// The result of a calibration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// The divisor of the logits: above 1 if the network was overconfident, below 1 if it was underconfident.
    pub temperature: f64,
    /// Mean cross-entropy before and after, in nats.
    pub loss: [f64; 2],
    /// Expected calibration error before and after: the mean distance between probability and accuracy, 0 to 1.
    pub error: [f64; 2],
}

/// Divides the last layer by the temperature with the smallest loss on `images`.
pub fn calibrate(network: &mut Network, name: &str, images: &Split) -> Result<Calibration, TrainError> {
    check_fit(network, name, images)?;
    if images.is_empty() {
        return Err(TrainError::NoTestImages(name.into()));
    }
    let is_linear = matches!(network.spec().layers.last(), Some(LayerSpec::Linear(_)));
    if !is_linear {
        return Err(TrainError::NoLastLinear(network.spec().name.clone()));
    }
    let logits = logits_of(network, images);
    let loss = |log: f64| mean_loss(&logits, log.exp());
    let temperature = lowest(loss).exp();
    let error = [1.0, temperature].map(|t| calibration_error(&logits, t));
    let result = Calibration { temperature, loss: [loss(0.0), loss(temperature.ln())], error };
    let last = network.parameters_mut().iter_mut().rev().find(|tensors| !tensors.is_empty());
    for value in last.into_iter().flatten().flat_map(Tensor::values_mut) {
        *value = (f64::from(*value) / temperature) as f32;
    }
    Ok(result)
}

/// The logits and the label of every image.
fn logits_of(network: &Network, images: &Split) -> Vec<(Vec<f32>, usize)> {
    let transform = input_transform(network);
    let mut input = vec![0.0; network.input().len()];
    let last = network.layers().len().saturating_sub(1);
    let one = |index: usize| {
        transform.apply(images.image(index), images.height(), images.width(), &mut input);
        (network.trace(&input).activation(last).to_vec(), usize::from(images.label(index)))
    };
    (0..images.len()).map(one).collect()
}

fn cooled(logits: &[f32], temperature: f64) -> Vec<f32> {
    logits.iter().map(|&z| (f64::from(z) / temperature) as f32).collect()
}

fn mean_loss(logits: &[(Vec<f32>, usize)], temperature: f64) -> f64 {
    let one = |(logits, label): &(Vec<f32>, usize)| cross_entropy(&cooled(logits, temperature), *label);
    logits.iter().map(one).sum::<f64>() / logits.len() as f64
}

/// The minimum of a unimodal function over the range, by golden-section search.
fn lowest(f: impl Fn(f64) -> f64) -> f64 {
    let golden = (5_f64.sqrt() - 1.0) / 2.0;
    let [mut left, mut right] = RANGE;
    for _ in 0..STEPS {
        let (a, b) = (right - golden * (right - left), left + golden * (right - left));
        if f(a) <= f(b) { right = b } else { left = a }
    }
    f64::midpoint(left, right)
}

/// The expected calibration error: the distance between the largest probability and the accuracy, averaged over
/// intervals of that probability.
fn calibration_error(logits: &[(Vec<f32>, usize)], temperature: f64) -> f64 {
    let mut reliability = Reliability::new(BINS);
    for (logits, label) in logits {
        let mut p = vec![0.0; logits.len()];
        softmax(&cooled(logits, temperature), &mut p);
        let class = crate::nn::loss::argmax(&p);
        reliability.add(p.get(class).copied().unwrap_or_default(), class == *label);
    }
    reliability.error()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::mnist,
        model_file,
        train::{Pool, evaluate::evaluate},
    };

    #[test]
    fn the_temperature_is_found_and_no_prediction_changes() {
        // Enough images for some errors: without one, the best temperature is 0.
        let images = mnist::load_test().unwrap().take(0..4000);
        let pool = Pool::new(1).unwrap();
        let mut network = model_file::shipped().unwrap();
        calibrate(&mut network, "MNIST", &images).unwrap();
        let again = calibrate(&mut network, "MNIST", &images).unwrap();
        assert!((again.temperature - 1.0).abs() < 1e-3, "{again:?}");
        let before = evaluate(&network, "MNIST", &images, &pool, |_| {}).unwrap();
        // Logits that are three times too large.
        for value in network.parameters_mut().iter_mut().rev().find(|t| !t.is_empty()).unwrap() {
            value.values_mut().iter_mut().for_each(|v| *v *= 3.0);
        }
        let found = calibrate(&mut network, "MNIST", &images).unwrap();
        assert!((found.temperature - 3.0).abs() < 0.01, "{found:?}");
        assert!(found.loss[1] <= found.loss[0]);
        let after = evaluate(&network, "MNIST", &images, &pool, |_| {}).unwrap();
        assert_eq!(after.confusion, before.confusion);
        assert!((after.loss - before.loss).abs() < 1e-4);
    }

    #[test]
    fn a_set_without_images_is_refused() {
        let none = mnist::load_test().unwrap().take(0..0);
        assert!(calibrate(&mut model_file::shipped().unwrap(), "none", &none).is_err());
    }
}
