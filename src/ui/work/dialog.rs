//! The file dialog of the system.

use crate::{text::tr, ui::model::file_kind::FileKind};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// What a dialog asks for.
#[derive(Clone, Debug)]
pub struct DialogRequest {
    /// What the path is for.
    pub kind: FileKind,
    /// The folder that it shows first; `None` is the system's choice.
    pub folder: Option<PathBuf>,
    /// The name that a saved model has at first.
    pub model_name: String,
    /// The name that a saved spec has at first.
    pub spec_name: String,
    /// The name that a hand-in has at first.
    pub hand_in_name: String,
}

/// The result of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// This path was chosen.
    Chosen(PathBuf),
    /// The dialog was closed without a choice.
    Cancelled,
    /// The system has no dialog to show.
    Unavailable,
}

/// Shows a dialog and waits for its answer.
pub type Dialog = fn(&DialogRequest) -> Picked;

/// No one can close a dialog faster than this. Without a portal and without zenity, rfd returns at once, and
/// does not say why.
const SHORTEST: Duration = Duration::from_millis(300);

/// Says why there is no window, in a dialog of the system, where a program without a window has no terminal: on Windows.
pub fn say_without_a_window(text: &str) {
    if cfg!(windows) {
        let dialog = rfd::MessageDialog::new().set_level(rfd::MessageLevel::Error);
        dialog.set_title("ConvLens").set_description(text).show();
    }
}

/// The dialog of the system.
pub fn system_dialog(request: &DialogRequest) -> Picked {
    let mut dialog = rfd::FileDialog::new();
    if let Some(folder) = &request.folder {
        dialog = dialog.set_directory(folder);
    }
    let begun = Instant::now();
    let path = match request.kind {
        FileKind::Picture | FileKind::Photograph => dialog
            .add_filter(tr("Pictures"), &["png", "jpg", "jpeg", "bmp", "gif", "webp", "tif", "tiff", "svg"])
            .pick_file(),
        FileKind::DataSet | FileKind::Drawings | FileKind::Worksheets => dialog.pick_folder(),
        FileKind::Model => dialog
            .add_filter(tr("Models and specs"), &["safetensors", "pt", "pth", "onnx", "keras", "h5", "json"])
            .pick_file(),
        FileKind::Spec => dialog.add_filter(tr("Specs"), &["json"]).pick_file(),
        FileKind::SaveSpec => dialog
            .set_file_name(request.spec_name.as_str())
            .add_filter(tr("Specs"), &["json"])
            .add_filter("PyTorch, Keras", &["py"])
            .save_file(),
        FileKind::Lesson => dialog.add_filter(tr("Lessons"), &["md"]).pick_file(),
        FileKind::SaveHandIn => dialog.set_file_name(request.hand_in_name.as_str()).save_file(),
        FileKind::SaveLesson => dialog.set_file_name("lesson.md").save_file(),
        FileKind::State => dialog.add_filter(tr("States"), &["convlens"]).pick_file(),
        FileKind::SaveState => dialog.set_file_name("class.convlens").save_file(),
        FileKind::SaveCurves => dialog.set_file_name("curves.csv").save_file(),
        FileKind::SaveReport => dialog.set_file_name("report.html").save_file(),
        FileKind::SaveRun | FileKind::SaveModel => dialog
            .set_file_name(request.model_name.as_str())
            .add_filter(tr("Models"), &["safetensors"])
            .add_filter("ONNX", &["onnx"])
            .add_filter("PyTorch, Keras", &["py"])
            .add_filter(tr("Specs"), &["json"])
            .add_filter("C", &["h"])
            .save_file(),
        FileKind::Screenshot => dialog.set_file_name("convlens.png").save_file(),
        FileKind::SaveNumbers(format) => {
            dialog.set_file_name(format!("numbers.{}", format.ending())).save_file()
        }
        FileKind::SavePicture(format) => {
            dialog.set_file_name(format!("convlens.{}", format.ending())).save_file()
        }
    };
    match path {
        Some(path) => Picked::Chosen(path),
        None if begun.elapsed() < SHORTEST => Picked::Unavailable,
        None => Picked::Cancelled,
    }
}
