//! What if a map or a kernel were not there: which are switched off, and the network's own forward pass without them.

use crate::nn::{ActivationGradients, LayerSpec, Network, Trace};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeSet, ops::Range};

/// A map of a layer's output; of a vector, a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MapOf {
    /// The layer, from 0.
    pub layer: usize,
    /// Its map.
    pub map: usize,
}

/// The kernel of a convolution that leads from one input map to one output map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KernelOf {
    /// The layer, from 0: `conv2d` or `conv_transpose2d`.
    pub layer: usize,
    /// The output map.
    pub output: usize,
    /// The input map.
    pub input: usize,
}

/// What is switched off in a network.
///
/// All values of a map that is off are 0 from its layer on; a kernel that is off has weights of 0. With nothing off,
/// everything is bit by bit what it is without this.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WhatIf {
    maps: BTreeSet<MapOf>,
    kernels: BTreeSet<KernelOf>,
}

impl WhatIf {
    /// Whether all is as it was.
    pub fn is_empty(&self) -> bool {
        self.maps.is_empty() && self.kernels.is_empty()
    }

    /// The maps that are off, in the order of the layers.
    pub fn maps(&self) -> impl ExactSizeIterator<Item = MapOf> + '_ {
        self.maps.iter().copied()
    }

    /// The kernels that are off, in the order of the layers.
    pub fn kernels(&self) -> impl ExactSizeIterator<Item = KernelOf> + '_ {
        self.kernels.iter().copied()
    }

    /// Whether this map is on.
    pub fn has_map(&self, map: MapOf) -> bool {
        !self.maps.contains(&map)
    }

    /// Whether this kernel is on.
    pub fn has_kernel(&self, kernel: KernelOf) -> bool {
        !self.kernels.contains(&kernel)
    }

    /// Switches a map on or off.
    pub fn switch_map(&mut self, map: MapOf, is_on: bool) {
        if is_on {
            self.maps.remove(&map)
        } else {
            self.maps.insert(map)
        };
    }

    /// Switches a kernel on or off.
    pub fn switch_kernel(&mut self, kernel: KernelOf, is_on: bool) {
        if is_on {
            self.kernels.remove(&kernel)
        } else {
            self.kernels.insert(kernel)
        };
    }

    /// The network with the weights of the kernels that are off at 0; itself if all are on. Kernels that it does not
    /// have are left out.
    pub fn network<'a>(&self, network: &'a Network) -> Cow<'a, Network> {
        let mut switched = Cow::Borrowed(network);
        for kernel in &self.kernels {
            if let Some(place) = kernel_place(network, *kernel) {
                switched.to_mut().parameters_mut()[kernel.layer][0].values_mut()[place].fill(0.0);
            }
        }
        switched
    }

    /// Sets the values of a layer's maps that are off to 0, in the output of any number of images, or in its gradient:
    /// what [`Network::trace_with`] and [`Network::gradients_with`] ask for.
    pub fn edit<'a>(&'a self, network: &'a Network) -> impl FnMut(usize, &mut [f32]) + 'a {
        move |layer, values| {
            let first = MapOf { layer, map: 0 };
            let off = self.maps.range(first..=MapOf { map: usize::MAX, ..first });
            let (maps, height, width) = network.layers()[layer].output().as_maps();
            for MapOf { map, .. } in off.filter(|off| off.map < maps) {
                let images = values.chunks_exact_mut(maps * height * width);
                images.for_each(|image| image[map * height * width..][..height * width].fill(0.0));
            }
        }
    }

    /// Every activation without what is off; `network` is what [`WhatIf::network`] gave.
    ///
    /// # Panics
    /// As [`Network::trace`].
    pub fn trace(&self, network: &Network, x: &[f32]) -> Trace {
        network.trace_with(x, self.edit(network))
    }

    /// The gradients of the cross-entropy with class `label`, without what is off; see [`Network::loss_gradients`].
    pub fn loss_gradients(
        &self,
        network: &Network,
        trace: &Trace,
        label: usize,
    ) -> Option<ActivationGradients> {
        let last = network.loss_by_logits(trace, label)?;
        self.gradients(network, trace, &last)
    }

    /// The gradients by every activation of such a trace, without what is off; see [`Network::gradients_from`].
    pub fn gradients(&self, network: &Network, trace: &Trace, last: &[f32]) -> Option<ActivationGradients> {
        network.gradients_with(trace, last, self.edit(network))
    }
}

/// Whether this map can be switched off: those of every layer but the last, whose values are the logits.
pub fn is_switch(network: &Network, map: MapOf) -> bool {
    let layers = network.layers();
    map.layer + 1 < layers.len() && map.map < layers[map.layer].output().as_maps().0
}

/// The input maps from which a kernel leads to map `output` of a layer; `None` if the layer is no convolution or has no
/// such map.
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

/// The (height, width) of a convolution's kernels.
pub fn kernel_size(network: &Network, layer: usize) -> Option<(usize, usize)> {
    match network.spec().layers.get(layer)? {
        LayerSpec::Conv2d(conv) => Some((conv.kernel_size.h, conv.kernel_size.w)),
        LayerSpec::ConvTranspose2d(conv) => Some((conv.kernel_size.h, conv.kernel_size.w)),
        _ => None,
    }
}

/// The weights of a kernel, row by row; `None` if the network has no such kernel.
pub fn kernel_values(network: &Network, kernel: KernelOf) -> Option<&[f32]> {
    network.parameters()[kernel.layer][0].values().get(kernel_place(network, kernel)?)
}

/// Where the weights of a kernel are in its layer's `weight`: (outputs, inputs of a group, height, width), and of a
/// transposed convolution (inputs, outputs of a group, height, width).
fn kernel_place(network: &Network, kernel: KernelOf) -> Option<Range<usize>> {
    let KernelOf { layer, output, input } = kernel;
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

/// How a class's probability changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The class.
    pub class: usize,
    /// Its probability with everything on, 0…1.
    pub before: f32,
    /// Its probability without what is off.
    pub after: f32,
    /// Its logit before and after.
    pub logits: (f32, f32),
}

impl Change {
    /// The change of every class between two traces of one image.
    pub fn of(before: &Trace, after: &Trace) -> Vec<Self> {
        let logit = |trace: &Trace, class: usize| trace.activations.last().map_or(0.0, |z| z.values()[class]);
        let pairs = before.first_probabilities().iter().zip(after.first_probabilities()).enumerate();
        let changes = pairs.map(|(class, (&p, &q))| {
            let logits = (logit(before, class), logit(after, class));
            Self { class, before: p, after: q, logits }
        });
        changes.collect()
    }

    /// In percentage points.
    pub fn points(&self) -> f32 {
        (self.after - self.before) * 100.0
    }
}
