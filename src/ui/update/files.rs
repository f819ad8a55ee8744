//! Data sets, models and pictures, read and written in the background.

use super::run::send;
use crate::{
    data::{Collection, DataSet, mnist, picture},
    files, model_file,
    text::tr,
    train::{Checkpoint, Command},
    ui::{
        core::Core,
        model::{
            convolution::photo::Photo, data::DataState, file_kind::FileKind, network::Origin, pasted::Pasted,
        },
        style::picture::PictureGround,
        work::tasks::Done,
    },
};
use egui::{ColorImage, Context};
use image::GrayImage;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Reads the MNIST that is part of the program.
pub fn load_embedded_data(core: &mut Core) {
    core.state.data = DataState::Loading;
    let number = core.choices.data.begin();
    core.tasks.run("read MNIST", move || Done::Data(number, mnist::load().map_err(|e| e.to_string())));
}

/// Opens the system's dialog; what was chosen arrives as [`Done::Picked`].
pub fn browse(core: &mut Core, kind: FileKind) {
    let name = format!("{}.safetensors", core.state.network.network.spec().name);
    let dialog = core.dialog;
    core.tasks.run_quietly("file dialog", move || Done::Picked(kind, dialog(kind, &name)));
}

/// The clipboard's picture, made grey where the window does not wait for it.
pub(super) fn paste(core: &mut Core, picture: Pasted) {
    let number = core.choices.images.begin();
    core.tasks.run("paste picture", move || {
        let grey = picture.to_grey().map(|grey| with_ground(tr("clipboard").to_owned(), &grey));
        Done::Picture(number, grey.map_err(|e| e.to_string()))
    });
}

/// A picture's ink, and what it is on.
fn with_ground(name: String, grey: &GrayImage) -> (String, GrayImage, PictureGround) {
    let (ink, is_ink_dark) = picture::to_ink_with_tone(grey);
    (name, ink, PictureGround::of_picture(is_ink_dark))
}

/// Reads or writes the file.
pub fn use_file(core: &mut Core, kind: FileKind, path: PathBuf) {
    core.state.question = None;
    match kind {
        FileKind::Picture => {
            let number = core.choices.images.begin();
            core.tasks.run("open picture", move || {
                let opened = picture::open(&path).map(|grey| with_ground(file_name(&path), &grey));
                Done::Picture(number, opened.map_err(|e| e.to_string()))
            });
        }
        FileKind::Photograph => {
            let number = core.choices.photographs.begin();
            core.tasks.run("open photograph", move || {
                let opened = picture::open_colors(&path).map(|photo| Photo::new(file_name(&path), &photo));
                Done::Photograph(number, opened.map_err(|e| e.to_string()))
            });
        }
        FileKind::DataSet => {
            let number = core.choices.data.begin();
            core.tasks.run("open data set", move || {
                Done::Data(number, DataSet::read_dir(&path).map_err(|e| e.to_string()))
            });
        }
        FileKind::Model => {
            let (number, data) = (core.choices.networks.begin(), core.state.data.ready().cloned());
            core.tasks.run("open model", move || open_model(number, &path, data.as_ref()));
        }
        FileKind::Screenshot => core.screenshot = Some(path),
        FileKind::Drawings => {
            let collection = core.state.collection.clone();
            core.tasks.run("export drawings", move || {
                let written = export(&collection, &path);
                Done::Saved(written.map(|()| path.clone()).map_err(|e| format!("{}: {e}", path.display())))
            });
        }
        // Only the training thread knows all that its run needs to go on.
        FileKind::SaveModel if core.state.network.origin == Origin::Live && core.state.snapshot.is_some() => {
            send(core, Command::Save(path));
        }
        FileKind::SaveModel => {
            let network = core.state.network.network.clone();
            core.tasks.run("save model", move || {
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
pub fn take_screenshot(core: &mut Core, ctx: &Context) {
    // While the question fades, it would be in the picture.
    if ctx.memory(|memory| memory.top_modal_layer().is_some()) {
        return;
    }
    let Some(path) = core.screenshot.take() else { return };
    let save = core.tasks.when_given("save picture", move |picture: Arc<ColorImage>| {
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

/// Writes the files of the set; the folder is made if it is not there.
fn export(collection: &Collection, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, bytes) in collection.idx_files()? {
        files::write(&folder.join(name), &bytes)?;
    }
    Ok(())
}

/// The last part of a path, for captions.
fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
