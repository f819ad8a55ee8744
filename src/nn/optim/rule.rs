//! The trait of all optimisers, and how a step applies one to all tensors.

use crate::nn::{
    network::Parameters,
    parallel::{Executor, SHARDS, for_each_chunk, split, split_mut},
    simd::{all_finite, vectorise},
    tensor::Tensor,
};
use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
};

/// An optimiser's settings as data, and its update rule.
pub(super) trait UpdateRule: Copy + Default + fmt::Debug + PartialEq {
    /// PyTorch's names of the values that it keeps for each parameter.
    const SLOTS: &'static [&'static str];

    /// Its name on the command line, in the window and in files.
    const NAME: &'static str;

    /// The settings for each of its names, if it has several, with PyTorch's defaults.
    fn named() -> Vec<(&'static str, Self)> {
        vec![(Self::NAME, Self::default())]
    }

    /// The name of these settings, one of [`UpdateRule::named`].
    fn name(&self) -> &'static str {
        Self::NAME
    }

    /// The default learning rate.
    fn default_lr(&self) -> f32;

    /// Mutable access to the momentum, if it has one.
    fn momentum_mut(&mut self) -> Option<&mut f32>;

    /// Mutable access to the weight decay.
    fn weight_decay_mut(&mut self) -> &mut f32;

    /// Updates all tensors of `update`, usually by [`Update::for_each_block`]. Returns whether all new parameters are finite.
    fn apply(&self, update: Update<'_>) -> bool;
}

/// The learning rate and number of a step.
#[derive(Clone, Copy)]
pub(super) struct StepContext {
    pub(super) lr: f32,
    /// The number, from 1.
    pub(super) step: u64,
}

/// The tensors of a step.
pub(super) struct Update<'a> {
    pub(super) executor: &'a dyn Executor,
    pub(super) parameters: &'a mut Parameters,
    pub(super) gradients: &'a Parameters,
    /// For each slot, tensors with the parameters' shapes.
    pub(super) state: &'a mut [Parameters],
    /// Where the old parameters are copied to.
    pub(super) before: Option<&'a mut Parameters>,
    pub(super) context: StepContext,
}

/// The chunks of a tensor; empty ones if there is none.
fn chunks(tensor: Option<&mut Tensor>) -> [&mut [f32]; SHARDS] {
    let values = tensor.map(Tensor::values_mut).unwrap_or_default();
    let len = values.len();
    split_mut(values, len).map(|(_, values)| values)
}

/// Values that are copied, updated and checked at a time, while they are in the L1 cache.
const BLOCK: usize = 2048;

impl Update<'_> {
    /// Calls `rule(parameter, gradient, slots)` for every block of every tensor. Returns whether all new parameters are
    /// finite.
    pub(super) fn for_each_block<const SLOTS: usize>(
        mut self,
        rule: impl Fn(&mut [f32], &[f32], [&mut [f32]; SLOTS]) + Sync,
    ) -> bool {
        let finite = AtomicBool::new(true);
        let tensors = self.parameters.iter_mut().flatten().zip(self.gradients.iter().flatten());
        let mut before = self.before.as_deref_mut().map(|before| before.iter_mut().flatten());
        let mut state = self.state.iter_mut().map(|slot| slot.iter_mut().flatten());
        let mut state: [_; SLOTS] = std::array::from_fn(|_| state.next());
        for (w, g) in tensors {
            let len = w.len();
            let mut before = chunks(before.as_mut().and_then(Iterator::next)).into_iter();
            let mut slots =
                state.each_mut().map(|slot| chunks(slot.as_mut().and_then(Iterator::next)).into_iter());
            let mut g = split(g.values(), len).into_iter();
            let all = chunks(Some(w)).map(|w| {
                let slots = slots.each_mut().map(|slot| slot.next().unwrap_or_default());
                (w, g.next().map_or(&[][..], |(_, g)| g), slots, before.next().unwrap_or_default())
            });
            for_each_chunk(self.executor, len, all, |(w, g, mut slots, before)| {
                for start in (0..w.len()).step_by(BLOCK) {
                    let block = start..w.len().min(start + BLOCK);
                    let w = &mut w[block.clone()];
                    if let Some(before) = before.get_mut(block.clone()) {
                        before.copy_from_slice(w);
                    }
                    let slots = slots.each_mut().map(|slot| &mut slot[block.clone()]);
                    let all = vectorise(
                        #[inline(always)]
                        || {
                            rule(w, &g[block], slots);
                            all_finite(w)
                        },
                    );
                    finite.fetch_and(all, Ordering::Relaxed);
                }
            });
        }
        finite.into_inner()
    }
}
