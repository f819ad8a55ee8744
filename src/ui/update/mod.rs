//! The one place where the state changes: by actions and by results of the threads.

mod architecture;
mod breakdown;
mod choices;
mod choose_as;
mod compare;
mod convolution;
mod crop;
mod data_set;
mod drawing;
mod evaluate;
mod exported_run;
pub mod files;
mod filters;
mod fine_tune;
mod finished;
mod gradcheck;
mod handed_in;
mod import;
mod inference;
mod kept_runs;
mod layers;
mod learning;
mod lesson;
pub mod marking;
pub mod message;
mod network;
mod numbers;
mod photo_maps;
pub mod picture;
pub mod playback;
mod pooling;
mod presenting;
pub mod record;
mod recorded_file;
mod report;
mod run;
mod run_look;
mod runs;
mod saliency;
pub mod saved_state;
mod settings;
mod similar;
pub mod taken_state;
mod timeline;
mod top_activations;
mod training;
pub mod walk;
mod what_if;
mod worksheet;

#[cfg(test)]
mod tests;

use crate::{
    explain::WhatIf,
    files::crash,
    lesson::{Lesson, Show},
    text::set_language,
    ui::{
        action::Action,
        core::Core,
        model::{
            architecture::ArchitectureAct,
            convolution::ConvolutionAct,
            display::{WindowPlace, valid_zoom},
            file_kind::FileKind,
            filters::FiltersAct,
            numbers::NumbersAct,
            picture::PictureAct,
            recording::RecordAct,
            view::ViewId,
            worksheet::WorksheetAct,
        },
    },
};
use std::time::{Duration, Instant};

/// Starts the work at the first frame: reads the data set, and the network or the run.
pub fn start(core: &mut Core) {
    match core.state.settings.data.clone() {
        Some(folder) => files::reopen_data(core, folder),
        None if core.reads_mnist => files::load_embedded_data(core),
        None => {}
    }
    kept_runs::list(core);
    record::list(core);
    match core.state.settings.run {
        Some(id) => {
            core.typed = core.state.settings.training.map(|typed| (id, typed));
            kept_runs::open(core, id);
        }
        None => network::restore(core),
    }
}

/// Applies the results of the threads, and asks them about what is shown now. Returns the time until the settings have
/// to be written, if they have to be.
pub fn take_news(core: &mut Core, now: Instant) -> Option<Duration> {
    training::take_news(core);
    run_look::keep_up(core);
    timeline::keep_up(core);
    filters::keep_up(core);
    finished::take_news(core);
    inference::ask(core);
    inference::take_news(core);
    saliency::keep_up(core);
    top_activations::take_news(core);
    learning::keep_up(core);
    layers::keep_up(core);
    evaluate::keep_up(core);
    gradcheck::keep_up(core);
    architecture::follow(core);
    compare::keep_up(core);
    similar::keep_up(core);
    photo_maps::keep_up(core);
    core.state.is_busy = core.tasks.is_waited_for();
    lesson::keep_up(core);
    match core.state.settings.view {
        ViewId::Pooling => pooling::make::keep_up(core),
        ViewId::Convolution => convolution::make::refresh(core),
        ViewId::Draw
        | ViewId::Network
        | ViewId::Train
        | ViewId::Filters
        | ViewId::Compare
        | ViewId::Evaluate
        | ViewId::Lessons
        | ViewId::Architecture => {}
    }
    record::keep_up(core);
    let wait = record::keep(core, now);
    match (settings::keep(core, now), wait) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Stores the place and size of the window for the next start.
pub fn note_window(core: &mut Core, place: WindowPlace) {
    core.state.settings.window = Some(place);
}

/// Opens a lesson that the command line names.
pub fn open_lesson(core: &mut Core, lesson: Lesson) {
    lesson::open(core, lesson);
}

/// Opens a lesson at a step, from 0, as if the steps before it were done.
pub fn open_lesson_at(core: &mut Core, lesson: Lesson, step: usize) {
    lesson::open_at(core, lesson, step);
}

/// Shows a state as a step of a lesson does; `is_change`: everything that it does not name stays.
pub fn show(core: &mut Core, show: &Show, is_change: bool) {
    lesson::show(core, show, is_change);
}

/// Whether something that was asked for is still to come: a file, a run, steps of training.
pub fn is_working(core: &Core) -> bool {
    let state = &core.state;
    let awaits_run = core.trainer.is_some() && state.data.ready().is_some() && state.snapshot.is_none();
    let awaits_lesson = core.lesson_steps > 0 || core.lesson_sample.is_some() || core.lesson_layer.is_some();
    core.tasks.is_busy() || awaits_run || awaits_lesson || state.is_training()
}

/// The last chance to keep what was done.
pub fn close(core: &mut Core) {
    training::close(core);
    record::close(core);
    settings::close(core);
}

/// Carries out the actions of a frame in order, and asks the network about the new state.
pub fn apply_all(core: &mut Core, actions: impl IntoIterator<Item = Action>) {
    for action in actions {
        apply(core, action);
    }
    drawing::settle(core);
    inference::ask(core);
}

/// Carries out one action.
fn apply(core: &mut Core, action: Action) {
    if !matches!(action, Action::Draw(_)) {
        // The drawing becomes the current image before anything else uses it.
        drawing::settle(core);
    }
    choices::note(core, &action);
    crash::note(&action);
    let settings = &mut core.state.settings;
    match action {
        Action::ShowView(view) => settings.view = view,
        Action::ShowInspector(is_shown) => settings.shows_inspector = is_shown,
        Action::SetTheme(theme) => settings.theme = theme,
        Action::SetLanguage(language) => {
            settings.language = Some(language);
            core.state.language = language;
            set_language(language);
        }
        Action::SetZoom(zoom) => settings.zoom = valid_zoom(zoom),
        Action::ShowKeys(is_shown) => core.state.shows_keys = is_shown,
        Action::SetBrush(brush) => settings.brush = brush,
        Action::SetMapScale(scale) => settings.map_scale = scale,
        Action::SetMapLimit(limit) => settings.set_map_limit(limit),
        Action::SetMapBrightness(brightness) => settings.map_brightness = brightness,
        Action::ScrollNetwork(column) => {
            core.state.first_column = if column.is_finite() { column.max(0.0) } else { 0.0 };
        }
        Action::ShowBreakdown(is_shown) => core.state.shows_breakdown = is_shown,
        Action::SetMapValues(values) => settings.map_values = values,
        Action::SetLossScale(scale) => settings.loss_scale = scale,
        Action::SetSmoothing(smoothing) => settings.smoothing = smoothing,
        Action::ShowTrainPart(part) => settings.train_part = part,
        Action::Runs(act) => runs::apply(core, act),
        Action::SetLossClass(class) => core.state.loss_class = class,
        Action::Select(selection) => {
            core.state.shows_breakdown &= selection.map.is_some();
            core.state.selection = selection;
        }
        Action::Draw(edit) => drawing::draw(core, &edit),
        // Keys act on the view that is shown.
        Action::Undo if settings.view == ViewId::Convolution => {
            convolution::act::apply(core, ConvolutionAct::Undo);
        }
        Action::Redo if settings.view == ViewId::Convolution => {
            convolution::act::apply(core, ConvolutionAct::Redo);
        }
        Action::Undo if settings.view == ViewId::Architecture => {
            architecture::apply(core, ArchitectureAct::Undo);
        }
        Action::Redo if settings.view == ViewId::Architecture => {
            architecture::apply(core, ArchitectureAct::Redo);
        }
        Action::Undo if settings.view == ViewId::Filters => filters::apply(core, FiltersAct::Undo),
        Action::Redo if settings.view == ViewId::Filters => filters::apply(core, FiltersAct::Redo),
        Action::Undo => drawing::undo(core),
        Action::Redo => drawing::redo(core),
        Action::ClearDrawing => drawing::clear(core),
        Action::SetNormalise(is_normalised) => drawing::set_normalise(core, is_normalised),
        Action::NextSample => drawing::next_sample(core),
        Action::PlayBreakdown(act) => breakdown::play(core, act),
        Action::SwitchMap(map, is_on) => what_if::switch_map(core, map, is_on),
        Action::SwitchKernel(kernel, is_on) => what_if::switch_kernel(core, kernel, is_on),
        Action::SwitchAllOn => core.state.what_if = WhatIf::default(),
        Action::SetSaliency(choice) => settings.saliency = choice,
        Action::FindPatches(layer) => top_activations::find(core, layer),
        Action::StopPatches => top_activations::stop(core),
        Action::SetPatchImages(images) => settings.patch_images = images,
        Action::ShowSample(index) => drawing::show_sample(core, index),
        Action::AskForFile(kind) => files::ask(core, kind),
        Action::AnswerFile(typed) => files::answer(core, typed),
        Action::Overwrite(may_replace) => files::overwrite(core, may_replace),
        Action::CancelFile => files::cancel(core),
        Action::Browse(kind) => files::browse(core, kind),
        Action::UseFile(kind, path) => files::use_file(core, kind, path),
        Action::OpenFile(path) => files::open_in_background(core, None, path),
        Action::Paste(picture) => files::paste(core, picture),
        Action::PasteText(text) if settings.view == ViewId::Architecture && architecture::is_spec(&text) => {
            architecture::paste(core, &text);
        }
        Action::PasteText(text) => files::paste_text(core, &text),
        // Reading it again would end the run for nothing.
        Action::UseEmbeddedData if core.state.uses_embedded_data() => {}
        Action::UseEmbeddedData => files::load_embedded_data(core),
        Action::OpenRun(id) => kept_runs::open(core, id),
        Action::DeleteRun(id) => runs::delete(core, id),
        Action::ChooseNetwork(choice) => {
            core.state.first_column = 0.0;
            network::choose(core, choice);
        }
        Action::Architecture(act) => architecture::apply(core, act),
        Action::Convolution(act) => convolution::act::apply(core, act),
        Action::OpenConvolution { layer, at } => convolution::open::open(core, layer, at),
        Action::EditSetup(config) => training::edit_setup(core, config),
        Action::EditPooling(choice) => pooling::act::edit(core, choice),
        Action::PlayPooling(act) => pooling::act::play(core, act),
        Action::OpenPooling { layer, map, at } => pooling::open::open(core, layer, map, at),
        Action::Learning(act) => learning::apply(core, act),
        Action::Timeline(act) => timeline::apply(core, act),
        Action::Similar(act) => similar::apply(core, act),
        Action::Filters(act) => filters::apply(core, act),
        Action::Evaluate(act) => evaluate::apply(core, act),
        Action::GradientCheck(act) => gradcheck::apply(core, act),
        Action::Train(transport) => {
            // A person's word counts more than what a lesson wanted to train.
            core.lesson_steps = 0;
            training::transport(core, transport);
        }
        Action::Compare(act) => compare::apply(core, act),
        Action::Lesson(act) => lesson::apply(core, act),
        Action::Record(RecordAct::Save)
            if core.state.recording.as_ref().is_some_and(|one| one.file.is_none()) =>
        {
            files::ask(core, FileKind::SaveLesson);
        }
        Action::Record(act) => record::apply(core, act),
        Action::Worksheet(WorksheetAct::Write) => {
            if worksheet::can_be_made(core) {
                files::ask(core, FileKind::Worksheets);
            }
        }
        Action::Worksheet(act) => worksheet::apply(core, act),
        Action::Import(act) => import::apply(core, act),
        Action::Crop(act) => crop::apply(core, act),
        Action::Preview(act) => data_set::apply(core, act),
        Action::Picture(PictureAct::Save) => {
            if let Some(kind) = picture::kind(core) {
                files::ask(core, kind);
            }
        }
        Action::Picture(act) => picture::apply(core, act),
        Action::Numbers(NumbersAct::Save) => {
            if let Some(kind) = numbers::kind(core) {
                files::ask(core, kind);
            }
        }
        Action::Numbers(act) => numbers::apply(core, act),
        Action::Welcome(is_wanted) => lesson::welcome(core, is_wanted),
        Action::Present(act) => presenting::apply(core, act),
        Action::StartOver => saved_state::start_over(core),
        Action::UndoStartOver => saved_state::undo_start_over(core),
        Action::FineTune(act) => fine_tune::apply(core, act),
    }
}
