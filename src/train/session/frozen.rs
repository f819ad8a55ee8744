//! Values that a step leaves alone, bit by bit.

use crate::{
    nn::{network::Parameters, optim::Optimizer},
    train::hand::FrozenPlace,
};

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
pub(super) fn clear_slots(optimizer: &mut Optimizer, frozen: &[FrozenPlace]) {
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
