//! Files that are opened and saved in the background, and the question for their paths.

use super::{
    exported_run, handed_in,
    message::{cured, problem, said_saved},
    numbers, picture, recorded_file, report,
    run::send,
    taken_state, worksheet,
};
use crate::{
    data::{Collection, formats::Choices, mnist},
    export::{Format, export_spec},
    files, model_file,
    text::{Say, Sentence, tr},
    train::Command,
    ui::{
        core::Core,
        model::{
            data::DataState,
            file_kind::FileKind,
            file_question::{FileOrder, FileQuestion, FileStep, SaveTarget},
            lesson::hand_in,
            network::Origin,
            pasted::Pasted,
            typed_path,
        },
        widgets::{Tone, Topic},
        work::{
            dialog::{DialogRequest, Picked},
            open_file::{check_target, open, open_data_set, with_ground},
            tasks::Done,
        },
    },
};
use egui::{ColorImage, Context};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The files of an exported set of drawings.
const EXPORTED: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// Files that a folder with worksheets has.
const WORKSHEETS: [&str; 2] = ["sheet-01.pdf", "answers.pdf"];

/// Reads the embedded MNIST.
pub fn load_embedded_data(core: &mut Core) {
    core.state.data = DataState::Loading;
    let number = core.choices.data.begin();
    core.tasks.run("read MNIST", move || {
        Done::Data(number, mnist::load().map(|set| (set, None)).map_err(|e| e.say()))
    });
}

/// Opens the question for a file.
pub fn ask(core: &mut Core, kind: FileKind) {
    core.questions += 1;
    let folder = core.state.settings.folders.get(&kind.folder_group()).filter(|folder| folder.is_dir());
    let base = folder.cloned().or_else(|| std::env::current_dir().ok()).unwrap_or_default();
    core.state.question = Some(FileQuestion::new(kind, core.questions, base));
}

/// Closes the question. A file that is still being read for it is not used.
pub(super) fn cancel(core: &mut Core) {
    core.questions += 1;
    if let Some(FileQuestion { step: FileStep::Opening(order), .. }) = core.state.question.take() {
        core.choices.cancel_file(order);
    }
    report::stop(core);
}

/// Answers the question with what was typed.
pub(super) fn answer(core: &mut Core, typed: String) {
    let Some(question) = &mut core.state.question else { return };
    let asked = typed_path::parse(&typed, &question.base);
    question.typed = typed;
    answer_path(core, asked, false);
}

/// Opens the file, or looks whether one would be replaced. `was_agreed`: this very file may be.
fn answer_path(core: &mut Core, asked: PathBuf, was_agreed: bool) {
    let Some(question) = &mut core.state.question else { return };
    question.problem = None;
    let kind = question.kind;
    if !kind.is_saved() {
        let order = core.choices.begin_file();
        question.step = FileStep::Opening(order);
        let data = core.state.data.ready().cloned();
        core.tasks.run("open file", move || open(Some(kind), &asked, order, data.as_ref()));
        return;
    }
    question.step = FileStep::Checking;
    let number = question.number;
    core.tasks.run_quietly("look at file", move || {
        let names: &[&str] = if kind == FileKind::Worksheets { &WORKSHEETS } else { &EXPORTED };
        let target = check_target(kind, &asked, names);
        let agreed = |target: SaveTarget| {
            let may_replace = was_agreed && target.path == asked;
            SaveTarget { exists: target.exists && !may_replace, ..target }
        };
        Done::Checked(number, target.map(agreed))
    });
}

/// The place to save to was checked.
pub(super) fn checked(core: &mut Core, number: u64, target: Result<SaveTarget, Sentence>) {
    let Some(question) = &mut core.state.question else { return };
    if question.number != number || question.step != FileStep::Checking {
        return;
    }
    match target {
        Err(sentence) => fail_question(question, sentence),
        Ok(SaveTarget { path, exists: true }) => question.step = FileStep::Overwriting(path),
        Ok(SaveTarget { path, exists: false }) => save(core, path),
    }
}

/// Replaces the existing file, or returns to the question.
pub(super) fn overwrite(core: &mut Core, may_replace: bool) {
    let Some(question) = &mut core.state.question else { return };
    let FileStep::Overwriting(path) = &question.step else { return };
    let path = path.clone();
    question.step = FileStep::Asking;
    if may_replace {
        save(core, path);
    }
}

/// The question stays open with what was typed, and says why that cannot be used.
fn fail_question(question: &mut FileQuestion, sentence: Sentence) {
    question.step = FileStep::Asking;
    question.problem = Some(sentence);
}

/// Opening failed: says so in the question that the file was opened for, or else in a message. `is_own` finds the
/// choice's number in the question.
pub(super) fn opening_failed(
    core: &mut Core,
    topic: Topic,
    sentence: Sentence,
    is_own: impl Fn(&FileOrder) -> bool,
) {
    match &mut core.state.question {
        Some(question) if matches!(&question.step, FileStep::Opening(order) if is_own(order)) => {
            fail_question(question, sentence);
        }
        _ => problem(core, topic, &sentence),
    }
}

/// Opening succeeded: closes the question that the file was opened for.
pub(super) fn opened(core: &mut Core, topic: Topic, is_own: impl Fn(&FileOrder) -> bool) {
    cured(core, topic);
    if let Some(FileQuestion { kind, step: FileStep::Opening(order), typed, base, number, .. }) =
        &core.state.question
        && is_own(order)
    {
        let path = FileQuestion::new(*kind, *number, base.clone()).path_of(typed);
        let kind = *kind;
        core.state.question = None;
        remember_folder(core, kind, &path);
    }
}

/// A file was saved, or could not be.
pub(super) fn saved(core: &mut Core, path: &Path, result: Result<(), Sentence>) {
    let question = core
        .state
        .question
        .as_mut()
        .filter(|question| matches!(&question.step, FileStep::Saving(own) if own == path));
    match (question, result) {
        (Some(question), Ok(())) => {
            let kind = question.kind;
            core.state.question = None;
            remember_folder(core, kind, path);
            said_saved(core, path);
        }
        (None, Ok(())) => said_saved(core, path),
        (Some(question), Err(sentence)) => fail_question(question, sentence),
        (None, Err(sentence)) => problem(core, Topic::Save, &sentence),
    }
}

fn remember_folder(core: &mut Core, kind: FileKind, path: &Path) {
    // The settings file can hold text only.
    if let Some(folder) = path.parent().filter(|folder| folder.to_str().is_some()) {
        core.state.settings.folders.insert(kind.folder_group(), folder.to_owned());
    }
}

/// Opens the dialog of the system; its answer arrives as [`Done::Picked`].
pub fn browse(core: &mut Core, kind: FileKind) {
    let Some(question) = core.state.question.as_mut().filter(|question| question.kind == kind) else {
        return;
    };
    question.problem = None;
    question.step = FileStep::Browsing;
    let request = DialogRequest {
        kind,
        folder: core.state.settings.folders.get(&kind.folder_group()).filter(|f| f.is_dir()).cloned(),
        model_name: format!("{}.safetensors", core.state.network.network.spec().name),
        spec_name: format!("{}.json", core.state.architecture.draft.named_spec().name),
        hand_in_name: question
            .lesson
            .as_ref()
            .map_or_else(String::new, |id| hand_in::file_name(id, &core.state.settings.student)),
    };
    let dialog = core.dialog;
    core.tasks.run_quietly("file dialog", move || Done::Picked(kind, dialog(&request)));
}

/// The dialog of the system was closed.
pub(super) fn picked(core: &mut Core, kind: FileKind, picked: Picked) {
    let question = core.state.question.as_mut().filter(|question| question.kind == kind);
    let Some(question) = question.filter(|question| question.step == FileStep::Browsing) else { return };
    question.step = FileStep::Asking;
    match picked {
        Picked::Cancelled => {}
        Picked::Unavailable => {
            question.problem = Some(Sentence::new(
                "this system has no file dialog: type the path, drop the file on the window, or install zenity",
            ));
        }
        Picked::Chosen(chosen) => {
            core.questions += 1;
            question.number = core.questions;
            question.typed = chosen.display().to_string();
            remember_folder(core, kind, &chosen);
            // The dialog has asked about this file.
            answer_path(core, chosen, true);
        }
    }
}

/// Decodes the picture of the clipboard in the background.
pub(super) fn paste(core: &mut Core, picture: Pasted) {
    let number = core.choices.images.begin();
    core.tasks.run("paste picture", move || {
        let grey = picture.to_grey().map(|grey| with_ground(tr("clipboard").to_owned(), &grey));
        Done::Picture(number, grey.map_err(|e| e.say()))
    });
}

/// Opens the file whose path is on the clipboard. Other text cannot be used, which a message says.
pub(super) fn paste_text(core: &mut Core, text: &str) {
    let path = typed_path::parse(text, Path::new(""));
    if path.is_absolute() && !text.trim().contains('\n') {
        open_in_background(core, None, path);
    } else {
        let text = tr("The clipboard holds text, not a picture or the path of a file.");
        core.state.toasts.push(Tone::Info, text);
    }
}

/// Opens the file, or asks the question with it if it is to be saved to.
pub fn use_file(core: &mut Core, kind: FileKind, path: PathBuf) {
    if kind.is_saved() {
        ask(core, kind);
        if let Some(question) = &mut core.state.question {
            question.typed = path.display().to_string();
        }
        answer_path(core, path, false);
    } else if kind == FileKind::DataSet {
        core.state.settings.data_choices = Choices::default();
        reopen_data(core, path);
    } else {
        open_in_background(core, Some(kind), path);
    }
}

/// Opens a data set with the choices of the settings, without showing it first.
pub(super) fn reopen_data(core: &mut Core, path: PathBuf) {
    let (number, choices) = (core.choices.data.begin(), core.state.settings.data_choices);
    core.tasks.run("read data set", move || open_data_set(&path, number, &choices));
}

/// Opens a file, of a given kind or by its content.
pub(super) fn open_in_background(core: &mut Core, kind: Option<FileKind>, path: PathBuf) {
    let (order, data) = (core.choices.begin_file(), core.state.data.ready().cloned());
    core.tasks.run("open file", move || open(kind, &path, order, data.as_ref()));
}

/// Writes the file for the question that is open.
fn save(core: &mut Core, path: PathBuf) {
    let Some(question) = &mut core.state.question else { return };
    question.step = FileStep::Saving(path.clone());
    match question.kind {
        FileKind::Screenshot => {
            // The question must not be in the picture.
            core.state.question = None;
            remember_folder(core, FileKind::Screenshot, &path);
            core.screenshot = Some(path);
        }
        FileKind::SaveNumbers(format) => numbers::save(core, path, format),
        FileKind::SavePicture(_) => {
            remember_folder(core, FileKind::Screenshot, &path);
            picture::save(core, path);
        }
        FileKind::Drawings => {
            let collection = core.state.collection.clone();
            core.tasks.run("export drawings", move || {
                let written = export(&collection, &path);
                Done::Saved(path.clone(), written.map_err(|e| not_written(&path, &e)))
            });
        }
        FileKind::Worksheets => {
            remember_folder(core, FileKind::Worksheets, &path);
            worksheet::save(core, path);
        }
        FileKind::SaveState => taken_state::save(core, &path),
        FileKind::SaveSpec => {
            let spec = core.state.architecture.draft.named_spec();
            core.tasks.run("save spec", move || {
                let exported = export_spec(&spec, &path, env!("CARGO_PKG_VERSION"));
                let written = exported.and_then(|exported| exported.write(None));
                Done::Saved(path, written.map_err(|e| e.say()))
            });
        }
        FileKind::SaveReport => report::save(core, path),
        FileKind::SaveLesson => recorded_file::save(core, &path),
        FileKind::SaveHandIn => handed_in::save(core, &path),
        FileKind::SaveCurves => exported_run::save_curves(core, path),
        FileKind::SaveRun => exported_run::save_model(core, path),
        FileKind::SaveModel if Format::of(&path).is_some() => {
            let network = core.state.network.network.clone();
            core.tasks.run("save model", move || {
                let written = exported_run::write(&path, &network);
                Done::Saved(path, written)
            });
        }
        // Only the training thread knows all that a run needs to be resumed.
        FileKind::SaveModel if core.state.network.origin == Origin::Live && core.state.snapshot.is_some() => {
            if !send(core, Command::Save(path.clone())) {
                let sentence = Sentence::new("the training thread is busy: try again");
                saved(core, &path, Err(sentence));
            }
        }
        FileKind::SaveModel => {
            let network = core.state.network.network.clone();
            core.tasks.run("save model", move || {
                let written = model_file::save(&path, &network).map_err(|e| e.say());
                Done::Saved(path, written)
            });
        }
        FileKind::Picture
        | FileKind::Photograph
        | FileKind::DataSet
        | FileKind::Model
        | FileKind::Spec
        | FileKind::Lesson
        | FileKind::State => {}
    }
}

fn not_written(path: &Path, reason: &dyn std::fmt::Display) -> Sentence {
    Sentence::new("{file} cannot be written: {reason}").with("file", path.display()).with("reason", reason)
}

/// Asks for the picture of the window if one is wanted; it is written in the background.
pub fn take_screenshot(core: &mut Core, ctx: &Context) {
    // While the question fades, it would be in the picture.
    if ctx.memory(|memory| memory.top_modal_layer().is_some()) {
        return;
    }
    let Some(path) = core.screenshot.take() else { return };
    let save = core.tasks.when_given("save picture", move |picture: Arc<ColorImage>| {
        let written = save_picture(&path, &picture).map_err(|e| not_written(&path, &e));
        Done::Saved(path, written)
    });
    ctx.request_screenshot(save);
}

fn save_picture(path: &Path, picture: &ColorImage) -> Result<(), image::ImageError> {
    let [width, height] = picture.size.map(|side| side as u32);
    let pixels: Vec<u8> = picture.pixels.iter().flat_map(|p| [p.r(), p.g(), p.b()]).collect();
    let mut png = io::Cursor::new(Vec::new());
    image::write_buffer_with_format(
        &mut png,
        &pixels,
        width,
        height,
        image::ExtendedColorType::Rgb8,
        image::ImageFormat::Png,
    )?;
    Ok(files::write(path, png.get_ref())?)
}

/// Writes the files of the set, and creates the folder if there is none.
fn export(collection: &Collection, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, bytes) in collection.idx_files()? {
        files::write(&folder.join(name), &bytes)?;
    }
    Ok(())
}
