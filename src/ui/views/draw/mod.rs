//! *Draw*: draw a digit and see the network's answer after every stroke.

mod fine_tune;

use crate::{
    data::digit,
    explain::{DoubtReason, Filters, Verdict},
    text::{Sentence, Term, fill, tr},
    ui::{
        action::{Action, Actions},
        state::AppState,
        style::{
            colormap::ColorMapLut,
            fonts, icons,
            picture::PictureGround,
            tokens::{Tokens, size, space},
        },
        view::View,
        widgets::{
            BRUSHES, Brush, DrawCanvas, FilterGrid, FilterTiles, ImageTile, Legend, ProbabilityBars, explain,
            has_header, has_room, icon_button_with_shortcut, key_value, moment_badge, numbers, section,
            section_with_detail, segmented, tool_button, tool_toggle, view_header,
        },
    },
};
use egui::{Align, Layout, Rect, RichText, Slider, Stroke, Ui, UiBuilder, Vec2, vec2};
use image::GrayImage;

/// The height of the strip of pictures at the bottom, in points.
const STRIP_HEIGHT: f32 = 168.0;

/// The height of the strip in a view lower than [`LOW`], in points.
const LOW_STRIP_HEIGHT: f32 = 112.0;

/// In a view lower than this, in points, the strip is lower and the canvas gets the rest.
const LOW: f32 = 520.0;

/// The view: its canvas and textures.
#[derive(Default)]
pub struct DrawView {
    canvas: DrawCanvas,
    filters: FilterGrid,
}

impl View for DrawView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let sentence = tr("Draw a digit. The network answers while you draw.");
        view_header(ui, tr("Draw"), sentence, |ui| tools_ui(ui, state, actions));
        if has_header(ui) {
            ui.add_space(space::M);
        }
        let room = ui.available_size();
        // Presented to the back row, the strip gives way to the canvas and the answer.
        let has_strip = has_room(ui);
        let strip = match room.y {
            _ if !has_strip => -space::L,
            low if low < LOW => LOW_STRIP_HEIGHT,
            _ => STRIP_HEIGHT,
        };
        let side = (room.y - strip - space::L).min(room.x * 0.56).max(160.0);
        ui.horizontal_top(|ui| {
            let done = self.canvas.ui(ui, &state.drawing, &state.settings.brush, side, tr("Draw a digit"));
            for edit in done.edits {
                actions.send(Action::Draw(edit));
            }
            ui.add_space(space::L);
            let room = vec2(ui.available_width(), side);
            ui.allocate_ui_with_layout(room, Layout::top_down(Align::Min), |ui| answer_ui(ui, state));
        });
        if has_strip {
            ui.add_space(space::M);
            strip_ui(ui, state, actions);
        }
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        fine_tune::fine_tune_ui(ui, state, actions);
        ui.add_space(space::L);
        input_ui(ui, state);
        let Some(filters) = Filters::first_layer(&state.network.network) else { return };
        ui.add_space(space::L);
        section_with_detail(
            ui,
            tr("First-layer filters"),
            &fill(
                tr("{layer}, {count} of {height}×{width}"),
                &[
                    ("layer", &state.network.network.spec().layer_name(filters.layer)),
                    ("count", &filters.len().to_string()),
                    ("height", &filters.height.to_string()),
                    ("width", &filters.width.to_string()),
                ],
            ),
        );
        let tiles = FilterTiles {
            name: tr("First-layer filters now"),
            count: filters.len(),
            size: (filters.width, filters.height),
            limit: filters.limit(),
            max_side: if filters.len() > 12 { 56.0 } else { 99.0 },
        };
        self.filters.ui(ui, tiles, |number| filters.values(number));
        ui.add_space(space::S);
        Legend::new(ColorMapLut::diverging(ui.theme()), filters.limit()).width(150.0).ui(ui);
    }
}

fn tools_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let is_tight = ui.available_width() < TIGHT;
    let brush = state.settings.brush;
    if tool_toggle(ui, icons::PENCIL, tr("Brush"), "B", !brush.eraser).clicked() {
        actions.send(Action::SetBrush(Brush { eraser: false, ..brush }));
    }
    if tool_toggle(ui, icons::ERASER, tr("Eraser"), "E", brush.eraser).clicked() {
        actions.send(Action::SetBrush(Brush { eraser: true, ..brush }));
    }
    if !is_tight {
        let t = Tokens::of(ui);
        ui.label(RichText::new(tr("Size")).color(t.second));
    }
    let mut radius = brush.radius;
    ui.spacing_mut().slider_width = 64.0;
    let slider = ui
        .add(Slider::new(&mut radius, BRUSHES).logarithmic(true).show_value(false))
        .accessible_name(tr("Brush size"));
    if slider.on_hover_text(tr("Brush size ([ smaller, ] larger)")).changed() {
        actions.send(Action::SetBrush(Brush { radius, ..brush }));
    }
    let mut icon = |ui: &mut Ui, is_enabled, icon, name, shortcut, action| {
        let button =
            ui.add_enabled_ui(is_enabled, |ui| icon_button_with_shortcut(ui, icon, name, shortcut)).inner;
        if button.clicked() {
            actions.send(action);
        }
    };
    icon(ui, state.drawing.can_undo(), icons::UNDO_2, tr("Undo"), "Ctrl+Z", Action::Undo);
    icon(ui, state.drawing.can_redo(), icons::REDO_2, tr("Redo"), "Ctrl+Shift+Z", Action::Redo);
    let button = |ui: &mut Ui, icon, name, shortcut| {
        if is_tight {
            icon_button_with_shortcut(ui, icon, name, shortcut)
        } else {
            tool_button(ui, icon, name, shortcut)
        }
    };
    if button(ui, icons::TRASH_2, tr("Clear"), "Del").clicked() {
        actions.send(Action::ClearDrawing);
    }
    if button(ui, icons::SHUFFLE, tr("Next test digit"), "N").clicked() {
        actions.send(Action::NextSample);
    }
}

/// In a view narrower than this, in points, the last tools are icons without names.
const TIGHT: f32 = 580.0;

/// The answer in large type, and a bar for each class.
fn answer_ui(ui: &mut Ui, state: &AppState) {
    let t = Tokens::of(ui);
    let (answer, comment) = match state.verdict() {
        Some(Verdict::Sure { class, probability }) => (
            state.class_name(class),
            fill(tr("{percent} sure"), &[("percent", &numbers::probability(probability))]),
        ),
        Some(Verdict::NotSure { first, second, why }) => {
            let comment = match why {
                DoubtReason::Between => fill(
                    tr("not sure: {first} or {second}"),
                    &[("first", &state.class_name(first)), ("second", &state.class_name(second))],
                ),
                DoubtReason::Unlike if state.is_untrained() => {
                    tr("not sure: this network is untrained").to_owned()
                }
                DoubtReason::Unlike => tr("not sure: not like any digit").to_owned(),
                DoubtReason::Objection(reason) => {
                    Sentence::new("not sure: {reason}").part("reason", reason).translated()
                }
            };
            ("?".to_owned(), comment)
        }
        Some(Verdict::NotANumber) => {
            ("?".to_owned(), tr("not a number: no class has a probability").to_owned())
        }
        None if state.image.is_blank() => ("–".to_owned(), tr("draw a digit").to_owned()),
        None => ("…".to_owned(), String::new()),
    };
    let height = if ui.available_height() > 380.0 { size::ANSWER } else { size::ANSWER * 0.6 };
    ui.horizontal(|ui| {
        ui.set_height(height * 1.12);
        let color = if answer == "–" { t.faint } else { t.highlight_text };
        // Names are longer than digits.
        let letters = answer.chars().count().max(1) as f32;
        let tall = if letters > 2.0 { (height * 3.0 / letters).max(size::LARGE) } else { height };
        let label = ui.label(RichText::new(&answer).font(fonts::mono_bold(tall)).color(color));
        label.widget_info(|| {
            let mut info = egui::WidgetInfo::labeled(egui::Role::Status, true, tr("Answer"));
            info.current_text_value = Some(format!("{answer} {comment}"));
            info
        });
        ui.vertical(|ui| {
            ui.add_space(height * 0.5);
            ui.label(RichText::new(comment).size(size::LARGE).color(t.second));
            moment_badge(ui, state.history_step());
            // The label is the current image's, but the answer may still be the previous image's.
            if let (Some(label), Some(Verdict::Sure { class, .. }), true) =
                (state.image.source.label(), state.verdict(), state.is_answered())
            {
                let (text, color) = if class == label as usize {
                    (fill(tr("✓ its label is {label}"), &[("label", &state.label_name(label))]), t.good)
                } else {
                    (fill(tr("✗ its label is {label}"), &[("label", &state.label_name(label))]), t.bad)
                };
                ui.label(RichText::new(text).color(color));
            }
        });
    });
    let shares = state.probabilities();
    let names: Vec<String> = (0..shares.len()).map(|class| state.class_name(class)).collect();
    let winner = match state.verdict() {
        Some(Verdict::Sure { class, .. }) => Some(class),
        _ => None,
    };
    ProbabilityBars::new(&names, &shares).winner(winner).ui(ui);
}

/// The preprocessing steps from the drawing to the network's input.
fn strip_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let is_sample = state.image.source.label().is_some();
    let mut is_normalised = state.settings.is_normalised;
    ui.horizontal(|ui| {
        section(ui, tr("What the network sees"));
        ui.add_space(space::S);
        if is_sample {
            let t = Tokens::of(ui);
            ui.label(RichText::new(tr("test images are not preprocessed")).color(t.second));
        } else {
            let options = [(true, tr("Normalised")), (false, tr("Raw"))];
            if segmented(ui, tr("Normalisation"), &mut is_normalised, &options).changed() {
                actions.send(Action::SetNormalise(is_normalised));
            }
            if is_normalised && state.image.is_thinned() {
                let t = Tokens::of(ui);
                let note = ui.label(RichText::new(tr("with a thinner brush")).color(t.second));
                note.on_hover_text(tr(
                    "The brush is too wide for writing this small. The network reads the strokes as drawn with a brush that fits.",
                ));
            }
        }
    });
    ui.add_space(space::XS);
    let image = &state.image;
    let size = format!("{}×{}", image.seen.width(), image.seen.height());
    let mut pictures: Vec<(&str, &GrayImage)> = vec![(tr("drawn"), &image.ink)];
    let mut middle = None;
    if let (Some(stages), true, false) = (&image.stages, is_normalised, is_sample) {
        pictures.push((tr("cropped"), &stages.cropped));
        pictures.push((tr("20×20"), &stages.scaled));
        middle = Some((pictures.len(), digit::centre_of_mass(&stages.placed)));
        pictures.push((tr("centre of mass"), &stages.placed));
    }
    pictures.push((&size, &image.seen));
    let arrow = 30.0;
    let count = pictures.len() as f32;
    let side = ((ui.available_width() - (count - 1.0) * arrow) / count)
        .min(ui.available_height() - 26.0)
        .clamp(40.0, 150.0);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let last = pictures.len() - 1;
        for (i, (caption, picture)) in pictures.into_iter().enumerate() {
            // There is room for one word under a small picture.
            let is_centred = middle.is_some_and(|(number, _)| number == i);
            let caption = if is_centred && side < 100.0 { tr("centred") } else { caption };
            // What is drawn or opened looks as it is; what the network reads is ink on paper, whatever it came from.
            let ground = if i == 0 || is_sample { image.ground } else { PictureGround::Paper };
            let tile = stage_ui(ui, caption, (picture, ground), (image.revision, i), side, i == last);
            if let Some((_, at)) = middle.filter(|(number, _)| *number == i) {
                cross_ui(ui, tile, picture, at);
            }
            if i < last {
                arrow_ui(ui, arrow, side);
            }
        }
    });
}

fn arrow_ui(ui: &mut Ui, width: f32, side: f32) {
    let t = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(width, side), egui::Sense::hover());
    ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, "→", fonts::words(size::LARGE), t.faint);
}

/// Lines through a place of a square picture, in pixels: the middle of pixel (0, 0) is (0, 0).
fn cross_ui(ui: &Ui, tile: Rect, picture: &GrayImage, (x, y): (f32, f32)) {
    let t = Tokens::of(ui);
    let place = |at: f32| (at + 0.5) / picture.width().max(1) as f32;
    let center = tile.lerp_inside(vec2(place(x), place(y)));
    let stroke = Stroke::new(1.0, t.highlight);
    ui.painter().hline(tile.x_range(), center.y, stroke);
    ui.painter().vline(center.x, tile.y_range(), stroke);
}

/// A square tile with its rectangle; a picture that is not square is padded with background.
fn stage_ui(
    ui: &mut Ui,
    caption: &str,
    (picture, ground): (&GrayImage, PictureGround),
    (revision, i): (u64, usize),
    side: f32,
    is_last: bool,
) -> Rect {
    let (width, height) = picture.dimensions();
    let square = width.max(height).max(1);
    let mut field = GrayImage::new(square, square);
    image::imageops::overlay(
        &mut field,
        picture,
        i64::from((square - width) / 2),
        i64::from((square - height) / 2),
    );
    let (rect, _) = ui.allocate_exact_size(vec2(side, side + 22.0), egui::Sense::hover());
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        ImageTile::new(caption, ("stage", i), revision, field.as_raw(), square as usize)
            .ground(ground)
            .side(side)
            .caption(caption)
            .highlighted(is_last)
            .ui(ui);
    });
    Rect::from_min_size(rect.min, Vec2::splat(side))
}

/// Numbers about the image.
fn input_ui(ui: &mut Ui, state: &AppState) {
    let image = &state.image;
    section(ui, tr("The input in numbers"));
    ui.add_space(space::XS);
    let ink: f32 = image.seen.as_raw().iter().map(|&p| f32::from(p) / 255.0).sum();
    let lit = image.seen.as_raw().iter().filter(|&&p| p > 0).count();
    key_value(ui, tr("Pixels"), &format!("{}×{}", image.seen.height(), image.seen.width()));
    key_value(ui, tr("Pixels with ink"), &lit.to_string());
    key_value(ui, tr("Sum of ink"), &format!("{ink:.1}"));
    key_value(ui, tr("Network input"), &state.network.network.input().to_string());
    // The row stays without an answer, so that nothing below it moves.
    let is_number = |verdict: &Verdict| *verdict != Verdict::NotANumber;
    let entropy = state.verdict().filter(is_number).map(|_| entropy(&state.probabilities()));
    let bits = entropy.map_or_else(|| "–".to_owned(), |entropy| format!("{entropy:.2} bit"));
    explain(key_value(ui, Term::Entropy.label(), &bits), Term::Entropy);
}

/// The entropy −Σ p log₂ p of probabilities, in bits: 0 if one class is certain.
fn entropy(probabilities: &[f32]) -> f32 {
    probabilities.iter().filter(|p| **p > 0.0).map(|p| -p * p.log2()).sum::<f32>().max(0.0)
}
