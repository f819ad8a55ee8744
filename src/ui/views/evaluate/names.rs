//! What the classes of a measurement are called.

use crate::{
    text::ClassNames,
    ui::{model::evaluate::Measurement, state::AppState},
};

/// The names of the classes of what was measured: those of its data set, or else of its network.
pub(super) fn names_of(state: &AppState, measured: &Measurement) -> ClassNames {
    let data = state.data.ready().filter(|data| data.name == measured.of.data && !data.classes.is_empty());
    let own = || measured.of.network.spec().class_names.clone();
    data.map_or_else(own, |data| data.classes.clone())
}
