//! Pictures that were opened: which part of one is the digit, and taking it.

use super::drawing::{next_revision, put_on_canvas};
use crate::{
    text::{fill, harmless, tr},
    ui::{
        core::Core,
        model::{
            crop::{CropAct, CropQuestion},
            image::{CurrentImage, ImageSource},
        },
        style::picture::PictureGround,
        widgets::Tone,
    },
};
use image::GrayImage;

/// Carries out one act.
pub(super) fn apply(core: &mut Core, act: CropAct) {
    if let CropAct::Choose(part) = act {
        if let Some(question) = &mut core.state.crop {
            question.choose(part);
        }
        return;
    }
    let Some(question) = core.state.crop.take() else { return };
    match act {
        CropAct::Take => put(core, &question.name, question.part(), question.ground),
        CropAct::Whole => put(core, &question.name, question.ink, question.ground),
        CropAct::Choose(_) | CropAct::Cancel => {}
    }
}

/// A picture was opened: of a large one with several marks, a part is asked for.
pub(super) fn take(core: &mut Core, name: &str, ink: GrayImage, ground: PictureGround) {
    let revision = next_revision(core);
    core.state.crop = CropQuestion::of(name, &ink, ground, revision);
    if core.state.crop.is_none() {
        put(core, name, ink, ground);
    }
}

/// Makes a picture the current image.
fn put(core: &mut Core, name: &str, ink: GrayImage, ground: PictureGround) {
    let revision = next_revision(core);
    let is_normalised = core.state.settings.is_normalised;
    let image = CurrentImage::from_ink(ImageSource::Picture(name.to_owned()), ink, is_normalised, revision)
        .on_ground(ground);
    if image.is_blank() {
        let text = tr(
            "{name} has no ink: nothing contrasts with its background. You can open it as a photograph in Convolution.",
        );
        core.state.toasts.push(Tone::Warn, fill(text, &[("name", &harmless(name))]));
        // What is there is worth more than nothing.
        return;
    }
    put_on_canvas(core, &image);
    core.state.image = image;
}
