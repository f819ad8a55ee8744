//! What the last step did to each layer: its gradients, and how far its weights moved.

use super::histogram::Histogram;
use crate::nn::{Tensor, network::Parameters};

/// The last step of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct StepLook {
    /// Its number.
    pub step: u64,
    /// The layers with parameters.
    pub layers: Vec<LayerStep>,
}

/// A layer in that step.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerStep {
    /// The layer, counted from 0.
    pub layer: usize,
    /// The gradients of its weights, without those of the biases.
    pub gradients: Histogram,
    /// The length (L2) of the change of its weights.
    pub update: f64,
    /// The length of its weights before the step.
    pub weights: f64,
}

/// How far a step moves the weights of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateSize {
    /// So little that the layer hardly learns.
    Small,
    /// About a thousandth of their size.
    Usual,
    /// So much that the layer forgets what it has learnt.
    Large,
}

/// Below this, a step is small; see [`LayerStep::size`].
const SMALL: f64 = 1e-5;

/// Above this, it is large.
const LARGE: f64 = 3e-2;

impl LayerStep {
    /// The length of the change divided by that of the weights; `None` for weights that are all 0.
    pub fn ratio(&self) -> Option<f64> {
        (self.weights > 0.0).then(|| self.update / self.weights)
    }

    /// How large the step is. A thousandth is usual; a factor of thirty up or a hundred down is a sign of trouble. `None`
    /// also if no gradient reaches the weights: they are frozen, or all units behind them are dead.
    pub fn size(&self) -> Option<UpdateSize> {
        let is_pushed = self.gradients.count == 0 || self.gradients.zeros < self.gradients.count;
        self.ratio().filter(|_| is_pushed).map(|ratio| match ratio {
            _ if ratio < SMALL => UpdateSize::Small,
            _ if ratio > LARGE => UpdateSize::Large,
            _ => UpdateSize::Usual,
        })
    }
}

/// The weights of a layer, without its biases.
fn first(tensors: &[Tensor]) -> Option<&[f32]> {
    tensors.first().map(Tensor::values)
}

/// Looks at a step, by the parameters before and after it and the gradients that it was made with.
pub fn look_at_step(step: u64, before: &Parameters, after: &Parameters, gradients: &Parameters) -> StepLook {
    let length = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>().sqrt();
    let layers = before.iter().zip(after).zip(gradients).enumerate();
    let look = |(layer, ((before, after), gradients)): (usize, ((&Vec<_>, &Vec<_>), &Vec<_>))| {
        let (before, after, gradients) = (first(before)?, first(after)?, first(gradients)?);
        let mut moved = before.iter().zip(after).map(|(a, b)| f64::from(*b) - f64::from(*a));
        Some(LayerStep {
            layer,
            gradients: Histogram::of(gradients),
            update: length(&mut moved),
            weights: length(&mut before.iter().map(|w| f64::from(*w))),
        })
    };
    StepLook { step, layers: layers.filter_map(look).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(values: &[f32]) -> Tensor {
        Tensor::new(&[values.len()], values).unwrap()
    }

    #[test]
    fn the_update_is_measured_against_the_weights_before_it() {
        let before = vec![vec![tensor(&[3.0, 4.0]), tensor(&[100.0])], vec![], vec![tensor(&[0.0, 0.0])]];
        let after = vec![vec![tensor(&[3.0, 4.005]), tensor(&[0.0])], vec![], vec![tensor(&[0.0, 1.0])]];
        let gradients = vec![vec![tensor(&[0.0, -0.5]), tensor(&[9.0])], vec![], vec![tensor(&[0.0, -1.0])]];
        let found = look_at_step(7, &before, &after, &gradients);
        assert_eq!((found.step, found.layers.iter().map(|l| l.layer).collect::<Vec<_>>()), (7, vec![0, 2]));
        let first = &found.layers[0];
        assert!((first.ratio().unwrap() - 0.001).abs() < 1e-6, "biases do not count");
        assert_eq!(first.size(), Some(UpdateSize::Usual));
        assert_eq!((first.gradients.count, first.gradients.zeros, first.gradients.largest), (2, 1, 0.5));
        assert_eq!((found.layers[1].ratio(), found.layers[1].size()), (None, None));
    }

    #[test]
    fn a_layer_that_no_gradient_reaches_does_not_hardly_learn() {
        let weights = vec![vec![tensor(&[3.0, 4.0])]];
        let size = |gradients: &[f32]| {
            look_at_step(1, &weights, &weights, &vec![vec![tensor(gradients)]]).layers[0].size()
        };
        assert_eq!((size(&[0.0, 0.0]), size(&[0.0, 1e-9])), (None, Some(UpdateSize::Small)));
    }

    #[test]
    fn far_from_a_thousandth_is_trouble() {
        let size =
            |update| LayerStep { layer: 0, gradients: Histogram::default(), update, weights: 2.0 }.size();
        assert_eq!(
            [1e-6, 1e-4, 2e-3, 2e-2, 0.2].map(size).map(Option::unwrap),
            [UpdateSize::Small, UpdateSize::Usual, UpdateSize::Usual, UpdateSize::Usual, UpdateSize::Large]
        );
    }
}
