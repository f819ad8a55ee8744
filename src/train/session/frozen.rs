//! Filters that a step leaves alone, bit by bit.

use super::{EarlyStop, Session};
use crate::{
    nn::network::Parameters,
    train::hand::{FilterEdit, FrozenPlace, HandMade},
};

impl Session {
    /// Paints, freezes and releases filters. Returns how many of the edits could be made.
    ///
    /// The best epoch, for early stopping, was of other filters: patience begins anew.
    pub fn edit_filters(&mut self, edits: &[FilterEdit]) -> usize {
        let made = edits.iter().filter(|edit| self.hand.apply(&mut self.network, edit)).count();
        if made == 0 {
            return 0;
        }
        self.frozen = self.hand.places(&self.network);
        clear_slots(&mut self.optimizer, &self.frozen);
        self.early_stop = EarlyStop::default();
        self.health.clear();
        if self.good_step() == self.step {
            let state = self.state();
            self.health.set_good(state);
        }
        made
    }

    /// The painted and the frozen filters.
    pub fn hand(&self) -> &HandMade {
        &self.hand
    }
}

/// Takes away the gradients of frozen values, so that they do not count when a gradient is clipped.
pub(super) fn clear(gradients: &mut Parameters, frozen: &[FrozenPlace]) {
    for FrozenPlace { layer, tensor, range } in frozen {
        let place = gradients.get_mut(*layer).and_then(|tensors| tensors.get_mut(*tensor));
        if let Some(place) = place.and_then(|tensor| tensor.values_mut().get_mut(range.clone())) {
            place.fill(0.0);
        }
    }
}

/// A released filter begins without momentum.
pub(super) fn clear_slots(optimizer: &mut crate::nn::optim::Optimizer, frozen: &[FrozenPlace]) {
    if !frozen.is_empty() {
        optimizer.state_mut().iter_mut().for_each(|slot| clear(slot, frozen));
    }
}

/// Gives frozen values back what they were before the step, which weight decay changes without a gradient.
pub(super) fn restore(weights: &mut Parameters, before: &Parameters, frozen: &[FrozenPlace]) {
    for FrozenPlace { layer, tensor, range } in frozen {
        let from = before.get(*layer).and_then(|tensors| tensors.get(*tensor));
        let to = weights.get_mut(*layer).and_then(|tensors| tensors.get_mut(*tensor));
        if let (Some(from), Some(to)) = (from, to)
            && let (Some(from), Some(to)) =
                (from.values().get(range.clone()), to.values_mut().get_mut(range.clone()))
        {
            to.copy_from_slice(from);
        }
    }
}
