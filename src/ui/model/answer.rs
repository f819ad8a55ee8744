//! What a network computed from one image.

use crate::{
    data::digit::Objection,
    explain::{
        Breakdown, Cell, WhatIf,
        what_if::{LayerMap, ProbabilityChange},
    },
    nn::{ActivationGradients, Network, Trace},
};
use std::sync::Arc;

/// What is wanted of a network beside its activations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The (layer, map) whose breakdown is shown.
    pub breakdown: Option<(usize, usize)>,
    /// The loss by which gradients are shown.
    pub gradients: Option<LossOf>,
}

/// Whose loss it is: the cross-entropy with a class.
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
    /// By every activation.
    pub by: Arc<ActivationGradients>,
}

/// What is known of an image beside its pixels; an answer carries it, since the current image may be another by then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Whether there is nothing to see.
    pub is_blank: bool,
    /// What speaks against its being one digit.
    pub objection: Option<Objection>,
}

/// Every activation of one image in one network.
#[derive(Clone, Debug)]
pub struct NetworkAnswer {
    /// The network that was asked, with the weights of what is switched off at 0.
    pub network: Arc<Network>,
    /// All that it computed without what is switched off.
    pub trace: Arc<Trace>,
    /// All that the whole network computed; the same trace if nothing is off.
    pub whole: Arc<Trace>,
    /// What is switched off.
    pub what_if: WhatIf,
    /// The image's [`InferenceQuestion::image_revision`].
    pub image_revision: u64,
    /// What is known of that image.
    pub about: About,
    /// How the map came about that was wanted; `None` if it has no breakdown.
    pub breakdown: Option<Arc<Breakdown>>,
    /// The gradients, if they were wanted.
    pub gradients: Option<Gradients>,
}

impl NetworkAnswer {
    /// How element `at` of the output of `layer` came about: by the weights that computed it, not by those of a network
    /// that has learnt on since. `None` in a map that is off: it is 0 whatever came in.
    pub fn explain(&self, layer: usize, at: usize) -> Option<Cell> {
        let (_, height, width) = self.network.layers().get(layer)?.output().as_maps();
        let is_on = self.what_if.has_map(LayerMap { layer, map: at / (height * width) });
        if is_on { Cell::of(&self.network, &self.trace, layer, at) } else { None }
    }

    /// What the switches change in the probabilities; `None` if nothing is off.
    pub fn changes(&self) -> Option<Vec<ProbabilityChange>> {
        (!self.what_if.is_empty()).then(|| ProbabilityChange::of(&self.whole, &self.trace))
    }
}
