//! What finished background work brings.

use super::{
    architecture,
    convolution::open::take_photo,
    drawing::{next_revision, put_on_canvas},
    files::{checked, load_embedded_data, opened, opening_failed, picked, saved},
    fine_tune, import, kept_runs, lesson,
    message::{cured, problem, too_late},
    network, record,
    run::{build, build_or_load, built, pause},
    runs, saved_state, worksheet,
};
use crate::{
    data::DataSet,
    text::{fill, harmless, tr},
    ui::{
        core::Core,
        model::{
            data::DataState,
            file_kind::FileKind,
            image::{CurrentImage, ImageSource},
            network::{NetworkChoice, Origin},
        },
        style::picture::PictureGround,
        widgets::{Tone, Topic, numbers},
        work::{open_file::file_name, tasks::Done},
    },
};
use image::GrayImage;
use std::path::{Path, PathBuf};

/// Applies what was read, and reports what could not be read.
pub fn take_news(core: &mut Core) {
    for done in core.tasks.poll() {
        if !is_cancelled(core, &done) {
            take(core, done);
        }
    }
}

/// Whether the question that the file was read for was closed.
fn is_cancelled(core: &Core, done: &Done) -> bool {
    let choices = &core.choices;
    match done {
        Done::Data(number, _) => choices.data.is_cancelled(*number),
        Done::Picture(number, _) => choices.images.is_cancelled(*number),
        Done::Photograph(number, _) => choices.photographs.is_cancelled(*number),
        Done::Model(number, _)
        | Done::Run(number, ..)
        | Done::Spec(number, _)
        | Done::Draft(number, ..)
        | Done::Foreign(number, ..)
        | Done::State(number, ..) => choices.networks.is_cancelled(*number),
        _ => false,
    }
}

fn take(core: &mut Core, done: Done) {
    match done {
        Done::Data(number, Ok((data, folder))) => {
            opened(core, Topic::Data, |order| order.data == number);
            if core.choices.data.take(number) {
                take_data(core, data, folder);
            } else {
                too_late(core, &data.name);
            }
        }
        Done::Data(number, Err(sentence)) => {
            if core.state.data.ready().is_none() {
                core.state.data = DataState::Missing;
            }
            opening_failed(core, Topic::Data, sentence, |order| order.data == number);
            if core.state.data.ready().is_none()
                && core.state.settings.data.take().is_some()
                && core.reads_mnist
            {
                load_embedded_data(core);
            }
        }
        Done::Picture(number, Ok((name, ink, ground))) => {
            opened(core, Topic::Picture, |order| order.images == number);
            if core.choices.images.take(number) {
                take_picture(core, &name, ink, ground);
            } else {
                too_late(core, &name);
            }
        }
        Done::Picture(number, Err(sentence)) => {
            opening_failed(core, Topic::Picture, sentence, |order| order.images == number);
        }
        Done::Photograph(number, Ok(photo)) => {
            opened(core, Topic::Photograph, |order| order.photographs == number);
            if core.choices.photographs.take(number) {
                take_photo(core, photo);
            } else {
                too_late(core, &photo.name);
            }
        }
        Done::Photograph(number, Err(sentence)) => {
            opening_failed(core, Topic::Photograph, sentence, |order| order.photographs == number);
        }
        Done::Model(number, Ok((path, model))) => {
            opened(core, Topic::Network, |order| order.networks == number);
            if !core.choices.networks.take(number) {
                too_late(core, &file_name(&path));
                return;
            }
            said_opened(core, tr("Opened {name}: {spec}."), &path, &model.spec().name, 0);
            network::take_model(core, &path, model);
        }
        Done::Run(number, path, checkpoint, initial) => {
            opened(core, Topic::Network, |order| order.networks == number);
            if !core.choices.networks.take(number) {
                too_late(core, &file_name(&path));
                return;
            }
            let text = tr("Opened {name}: {spec} after step {step}. Train goes on from there.");
            let state = &checkpoint.state;
            said_opened(core, text, &path, &state.network.spec().name, state.step);
            network::resume_file(core, &path, *checkpoint, initial);
        }
        Done::Spec(number, Ok((path, spec))) => {
            opened(core, Topic::Network, |order| order.networks == number);
            if !core.choices.networks.take(number) {
                too_late(core, &file_name(&path));
                return;
            }
            said_opened(core, tr("Opened {name}: {spec}, untrained."), &path, &spec.name, 0);
            network::take_spec(core, &path, spec);
        }
        Done::Model(number, Err(sentence)) | Done::Spec(number, Err(sentence)) => {
            if core.state.network.origin == Origin::Shipped {
                // At the start, the file would have been shown.
                core.state.settings.network = NetworkChoice::Shipped;
            }
            opening_failed(core, Topic::Network, sentence, |order| order.networks == number);
        }
        Done::Foreign(number, path, foreign, proposed) => {
            if core.state.network.origin == Origin::Shipped {
                core.state.settings.network = NetworkChoice::Shipped;
            }
            opened(core, Topic::Network, |order| order.networks == number);
            import::open(core, path, foreign, &proposed);
        }
        Done::Draft(number, path, Ok(spec)) => {
            opened(core, Topic::Network, |order| order.networks == number);
            architecture::open(core, &path, &spec);
        }
        Done::Draft(number, _, Err(sentence)) => {
            opening_failed(core, Topic::Network, sentence, |order| order.networks == number);
        }
        Done::Lesson(path, Ok(opened)) => {
            record::remember(core, &path);
            core.state.question =
                core.state.question.take().filter(|question| question.kind != FileKind::Lesson);
            lesson::open(core, *opened);
        }
        Done::Lesson(_, Err(sentence)) => opening_failed(core, Topic::Lesson, sentence, |_| true),
        Done::State(number, path, Ok(state)) => {
            opened(core, Topic::State, |order| order.networks == number);
            if core.choices.networks.take(number) {
                let text = fill(tr("Opened {name}."), &[("name", &harmless(&file_name(&path)))]);
                core.state.toasts.push(Tone::Good, text);
                saved_state::open(core, *state);
            } else {
                too_late(core, &file_name(&path));
            }
        }
        Done::State(number, _, Err(sentence)) => {
            opening_failed(core, Topic::State, sentence, |order| order.networks == number);
        }
        Done::Runs(number, survey, problem) => {
            if let Some(sentence) = problem {
                runs::failed(core, &sentence);
            }
            runs::take(core, number, survey);
        }
        Done::KeptRun(number, id, Ok(run)) => {
            cured(core, Topic::Network);
            if core.choices.networks.take(number) {
                kept_runs::take(core, id, *run);
            }
        }
        Done::KeptRun(number, _, Err(sentence)) => {
            if core.choices.networks.take(number) {
                kept_runs::failed(core, &sentence);
            }
        }
        // Of two settings that change in a row, only the network of the second one counts.
        Done::Built(build, _) if build != core.builds => {}
        Done::Built(_, Ok(model)) => built(core, model),
        Done::Built(_, Err(sentence)) => problem(core, Topic::Network, &sentence),
        Done::FineTuned(progress, lesson) => fine_tune::take(core, &progress, lesson),
        Done::Checked(number, target) => checked(core, number, target),
        Done::Saved(path, result) => {
            if result.is_ok() {
                record::saved(core, &path);
            }
            saved(core, &path, result);
        }
        Done::LessonText(path, text) => record::opened_text(core, path, text),
        Done::MyLessons(lessons) => core.state.my_lessons = lessons,
        Done::RecordingKept(revision, result) => record::kept(core, revision, result),
        Done::LessonClosed(recording, result) => record::closed(core, recording, result),
        Done::Worksheets(folder, result) => worksheet::written(core, folder, result),
        Done::Picked(kind, path) => picked(core, kind, path),
        Done::SettingsWritten(result) => {
            if result.is_ok() {
                cured(core, Topic::Settings);
            }
            if let Some(sentence) = core.autosave.take(result) {
                problem(core, Topic::Settings, &sentence);
            }
        }
        Done::Panicked(sentence) => problem(core, Topic::Task, &sentence),
    }
}

fn said_opened(core: &mut Core, text: &str, path: &Path, spec: &str, step: u64) {
    let (name, step) = (harmless(&file_name(path)), numbers::count(step));
    let text = fill(text, &[("name", &name), ("spec", spec), ("step", &step)]);
    core.state.toasts.push(Tone::Good, text);
}

fn take_picture(core: &mut Core, name: &str, ink: GrayImage, ground: PictureGround) {
    let revision = next_revision(core);
    let is_normalised = core.state.settings.is_normalised;
    let image = CurrentImage::from_ink(ImageSource::Picture(name.to_owned()), ink, is_normalised, revision)
        .on_ground(ground);
    if image.is_blank() {
        let text = tr(
            "{name} has no ink: nothing contrasts with its background. You can open it as a photograph in Convolution.",
        );
        core.state.toasts.push(Tone::Warn, fill(text, &[("name", &harmless(name))]));
        // What is there is worth more than nothing.
        return;
    }
    put_on_canvas(core, &image);
    core.state.image = image;
}

/// A data set was read: a new run on it is loaded.
fn take_data(core: &mut Core, data: DataSet, folder: Option<PathBuf>) {
    // The settings file can hold text only.
    core.state.settings.data = folder.filter(|folder| folder.to_str().is_some());
    let is_first = matches!(core.state.data, DataState::Loading) && core.run_network.is_none();
    core.state.settings.next_sample = if is_first { core.state.settings.next_sample } else { 0 };
    pause(core);
    core.state.data = DataState::Ready(data);
    if let Some(id) = core.awaits_data.take() {
        kept_runs::open(core, id);
    } else if core.run_network.is_some() {
        build_or_load(core);
    } else {
        build(core);
    }
}
