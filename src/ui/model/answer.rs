//! A network's answer: everything that it computed from one image.

use crate::{
    data::digit::Objection,
    explain::{
        Breakdown, Cell, WhatIf,
        what_if::{LayerMap, ProbabilityChange},
    },
    nn::{ActivationGradients, Network, Trace},
};
use std::sync::Arc;

/// What is computed in addition to the activations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The (layer, map) to compute a breakdown of.
    pub breakdown: Option<(usize, usize)>,
    /// The loss to compute gradients of.
    pub gradients: Option<LossOf>,
}

/// The target class of the cross-entropy loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossOf {
    /// This class.
    Class(usize),
    /// The most likely class.
    Answer,
}

/// The gradients of the loss with respect to every activation.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// The target class of the loss.
    pub class: usize,
    /// The gradients.
    pub by: Arc<ActivationGradients>,
}

/// What preprocessing found out about an image. An answer carries it because the current image may have changed since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Whether it has no ink.
    pub is_blank: bool,
    /// Why it cannot be a single digit.
    pub objection: Option<Objection>,
}

/// Every activation of one network for one image.
#[derive(Clone, Debug)]
pub struct NetworkAnswer {
    /// The network; the weights of what is switched off are 0.
    pub network: Arc<Network>,
    /// Its activations, without what is switched off.
    pub trace: Arc<Trace>,
    /// The activations of the whole network; the same trace if nothing is switched off.
    pub whole: Arc<Trace>,
    /// The disabled maps and kernels.
    pub what_if: WhatIf,
    /// The image's [`InferenceQuestion::image_revision`].
    pub image_revision: u64,
    /// What preprocessing found out about that image.
    pub about: About,
    /// The breakdown, if one was wanted and the map has one.
    pub breakdown: Option<Arc<Breakdown>>,
    /// The gradients, if they were wanted.
    pub gradients: Option<Gradients>,
}

impl NetworkAnswer {
    /// How element `at` of the output of `layer` was computed, with the weights that computed it: training may have changed
    /// the current network since. `None` in a map that is switched off, whose values are always 0.
    pub fn explain(&self, layer: usize, at: usize) -> Option<Cell> {
        let (_, height, width) = self.network.layers().get(layer)?.output().as_maps();
        let is_on = self.what_if.has_map(LayerMap { layer, map: at / (height * width) });
        if is_on { Cell::of(&self.network, &self.trace, layer, at) } else { None }
    }

    /// How much what is switched off changes each probability; `None` if nothing is off.
    pub fn changes(&self) -> Option<Vec<ProbabilityChange>> {
        (!self.what_if.is_empty()).then(|| ProbabilityChange::of(&self.whole, &self.trace))
    }
}
