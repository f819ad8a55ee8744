//! Gradients with respect to every activation of a trace.

use super::{
    layers::{BackwardInput, BatchSums, ForwardMode, LayerContext},
    loss::cross_entropy_gradient,
    network::Network,
    tensor::Tensor,
    trace::Trace,
};

/// The gradients of a scalar with respect to the input and every layer's output, for the images of a trace, in evaluation
/// mode.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivationGradients {
    /// With respect to the network's input, (n, C, H, W).
    pub input: Tensor,
    /// With respect to each layer's output, (n, output shape).
    pub activations: Vec<Tensor>,
}

impl ActivationGradients {
    /// The gradient with respect to the output of layer `number`, for the first image.
    pub fn activation(&self, number: usize) -> &[f32] {
        let tensor = &self.activations[number];
        &tensor.values()[..tensor.len() / self.input.shape()[0].max(1)]
    }
}

impl Network {
    /// The gradients of a scalar with respect to every activation of `trace`, by backpropagating `last`, its gradient with
    /// respect to the last layer's output, (n, classes). `None` if the trace is of another network or `last` has another
    /// length.
    pub fn gradients_from(&self, trace: &Trace, last: &[f32]) -> Option<ActivationGradients> {
        self.gradients_with(trace, last, |_, _| ())
    }

    /// [`Network::gradients_from`] for a trace of [`Network::trace_with`]. `edit` is the function that the trace was made
    /// with; it is applied to the gradients, too, and must be linear, such as setting values to 0.
    pub fn gradients_with(
        &self,
        trace: &Trace,
        last: &[f32],
        mut edit: impl FnMut(usize, &mut [f32]),
    ) -> Option<ActivationGradients> {
        let shapes = self.layers().iter().map(|layer| layer.output().len());
        let n = trace.input.shape()[0];
        let is_ours = trace.input.len() == n * self.input().len()
            && trace.activations.len() == self.layers().len()
            && trace.activations.iter().zip(shapes).all(|(tensor, len)| tensor.len() == n * len);
        if !is_ours || last.len() != n * self.classes() {
            return None;
        }
        let zeros = |tensor: &Tensor| Tensor::zeros(tensor.shape());
        let mut input_gradient = zeros(&trace.input);
        let mut gradients: Vec<Tensor> = trace.activations.iter().map(zeros).collect();
        gradients.last_mut()?.values_mut().copy_from_slice(last);
        let mut scratch = vec![0.0; self.scratch_len(1)];
        for (i, layer) in self.layers().iter().enumerate().rev() {
            let x = i.checked_sub(1).map_or(&trace.input, |before| &trace.activations[before]).values();
            let y = trace.activations[i].values();
            let mut indices = vec![0; n * layer.indices_len()];
            let mut context = LayerContext {
                indices: &mut indices,
                scratch: &mut scratch,
                buffers: &self.buffers()[i],
                mode: ForwardMode::Eval,
                layer: i,
                first: 0,
                interleaved: 1,
                batch: BatchSums { images: n, ..BatchSums::default() },
            };
            let parameters = &self.parameters()[i];
            if layer.indices_len() > 0 {
                // The trace does not have the indices that forward leaves for backward.
                layer.forward(parameters, x, &mut vec![0.0; y.len()], &mut context);
            }
            let (before, after) = gradients.split_at_mut(i);
            edit(i, after[0].values_mut());
            let input = BackwardInput { x, y, dy: after[0].values() };
            let dx = before.last_mut().unwrap_or(&mut input_gradient).values_mut();
            layer.backward(parameters, input, Some(dx), &mut [], &mut context);
        }
        Some(ActivationGradients { input: input_gradient, activations: gradients })
    }

    /// The gradients of each image's cross-entropy for class `label` with respect to every activation of `trace`. `None` as
    /// for [`Network::gradients_from`], and if there is no such class.
    pub fn loss_gradients(&self, trace: &Trace, label: usize) -> Option<ActivationGradients> {
        self.gradients_from(trace, &self.loss_by_logits(trace, label)?)
    }

    /// The gradients of each image's cross-entropy for class `label` with respect to the logits of `trace`, (n, classes).
    /// `None` if there is no such class.
    pub fn loss_by_logits(&self, trace: &Trace, label: usize) -> Option<Vec<f32>> {
        let classes = self.classes();
        let logits = trace.activations.last()?;
        if label >= classes || !logits.len().is_multiple_of(classes) {
            return None;
        }
        let mut last = vec![0.0; logits.len()];
        for (gradient, z) in last.chunks_exact_mut(classes).zip(logits.values().chunks_exact(classes)) {
            cross_entropy_gradient(z, label, 0.0, 1, gradient);
        }
        Some(last)
    }

    /// The gradients of the logit of `class` with respect to every activation of `trace`. `None` as for
    /// [`Network::loss_gradients`].
    pub fn logit_gradients(&self, trace: &Trace, class: usize) -> Option<ActivationGradients> {
        let classes = self.classes();
        if class >= classes {
            return None;
        }
        let mut last = vec![0.0; trace.input.shape()[0] * classes];
        last.iter_mut().skip(class).step_by(classes).for_each(|gradient| *gradient = 1.0);
        self.gradients_from(trace, &last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Init, NetworkSpec, loss::cross_entropy};

    const SPEC: &str = r#"{"name": "small", "input": [1, 9, 9], "layers": [
        {"type": "conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1, "groups": 1},
        {"type": "batch_norm2d"}, {"type": "tanh"},
        {"type": "max_pool2d", "kernel_size": 3, "stride": 2},
        {"type": "conv2d", "out_channels": 6, "kernel_size": 2, "groups": 2}, {"type": "sigmoid"},
        {"type": "local_response_norm", "size": 3}, {"type": "dropout", "p": 0.5},
        {"type": "avg_pool2d", "kernel_size": 3, "stride": 1}, {"type": "flatten"},
        {"type": "linear", "out_features": 3}]}"#;

    fn network(json: &str) -> Network {
        Network::new(NetworkSpec::from_json(json).unwrap(), Init::He, 3).unwrap()
    }

    fn image(turn: usize) -> Vec<f32> {
        (0..81).map(|i| ((i * turn) as f32 * 0.37).sin()).collect()
    }

    #[test]
    fn input_gradients_agree_with_finite_differences() {
        // Without max pooling, near whose kinks a difference is not a derivative.
        let network = network(&SPEC.replace("max_pool2d", "avg_pool2d"));
        let x = [image(3), image(5)].concat();
        let trace = network.trace(&x);
        let gradients = network.loss_gradients(&trace, 1).unwrap();
        let loss = |x: &[f32]| {
            let trace = network.trace(x);
            cross_entropy(trace.activation(trace.activations.len() - 1), 1)
        };
        let largest = gradients.input.values().iter().fold(0.0_f32, |m, g| m.max(g.abs()));
        assert!(largest > 1e-3);
        for i in (0..162).step_by(5) {
            let h = 1e-3;
            let of_image = i / 81 * 81..i / 81 * 81 + 81;
            let at = |shift: f32| {
                let mut moved = x.clone();
                moved[i] += shift;
                loss(&moved[of_image.clone()])
            };
            let numerical = (at(h) - at(-h)) / (2.0 * f64::from(h));
            let off = (numerical - f64::from(gradients.input.values()[i])).abs();
            assert!(off < 0.02 * f64::from(largest), "{i}: {numerical} for {}", gradients.input.values()[i]);
        }
    }

    #[test]
    fn an_inner_gradient_is_the_input_gradient_of_the_layers_after_it() {
        let whole = network(SPEC);
        let trace = whole.trace(&image(7));
        let gradients = whole.logit_gradients(&trace, 2).unwrap();
        for cut in 1..whole.layers().len() {
            let spec = NetworkSpec {
                input: whole.layers()[cut].input(),
                layers: whole.spec().layers[cut..].to_vec(),
                ..whole.spec().clone()
            };
            let mut rest = Network::zeros(spec).unwrap();
            rest.parameters_mut().clone_from_slice(&whole.parameters()[cut..]);
            rest.buffers_mut().clone_from_slice(&whole.buffers()[cut..]);
            let of_rest = rest.logit_gradients(&rest.trace(trace.activation(cut - 1)), 2).unwrap();
            assert_eq!(of_rest.input.values(), gradients.activation(cut - 1), "cut before layer {cut}");
        }
    }

    #[test]
    fn traces_of_other_networks_have_no_gradients() {
        let network = network(SPEC);
        let trace = network.trace(&image(1));
        assert!(network.loss_gradients(&trace, 3).is_none());
        assert!(network.logit_gradients(&trace, 3).is_none());
        assert!(network.gradients_from(&trace, &[1.0, 0.0]).is_none());
        let other = SPEC.replace(r#""out_features": 3"#, r#""out_features": 4"#);
        assert!(self::network(&other).loss_gradients(&trace, 0).is_none());
    }
}
