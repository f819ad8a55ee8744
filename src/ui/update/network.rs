//! The choice of a network.

use crate::{
    model_file,
    nn::{Network, presets},
    train::{Checkpoint, Command, Featurewise, Setup, TrainConfig, images_to_learn_from},
    ui::{
        action::NetworkChoice,
        app::App,
        state::{CurrentNetwork, LastRun, LessonState, Origin},
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
        NetworkChoice::Shipped => presets::by_name(model_file::SHIPPED),
        NetworkChoice::Opened | NetworkChoice::LastRun => None,
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
        (NetworkChoice::LastRun, _) => {
            let Some(LastRun { network, step }) = app.state.last_run.clone() else { return };
            show(app, CurrentNetwork { network, origin: Origin::LastRun(step) });
        }
        (NetworkChoice::Preset(name), _) => {
            let Some(preset) = presets::by_name(name) else { return };
            forget_lesson(app);
            // The run under way is given up: its thread must not go on for nothing.
            training::pause(app);
            let recipe = TrainConfig::from_recipe(&preset.recipe, app.state.setup.seed);
            app.state.setup = training.unwrap_or(recipe);
            app.state.settings.training = training;
            app.run_spec = preset.spec;
            app.is_build_shown = true;
            build(app);
        }
    }
    app.state.settings.network = choice;
}

/// A network that is not in training: a run of its own starts from random weights when training does.
pub(super) fn show(app: &mut App, network: CurrentNetwork) {
    training::pause(app);
    forget_lesson(app);
    let spec = network.network.spec().clone();
    let preset = presets::by_name(&spec.name).filter(|preset| preset.spec == spec);
    let recipe = preset.unwrap_or_else(presets::lenet5_relu).recipe;
    app.state.setup = TrainConfig::from_recipe(&recipe, app.state.setup.seed);
    app.state.settings.training = None;
    app.state.network = network;
    // The next run's weights are drawn all the same, but nobody asked to see them.
    app.is_build_shown = false;
    app.run_network = None;
    training::give_up(app);
    app.run_spec = spec;
    build(app);
}

/// What was learnt is of another network than the one to come; what is being learnt will find that out itself.
fn forget_lesson(app: &mut App) {
    if matches!(app.state.lesson, LessonState::Learnt { .. }) {
        app.state.lesson = LessonState::None;
    }
}

/// A run that was saved goes on where it stood, paused.
pub fn resume(app: &mut App, name: String, checkpoint: Checkpoint, initial: Network) {
    let Some(data) = app.state.data.ready().cloned() else { return };
    training::pause(app);
    training::give_up(app);
    // What was being built is of no use any more.
    app.builds += 1;
    app.is_build_shown = false;
    let (network, initial) = (Arc::new(checkpoint.network.clone()), Arc::new(initial));
    app.state.setup = checkpoint.config;
    app.state.settings.training = None;
    app.state.settings.network = NetworkChoice::Opened;
    app.state.opened = Some((name, network.clone()));
    app.state.network = CurrentNetwork { network, origin: Origin::Live };
    app.run_spec = checkpoint.network.spec().clone();
    app.run_network = Some(initial.clone());
    let setup = Setup { config: checkpoint.config, network: initial, data };
    let config = setup.config;
    if training::send(app, Command::Resume(Box::new((setup, checkpoint)))) {
        app.told = Some(config);
    }
}

/// The settings that decide what the network of step 0 is.
pub fn beginning(config: &TrainConfig) -> impl PartialEq + use<> {
    let TrainConfig { seed, init, featurewise, validation, .. } = *config;
    // Which images are kept matters only where figures are taken from the others.
    let kept = (featurewise != Featurewise::default()).then_some(validation.to_bits());
    (seed, init, featurewise, kept)
}

/// Draws initial weights in the background, for the network that the next run is of; see [`built`]. Whether they are
/// shown was decided when they were ordered: [`App::is_build_shown`].
pub fn build(app: &mut App) {
    let (config, spec) = (app.state.setup, app.run_spec.clone());
    let train = app.state.data.ready().map(|data| data.train.clone());
    app.builds += 1;
    let build = app.builds;
    app.tasks.run_quietly("initial weights", move || {
        let spec = match train {
            Some(train) => config.featurewise.apply(spec, &train, images_to_learn_from(&config, &train)),
            None => spec,
        };
        Done::Built(build, Network::new(spec, config.init, config.seed).map_err(|e| e.to_string()))
    });
}

/// The data set is another: a run on it, from the weights of step 0 that there are, if it does not change them.
pub fn build_or_load(app: &mut App) {
    if app.state.setup.featurewise == Featurewise::default() {
        training::load_run(app);
    } else {
        build(app);
    }
}

/// The weights of step 0 are there: the training thread gets them with the settings.
pub fn built(app: &mut App, network: Network) {
    let network = Arc::new(network);
    app.run_network = Some(network.clone());
    if std::mem::take(&mut app.is_build_shown) || app.state.network.origin == Origin::Live {
        app.state.network = CurrentNetwork { network, origin: Origin::Live };
    }
    training::load_run(app);
}
