//! The choice of a network.

use crate::{
    nn::{Network, presets},
    train::TrainConfig,
    ui::{
        action::NetworkChoice,
        app::App,
        state::{CurrentNetwork, Origin},
        tasks::Done,
        update::training,
    },
};
use std::sync::Arc;

/// The seed of runs whose seed nobody chose.
pub const SEED: u64 = 1;

/// The default training of a choice: its preset's, or that of the app's default network.
pub fn recipe(choice: &NetworkChoice) -> TrainConfig {
    let preset = match choice {
        NetworkChoice::Preset(name) => presets::by_name(name),
        NetworkChoice::Shipped | NetworkChoice::Opened => None,
    };
    TrainConfig::from_recipe(&preset.unwrap_or_else(presets::lenet5_relu).recipe, SEED)
}

/// Turns to a network. An untrained one is built in the background and shown when it is there.
pub fn choose(app: &mut App, choice: NetworkChoice) {
    choose_with(app, choice, None);
}

/// The same; an untrained one is trained with these settings instead of its preset's.
pub fn choose_with(app: &mut App, choice: NetworkChoice, training: Option<TrainConfig>) {
    let opened = app.state.opened.clone();
    match (&choice, opened) {
        (NetworkChoice::Shipped, _) => {
            show(app, CurrentNetwork { network: app.shipped.clone(), origin: Origin::Shipped });
        }
        (NetworkChoice::Opened, Some((name, network))) => {
            show(app, CurrentNetwork { network, origin: Origin::Opened(name) });
        }
        (NetworkChoice::Opened, None) => return,
        (NetworkChoice::Preset(name), _) => {
            let Some(preset) = presets::by_name(name) else { return };
            // The run under way is given up: its thread must not go on for nothing.
            training::pause(app);
            let recipe = TrainConfig::from_recipe(&preset.recipe, app.state.setup.seed);
            app.state.setup = training.unwrap_or(recipe);
            app.state.settings.training = training;
            build(app, preset.spec);
        }
    }
    app.state.settings.network = choice;
}

/// A network that was not trained here: a run of its own starts from random weights when training does.
fn show(app: &mut App, network: CurrentNetwork) {
    training::pause(app);
    let spec = network.network.spec().clone();
    let preset = presets::by_name(&spec.name).filter(|preset| preset.spec == spec);
    let recipe = preset.unwrap_or_else(presets::lenet5_relu).recipe;
    app.state.setup = TrainConfig::from_recipe(&recipe, app.state.setup.seed);
    app.state.network = network;
    app.run_network = None;
    app.state.snapshot = None;
    build(app, spec);
}

/// Draws initial weights for `spec` in the background; see [`built`].
pub fn build(app: &mut App, spec: crate::nn::NetworkSpec) {
    let (init, seed) = (app.state.setup.init, app.state.setup.seed);
    app.builds += 1;
    let build = app.builds;
    app.tasks.run("initial weights", move || {
        Done::Built(build, Network::new(spec, init, seed).map_err(|e| e.to_string()))
    });
}

/// The weights of step 0 are there: the training thread gets them with the settings.
pub fn built(app: &mut App, network: Network) {
    let network = Arc::new(network);
    app.run_network = Some(network.clone());
    if matches!(app.state.settings.network, NetworkChoice::Preset(_))
        || app.state.network.origin == Origin::Live
    {
        app.state.network = CurrentNetwork { network, origin: Origin::Live };
    }
    training::load_run(app);
}
