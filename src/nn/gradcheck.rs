//! Gradient check: backpropagation against the central difference `(L(w + h) − L(w − h)) / 2h`.

use super::{network::Network, parallel::Serial, step::Workspace};

/// The two gradients of one value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The parameter's key, such as `0.weight`.
    pub name: String,
    /// The index of the value.
    pub index: usize,
    /// By backpropagation.
    pub backpropagated: f64,
    /// By the central difference.
    pub numerical: f64,
}

impl Check {
    /// `|a − b| / max(|a|, |b|, floor)`, where `floor` is the rounding error of a zero gradient.
    pub fn relative_error(&self, floor: f64) -> f64 {
        let scale = self.backpropagated.abs().max(self.numerical.abs()).max(floor);
        (self.backpropagated - self.numerical).abs() / scale
    }
}

/// Checks up to `each` evenly spaced values of every parameter on one batch, with step `h`.
///
/// `inputs`: (images, input shape). The network is unchanged afterwards.
pub fn check(network: &mut Network, inputs: &[f32], labels: &[u8], each: usize, h: f32) -> Vec<Check> {
    let mut workspace = Workspace::new(network, labels.len(), true);
    let input_len = network.input().len();
    workspace.load(labels.len(), &Serial, |first, x, t| {
        x.copy_from_slice(&inputs[first * input_len..][..x.len()]);
        t.copy_from_slice(&labels[first..][..t.len()]);
    });
    // Every pass uses the same random choices: otherwise the losses would differ by more than the step's effect.
    workspace.set_seed(0, 0);
    workspace.forward_backward(network, &Serial);
    let gradients = workspace.gradients().clone();
    let names: Vec<String> = network.named_parameters().map(|(name, _)| name).collect();
    let places = (0..gradients.len()).flat_map(|l| (0..gradients[l].len()).map(move |p| (l, p)));
    let mut checks = Vec::new();
    for ((layer, parameter), name) in places.collect::<Vec<_>>().into_iter().zip(names) {
        let len = gradients[layer][parameter].len();
        for index in (0..len).step_by(len.div_ceil(each.max(1)).max(1)) {
            let mut loss_at = |shift: f32| {
                let value = &mut network.parameters_mut()[layer][parameter].values_mut()[index];
                let kept = *value;
                *value = kept + shift;
                // The difference is divided by the step as rounded to f32.
                let moved = f64::from(*value) - f64::from(kept);
                workspace.set_seed(0, 0);
                let loss = workspace.forward_training(network, &Serial).loss;
                network.parameters_mut()[layer][parameter].values_mut()[index] = kept;
                (loss, moved)
            };
            let (above, up) = loss_at(h);
            let (below, down) = loss_at(-h);
            checks.push(Check {
                name: name.clone(),
                index,
                backpropagated: f64::from(gradients[layer][parameter].values()[index]),
                numerical: (above - below) / (up - down),
            });
        }
    }
    checks
}
