//! What a person has done to the filters of a network: numbers that were painted, and filters that training leaves alone.

use crate::nn::{
    Network,
    filters::{FilterId, FilterLayout},
    network::Parameters,
    optim::Optimizer,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// The frozen and the painted filters of a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "HandMadeJson", into = "HandMadeJson")]
pub struct HandMade {
    frozen: BTreeSet<FilterId>,
    /// The painted filters, with the numbers that they had before.
    painted: BTreeMap<FilterId, Vec<f32>>,
}

/// Lists, since the keys of a JSON object are text.
#[derive(Serialize, Deserialize)]
struct HandMadeJson {
    frozen: Vec<FilterId>,
    painted: Vec<(FilterId, Vec<f32>)>,
}

impl From<HandMadeJson> for HandMade {
    fn from(json: HandMadeJson) -> Self {
        Self { frozen: json.frozen.into_iter().collect(), painted: json.painted.into_iter().collect() }
    }
}

impl From<HandMade> for HandMadeJson {
    fn from(hand: HandMade) -> Self {
        Self { frozen: hand.frozen.into_iter().collect(), painted: hand.painted.into_iter().collect() }
    }
}

/// A filter as it is to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FilterEdit {
    /// The filter.
    pub id: FilterId,
    /// Its kernels and its bias; `None` leaves them as they are.
    pub values: Option<Vec<f32>>,
    /// Whether training leaves it alone.
    pub is_frozen: bool,
    /// Whether its numbers are a person's. What it was before is kept then.
    pub is_painted: bool,
}

impl FilterEdit {
    /// The edit that brings a filter back to what it is now; `None` if there is no such filter.
    pub fn back_to(network: &Network, hand: &HandMade, id: FilterId) -> Option<Self> {
        let layout = FilterLayout::of(network, id.layer).filter(|layout| id.filter < layout.filters)?;
        let values = Some(layout.values(&network.parameters()[id.layer], id.filter));
        Some(Self { id, values, is_frozen: hand.is_frozen(id), is_painted: hand.is_painted(id) })
    }

    /// What it does to a filter that is as `hand` says, for a mark; `None` if nothing changes.
    pub fn kind(&self, hand: &HandMade) -> Option<FilterEvent> {
        let was_painted = hand.is_painted(self.id);
        match (self.is_painted, was_painted, self.is_frozen == hand.is_frozen(self.id)) {
            (true, _, _) if self.values.is_some() => Some(FilterEvent::Painted),
            (false, true, _) => Some(FilterEvent::Learned),
            (.., false) if self.is_frozen => Some(FilterEvent::Frozen),
            (.., false) => Some(FilterEvent::Released),
            _ => None,
        }
    }
}

/// What happened to a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilterEvent {
    /// A person has painted it.
    Painted,
    /// It has the numbers again that were learnt.
    Learned,
    /// Training leaves it alone.
    Frozen,
    /// Training changes it again.
    Released,
}

impl HandMade {
    /// Whether nothing is frozen or painted.
    pub fn is_empty(&self) -> bool {
        self.frozen.is_empty() && self.painted.is_empty()
    }

    /// Whether training leaves a filter alone.
    pub fn is_frozen(&self, id: FilterId) -> bool {
        self.frozen.contains(&id)
    }

    /// Whether the numbers of a filter are a person's.
    pub fn is_painted(&self, id: FilterId) -> bool {
        self.painted.contains_key(&id)
    }

    /// The numbers that a painted filter had before.
    pub fn learned(&self, id: FilterId) -> Option<&[f32]> {
        self.painted.get(&id).map(Vec::as_slice)
    }

    /// The frozen filters, in order.
    pub fn frozen(&self) -> impl Iterator<Item = FilterId> + '_ {
        self.frozen.iter().copied()
    }

    /// The painted filters, in order.
    pub fn painted(&self) -> impl Iterator<Item = FilterId> + '_ {
        self.painted.keys().copied()
    }

    /// The number of frozen filters.
    pub fn frozen_count(&self) -> usize {
        self.frozen.len()
    }

    /// Changes a filter of `network`. Returns whether it could: there is such a filter, and its numbers are finite.
    pub fn apply(&mut self, network: &mut Network, edit: &FilterEdit) -> bool {
        let id = edit.id;
        let Some(layout) = FilterLayout::of(network, id.layer).filter(|layout| id.filter < layout.filters)
        else {
            return false;
        };
        let fits = |values: &Vec<f32>| values.len() == layout.len() && values.iter().all(|v| v.is_finite());
        if !edit.values.as_ref().is_none_or(fits) {
            return false;
        }
        let tensors = &mut network.parameters_mut()[id.layer];
        if !edit.is_painted {
            self.painted.remove(&id);
        } else if !self.is_painted(id) {
            self.painted.insert(id, layout.values(tensors, id.filter));
        }
        if let Some(values) = &edit.values {
            layout.set(tensors, id.filter, values);
        }
        if edit.is_frozen {
            self.frozen.insert(id);
        } else {
            self.frozen.remove(&id);
        }
        true
    }

    /// Without what is not of `network`, as a damaged file may have it.
    #[must_use]
    pub fn fitting(mut self, network: &Network) -> Self {
        let layout = |id: FilterId| FilterLayout::of(network, id.layer).filter(|of| id.filter < of.filters);
        self.frozen.retain(|id| layout(*id).is_some());
        self.painted.retain(|id, values| {
            layout(*id).is_some_and(|of| of.len() == values.len() && values.iter().all(|v| v.is_finite()))
        });
        self
    }

    /// The places of all frozen values.
    pub(super) fn places(&self, network: &Network) -> Vec<FrozenPlace> {
        let mut places: Vec<FrozenPlace> = Vec::new();
        for id in &self.frozen {
            let Some(layout) = FilterLayout::of(network, id.layer) else { continue };
            for (tensor, range) in layout.places(id.filter) {
                // Filters that follow each other are one place.
                match places.iter_mut().rev().find(|last| (last.layer, last.tensor) == (id.layer, tensor)) {
                    Some(last) if last.range.end == range.start => last.range.end = range.end,
                    _ => places.push(FrozenPlace { layer: id.layer, tensor, range }),
                }
            }
        }
        places
    }
}

/// Values of a parameter that training leaves alone.
#[derive(Clone, Debug)]
pub(super) struct FrozenPlace {
    pub(super) layer: usize,
    pub(super) tensor: usize,
    pub(super) range: Range<usize>,
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
pub(super) fn clear_slots(optimizer: &mut Optimizer, frozen: &[FrozenPlace]) {
    if !frozen.is_empty() {
        optimizer.state_mut().iter_mut().for_each(|slot| clear(slot, frozen));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Init, presets};

    #[test]
    fn a_filter_is_painted_and_brought_back() {
        let mut network = Network::new(presets::lenet5_relu().spec, Init::He, 3).unwrap();
        let before = network.clone();
        let mut hand = HandMade::default();
        let id = FilterId { layer: 0, filter: 2 };
        let back = FilterEdit::back_to(&network, &hand, id).unwrap();
        let mut edit = FilterEdit { id, values: Some(vec![0.5; 26]), is_frozen: true, is_painted: true };
        assert_eq!(edit.kind(&hand), Some(FilterEvent::Painted));
        assert!(hand.apply(&mut network, &edit));
        assert!(hand.is_painted(id) && hand.is_frozen(id));
        assert_eq!(hand.learned(id), back.values.as_deref());
        // Painted again, what was learnt is still kept.
        edit.values = Some(vec![0.25; 26]);
        assert!(hand.apply(&mut network, &edit));
        assert_eq!(hand.learned(id), back.values.as_deref());
        let json = serde_json::to_string(&hand).unwrap();
        assert_eq!(serde_json::from_str::<HandMade>(&json).unwrap(), hand);
        assert_eq!(hand.clone().fitting(&network), hand);
        assert!(hand.apply(&mut network, &back) && hand.is_empty());
        assert_eq!(network.parameters(), before.parameters());
        for wrong in [
            FilterEdit { values: Some(vec![0.5; 25]), ..edit.clone() },
            FilterEdit { values: Some(vec![f32::NAN; 26]), ..edit.clone() },
            FilterEdit { id: FilterId { layer: 0, filter: 6 }, ..edit.clone() },
            FilterEdit { id: FilterId { layer: 1, filter: 0 }, ..edit },
        ] {
            assert!(!hand.apply(&mut network, &wrong) && hand.is_empty());
        }
        assert_eq!(network.parameters(), before.parameters());
    }
}
