//! The search for the patches that excite a layer's maps most.

use super::training::capitalised;
use crate::{
    train::evaluate::check_fit,
    ui::{app::App, exciting::Found, widgets::Tone},
};

/// Looks through the test set for what excites the maps of a layer of the current network.
pub(super) fn find(app: &mut App, layer: usize) {
    let network = app.state.network.network.clone();
    let Some(data) = app.state.data.ready() else { return };
    let fit = check_fit(&network, &data.name, &data.test);
    let images = app.state.settings.patch_images.max(1);
    let found = Found::nothing(network, layer, data.name.clone(), data.test.clone(), images);
    if let Err(e) = fit {
        app.state.exciting = found.map(|found| Found { is_over: true, images: 0, ..found });
        app.state.toasts.push(Tone::Bad, capitalised(&e.to_string()));
        return;
    }
    app.state.exciting.clone_from(&found);
    if let Some(found) = found {
        app.seeker.seek(found);
        take_news(app);
    }
}

/// What was found so far stays.
pub(super) fn stop(app: &mut App) {
    app.seeker.call_off();
    if let Some(found) = &mut app.state.exciting {
        found.is_over = true;
    }
}

/// How far the search has come.
pub fn take_news(app: &mut App) {
    if let Some(found) = app.seeker.take() {
        app.state.exciting = Some(found);
    }
}
