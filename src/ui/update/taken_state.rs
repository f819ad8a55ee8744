//! The state of the window as data, and saving it to a file.

use super::settings;
use crate::{
    text::{fill, tr},
    ui::{
        core::Core,
        model::{
            network::{CurrentNetwork, NetworkChoice, Origin},
            saved::{
                Header, SavedNetwork, SavedPhoto, SavedState,
                stands::{ConvolutionStand, NetworkStand},
            },
        },
        work::{state_file, tasks::Done},
    },
};
use std::path::Path;

/// The state as it is now.
pub fn taken(core: &mut Core) -> SavedState {
    settings::gather(core);
    let state = &core.state;
    let lab = &state.convolution;
    SavedState {
        header: Header::default(),
        settings: state.settings.clone(),
        training: state.setup,
        network: network_of(core),
        network_view: NetworkStand {
            selection: state.selection,
            first_column: state.first_column,
            shows_breakdown: state.shows_breakdown,
            loss_class: state.loss_class,
            what_if: state.what_if.clone(),
            breakdown: state.breakdown.at_rest(),
        },
        convolution: ConvolutionStand {
            playback: lab.playback.at_rest(),
            channel: lab.channel,
            grid: lab.grid,
            result: lab.result,
            family_grid: lab.family_grid,
            is_matrix: lab.is_matrix,
            first_kernel: lab.first_kernel,
            photo: lab.photo.as_ref().map(|photo| SavedPhoto::of(photo)),
        },
        pooling: Some(state.pooling.stand()),
        drawing: state.drawing.clone(),
    }
}

/// What ships with the program is named; other networks are kept with their weights.
fn network_of(core: &Core) -> SavedNetwork {
    let state = &core.state;
    let CurrentNetwork { network, origin } = state.network.clone();
    let choice = state.settings.network.clone();
    let step = state.snapshot.as_ref().map_or(0, |snapshot| snapshot.step);
    let is_painted = state.filters.hand.painted().next().is_some();
    let is_named = match (&origin, &choice) {
        _ if is_painted => false,
        (Origin::Shipped, _) => true,
        (Origin::Live, NetworkChoice::Preset(_)) => step == 0,
        _ => false,
    };
    let network_name = network.spec().name.clone();
    let weights = (!is_named).then_some(network);
    let origin = match origin {
        Origin::Live if !is_named => Origin::LastRun(step),
        Origin::Moment(step) => Origin::LastRun(step),
        Origin::Shipped if is_painted => {
            let name = [("name", network_name.as_str())];
            Origin::Opened(fill(tr("{name}, painted"), &name))
        }
        origin => origin,
    };
    SavedNetwork { choice, origin, weights, run: state.settings.run }
}

/// Saves the state to a file.
pub(super) fn save(core: &mut Core, path: &Path) {
    let (state, path) = (taken(core), path.to_owned());
    core.tasks.run("save state", move || {
        let written = state_file::write(&path, &state);
        Done::Saved(path, written)
    });
}
