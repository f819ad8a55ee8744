//! The dialog for pictures and films of a view: their kind and look, what they would look like, and how large they are.

use crate::{
    text::{fill, harmless, tr},
    ui::{
        action::{Action, Actions},
        model::picture::{
            FASTEST, Ground, PictureAct, PictureDialog, PictureFormat, PicturePreview, PictureSetup, SLOWEST,
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{
            modal, numbers, primary_button, segmented, switch, tool_button, typed_number, typed_number_ui,
        },
    },
};
use egui::{
    Color32, Label, ProgressBar, Rect, RichText, Role, Sense, StrokeKind, TextureHandle, TextureOptions, Ui,
    WidgetInfo, pos2, vec2,
};
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// The width of the dialog, in points.
const WIDTH: f32 = 716.0;

/// The height of the preview, in points, where the window has room.
const PREVIEW: f32 = 300.0;

/// The height of all else, in points.
const REST: f32 = 320.0;

/// The height of the words at the foot, in points: they change, the buttons stay.
const SAID: f32 = 36.0;

/// How often the progress is shown anew.
const REFRESH: Duration = Duration::from_millis(100);

/// What the dialog keeps between frames.
#[derive(Default)]
pub struct PicturePanel {
    /// The preview that the textures are of.
    shown: Option<Arc<PicturePreview>>,
    textures: Vec<TextureHandle>,
}

impl PicturePanel {
    /// Shows the dialog if it is open and no file is asked for.
    pub fn ui(&mut self, ui: &Ui, state: &AppState, actions: &mut Actions) {
        let Some(dialog) = state.picture.as_ref() else {
            *self = Self::default();
            return;
        };
        if state.question.is_some() {
            return;
        }
        let modal = modal(ui.ctx(), "picture").show(ui.ctx(), |ui| {
            ui.set_width(WIDTH);
            let t = Tokens::of(ui);
            ui.label(RichText::new(tr("Export picture")).font(fonts::semibold(size::LARGE)).color(t.text));
            let about = tr("What the view shows, without its controls.");
            ui.label(RichText::new(about).size(size::SMALL).color(t.second));
            ui.add_space(space::S);
            self.preview_ui(ui, dialog);
            ui.add_space(space::S);
            let mut setup = dialog.setup;
            ui.add_enabled_ui(dialog.progress.is_none(), |ui| setup_ui(ui, dialog, &mut setup));
            if setup != dialog.setup {
                actions.send(Action::Picture(PictureAct::Set(setup)));
            }
            ui.add_space(space::S);
            ui.allocate_ui(vec2(WIDTH, SAID), |ui| {
                ui.set_min_height(SAID);
                said_ui(ui, dialog);
            });
            buttons_ui(ui, dialog, actions);
        });
        if modal.should_close() {
            actions.send(Action::Picture(PictureAct::Close));
        }
    }

    /// What it would look like. A film plays its first seconds.
    fn preview_ui(&mut self, ui: &mut Ui, dialog: &PictureDialog) {
        let t = Tokens::of(ui);
        let height = PREVIEW.min(ui.ctx().content_rect().height() - REST).max(90.0);
        let (room, response) = ui.allocate_exact_size(vec2(WIDTH, height), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr("Preview of the picture")));
        ui.painter().rect(room, radius::M, t.track, t.line_stroke(), StrokeKind::Inside);
        let Some(preview) = &dialog.preview else {
            ui.put(room, egui::Spinner::new());
            return;
        };
        if !self.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, preview)) {
            let load = |frame: &Arc<egui::ColorImage>| {
                ui.ctx().load_texture("preview", Arc::clone(frame), TextureOptions::LINEAR)
            };
            self.textures = preview.frames.iter().map(load).collect();
            self.shown = Some(preview.clone());
        }
        let count = self.textures.len();
        let at = if count > 1 {
            let rate = f64::from(preview.setup.rate);
            ui.ctx().request_repaint_after(Duration::from_secs_f64((1.0 / rate).min(0.5)));
            (ui.input(|input| input.time) * rate) as usize % count
        } else {
            0
        };
        let Some(texture) = self.textures.get(at) else { return };
        let size = texture.size_vec2();
        let inner = room.shrink(space::S);
        let part = (inner.width() / size.x).min(inner.height() / size.y).min(1.0);
        let place = Rect::from_center_size(room.center(), size * part);
        if preview.setup.ground == Ground::Transparent {
            chequers(ui, place);
        }
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(texture.id(), place, whole, Color32::WHITE);
        ui.painter().rect_stroke(place, 0, t.line_stroke(), StrokeKind::Outside);
    }
}

/// The ground that stands for none.
fn chequers(ui: &Ui, place: Rect) {
    const SIDE: f32 = 8.0;
    let t = Tokens::of(ui);
    let painter = ui.painter().with_clip_rect(place);
    painter.rect_filled(place, 0, Color32::WHITE);
    let (columns, rows) = ((place.width() / SIDE).ceil() as usize, (place.height() / SIDE).ceil() as usize);
    for (x, y) in (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y))).filter(|(x, y)| (x + y) % 2 == 0)
    {
        let corner = place.min + vec2(x as f32, y as f32) * SIDE;
        let faint = t.second.gamma_multiply(0.25);
        painter.rect_filled(Rect::from_min_size(corner, vec2(SIDE, SIDE)), 0, faint);
    }
}

fn setup_ui(ui: &mut Ui, dialog: &PictureDialog, setup: &mut PictureSetup) {
    let formats = [
        (PictureFormat::Png, "PNG"),
        (PictureFormat::Svg, "SVG"),
        (PictureFormat::Pdf, "PDF"),
        (PictureFormat::Gif, "GIF"),
        (PictureFormat::Apng, "APNG"),
    ];
    // Without anything that plays, there are no films.
    let count = if dialog.length > 1 { formats.len() } else { 3 };
    row_ui(ui, tr("Kind"), |ui| {
        segmented(ui, tr("Kind of file"), &mut setup.format, &formats[..count]);
        let words = match setup.format {
            PictureFormat::Png => tr("pixels"),
            PictureFormat::Svg => tr("a drawing for the web and for slides"),
            PictureFormat::Pdf => tr("a drawing for print"),
            PictureFormat::Gif => tr("a film of at most 256 colours"),
            PictureFormat::Apng => tr("a film of all colours"),
        };
        let t = Tokens::of(ui);
        ui.label(RichText::new(words).size(size::SMALL).color(t.second));
    });
    row_ui(ui, tr("Look"), |ui| {
        let grounds = [
            (Ground::Paper, tr("White")),
            (Ground::Transparent, tr("Transparent")),
            (Ground::Window, tr("As in the window")),
        ];
        // A film has no transparent pictures.
        let grounds: Vec<_> = grounds
            .into_iter()
            .filter(|(ground, _)| *ground != Ground::Transparent || !setup.format.is_film())
            .collect();
        segmented(ui, tr("Ground of the picture"), &mut setup.ground, &grounds);
        let has_pixels = !matches!(setup.format, PictureFormat::Svg | PictureFormat::Pdf);
        if has_pixels {
            let scales = [(1, "1×"), (2, "2×"), (4, "4×")];
            segmented(ui, tr("Pixels of a point"), &mut setup.scale, &scales);
        }
        let name = tr("Compact");
        let small = switch(ui, name, name, setup.is_small);
        if small
            .on_hover_text(tr("Less room between the parts, and so larger letters in the same picture."))
            .clicked()
        {
            setup.is_small = !setup.is_small;
        }
        let name = tr("Caption");
        let caption = switch(ui, name, name, setup.has_caption);
        if caption.on_hover_text(tr("View, settings, step and network, below the picture.")).clicked() {
            setup.has_caption = !setup.has_caption;
        }
    });
    if setup.format.is_film() {
        row_ui(ui, tr("Film"), |ui| film_ui(ui, dialog.length, setup));
    }
}

fn film_ui(ui: &mut Ui, length: usize, setup: &mut PictureSetup) {
    let t = Tokens::of(ui);
    let words = |ui: &mut Ui, text: &str| ui.label(RichText::new(text).color(t.second));
    // Counted from 1, as in the window.
    let (mut from, mut to) = (setup.from + 1, setup.to + 1);
    words(ui, tr("from step"));
    typed_number_ui(ui, typed_number(&mut from).range(1..=length.max(1)))
        .accessible_name(tr("First step of the film"));
    words(ui, tr("to"));
    typed_number_ui(ui, typed_number(&mut to).range(1..=length.max(1)))
        .accessible_name(tr("Last step of the film"));
    (setup.from, setup.to) = (from.max(1) - 1, to.max(1) - 1);
    words(ui, tr("steps a second"));
    typed_number_ui(ui, typed_number(&mut setup.rate).range(SLOWEST..=FASTEST))
        .accessible_name(tr("Steps a second of the film"));
    let name = tr("Repeat");
    if switch(ui, name, name, setup.is_looping).clicked() {
        setup.is_looping = !setup.is_looping;
    }
}

fn row_ui(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        let (room, _) = ui.allocate_exact_size(vec2(52.0, ui.spacing().interact_size.y), Sense::hover());
        let at = room.left_center();
        ui.painter().text(at, egui::Align2::LEFT_CENTER, name, fonts::words(size::SMALL), t.second);
        content(ui);
    });
}

/// How far it is, where it is, why it is not, or how large it will be.
fn said_ui(ui: &mut Ui, dialog: &PictureDialog) {
    let t = Tokens::of(ui);
    let (text, ink) = if let Some(progress) = &dialog.progress {
        ui.ctx().request_repaint_after(REFRESH);
        let (done, count) = (progress.done.load(Ordering::Relaxed), dialog.setup.count());
        ui.add(ProgressBar::new(done as f32 / count.max(1) as f32).desired_height(6.0));
        let bytes = bytes(progress.bytes.load(Ordering::Relaxed));
        let text = fill(
            tr("Painting: {done} of {count}"),
            &[("done", &done.to_string()), ("count", &count.to_string())],
        );
        (format!("{text}, {bytes}"), t.second)
    } else if let Some(problem) = &dialog.problem {
        (format!("{}.", problem.capitalised()), t.bad)
    } else if let Some((path, written)) = &dialog.written {
        let path = harmless(&path.display().to_string());
        let text = fill(tr("Saved to {path}: {size}."), &[("path", &path), ("size", &bytes(*written))]);
        (text, t.good)
    } else if dialog.is_copied {
        (tr("The picture is on the clipboard.").to_owned(), t.good)
    } else if let Some(preview) = dialog.preview.as_ref().filter(|preview| preview.setup == dialog.setup) {
        let [width, height] = preview.size.map(|side| side.to_string());
        let size = bytes(preview.bytes);
        let text = match (dialog.setup.format.is_film(), dialog.setup.count()) {
            (true, count) => {
                let seconds = numbers::decimal(f64::from(count as f32 / dialog.setup.rate));
                let text = tr("{width} × {height} pixels, {count} pictures, {seconds} s, about {size}");
                fill(text, &[("count", &count.to_string()), ("seconds", &seconds)])
            }
            (false, _) => tr("{width} × {height} pixels, {size}").to_owned(),
        };
        (fill(&text, &[("width", &width), ("height", &height), ("size", &size)]), t.second)
    } else {
        (tr("Looking at what is set…").to_owned(), t.second)
    };
    ui.add(Label::new(RichText::new(text).size(size::SMALL).color(ink)).wrap());
}

/// A number of bytes in words.
fn bytes(bytes: usize) -> String {
    let (value, unit) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => (bytes as f64 / 1e3, "kB"),
        _ => (bytes as f64 / 1e6, "MB"),
    };
    format!("{value:.1} {unit}")
}

fn buttons_ui(ui: &mut Ui, dialog: &PictureDialog, actions: &mut Actions) {
    ui.horizontal(|ui| {
        let mut send = |act| actions.send(Action::Picture(act));
        if dialog.progress.is_some() {
            if tool_button(ui, icons::X, tr("Stop painting"), "").clicked() {
                send(PictureAct::Stop);
            }
        } else {
            if primary_button(ui, icons::SAVE, tr("Save picture…")).clicked() {
                send(PictureAct::Save);
            }
            let can_copy = dialog.setup.format == PictureFormat::Png;
            let copy = ui.add_enabled_ui(can_copy, |ui| tool_button(ui, icons::COPY, tr("Copy"), "")).inner;
            if copy.on_disabled_hover_text(tr("The clipboard takes PNG.")).clicked() {
                send(PictureAct::Copy);
            }
        }
        if tool_button(ui, icons::X, tr("Close"), "Esc").clicked() {
            send(PictureAct::Close);
        }
    });
}
