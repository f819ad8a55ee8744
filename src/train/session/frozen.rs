//! Values that a step leaves alone, bit by bit.

use crate::{nn::network::Parameters, train::hand::FrozenPlace};

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
