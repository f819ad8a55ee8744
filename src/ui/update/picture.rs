//! Pictures and films of views: what is asked for, and what has become of it.

use super::{message::said_saved, walk};
use crate::{
    text::{Sentence, tr},
    ui::{
        core::Core,
        model::{
            file_kind::FileKind,
            picture::{PictureAct, PictureDialog, PictureOrder, PicturePreview, PictureSetup, PictureTarget},
        },
        widgets::Tone,
    },
};
use egui::ColorImage;
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

/// Carries out one act.
pub(super) fn apply(core: &mut Core, act: PictureAct) {
    match act {
        PictureAct::Open => {
            let length = walk::length(&core.state);
            core.state.picture = Some(PictureDialog {
                setup: PictureSetup::new(length),
                length,
                problem: None,
                progress: None,
                written: None,
                is_copied: false,
                preview: None,
                previewing: None,
            });
            preview(core);
        }
        PictureAct::Set(setup) => {
            if let Some(dialog) = &mut core.state.picture {
                dialog.setup = setup.valid(dialog.length);
                (dialog.problem, dialog.written, dialog.is_copied) = (None, None, false);
            }
            preview(core);
        }
        PictureAct::Copy => order(core, PictureTarget::Clipboard),
        // The question for the file comes first.
        PictureAct::Save => {}
        PictureAct::Stop => stop(core),
        PictureAct::Close => {
            stop(core);
            core.state.picture = None;
        }
    }
}

/// The file that is asked for.
pub(super) fn kind(core: &Core) -> Option<FileKind> {
    core.state.picture.as_ref().map(|dialog| FileKind::SavePicture(dialog.setup.format))
}

fn stop(core: &Core) {
    if let Some(progress) = core.state.picture.as_ref().and_then(|dialog| dialog.progress.as_ref()) {
        progress.is_called_off.store(true, Ordering::Relaxed);
    }
}

/// Takes the picture to a file.
pub(super) fn save(core: &mut Core, path: PathBuf) {
    core.state.question = None;
    order(core, PictureTarget::File(path));
}

fn order(core: &mut Core, target: PictureTarget) {
    let Some(dialog) = &mut core.state.picture else { return };
    if dialog.progress.is_some() {
        return;
    }
    let progress = Arc::default();
    dialog.progress = Some(Arc::clone(&progress));
    (dialog.problem, dialog.written, dialog.is_copied) = (None, None, false);
    core.pictures.push(PictureOrder { setup: dialog.setup, target, progress });
}

/// Looks at what is set, one setup after the other.
fn preview(core: &mut Core) {
    let Some(dialog) = &mut core.state.picture else { return };
    let is_shown = dialog.preview.as_ref().is_some_and(|preview| preview.setup == dialog.setup);
    if dialog.previewing.is_some() || is_shown {
        return;
    }
    let setup = dialog.setup;
    dialog.previewing = Some(setup);
    core.pictures.push(PictureOrder { setup, target: PictureTarget::Preview, progress: Arc::default() });
}

/// A picture was written, or could not be. `None`: it was called off.
pub(super) fn written(core: &mut Core, path: PathBuf, result: Result<Option<usize>, Sentence>) {
    let dialog = core.state.picture.as_mut();
    match (result, dialog) {
        (Ok(Some(bytes)), Some(dialog)) => (dialog.progress, dialog.written) = (None, Some((path, bytes))),
        (Ok(Some(_)), None) => said_saved(core, &path),
        (Ok(None), Some(dialog)) => dialog.progress = None,
        (Ok(None), None) => {}
        (Err(sentence), _) => failed(core, sentence),
    }
}

/// A picture for the clipboard was made, or could not be.
pub(super) fn copied(core: &mut Core, result: Result<Option<ColorImage>, Sentence>) {
    match result {
        Ok(image) => {
            let is_copied = image.is_some();
            core.copied = image;
            match &mut core.state.picture {
                Some(dialog) => (dialog.progress, dialog.is_copied) = (None, is_copied),
                None => core.state.toasts.push(Tone::Good, tr("The picture is on the clipboard.")),
            }
        }
        Err(sentence) => failed(core, sentence),
    }
}

/// A preview was made. The setup may be another one meanwhile.
pub(super) fn previewed(
    core: &mut Core,
    setup: PictureSetup,
    result: Result<Option<Box<PicturePreview>>, Sentence>,
) {
    let Some(dialog) = &mut core.state.picture else { return };
    if dialog.previewing == Some(setup) {
        dialog.previewing = None;
    }
    match result {
        Ok(Some(preview)) => dialog.preview = Some(Arc::new(*preview)),
        Ok(None) => {}
        Err(sentence) => {
            if dialog.setup == setup {
                dialog.problem = Some(sentence);
                return;
            }
        }
    }
    preview(core);
}

fn failed(core: &mut Core, sentence: Sentence) {
    match &mut core.state.picture {
        Some(dialog) => (dialog.progress, dialog.problem) = (None, Some(sentence)),
        None => core.state.toasts.push(Tone::Bad, sentence.capitalised()),
    }
}
