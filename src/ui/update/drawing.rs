//! The canvas and the current image.

use crate::{
    text::tr,
    ui::{
        core::Core,
        model::image::{CurrentImage, ImageSource},
        widgets::{Picture, Tone, draw_canvas::Edit},
    },
};

pub(super) fn draw(core: &mut Core, edit: &Edit) {
    core.is_image_stale |= core.state.drawing.apply(edit);
}

/// Makes the canvas the current image if it has changed: once per frame, however many pointer movements there were.
pub(super) fn settle(core: &mut Core) {
    if std::mem::take(&mut core.is_image_stale) {
        show_drawing(core);
    }
}

pub(super) fn undo(core: &mut Core) {
    if core.state.drawing.undo() {
        show_canvas(core);
    }
}

pub(super) fn redo(core: &mut Core) {
    if core.state.drawing.redo() {
        show_canvas(core);
    }
}

/// Makes the canvas the current image: a drawing, or the picture that came back, with its caption.
fn show_canvas(core: &mut Core) {
    let tag = core.state.drawing.picture_tag();
    let source = tag.and_then(|tag| serde_json::from_str::<ImageSource>(tag).ok());
    let revision = next_revision(core);
    let state = &mut core.state;
    let source = source.unwrap_or_default();
    state.image = CurrentImage::restored(source, &state.drawing, state.settings.is_normalised, revision);
}

pub(super) fn clear(core: &mut Core) {
    core.state.drawing.clear();
    show_drawing(core);
}

pub(super) fn set_normalise(core: &mut Core, is_normalised: bool) {
    core.state.settings.is_normalised = is_normalised;
    let revision = next_revision(core);
    let image = &core.state.image;
    if image.source.label().is_none() {
        core.state.image = image.with_normalisation(is_normalised, revision);
    }
}

/// Shows the next test image and puts it on the canvas, where the first stroke replaces it.
pub(super) fn next_sample(core: &mut Core) {
    let Some(data) = core.state.data.ready() else {
        core.state.toasts.push(Tone::Info, tr("The data set is still loading."));
        return;
    };
    let index = core.state.settings.next_sample % data.test.len().max(1);
    show_sample(core, index);
}

/// Shows the test image with this index. Does nothing if there is none.
pub(super) fn show_sample(core: &mut Core, index: usize) {
    let Some(data) = core.state.data.ready().filter(|data| index < data.test.len()) else { return };
    let image = CurrentImage::from_sample(&data.name, &data.test, index, core.revisions + 1);
    core.revisions += 1;
    core.state.settings.next_sample = index + 1;
    put_on_canvas(core, &image);
    core.state.image = image;
}

/// Shows the training image with this index. Does nothing if there is none.
pub(super) fn show_training_image(core: &mut Core, index: usize) {
    let Some(data) = core.state.data.ready().filter(|data| index < data.train.len()) else { return };
    let image = CurrentImage::from_training(&data.name, &data.train, index, core.revisions + 1);
    core.revisions += 1;
    put_on_canvas(core, &image);
    core.state.image = image;
}

/// Puts the picture on the canvas until the first stroke. This can be undone.
pub(super) fn put_on_canvas(core: &mut Core, image: &CurrentImage) {
    let (width, height) = (image.ink.width() as usize, image.ink.height() as usize);
    core.state.drawing.set_bitmap(Picture {
        width,
        height,
        pixels: image.ink.as_raw().clone(),
        ground: image.ground,
        tag: serde_json::to_string(&image.source).unwrap_or_default(),
    });
}

/// A new revision number for an image.
pub(super) fn next_revision(core: &mut Core) -> u64 {
    core.revisions += 1;
    core.revisions
}

/// Makes the canvas the current image.
pub(super) fn show_drawing(core: &mut Core) {
    let revision = next_revision(core);
    let state = &mut core.state;
    state.image = CurrentImage::from_drawing(&state.drawing, state.settings.is_normalised, revision);
}
