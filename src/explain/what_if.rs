//! Ablation: switches off maps and kernels of a network, and computes the forward pass without them.

use crate::nn::{ActivationGradients, LayerSpec, Network, Trace};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeSet, ops::Range};

/// Identifies a map of a layer's output, or an element of a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LayerMap {
    /// The layer, from 0.
    pub layer: usize,
    /// The map, from 0.
    pub map: usize,
}

/// Identifies the kernel of a convolution between one input map and one output map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LayerKernel {
    /// The layer, from 0; of type `conv2d` or `conv_transpose2d`.
    pub layer: usize,
    /// The output map, from 0.
    pub output: usize,
    /// The input map, from 0.
    pub input: usize,
}

/// The maps and kernels that are switched off.
///
/// All values of a disabled map are 0 in the output of its layer. All weights of a disabled kernel are 0. If nothing is
/// disabled, the results are bit-identical to those of the plain network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WhatIf {
    maps: BTreeSet<LayerMap>,
    kernels: BTreeSet<LayerKernel>,
}

impl WhatIf {
    /// Whether nothing is switched off.
    pub fn is_empty(&self) -> bool {
        self.maps.is_empty() && self.kernels.is_empty()
    }

    /// The disabled maps, ordered by layer.
    pub fn maps(&self) -> impl ExactSizeIterator<Item = LayerMap> + '_ {
        self.maps.iter().copied()
    }

    /// The disabled kernels, ordered by layer.
    pub fn kernels(&self) -> impl ExactSizeIterator<Item = LayerKernel> + '_ {
        self.kernels.iter().copied()
    }

    /// Whether the map is enabled.
    pub fn has_map(&self, map: LayerMap) -> bool {
        !self.maps.contains(&map)
    }

    /// Whether the kernel is enabled.
    pub fn has_kernel(&self, kernel: LayerKernel) -> bool {
        !self.kernels.contains(&kernel)
    }

    /// Enables or disables a map.
    pub fn switch_map(&mut self, map: LayerMap, is_on: bool) {
        if is_on {
            self.maps.remove(&map)
        } else {
            self.maps.insert(map)
        };
    }

    /// Enables or disables a kernel.
    pub fn switch_kernel(&mut self, kernel: LayerKernel, is_on: bool) {
        if is_on {
            self.kernels.remove(&kernel)
        } else {
            self.kernels.insert(kernel)
        };
    }

    /// The network with the weights of disabled kernels set to 0; borrowed if all kernels are enabled. Kernels that the
    /// network does not have are ignored.
    pub fn network<'a>(&self, network: &'a Network) -> Cow<'a, Network> {
        let mut switched = Cow::Borrowed(network);
        for kernel in &self.kernels {
            if let Some(place) = kernel_place(network, *kernel) {
                switched.to_mut().parameters_mut()[kernel.layer][0].values_mut()[place].fill(0.0);
            }
        }
        switched
    }

    /// Sets disabled maps to 0 in the output of a layer, or in its gradient, for any number of images. A callback for
    /// [`Network::trace_with`] and [`Network::gradients_with`].
    pub fn edit<'a>(&'a self, network: &'a Network) -> impl FnMut(usize, &mut [f32]) + 'a {
        move |layer, values| {
            let first = LayerMap { layer, map: 0 };
            let off = self.maps.range(first..=LayerMap { map: usize::MAX, ..first });
            let (maps, height, width) = network.layers()[layer].output().as_maps();
            for LayerMap { map, .. } in off.filter(|off| off.map < maps) {
                let images = values.chunks_exact_mut(maps * height * width);
                images.for_each(|image| image[map * height * width..][..height * width].fill(0.0));
            }
        }
    }

    /// The trace of `x` (N, C, H, W) with the disabled maps set to 0. `network` must come from [`WhatIf::network`].
    ///
    /// # Panics
    ///
    /// As [`Network::trace`].
    pub fn trace(&self, network: &Network, x: &[f32]) -> Trace {
        network.trace_with(x, self.edit(network))
    }

    /// The gradients of the cross-entropy loss for class `label`; see [`Network::loss_gradients`].
    pub fn loss_gradients(
        &self,
        network: &Network,
        trace: &Trace,
        label: usize,
    ) -> Option<ActivationGradients> {
        let last = network.loss_by_logits(trace, label)?;
        self.gradients(network, trace, &last)
    }

    /// The gradients for a given gradient of the logits, `last`; see [`Network::gradients_from`].
    pub fn gradients(&self, network: &Network, trace: &Trace, last: &[f32]) -> Option<ActivationGradients> {
        network.gradients_with(trace, last, self.edit(network))
    }
}

/// Whether the map can be switched off: every map except those of the last layer, which are the logits.
pub fn can_switch_off(network: &Network, map: LayerMap) -> bool {
    let layers = network.layers();
    map.layer + 1 < layers.len() && map.map < layers[map.layer].output().as_maps().0
}

/// The input maps that are connected by a kernel to map `output` of a layer; `None` if the layer is not a convolution
/// or has no such map.
pub fn kernels_of(network: &Network, layer: usize, output: usize) -> Option<Range<usize>> {
    let (outputs, groups) = match network.spec().layers.get(layer)? {
        LayerSpec::Conv2d(conv) => (conv.out_channels, conv.groups),
        LayerSpec::ConvTranspose2d(conv) => (conv.out_channels, conv.groups),
        _ => return None,
    };
    let (channels, ..) = network.layers()[layer].input().as_maps();
    let group = output / (outputs / groups);
    (output < outputs).then_some(group * (channels / groups)..(group + 1) * (channels / groups))
}

/// The (height, width) of a convolution's kernels; `None` for other layers.
pub fn kernel_size(network: &Network, layer: usize) -> Option<(usize, usize)> {
    match network.spec().layers.get(layer)? {
        LayerSpec::Conv2d(conv) => Some((conv.kernel_size.h, conv.kernel_size.w)),
        LayerSpec::ConvTranspose2d(conv) => Some((conv.kernel_size.h, conv.kernel_size.w)),
        _ => None,
    }
}

/// The weights of a kernel, row-major; `None` if the network has no such kernel.
pub fn kernel_values(network: &Network, kernel: LayerKernel) -> Option<&[f32]> {
    network.parameters()[kernel.layer][0].values().get(kernel_place(network, kernel)?)
}

/// The position of a kernel in the weights of its layer, whose axes are (output, input within the group, height,
/// width), or (input, output within the group, height, width) for a transposed convolution.
fn kernel_place(network: &Network, kernel: LayerKernel) -> Option<Range<usize>> {
    let LayerKernel { layer, output, input } = kernel;
    let inputs = kernels_of(network, layer, output)?;
    let inner = inputs.contains(&input).then(|| input - inputs.start)?;
    let weight = network.parameters()[layer].first()?;
    let &[_, inner_count, height, width] = weight.shape() else { return None };
    let (outer, inner) = match network.spec().layers[layer] {
        LayerSpec::ConvTranspose2d(_) => (input, output % inner_count),
        _ => (output, inner),
    };
    let first = (outer * inner_count + inner) * height * width;
    Some(first..first + height * width)
}

/// The change of a class probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProbabilityChange {
    /// The class.
    pub class: usize,
    /// The probability with everything enabled, 0 to 1.
    pub before: f32,
    /// The probability with the disabled parts off, 0 to 1.
    pub after: f32,
    /// The logit before and after.
    pub logits: (f32, f32),
}

impl ProbabilityChange {
    /// The change of every class between two traces of the same image.
    pub fn of(before: &Trace, after: &Trace) -> Vec<Self> {
        let logit = |trace: &Trace, class: usize| trace.activations.last().map_or(0.0, |z| z.values()[class]);
        let pairs = before.first_probabilities().iter().zip(after.first_probabilities()).enumerate();
        let changes = pairs.map(|(class, (&p, &q))| {
            let logits = (logit(before, class), logit(after, class));
            Self { class, before: p, after: q, logits }
        });
        changes.collect()
    }

    /// The change in percentage points.
    pub fn points(&self) -> f32 {
        (self.after - self.before) * 100.0
    }
}
