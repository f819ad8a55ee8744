//! The canvas and the current image.

use crate::text::tr;
use crate::ui::{
    app::App,
    state::{CurrentImage, Source},
    widgets::{Picture, Tone, draw_canvas::Edit},
};

pub(super) fn draw(app: &mut App, edit: &Edit) {
    if app.state.drawing.apply(edit) {
        app.show_drawing();
    }
}

pub(super) fn undo(app: &mut App) {
    if app.state.drawing.undo() {
        app.show_drawing();
    }
}

pub(super) fn redo(app: &mut App) {
    if app.state.drawing.redo() {
        app.show_drawing();
    }
}

pub(super) fn clear(app: &mut App) {
    app.state.drawing.clear();
    app.show_drawing();
}

pub(super) fn set_normalise(app: &mut App, is_normalised: bool) {
    app.state.settings.is_normalised = is_normalised;
    let revision = app.next_revision();
    let image = &app.state.image;
    if !matches!(image.source, Source::Sample { .. }) {
        app.state.image =
            CurrentImage::from_ink(image.source.clone(), image.ink.clone(), is_normalised, revision);
    }
}

/// The next test image; it is put on the canvas, where it can be drawn over.
pub(super) fn next_sample(app: &mut App) {
    let Some(data) = app.state.data.ready() else {
        app.state.toasts.push(Tone::Info, tr("The data set is still being read."));
        return;
    };
    let index = app.state.settings.next_sample % data.test.len().max(1);
    show_sample(app, index);
}

/// This test image; without one of that number, nothing changes.
pub(super) fn show_sample(app: &mut App, index: usize) {
    let Some(data) = app.state.data.ready().filter(|data| index < data.test.len()) else { return };
    let image = CurrentImage::from_sample(&data.name, &data.test, index, app.revisions + 1);
    app.revisions += 1;
    app.state.settings.next_sample = index + 1;
    put_on_canvas(app, &image);
    app.state.image = image;
}

/// The picture becomes the base of the drawing, which can be undone.
pub(super) fn put_on_canvas(app: &mut App, image: &CurrentImage) {
    let (width, height) = (image.ink.width() as usize, image.ink.height() as usize);
    app.state.drawing.set_bitmap(Picture { width, height, pixels: image.ink.as_raw().clone() });
}
