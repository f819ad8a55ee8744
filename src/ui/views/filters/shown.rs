//! What the view shows: a layer, its filters now and before, and which of them is looked at.

use crate::{
    nn::{
        Network, Tensor,
        filters::{FilterId, FilterLayout},
    },
    text::{fill, tr},
    ui::{
        model::{filters::FiltersState, network::Origin},
        state::AppState,
        widgets::numbers,
    },
};
use std::sync::Arc;

/// Why there is something before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// The run's network at step 0.
    Start,
    /// The network before a person painted it, which is in no run.
    Painting,
}

/// A layer of the current network.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    pub network: &'a Arc<Network>,
    pub before: Option<(&'a Arc<Network>, Before)>,
    pub layer: usize,
    pub layout: FilterLayout,
    /// The filter that is looked at, and which of its kernels.
    pub filter: usize,
    pub input: usize,
    pub filters: &'a FiltersState,
}

impl<'a> Shown<'a> {
    /// The chosen layer, or the first convolution; `None` for a network without any.
    pub fn of(state: &'a AppState) -> Option<Self> {
        let (network, filters) = (&state.network.network, &state.filters);
        let chosen = FilterLayout::of(network, filters.layer).map(|layout| (filters.layer, layout));
        let first = || {
            let layer = *FilterLayout::layers(network).first()?;
            Some((layer, FilterLayout::of(network, layer)?))
        };
        let (layer, layout) = chosen.or_else(first)?;
        let of_run = matches!(state.network.origin, Origin::Live | Origin::Moment(_));
        let start = state.snapshot.as_ref().filter(|_| of_run).map(|run| (&run.initial, Before::Start));
        let own = filters.own.as_ref().filter(|own| Arc::ptr_eq(&own.network, network));
        let before = start.or(own.map(|own| (&own.learned, Before::Painting)));
        let before = before.filter(|(before, _)| before.spec() == network.spec());
        let (filter, input) = filters.kernel;
        let (filter, input) = (filter.min(layout.filters.max(1) - 1), input.min(layout.inputs.max(1) - 1));
        Some(Self { network, before, layer, layout, filter, input, filters })
    }

    /// The parameters of the layer.
    pub fn tensors(&self) -> &'a [Tensor] {
        self.network.parameters().get(self.layer).map_or(&[], Vec::as_slice)
    }

    /// Those before.
    pub fn tensors_before(&self) -> Option<&'a [Tensor]> {
        self.before.and_then(|(before, _)| before.parameters().get(self.layer)).map(Vec::as_slice)
    }

    /// A filter's name in actions.
    pub fn id(&self, filter: usize) -> FilterId {
        FilterId { layer: self.layer, filter }
    }

    /// The kernel that is looked at.
    pub fn kernel(&self) -> &'a [f32] {
        self.layout.kernel_of(self.tensors(), self.filter, self.input)
    }

    /// All numbers of the filter that is looked at.
    pub fn values(&self) -> Vec<f32> {
        self.layout.values(self.tensors(), self.filter)
    }

    /// What layer of what network this is, and of which moment.
    pub fn sentence(&self, state: &AppState) -> String {
        let name = self.network.spec().name.as_str();
        let (layer, kind) = (self.layer.to_string(), self.network.spec().layers[self.layer].summary());
        let step = state.snapshot.as_ref().map_or(0, |run| run.step);
        let (text, step) = match state.network.origin {
            Origin::Live => {
                (tr("{kind}, layer {layer} of {name}, live at step {step}. Before is step 0."), step)
            }
            Origin::Moment(step) => {
                (tr("{kind}, layer {layer} of {name}, at step {step}. Before is step 0."), step)
            }
            _ if self.before.is_some() => {
                (tr("{kind}, layer {layer} of {name}. Before is what was learned."), 0)
            }
            _ => (tr("{kind}, layer {layer} of {name}. It was trained before, so step 0 is not known."), 0),
        };
        let values = [("kind", &*kind), ("layer", &*layer), ("name", name), ("step", &*numbers::count(step))];
        fill(text, &values)
    }

    /// What was done to a filter, in words; empty if nothing.
    pub fn marks(&self, filter: usize) -> String {
        let (hand, id) = (&self.filters.hand, self.id(filter));
        match (hand.is_painted(id), hand.is_frozen(id)) {
            (true, true) => tr("painted, frozen").to_owned(),
            (true, false) => tr("painted").to_owned(),
            (false, true) => tr("frozen").to_owned(),
            (false, false) => String::new(),
        }
    }
}
