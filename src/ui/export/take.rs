//! Takes the pictures that the window was told to take: shapes are collected here, painted and written elsewhere.

use super::{
    caption::caption,
    film::{Player as _, film},
    sheet::Sheet,
    stage::{Scene, Stage},
    studio::{Look, Studio},
    trace::{DRAWN, drawing},
};
use crate::{
    figure::{FigureError, Pixels, to_pdf, to_png, to_svg},
    files,
    text::{Say as _, Sentence, tr},
    ui::{
        core::Core,
        model::picture::{
            FilmProgress, Ground, PictureFormat, PictureOrder, PicturePreview, PictureSetup, PictureTarget,
        },
        placement::MIN_SIZE,
        work::tasks::Done,
    },
};
use egui::{ColorImage, Context, Theme, Vec2, vec2};
use std::{path::Path, sync::Arc};

/// The room that bars and panels of the window take, in points.
const TAKEN: Vec2 = vec2(176.0 + 344.0 + 48.0, 51.0 + 38.0 + 48.0);

/// How much of a film is shown in the dialog, in seconds.
const PREVIEW: f32 = 3.0;

/// The most pictures of a film that are shown in the dialog.
const MOST_PREVIEWED: usize = 24;

/// The pictures of a film whose bytes tell about those of the whole.
const SAMPLE: usize = 6;

/// The most pixels of a picture in the dialog: its width and its height.
const SHOWN: [usize; 2] = [900, 640];

/// The most pixels of a picture.
const MAX_PIXELS: usize = 100_000_000;

/// Takes the pictures that are waiting, and puts on the clipboard what is to be there.
pub fn take(core: &mut Core, ctx: &Context) {
    if let Some(image) = core.copied.take() {
        ctx.copy_image(image);
    }
    for order in std::mem::take(&mut core.pictures) {
        let look = look(&order, ctx);
        if order.setup.format.is_film() {
            play(core, order, look);
        } else {
            shoot(core, order, look);
        }
    }
}

fn look(PictureOrder { setup, target, .. }: &PictureOrder, ctx: &Context) -> Look {
    let scale = match setup.format {
        PictureFormat::Svg | PictureFormat::Pdf if *target == PictureTarget::Preview => DRAWN / 2.0,
        PictureFormat::Svg | PictureFormat::Pdf => DRAWN,
        PictureFormat::Png | PictureFormat::Gif | PictureFormat::Apng => f32::from(setup.scale),
    };
    let window = ctx.content_rect().size();
    let room = if setup.is_small { MIN_SIZE } else { window };
    let theme = if setup.ground == Ground::Window { ctx.theme() } else { Theme::Light };
    // A film has no transparent pictures: each would show the one before.
    let is_clear = setup.ground == Ground::Transparent && setup.format.is_film();
    let ground = if is_clear { Ground::Paper } else { setup.ground };
    Look { room: (room - TAKEN).max(vec2(480.0, 420.0)), scale, theme, ground }
}

/// A picture of the view as it is.
fn shoot(core: &mut Core, order: PictureOrder, look: Look) {
    let state = &core.state;
    let Some(mut studio) = Studio::new(state.settings.view, look) else { return };
    studio.shoot(state, &caption(state, &order.setup.captioned()));
    let (sheet, title) = (studio.into_sheet(), tr(state.settings.view.name()));
    let PictureOrder { setup, target, .. } = order;
    core.tasks.run_quietly("picture", move || match target {
        PictureTarget::Clipboard => {
            let copied = painted(&sheet).map(|pixels| Some(to_image(&pixels, 1)));
            Done::Copied(copied)
        }
        PictureTarget::File(path) => {
            let written = encoded(&sheet, setup.format, title).and_then(|(bytes, _)| write(&path, &bytes));
            Done::Pictured(path, written.map(Some))
        }
        PictureTarget::Preview => {
            let made = encoded(&sheet, setup.format, title).and_then(|(bytes, _)| {
                let pixels = painted(&sheet)?;
                let frames = vec![Arc::new(shrunk(&pixels))];
                let is_drawn = matches!(setup.format, PictureFormat::Svg | PictureFormat::Pdf);
                let points = sheet.area.size();
                let size = if is_drawn { [points.x as usize, points.y as usize] } else { pixels.size };
                Ok(Some(Box::new(PicturePreview { setup, frames, size, bytes: bytes.len() })))
            });
            Done::Previewed(setup, made)
        }
    });
}

fn painted(sheet: &Sheet) -> Result<Pixels, Sentence> {
    let [width, height] = sheet.size();
    if width.saturating_mul(height) > MAX_PIXELS {
        let sentence =
            Sentence::new("a picture of {width} × {height} pixels is too large: choose a smaller scale");
        return Err(sentence.with("width", width).with("height", height));
    }
    Ok(sheet.paint())
}

fn encoded(sheet: &Sheet, format: PictureFormat, title: &str) -> Result<(Vec<u8>, [usize; 2]), Sentence> {
    let say = |error: FigureError| error.say();
    let bytes = match format {
        PictureFormat::Svg => to_svg(&drawing(sheet)).map(String::into_bytes).map_err(say)?,
        PictureFormat::Pdf => to_pdf(&drawing(sheet), title).map_err(say)?,
        PictureFormat::Png | PictureFormat::Gif | PictureFormat::Apng => {
            to_png(&painted(sheet)?, sheet.scale()).map_err(say)?
        }
    };
    Ok((bytes, sheet.size()))
}

/// A film, played in a window of its own.
fn play(core: &mut Core, order: PictureOrder, look: Look) {
    let PictureOrder { setup, target, progress } = order;
    let scene = Scene::of(core);
    core.tasks.run_quietly("film", move || {
        let mut stage = Stage::new(scene);
        match target {
            PictureTarget::Preview => Done::Previewed(setup, previewed(&mut stage, setup, look)),
            PictureTarget::Clipboard => Done::Copied(Ok(None)),
            PictureTarget::File(path) => {
                let made = filmed(&mut stage, &setup, look, &progress);
                let written = made.and_then(|film| film.map(|bytes| write(&path, &bytes)).transpose());
                Done::Pictured(path, written)
            }
        }
    });
}

fn filmed(
    stage: &mut Stage,
    setup: &PictureSetup,
    look: Look,
    progress: &FilmProgress,
) -> Result<Option<Vec<u8>>, Sentence> {
    let captioned = setup.captioned();
    film(stage, look, Some(&captioned), setup.range(), setup.format, progress).map_err(|error| error.say())
}

/// The first seconds of a film, and from their bytes about those of the whole.
fn previewed(
    stage: &mut Stage,
    setup: PictureSetup,
    look: Look,
) -> Result<Option<Box<PicturePreview>>, Sentence> {
    let count = ((PREVIEW * setup.rate).ceil() as usize).clamp(2, MOST_PREVIEWED).min(setup.count());
    let sample = count.min(SAMPLE);
    let begin = PictureSetup { to: setup.from + sample - 1, ..setup };
    let one = PictureSetup { to: setup.from, ..setup };
    let progress = FilmProgress::default();
    let first = filmed(stage, &one, look, &progress)?.map_or(0, |bytes| bytes.len());
    let Some(bytes) = filmed(stage, &begin, look, &progress)? else { return Ok(None) };
    let each = bytes.len().saturating_sub(first) as f64 / (sample - 1).max(1) as f64;
    let estimate = first as f64 + each * (setup.count() - 1) as f64;
    // Shown as the view looks, not as the palette of the file has it.
    let mut frames = Vec::new();
    let mut size = [0, 0];
    let captioned = setup.captioned();
    if let Some(mut studio) = Studio::new(stage.state().settings.view, Look { scale: 1.0, ..look }) {
        for position in setup.from..setup.from + count {
            stage.seek(position);
            studio.measure(stage.state());
        }
        studio.hold();
        for position in setup.from..setup.from + count {
            stage.seek(position);
            let pixels = studio.shoot(stage.state(), &caption(stage.state(), &captioned)).paint();
            size = pixels.size.map(|side| side * usize::from(setup.scale));
            frames.push(Arc::new(shrunk(&pixels)));
        }
    }
    Ok(Some(Box::new(PicturePreview { setup, frames, size, bytes: estimate as usize })))
}

fn write(path: &Path, bytes: &[u8]) -> Result<usize, Sentence> {
    let not_written = |e: std::io::Error| {
        Sentence::new("{file} cannot be written: {reason}").with("file", path.display()).with("reason", e)
    };
    files::write(path, bytes).map_err(not_written)?;
    Ok(bytes.len())
}

/// As small as the dialog needs it.
fn shrunk(pixels: &Pixels) -> ColorImage {
    let part = pixels.size[0].div_ceil(SHOWN[0]).max(pixels.size[1].div_ceil(SHOWN[1]));
    to_image(pixels, part.max(1))
}

/// Every `part` × `part` pixels as one.
fn to_image(pixels: &Pixels, part: usize) -> ColorImage {
    let [width, height] = pixels.size;
    let size = [width.div_ceil(part), height.div_ceil(part)];
    let at = |i: usize| {
        let (left, top) = (i % size[0] * part, i / size[0] * part);
        let (right, bottom) = ((left + part).min(width), (top + part).min(height));
        let mut sums = [0u32; 4];
        for y in top..bottom {
            for pixel in &pixels.rgba[y * width + left..y * width + right] {
                sums.iter_mut().zip(pixel).for_each(|(sum, part)| *sum += u32::from(*part));
            }
        }
        let count = ((right - left) * (bottom - top)).max(1) as u32;
        sums.map(|sum| ((sum + count / 2) / count) as u8)
    };
    let rgba: Vec<[u8; 4]> = (0..size[0] * size[1]).map(at).collect();
    ColorImage::from_rgba_unmultiplied(size, rgba.as_flattened())
}
