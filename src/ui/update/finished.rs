//! What finished background work brings.

use super::{
    convolution::open::take_photo,
    drawing::{next_revision, put_on_canvas},
    files::use_file,
    fine_tune,
    message::{problem, said_saved, too_late},
    network,
    run::{build, build_or_load, built, pause},
};
use crate::{
    data::DataSet,
    text::{fill, tr},
    ui::{
        core::Core,
        model::{
            data::DataState,
            image::{CurrentImage, ImageSource},
            network::NetworkChoice,
        },
        widgets::{Tone, numbers},
        work::tasks::Done,
    },
};
use std::sync::Arc;

/// Takes in what was read and says what could not be.
pub fn take_news(core: &mut Core) {
    for done in core.tasks.poll() {
        match done {
            Done::Data(number, Ok(data)) if core.choices.data.take(number) => take_data(core, data),
            Done::Data(_, Ok(data)) => too_late(core, &data.name),
            Done::Data(_, Err(message)) => {
                if core.state.data.ready().is_none() {
                    core.state.data = DataState::Missing;
                }
                problem(core, &message);
            }
            Done::Picture(number, Ok((name, ink, ground))) if core.choices.images.take(number) => {
                let revision = next_revision(core);
                let is_normalised = core.state.settings.is_normalised;
                let image = CurrentImage::from_ink(ImageSource::Picture(name), ink, is_normalised, revision)
                    .on_ground(ground);
                put_on_canvas(core, &image);
                core.state.image = image;
            }
            Done::Photograph(number, Ok(photo)) if core.choices.photographs.take(number) => {
                take_photo(core, photo);
            }
            Done::Model(number, Ok((name, model))) if core.choices.networks.take(number) => {
                let text =
                    fill(tr("Opened {name}: {spec}."), &[("name", &name), ("spec", &model.spec().name)]);
                core.state.toasts.push(Tone::Good, text);
                core.state.opened = Some((name, Arc::new(model)));
                network::choose(core, NetworkChoice::Opened);
            }
            Done::Run(number, name, checkpoint, initial) if core.choices.networks.take(number) => {
                let spec = &checkpoint.state.network.spec().name;
                let step = numbers::count(checkpoint.state.step);
                let text = tr("Opened {name}: {spec} after step {step}. Train goes on from there.");
                let text = fill(text, &[("name", &name), ("spec", spec), ("step", &step)]);
                core.state.toasts.push(Tone::Good, text);
                network::resume(core, name, *checkpoint, initial);
            }
            Done::Picture(_, Ok((name, ..))) | Done::Model(_, Ok((name, _))) | Done::Run(_, name, ..) => {
                too_late(core, &name);
            }
            Done::Photograph(_, Ok(photo)) => too_late(core, &photo.name),
            // Two settings changed in a row: what was drawn for the first is of no use.
            Done::Built(build, _) if build != core.builds => {}
            Done::Built(_, Ok(model)) => built(core, model),
            Done::FineTuned(progress, lesson) => fine_tune::take(core, &progress, lesson),
            Done::Saved(Ok(path)) => said_saved(core, &path),
            Done::Picked(kind, Some(path)) => use_file(core, kind, path),
            Done::Picked(_, None) => {}
            Done::SettingsWritten(result) => {
                if let Some(message) = core.autosave.take(result) {
                    problem(core, &message);
                }
            }
            Done::Picture(_, Err(message))
            | Done::Photograph(_, Err(message))
            | Done::Model(_, Err(message))
            | Done::Built(_, Err(message))
            | Done::Saved(Err(message))
            | Done::Panicked(message) => problem(core, &message),
        }
    }
}

/// A data set is there: it is learnt from, from the first step.
fn take_data(core: &mut Core, data: DataSet) {
    let is_first = matches!(core.state.data, DataState::Loading) && core.run_network.is_none();
    core.state.settings.next_sample = if is_first { core.state.settings.next_sample } else { 0 };
    pause(core);
    core.state.data = DataState::Ready(data);
    if core.run_network.is_some() {
        build_or_load(core);
    } else {
        build(core);
    }
}
