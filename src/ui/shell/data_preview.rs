//! The dialog that shows a data set before it is opened: its classes with sample images, what was understood and what was
//! skipped, and what can be chosen.

use crate::{
    data::{
        DataSet,
        formats::{Choices, LabelColumn, Report},
    },
    text::{Sentence, fill, harmless, plural, tr},
    ui::{
        action::{Action, Actions},
        model::{
            data_preview::{DataPreview as Preview, PreviewAct, SAMPLES},
            image::ground_of_set,
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{
            HeatAtlas, elided, modal, numbers, primary_button, segmented, tool_button, typed_number,
            typed_number_ui,
        },
    },
};
use egui::{Align2, Label, Rect, RichText, ScrollArea, Sense, Theme, Ui, Vec2, pos2, vec2};

/// The width of the dialog, in points.
const WIDTH: f32 = 600.0;

/// The side of a sample image and the height of a class, in points.
const SIDE: f32 = 32.0;

/// Where the columns begin: the numbers of images, and the samples.
const COLUMNS: [f32; 2] = [150.0, 290.0];

/// The height of the window that the classes leave to the rest, in points.
const REST: f32 = 440.0;

/// The most sample images that are shown.
const MOST_SAMPLES: usize = 60 * SAMPLES;

/// Skipped files that are named.
const NAMED: usize = 3;

/// The sides that pictures can be scaled to, in pixels.
const SIDES: [usize; 4] = [28, 32, 64, 96];

/// The dialog with the textures of its samples.
#[derive(Default)]
pub struct DataPreview {
    atlas: HeatAtlas,
    shown: Option<(u64, Theme)>,
}

impl DataPreview {
    /// Shows the dialog if a data set waits for it.
    pub fn ui(&mut self, ui: &Ui, state: &AppState, actions: &mut Actions) {
        let Some(preview) = &state.preview else {
            self.shown = None;
            return;
        };
        self.update(ui, preview);
        let modal = modal(ui.ctx(), "data preview").show(ui.ctx(), |ui| {
            ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 60.0));
            heading_ui(ui, preview);
            self.classes_ui(ui, preview);
            understood_ui(ui, &preview.opened.report);
            ui.add_space(space::S);
            let mut choices = preview.choices;
            ui.add_enabled_ui(!preview.is_reading, |ui| choices_ui(ui, preview, &mut choices));
            if choices != preview.choices {
                actions.send(Action::Preview(PreviewAct::Choose(choices)));
            }
            said_ui(ui, preview);
            ui.add_space(space::M);
            buttons_ui(ui, preview, actions);
        });
        if modal.should_close() {
            actions.send(Action::Preview(PreviewAct::Cancel));
        }
    }

    /// New samples for another set or theme.
    fn update(&mut self, ui: &Ui, preview: &Preview) {
        let key = (preview.revision, ui.theme());
        if self.shown == Some(key) {
            return;
        }
        let split = &preview.opened.data.train;
        let samples = samples(preview);
        self.atlas.set_sizes(ui.ctx(), &vec![(split.width(), split.height()); samples.len()]);
        let colors = ground_of_set("").colors(ui.theme());
        for (place, number) in samples.into_iter().enumerate() {
            if let Some(pixels) = split.colors(number) {
                self.atlas.fill_colors(place, &pixels);
            } else {
                let ink: Vec<f32> = split.grey(number).iter().map(|pixel| f32::from(*pixel)).collect();
                self.atlas.fill(place, &ink, colors, 255.0);
            }
        }
        self.atlas.upload(ui.ctx());
        self.shown = Some(key);
    }

    /// A row for each class: its name, how many images it has, and the first of them.
    fn classes_ui(&self, ui: &mut Ui, preview: &Preview) {
        let t = Tokens::of(ui);
        let small = || fonts::words(size::SMALL);
        let width = ui.available_width();
        let (head, _) = ui.allocate_exact_size(vec2(width, 20.0), Sense::hover());
        let heads = [(0.0, tr("Class")), (COLUMNS[0], tr("Training + test")), (COLUMNS[1], tr("Samples"))];
        for (x, text) in heads {
            let at = pos2(head.left() + x, head.center().y);
            ui.painter().text(at, Align2::LEFT_CENTER, text, small(), t.second);
        }
        let high = (ui.ctx().content_rect().height() - REST).max(3.0 * SIDE);
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let area = ScrollArea::vertical().max_height(high).auto_shrink([false, true]);
            area.show_rows(ui, SIDE, preview.classes.len(), |ui, rows| {
                for class in rows {
                    self.class_ui(ui, preview, class);
                }
            });
        });
    }

    fn class_ui(&self, ui: &mut Ui, preview: &Preview, class: usize) {
        let t = Tokens::of(ui);
        let Some(one) = preview.classes.get(class) else { return };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), SIDE), Sense::hover());
        let name = preview.opened.data.classes.of(class);
        let [train, test] = [one.train, one.test].map(|count| numbers::count(count as u64));
        let counts = format!("{train} + {test}");
        response.widget_info(|| {
            let mut info = egui::WidgetInfo::labeled(
                egui::Role::Row,
                true,
                fill(tr("Class {class}"), &[("class", &name)]),
            );
            info.current_text_value = Some(counts.clone());
            info
        });
        let galley = elided(ui, &name, fonts::semibold(size::BODY), t.text, COLUMNS[0] - space::M);
        let at = Align2::LEFT_CENTER.anchor_size(rect.left_center(), galley.size());
        ui.painter().galley(at.min, galley, t.text);
        // A class without training images cannot be learnt.
        let ink = if one.train == 0 { t.warn } else { t.text };
        let at = rect.left_center() + vec2(COLUMNS[0], 0.0);
        ui.painter().text(at, Align2::LEFT_CENTER, counts, fonts::mono(size::MONO), ink);
        let first: usize = preview.classes[..class].iter().map(|class| class.samples.len()).sum();
        for i in 0..one.samples.len().min(MOST_SAMPLES.saturating_sub(first)) {
            let left = rect.left() + COLUMNS[1] + i as f32 * (SIDE + 2.0);
            let place = Rect::from_min_size(pos2(left, rect.top() + 1.0), Vec2::splat(SIDE - 2.0));
            if place.right() > rect.right() {
                break;
            }
            self.atlas.paint(ui.painter(), first + i, place);
        }
    }
}

/// The numbers of the sample images, class by class.
fn samples(preview: &Preview) -> Vec<usize> {
    preview.classes.iter().flat_map(|class| class.samples.iter().copied()).take(MOST_SAMPLES).collect()
}

/// The size of the images, with their channels.
fn size_in_words(data: &DataSet) -> String {
    let (height, width) = (data.train.height(), data.train.width());
    let size = format!("{height}×{width}");
    fill(
        if data.train.channels() == 1 { tr("{size} pixels, grey") } else { tr("{size} pixels, in colour") },
        &[("size", &size)],
    )
}

fn heading_ui(ui: &mut Ui, preview: &Preview) {
    let t = Tokens::of(ui);
    let data = &preview.opened.data;
    let title = fill(tr("Open {name}?"), &[("name", &harmless(&data.name))]);
    ui.add(Label::new(RichText::new(title).font(fonts::semibold(size::LARGE)).color(t.text)).truncate());
    let report = &preview.opened.report;
    let parts = [
        report.format.capitalised(),
        plural(data.class_count(), "{count} class", "{count} classes"),
        size_in_words(data),
        fill(
            tr("{train} training and {test} test images"),
            &[
                ("train", &numbers::count(data.train.len() as u64)),
                ("test", &numbers::count(data.test.len() as u64)),
            ],
        ),
    ];
    ui.add(Label::new(RichText::new(parts.join(" · ")).size(size::SMALL).color(t.second)).wrap());
    ui.add_space(space::S);
}

/// What was understood and what was skipped.
fn understood_ui(ui: &mut Ui, report: &Report) {
    let t = Tokens::of(ui);
    let line = |ui: &mut Ui, text: String, ink: egui::Color32| {
        ui.add(Label::new(RichText::new(text).size(size::SMALL).color(ink)).wrap());
    };
    ui.add_space(space::S);
    let mut notes: Vec<String> = report.notes.iter().map(Sentence::capitalised).collect();
    notes.push(report.split_in_words().capitalised());
    line(ui, format!("{}.", notes.join(". ")), t.second);
    if report.skipped_count > 0 {
        let files = plural(report.skipped_count, "{count} file skipped", "{count} files skipped");
        let named = report.skipped.iter().take(NAMED).map(|one| {
            let reason = one.reason.translated();
            fill(tr("{name} ({reason})"), &[("name", &harmless(&one.name)), ("reason", &reason)])
        });
        let more = if report.skipped_count > NAMED { " …" } else { "" };
        line(ui, format!("{files}: {}{more}", named.collect::<Vec<_>>().join("; ")), t.warn);
    }
}

/// What the format leaves open.
fn choices_ui(ui: &mut Ui, preview: &Preview, choices: &mut Choices) {
    let t = Tokens::of(ui);
    let report = &preview.opened.report;
    let read = report.choices;
    let label = |ui: &mut Ui, text: &str| {
        let (rect, _) = ui.allocate_exact_size(vec2(COLUMNS[0] - space::M, 20.0), Sense::hover());
        let ink = t.second;
        ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, text, fonts::words(size::BODY), ink);
    };
    if report.offers.pictures {
        ui.horizontal(|ui| {
            label(ui, tr("Tones"));
            let now = (read.is_color.unwrap_or(false), read.is_inverted.unwrap_or(false));
            let mut tones = if now.0 { 2 } else { u8::from(now.1) };
            let options = [(0, tr("Grey")), (1, tr("Ink on black")), (2, tr("Colour"))];
            if segmented(ui, tr("Tones"), &mut tones, &options).changed() {
                (choices.is_color, choices.is_inverted) = (Some(tones == 2), Some(tones == 1));
            }
        });
        ui.horizontal(|ui| {
            label(ui, tr("Size"));
            let sides = SIDES.map(|side| (Some(side), side.to_string()));
            let mut options = vec![(None, tr("As most"))];
            options.extend(sides.iter().map(|(side, text)| (*side, text.as_str())));
            segmented(ui, tr("Size"), &mut choices.side, &options);
        });
    }
    if report.offers.labels {
        ui.horizontal(|ui| {
            label(ui, tr("Labels"));
            let mut column = read.labels.unwrap_or(LabelColumn::First);
            let options = [(LabelColumn::First, tr("First column")), (LabelColumn::Last, tr("Last column"))];
            if segmented(ui, tr("Labels"), &mut column, &options).changed() {
                choices.labels = Some(column);
            }
        });
    }
    if report.offers.split {
        ui.horizontal(|ui| {
            label(ui, tr("For the test"));
            let mut percent = (choices.test_share * 100.0).round() as u32;
            let field = typed_number(&mut percent).range(1..=90).suffix(" %");
            typed_number_ui(ui, field).accessible_name(tr("Share of test images"));
            ui.add_space(space::M);
            ui.label(RichText::new(tr("Seed")).color(t.second));
            typed_number_ui(ui, typed_number(&mut choices.seed).range(0..=u64::from(u32::MAX)))
                .accessible_name(tr("Seed of the split"));
            let before = (choices.test_share * 100.0).round() as u32;
            if percent != before {
                choices.test_share = percent as f32 / 100.0;
            }
        });
    }
}

/// What is wrong with the choices, and with the network.
fn said_ui(ui: &mut Ui, preview: &Preview) {
    let t = Tokens::of(ui);
    let (text, ink) = match (&preview.problem, &preview.misfit) {
        _ if preview.is_reading => (tr("Reading…").to_owned(), t.second),
        (Some(problem), _) => (format!("{}.", problem.capitalised()), t.bad),
        (None, Some(misfit)) => (format!("{}.", misfit.capitalised()), t.warn),
        (None, None) => return,
    };
    ui.add_space(space::S);
    ui.add(Label::new(RichText::new(text).size(size::SMALL).color(ink)).wrap());
}

fn buttons_ui(ui: &mut Ui, preview: &Preview, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.add_enabled_ui(!preview.is_reading && preview.problem.is_none(), |ui| {
            let (open, fit) = (tr("Open"), tr("Open and fit the network"));
            let needs_fit = preview.can_fit && preview.misfit.is_some();
            if needs_fit && primary_button(ui, icons::CHECK, fit).clicked() {
                actions.send(Action::Preview(PreviewAct::OpenFitted));
            }
            let is_opened = if needs_fit {
                tool_button(ui, icons::FOLDER_OPEN, open, "")
            } else {
                primary_button(ui, icons::CHECK, open)
            };
            if is_opened.clicked() {
                actions.send(Action::Preview(PreviewAct::Open));
            }
            if preview.can_fit && !needs_fit && tool_button(ui, icons::NETWORK, fit, "").clicked() {
                actions.send(Action::Preview(PreviewAct::OpenFitted));
            }
        });
        if tool_button(ui, icons::X, tr("Cancel"), "Esc").clicked() {
            actions.send(Action::Preview(PreviewAct::Cancel));
        }
    });
}
