//! The system's file dialog.

use crate::{text::tr, ui::model::file_kind::FileKind};
use std::path::PathBuf;

/// Asks for a path; `None` if nothing was chosen. The text is the name that a saved model is given at first.
pub type Dialog = fn(FileKind, &str) -> Option<PathBuf>;

/// Asks through the system's dialog, and waits for the answer.
pub fn system_dialog(kind: FileKind, model_name: &str) -> Option<PathBuf> {
    let dialog = rfd::FileDialog::new();
    match kind {
        FileKind::Picture | FileKind::Photograph => {
            dialog.add_filter(tr("Pictures"), &["png", "jpg", "jpeg", "bmp", "gif", "webp"]).pick_file()
        }
        FileKind::DataSet | FileKind::Drawings => dialog.pick_folder(),
        FileKind::Model => dialog.add_filter(tr("Models"), &["safetensors"]).pick_file(),
        FileKind::SaveModel => dialog.set_file_name(model_name).save_file(),
        FileKind::Screenshot => dialog.set_file_name("convlens.png").save_file(),
    }
}
