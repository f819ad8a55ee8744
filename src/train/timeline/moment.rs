//! A moment of a run: what the network and the optimiser held after a step.

use crate::{
    nn::{
        Network,
        filters::{FilterId, FilterLayout},
        network::Parameters,
        optim::Optimizer,
    },
    train::{config::TrainConfig, hand::HandMade, history::History, session::Session, state::SessionState},
};
use half::{bf16, f16, slice::HalfFloatSliceExt};

/// A moment of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Optimiser steps made.
    pub step: u64,
    /// The settings at that step.
    pub config: TrainConfig,
    /// Its name, if a person has flagged it. A flagged moment is never thinned out.
    pub flag: Option<String>,
    /// The painted and the frozen filters at that step.
    pub hand: HandMade,
    /// Steps of the optimiser, which counts anew after a divergence.
    pub(super) optimizer_steps: u64,
    pub(super) values: Values,
    /// The frozen filters, which stay bit by bit also where the rest is rounded.
    pub(super) frozen: Vec<(FilterId, Vec<f32>)>,
}

/// The numbers of a moment, all tensors in order: parameters, buffers, and the optimiser's slots.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values {
    /// As they are.
    Exact(Vec<f32>),
    /// For networks of which too few exact moments would fit the memory. Weights need digits, slots need range.
    Half {
        /// The parameters.
        weights: Vec<f16>,
        /// The buffers, which are few and may be counts.
        buffers: Vec<f32>,
        /// The optimiser's slots.
        slots: Vec<bf16>,
    },
}

/// How precisely a moment is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    Exact,
    Half,
}

/// The number of values in a moment of a network with this optimiser.
pub(super) fn value_count(network: &Network, optimizer: &Optimizer) -> usize {
    let count = |tensors: &Parameters| tensors.iter().flatten().map(|t| t.values().len()).sum::<usize>();
    let parameters = count(network.parameters());
    parameters * (1 + optimizer.state().len()) + count(network.buffers())
}

fn flat<'a>(tensors: impl IntoIterator<Item = &'a Parameters>) -> Vec<f32> {
    tensors.into_iter().flatten().flatten().flat_map(crate::nn::Tensor::values).copied().collect()
}

impl Moment {
    /// The present moment of a session.
    pub(super) fn of(session: &Session, precision: Precision) -> Self {
        let of = (session.network(), session.optimizer());
        Self::at(session.steps(), session.config(), of, session.hand(), precision)
    }

    /// The moment after a step.
    pub(super) fn at(
        step: u64,
        config: &TrainConfig,
        (network, optimizer): (&Network, &Optimizer),
        hand: &HandMade,
        precision: Precision,
    ) -> Self {
        let (weights, buffers) = (flat([network.parameters()]), flat([network.buffers()]));
        let slots = flat(optimizer.state());
        let values = match precision {
            Precision::Exact => Values::Exact([weights, buffers, slots].concat()),
            Precision::Half => {
                let mut half = (vec![f16::ZERO; weights.len()], vec![bf16::ZERO; slots.len()]);
                // A weight beyond the range of half precision stays finite.
                let largest = f32::from(f16::MAX);
                let weights: Vec<f32> = weights.iter().map(|w| w.clamp(-largest, largest)).collect();
                half.0.convert_from_f32_slice(&weights);
                half.1.convert_from_f32_slice(&slots);
                Values::Half { weights: half.0, buffers, slots: half.1 }
            }
        };
        let exactly = |id: FilterId| {
            let layout = FilterLayout::of(network, id.layer)?;
            Some((id, layout.values(network.parameters().get(id.layer)?, id.filter)))
        };
        let is_rounded = precision == Precision::Half;
        let frozen = hand.frozen().filter(|_| is_rounded).filter_map(exactly).collect();
        Self {
            step,
            config: *config,
            flag: None,
            hand: hand.clone(),
            optimizer_steps: optimizer.steps(),
            values,
            frozen,
        }
    }

    /// Whether its numbers are those of the run bit by bit, not rounded to half precision.
    pub fn is_exact(&self) -> bool {
        matches!(self.values, Values::Exact(_))
    }

    /// Its size in memory, in bytes.
    pub fn bytes(&self) -> usize {
        match &self.values {
            Values::Exact(values) => values.len() * size_of::<f32>(),
            Values::Half { weights, buffers, slots } => {
                (weights.len() + slots.len()) * size_of::<f16>() + buffers.len() * size_of::<f32>()
            }
        }
    }

    /// The number of values.
    pub(super) fn len(&self) -> usize {
        match &self.values {
            Values::Exact(values) => values.len(),
            Values::Half { weights, buffers, slots } => weights.len() + buffers.len() + slots.len(),
        }
    }

    fn values(&self) -> impl Iterator<Item = f32> + '_ {
        let (exact, weights, buffers, slots): (&[f32], &[f16], &[f32], &[bf16]) = match &self.values {
            Values::Exact(values) => (values, &[], &[], &[]),
            Values::Half { weights, buffers, slots } => (&[], weights, buffers, slots),
        };
        let weights = weights.iter().map(|w| w.to_f32());
        let slots = slots.iter().map(|s| s.to_f32());
        exact.iter().copied().chain(weights).chain(buffers.iter().copied()).chain(slots)
    }

    /// Gives the frozen filters their exact numbers.
    fn freeze(&self, network: &mut Network) {
        for (id, values) in &self.frozen {
            if let Some(layout) = FilterLayout::of(network, id.layer) {
                layout.set(&mut network.parameters_mut()[id.layer], id.filter, values);
            }
        }
    }

    /// The network at this moment. `like` is the run's network at any other.
    pub fn network(&self, like: &Network) -> Network {
        let mut network = like.clone();
        fill(&mut network, &mut self.values());
        self.freeze(&mut network);
        network
    }

    /// The state of the run at this moment, from which it can go on. `history` are the curves of the run, which may be
    /// longer. `None` if the moment is not of a network like `like`.
    pub(in crate::train) fn state(&self, like: &Network, history: History) -> Option<SessionState> {
        let mut values = self.values();
        let mut network = like.clone();
        fill(&mut network, &mut values);
        self.freeze(&mut network);
        let optimizer = self.config.optimizer;
        let mut slots = Optimizer::new(optimizer, network.parameters()).state().to_vec();
        for value in slots.iter_mut().flatten().flatten().flat_map(crate::nn::Tensor::values_mut) {
            *value = values.next()?;
        }
        if values.next().is_some() {
            return None;
        }
        let optimizer = Optimizer::resume(optimizer, network.parameters(), self.optimizer_steps, slots)?;
        let (step, config, hand) = (self.step, self.config, self.hand.clone());
        let history = history.until(step);
        Some(SessionState { network, config, optimizer, best: None, step, history, hand })
    }
}

fn fill(network: &mut Network, values: &mut impl Iterator<Item = f32>) {
    network.fill_parameters(|| values.next().unwrap_or_default());
    network.fill_buffers(|| values.next().unwrap_or_default());
}
