//! Softmax, with the intermediate values of the computation.

use crate::nn::{Trace, loss::argmax};

/// The values of a softmax: `p_i = exp(z_i − max z) / Σ_j exp(z_j − max z)`. Subtracting the maximum does not change
/// the quotient, and prevents overflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Softmax {
    /// The logits z: the output of the last layer.
    pub logits: Vec<f32>,
    /// The largest logit.
    pub largest: f32,
    /// exp(z − max z) for each class.
    pub exponentials: Vec<f32>,
    /// The sum of the exponentials.
    pub sum: f32,
}

impl Softmax {
    /// The softmax over the logits of the first image in a trace; `None` if the trace has no layers.
    pub fn of(trace: &Trace) -> Option<Self> {
        let last = trace.activations.len().checked_sub(1)?;
        let logits = trace.activation(last).to_vec();
        let largest = *logits.get(argmax(&logits))?;
        let exponentials: Vec<f32> = logits.iter().map(|z| (z - largest).exp()).collect();
        let sum = exponentials.iter().sum();
        Some(Self { logits, largest, exponentials, sum })
    }

    /// The probability of a class; `None` if there is no such class.
    pub fn probability(&self, class: usize) -> Option<f32> {
        Some(self.exponentials.get(class)? / self.sum)
    }
}
