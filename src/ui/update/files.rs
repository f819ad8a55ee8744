//! Data sets, models and pictures, read and written in the background.

use super::{convolution, drawing::put_on_canvas, network, teach, training};
use crate::{
    data::{Collection, DataSet, mnist, picture},
    model_file,
    text::{fill, tr},
    train::{Checkpoint, Command},
    ui::{
        action::{FileKind, NetworkChoice},
        app::App,
        convolution::Photo,
        pasted::Pasted,
        state::{CurrentImage, DataState, Origin, Source},
        tasks::Done,
        widgets::{Tone, numbers},
    },
};
use egui::{ColorImage, Context};
use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::NamedTempFile;

/// Reads the MNIST that is part of the program.
pub fn load_embedded_data(app: &mut App) {
    app.state.data = DataState::Loading;
    let number = app.choices.data.begin();
    app.tasks.run("read MNIST", move || Done::Data(number, mnist::load().map_err(|e| e.to_string())));
}

/// Opens the system's dialog; what was chosen arrives as [`Done::Picked`].
pub fn browse(app: &mut App, kind: FileKind) {
    let name = format!("{}.safetensors", app.state.network.network.spec().name);
    app.tasks.run_quietly("file dialog", move || {
        let dialog = rfd::FileDialog::new();
        Done::Picked(
            kind,
            match kind {
                FileKind::Picture | FileKind::Photograph => dialog
                    .add_filter(tr("Pictures"), &["png", "jpg", "jpeg", "bmp", "gif", "webp"])
                    .pick_file(),
                FileKind::DataSet | FileKind::Drawings => dialog.pick_folder(),
                FileKind::Model => dialog.add_filter(tr("Models"), &["safetensors"]).pick_file(),
                FileKind::SaveModel => dialog.set_file_name(name).save_file(),
                FileKind::Screenshot => dialog.set_file_name("convlens.png").save_file(),
            },
        )
    });
}

/// The clipboard's picture, made grey where the window does not wait for it.
pub(super) fn paste(app: &mut App, picture: Pasted) {
    let number = app.choices.images.begin();
    app.tasks.run("paste picture", move || {
        let grey = picture.to_grey().map(|grey| (tr("clipboard").to_owned(), picture::to_ink(&grey)));
        Done::Picture(number, grey.map_err(|e| e.to_string()))
    });
}

/// Reads or writes the file.
pub fn use_file(app: &mut App, kind: FileKind, path: PathBuf) {
    app.state.question = None;
    match kind {
        FileKind::Picture => {
            let number = app.choices.images.begin();
            app.tasks.run("open picture", move || {
                let opened = picture::open(&path).map(|grey| (file_name(&path), picture::to_ink(&grey)));
                Done::Picture(number, opened.map_err(|e| e.to_string()))
            });
        }
        FileKind::Photograph => {
            let number = app.choices.photographs.begin();
            app.tasks.run("open photograph", move || {
                let opened = picture::open_colors(&path).map(|photo| Photo::new(file_name(&path), &photo));
                Done::Photograph(number, opened.map_err(|e| e.to_string()))
            });
        }
        FileKind::DataSet => {
            let number = app.choices.data.begin();
            app.tasks.run("open data set", move || {
                Done::Data(number, DataSet::read_dir(&path).map_err(|e| e.to_string()))
            });
        }
        FileKind::Model => {
            let (number, data) = (app.choices.networks.begin(), app.state.data.ready().cloned());
            app.tasks.run("open model", move || open_model(number, &path, data.as_ref()));
        }
        FileKind::Screenshot => app.screenshot = Some(path),
        FileKind::Drawings => {
            let collection = app.state.collection.clone();
            app.tasks.run("export drawings", move || {
                let written = export(&collection, &path);
                Done::Saved(written.map(|()| path.clone()).map_err(|e| format!("{}: {e}", path.display())))
            });
        }
        // Only the training thread knows all that its run needs to go on.
        FileKind::SaveModel if app.state.network.origin == Origin::Live && app.state.snapshot.is_some() => {
            training::send(app, Command::Save(path));
        }
        FileKind::SaveModel => {
            let network = app.state.network.network.clone();
            app.tasks.run("save model", move || {
                Done::Saved(model_file::save(&path, &network).map(|()| path).map_err(|e| e.to_string()))
            });
        }
    }
}

/// Reads a model, and where its training stood if that can go on with `data`.
fn open_model(number: u64, path: &Path, data: Option<&DataSet>) -> Done {
    let name = file_name(path);
    if let Some(data) = data
        && model_file::training_path(path).exists()
        && let Ok(checkpoint) = Checkpoint::load(path)
        && checkpoint.check_data(data).is_ok()
        && let Ok(initial) = checkpoint.initial_network()
    {
        return Done::Run(number, name, Box::new(checkpoint), initial);
    }
    let opened = model_file::load(path, None).map(|network| (name, network));
    Done::Model(number, opened.map_err(|e| e.to_string()))
}

/// Asks for the window's picture if one is wanted; it is written in the background.
pub fn take_screenshot(app: &mut App, ctx: &Context) {
    // While the question fades, it would be in the picture.
    if ctx.memory(|memory| memory.top_modal_layer().is_some()) {
        return;
    }
    let Some(path) = app.screenshot.take() else { return };
    let save = app.tasks.when_given("save picture", move |picture: Arc<ColorImage>| {
        Done::Saved(
            save_picture(&path, &picture)
                .map(|()| path.clone())
                .map_err(|e| format!("{}: {e}", path.display())),
        )
    });
    ctx.request_screenshot(save);
}

fn save_picture(path: &Path, picture: &ColorImage) -> Result<(), image::ImageError> {
    let [width, height] = picture.size.map(|side| side as u32);
    let pixels: Vec<u8> = picture.pixels.iter().flat_map(|p| [p.r(), p.g(), p.b()]).collect();
    match image::RgbImage::from_raw(width, height, pixels) {
        Some(picture) => picture.save_with_format(path, image::ImageFormat::Png),
        None => Ok(()),
    }
}

/// Writes the files of the set; the folder is made if it is not there.
fn export(collection: &Collection, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, bytes) in collection.idx_files()? {
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(&bytes)?;
        file.as_file().sync_all()?;
        file.persist(folder.join(name))?;
    }
    Ok(())
}

/// Takes in what was read and says what could not be.
pub fn take_news(app: &mut App) {
    for done in app.tasks.poll() {
        match done {
            Done::Data(number, Ok(data)) if app.choices.data.take(number) => take_data(app, data),
            Done::Data(_, Ok(data)) => too_late(app, &data.name),
            Done::Data(_, Err(message)) => {
                if app.state.data.ready().is_none() {
                    app.state.data = DataState::Missing;
                }
                problem(app, &message);
            }
            Done::Picture(number, Ok((name, ink))) if app.choices.images.take(number) => {
                let revision = app.next_revision();
                let is_normalised = app.state.settings.is_normalised;
                let image = CurrentImage::from_ink(Source::Picture(name), ink, is_normalised, revision);
                put_on_canvas(app, &image);
                app.state.image = image;
            }
            Done::Photograph(number, Ok(photo)) if app.choices.photographs.take(number) => {
                convolution::take_photo(app, photo);
            }
            Done::Model(number, Ok((name, model))) if app.choices.networks.take(number) => {
                let text =
                    fill(tr("Opened {name}: {spec}."), &[("name", &name), ("spec", &model.spec().name)]);
                app.state.toasts.push(Tone::Good, text);
                app.state.opened = Some((name, Arc::new(model)));
                network::choose(app, NetworkChoice::Opened);
            }
            Done::Run(number, name, checkpoint, initial) if app.choices.networks.take(number) => {
                let spec = &checkpoint.network.spec().name;
                let step = numbers::count(checkpoint.steps());
                let text = tr("Opened {name}: {spec} after step {step}. Train goes on from there.");
                let text = fill(text, &[("name", &name), ("spec", spec), ("step", &step)]);
                app.state.toasts.push(Tone::Good, text);
                network::resume(app, name, *checkpoint, initial);
            }
            Done::Picture(_, Ok((name, _))) | Done::Model(_, Ok((name, _))) | Done::Run(_, name, ..) => {
                too_late(app, &name);
            }
            Done::Photograph(_, Ok(photo)) => too_late(app, &photo.name),
            // Two settings changed in a row: what was drawn for the first is of no use.
            Done::Built(build, _) if build != app.builds => {}
            Done::Built(_, Ok(model)) => network::built(app, model),
            Done::Taught(progress, lesson) => teach::take(app, &progress, lesson),
            Done::Saved(Ok(path)) => said_saved(app, &path),
            Done::Picked(kind, Some(path)) => use_file(app, kind, path),
            Done::Picked(_, None) => {}
            Done::SettingsWritten(result) => {
                if let Some(message) = app.keeper.take(result) {
                    problem(app, &message);
                }
            }
            Done::Picture(_, Err(message))
            | Done::Photograph(_, Err(message))
            | Done::Model(_, Err(message))
            | Done::Built(_, Err(message))
            | Done::Saved(Err(message))
            | Done::Panicked(message) => problem(app, &message),
        }
    }
}

/// Says why something that was opened is not shown.
fn too_late(app: &mut App, name: &str) {
    let text = tr("{name} was read, but something else was chosen meanwhile: it is not used.");
    app.state.toasts.push(Tone::Info, fill(text, &[("name", name)]));
}

/// A data set is there: it is learnt from, from the first step.
fn take_data(app: &mut App, data: DataSet) {
    let is_first = matches!(app.state.data, DataState::Loading) && app.run_network.is_none();
    app.state.settings.next_sample = if is_first { app.state.settings.next_sample } else { 0 };
    training::pause(app);
    app.state.data = DataState::Ready(data);
    if app.run_network.is_some() {
        network::build_or_load(app);
    } else {
        network::build(app);
    }
}

/// Says that a file was written.
pub fn said_saved(app: &mut App, path: &Path) {
    let text = fill(tr("Saved {path}."), &[("path", &path.display().to_string())]);
    app.state.toasts.push(Tone::Good, text);
}

pub(super) fn problem(app: &mut App, message: &str) {
    app.state.toasts.push(Tone::Bad, training::capitalised(message));
}

/// The last part of a path, for captions.
fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
