//! What finished background work brings.

use super::{
    architecture,
    convolution::open::take_photo,
    crop, data_set,
    files::{checked, load_embedded_data, opened, opening_failed, picked, saved},
    fine_tune, import, kept_runs, lesson,
    message::{cured, problem, too_late},
    network, picture, record,
    run::built,
    runs, saved_state, worksheet,
};
use crate::{
    text::{fill, harmless, tr},
    ui::{
        core::Core,
        model::{
            data::DataState,
            file_kind::FileKind,
            network::{NetworkChoice, Origin},
        },
        widgets::{Tone, Topic, numbers},
        work::{open_file::file_name, tasks::Done},
    },
};
use std::path::Path;

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
        Done::Data(number, _) | Done::Preview(number, ..) => choices.data.is_cancelled(*number),
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
                data_set::take(core, data, folder);
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
        Done::Preview(number, path, choices, Ok(read)) => {
            opened(core, Topic::Data, |order| order.data == number);
            if core.choices.data.is_newest(number) {
                data_set::show(core, path, choices, *read);
            } else {
                too_late(core, &read.data.name);
            }
        }
        Done::Preview(number, path, _, Err(sentence)) => {
            if !data_set::show_problem(core, &path, &sentence) {
                opening_failed(core, Topic::Data, sentence, |order| order.data == number);
            }
        }
        Done::Picture(number, Ok((name, ink, ground))) => {
            opened(core, Topic::Picture, |order| order.images == number);
            if core.choices.images.take(number) {
                crop::take(core, &name, ink, ground);
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
        Done::TaughtKept(path, network, result) => fine_tune::kept(core, path, network, result),
        Done::Saved(path, result) => {
            if result.is_ok() {
                record::saved(core, &path);
            }
            saved(core, &path, result);
        }
        Done::Report(_, Ok(false)) => {}
        Done::Report(path, result) => {
            core.state.run_table.report = None;
            saved(core, &path, result.map(|_| ()));
        }
        Done::LessonText(path, text) => record::opened_text(core, path, text),
        Done::MyLessons(lessons) => core.state.my_lessons = lessons,
        Done::RecordingKept(revision, result) => record::kept(core, revision, result),
        Done::LessonClosed(recording, result) => record::closed(core, recording, result),
        Done::Worksheets(folder, result) => worksheet::written(core, folder, result),
        Done::Pictured(path, result) => picture::written(core, path, result),
        Done::Copied(result) => picture::copied(core, result),
        Done::Previewed(setup, result) => picture::previewed(core, setup, result),
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
