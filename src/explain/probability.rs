//! How a class's probability came about: exponentials, their sum, and the quotient.

use crate::nn::{Trace, loss::argmax};

/// A softmax with its numbers: `p = e^(z − largest) / Σ e^(z − largest)`. Taking the largest off changes nothing, since it
/// is in both, and keeps every exponential in what can be computed with.
#[derive(Clone, Debug, PartialEq)]
pub struct Softmax {
    /// z, the last layer's output.
    pub logits: Vec<f32>,
    /// The largest of them.
    pub largest: f32,
    /// One exponential a class.
    pub exponentials: Vec<f32>,
    /// Their sum.
    pub sum: f32,
}

impl Softmax {
    /// The one by which a trace's probabilities came about, for the first image; `None` if the trace has no layer.
    pub fn of(trace: &Trace) -> Option<Self> {
        let last = trace.activations.len().checked_sub(1)?;
        let logits = trace.activation(last).to_vec();
        let largest = *logits.get(argmax(&logits))?;
        let exponentials: Vec<f32> = logits.iter().map(|z| (z - largest).exp()).collect();
        let sum = exponentials.iter().sum();
        Some(Self { logits, largest, exponentials, sum })
    }

    /// The quotient.
    pub fn probability(&self, class: usize) -> Option<f32> {
        Some(self.exponentials.get(class)? / self.sum)
    }
}
