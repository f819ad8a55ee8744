//! The training thread: orders to it, news from it.

use crate::{
    data::Split,
    text::{fill, tr},
    train::{Command, Event, Setup, TrainConfig, evaluate::check_fit},
    ui::{
        action::{NetworkChoice, Transport},
        app::App,
        state::{CurrentNetwork, LastRun, Origin},
        update::{files, network},
        widgets::{Tone, numbers},
    },
};

/// Gives the training thread the present settings, network and data as a new run; nothing happens until all are there.
///
/// If there can be no such run, the one before it is given up all the same: it is of other settings or other data.
pub fn load_run(app: &mut App) {
    let (Some(network), Some(data)) = (app.run_network.clone(), app.state.data.ready()) else { return };
    let setup = Setup { config: app.state.setup, network, data: data.clone() };
    give_up(app);
    if is_possible(app) {
        let config = setup.config;
        if send(app, Command::Load(Box::new(setup))) {
            app.told = Some(config);
        }
    } else {
        app.run_network = None;
    }
}

/// The run under way is over; what it learnt is kept, for there may be no file of it.
pub fn give_up(app: &mut App) {
    app.told = None;
    if let Some(snapshot) = app.state.snapshot.take()
        && snapshot.step > 0
    {
        app.state.last_run = Some(LastRun { network: snapshot.network.clone(), step: snapshot.step });
    }
}

/// Whether the present settings, network and data make a run; if not, a message says why.
fn is_possible(app: &mut App) -> bool {
    let Some(data) = app.state.data.ready() else { return false };
    let network = &app.state.network.network;
    let fits = |split: &Split| check_fit(network, &data.name, split);
    let checked = app.state.setup.check().and_then(|()| fits(&data.train)).and_then(|()| fits(&data.test));
    if let Err(e) = &checked {
        app.state.toasts.push(Tone::Bad, capitalised(&e.to_string()));
    }
    checked.is_ok()
}

/// Stops the run under way, if there is one.
pub fn pause(app: &mut App) {
    if app.state.is_training() {
        send(app, Command::Pause);
    }
}

/// What the transport's buttons do.
pub fn transport(app: &mut App, transport: Transport) {
    if app.state.data.ready().is_none() {
        app.state.toasts.push(Tone::Info, tr("Training can start when the data set is there."));
        return;
    }
    // What is loaded goes on, whatever the settings of the next run are.
    let is_new = transport == Transport::Reset || app.run_network.is_none();
    if is_new && transport != Transport::Pause && !is_possible(app) {
        return;
    }
    let command = match transport {
        Transport::Run => Command::Run,
        Transport::Pause => Command::Pause,
        Transport::OneBatch => Command::OneBatch,
        Transport::OneEpoch => Command::OneEpoch,
        Transport::Reset => {
            follow(app);
            pause(app);
            network::build(app);
            return;
        }
    };
    if transport != Transport::Pause {
        follow(app);
    }
    send(app, command);
}

/// From now on the current network is the one in training.
fn follow(app: &mut App) {
    if app.state.network.origin == Origin::Live {
        return;
    }
    let name = app.state.network.network.spec().name.clone();
    if let Some(network) = app.run_network.clone() {
        app.state.toasts.push(
            Tone::Info,
            fill(
                tr("Training {name} from random weights. The trained network stays in the network menu."),
                &[("name", &name)],
            ),
        );
        app.state.network = CurrentNetwork { network, origin: Origin::Live };
    } else {
        // Its weights are still being drawn.
        app.is_build_shown = true;
    }
    if crate::nn::presets::by_name(&name).is_some() {
        app.state.settings.network = NetworkChoice::Preset(name);
    }
}

/// Other settings: learning rate, momentum and epochs change the run under way, the rest waits for a reset; before the first
/// step everything applies at once.
pub fn edit_setup(app: &mut App, config: TrainConfig) {
    app.state.setup = config;
    app.state.settings.training = Some(config);
    if config.check().is_err() {
        // The control says why; the run keeps what it has.
        return;
    }
    tell(app, &config);
    let is_fresh = app.state.snapshot.as_ref().is_none_or(|s| s.step == 0 && !s.is_active());
    let is_other = app
        .state
        .snapshot
        .as_ref()
        .is_none_or(|s| network::beginning(&config) != network::beginning(&s.config));
    if is_fresh && is_other {
        network::build(app);
    } else if is_fresh {
        load_run(app);
    }
}

/// Tells the run under way what can change at once and is other than what it was told last. That is not what its snapshot
/// has: a snapshot may be older, and a run that goes on beyond its end has more epochs than anybody set.
fn tell(app: &mut App, config: &TrainConfig) {
    let Some(mut told) = app.told else { return };
    // Learning rate and momentum of another optimiser are those of the next run.
    if config.optimizer.name() == told.optimizer.name() {
        if config.lr != told.lr && send(app, Command::SetLearningRate(config.lr)) {
            told.lr = config.lr;
        }
        if let (Some(momentum), Some(last)) = (config.optimizer.momentum(), told.optimizer.momentum_mut())
            && momentum != *last
            && send(app, Command::SetMomentum(momentum))
        {
            *last = momentum;
        }
    }
    if config.epochs != told.epochs && send(app, Command::SetEpochs(config.epochs)) {
        told.epochs = config.epochs;
    }
    app.told = Some(told);
}

/// The newest moment and what happened.
pub fn take_news(app: &mut App) {
    let Some(trainer) = &app.trainer else { return };
    let events = trainer.poll();
    if let Some(snapshot) = trainer.latest()
        && app.run_network.as_ref().is_some_and(|network| std::sync::Arc::ptr_eq(network, &snapshot.initial))
    {
        if app.state.network.origin == Origin::Live {
            app.state.network.network = snapshot.network.clone();
        }
        app.state.snapshot = Some(snapshot);
    }
    for event in events {
        match event {
            Event::Finished { epochs, accuracy } => {
                let is_validation = app.state.snapshot.as_ref().is_some_and(|s| s.validation);
                let sentence = match (epochs, is_validation) {
                    (1, false) => tr("Trained for 1 epoch: test accuracy {accuracy}."),
                    (1, true) => tr("Trained for 1 epoch: validation accuracy {accuracy}."),
                    (_, false) => tr("Trained for {epochs} epochs: test accuracy {accuracy}."),
                    (_, true) => tr("Trained for {epochs} epochs: validation accuracy {accuracy}."),
                };
                let accuracy = numbers::percent(accuracy as f32);
                let text = fill(sentence, &[("epochs", &epochs.to_string()), ("accuracy", &accuracy)]);
                app.state.toasts.push(Tone::Good, text);
            }
            Event::StoppedEarly { epochs, best, loss } => app.state.toasts.push(
                Tone::Good,
                fill(
                    tr("Stopped after {epochs} epochs: the validation loss stopped falling. These are the weights of epoch {best}, with loss {loss}."),
                    &[
                        ("epochs", &epochs.to_string()),
                        ("best", &best.to_string()),
                        ("loss", &format!("{loss:.4}")),
                    ],
                ),
            ),
            Event::Saved(path) => files::said_saved(app, &path),
            Event::Problem(message) => app.state.toasts.push(Tone::Bad, capitalised(&message)),
            Event::Panicked(message) => {
                give_up(app);
                app.state.toasts.push(Tone::Bad, capitalised(&message));
                load_run(app);
            }
        }
    }
}

/// Says whether the training thread took the order; if there is one that did not, so does a message.
pub fn send(app: &mut App, command: Command) -> bool {
    let Some(trainer) = &app.trainer else { return false };
    let is_taken = trainer.send(command);
    if !is_taken {
        app.state.toasts.push(Tone::Warn, tr("The training thread is busy and did not take the order."));
    }
    is_taken
}

/// A sentence begins with a capital.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
