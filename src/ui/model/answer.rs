//! The answer of a network to one image.

use crate::{
    data::digit::Objection,
    explain::{
        Breakdown, Cell, WhatIf,
        what_if::{LayerMap, ProbabilityChange},
    },
    nn::{ActivationGradients, Network, Trace},
};
use std::sync::Arc;

/// What to compute besides the activations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The (layer, map) whose breakdown is shown.
    pub breakdown: Option<(usize, usize)>,
    /// The loss whose gradients are shown.
    pub gradients: Option<LossOf>,
}

/// The class of a cross-entropy loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossOf {
    /// This class.
    Class(usize),
    /// The most likely one.
    Answer,
}

/// The gradients of the loss.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// The class of the loss.
    pub class: usize,
    /// With respect to every activation.
    pub by: Arc<ActivationGradients>,
}

/// What is known about an image besides its pixels. An answer has it, since the current image may be another one by then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Whether there is no ink.
    pub is_blank: bool,
    /// What speaks against it being one digit.
    pub objection: Option<Objection>,
}

/// Every activation of one image in one network.
#[derive(Clone, Debug)]
pub struct NetworkAnswer {
    /// The network, with the weights of disabled maps and kernels set to 0.
    pub network: Arc<Network>,
    /// The trace with maps and kernels disabled.
    pub trace: Arc<Trace>,
    /// The trace of the whole network; the same if nothing is disabled.
    pub whole: Arc<Trace>,
    /// The disabled maps and kernels.
    pub what_if: WhatIf,
    /// The image's [`InferenceQuestion::image_revision`].
    pub image_revision: u64,
    /// What is known about that image.
    pub about: About,
    /// The breakdown of the wanted map; `None` if it has none.
    pub breakdown: Option<Arc<Breakdown>>,
    /// The gradients, if they were wanted.
    pub gradients: Option<Gradients>,
}

impl NetworkAnswer {
    /// How element `at` of the output of `layer` was computed: with the weights of this answer, not with those of later
    /// training steps. `None` in a disabled map, which is 0 for every input.
    pub fn explain(&self, layer: usize, at: usize) -> Option<Cell> {
        let (_, height, width) = self.network.layers().get(layer)?.output().as_maps();
        let is_on = self.what_if.has_map(LayerMap { layer, map: at / (height * width) });
        if is_on { Cell::of(&self.network, &self.trace, layer, at) } else { None }
    }

    /// The change of each probability by disabled maps and kernels; `None` if nothing is disabled.
    pub fn changes(&self) -> Option<Vec<ProbabilityChange>> {
        (!self.what_if.is_empty()).then(|| ProbabilityChange::of(&self.whole, &self.trace))
    }
}
