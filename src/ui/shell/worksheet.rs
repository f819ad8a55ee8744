//! The dialog for worksheets: their settings, how many, and the folder to write to.

use crate::{
    text::{fill, harmless, plural, tr},
    ui::{
        action::{Action, Actions},
        model::worksheet::{WorksheetAct, WorksheetDialog, WorksheetForm, WorksheetSource},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{modal, primary_button, segmented, switch, tool_button, typed_number, typed_number_ui},
    },
    worksheet::{Chosen, MAX_COUNT, Topic},
};
use egui::{Label, ProgressBar, RichText, Ui, vec2};
use std::{sync::atomic::Ordering, time::Duration};

/// The width of the dialog, in points.
const WIDTH: f32 = 460.0;

/// The height of the words at its foot, in points: they change, the buttons stay.
const SAID_HEIGHT: f32 = 40.0;

/// How often the progress is shown anew.
const REFRESH: Duration = Duration::from_millis(100);

/// Shows the dialog if it is open and no folder is asked for.
pub fn worksheet_ui(ui: &Ui, state: &AppState, actions: &mut Actions) {
    let Some(dialog) = state.worksheet.as_ref().filter(|_| state.question.is_none()) else { return };
    let modal = modal(ui.ctx(), "worksheet").show(ui.ctx(), |ui| {
        ui.set_width(WIDTH);
        let t = Tokens::of(ui);
        ui.label(RichText::new(tr("Worksheets")).font(fonts::semibold(size::LARGE)).color(t.text));
        let about = tr("Pages to print, each with other numbers, and a file with all answers.");
        ui.label(RichText::new(about).size(size::SMALL).color(t.second));
        ui.add_space(space::M);
        let mut form = dialog.form;
        ui.add_enabled_ui(dialog.progress.is_none(), |ui| form_ui(ui, state, &mut form));
        if form != dialog.form {
            actions.send(Action::Worksheet(WorksheetAct::Set(form)));
        }
        ui.add_space(space::S);
        ui.allocate_ui(vec2(WIDTH, SAID_HEIGHT), |ui| {
            ui.set_min_height(SAID_HEIGHT);
            said_ui(ui, dialog);
        });
        buttons_ui(ui, dialog, actions);
    });
    if modal.should_close() {
        actions.send(Action::Worksheet(WorksheetAct::Close));
    }
}

fn form_ui(ui: &mut Ui, state: &AppState, form: &mut WorksheetForm) {
    let t = Tokens::of(ui);
    let topics = [
        (Topic::Convolution, tr("Convolution")),
        (Topic::Pooling, tr("Pooling")),
        (Topic::Sizes, tr("Output sizes")),
    ];
    let own = form.topic;
    let is_lesson = form.source == WorksheetSource::Lesson;
    ui.add_enabled_ui(!is_lesson, |ui| segmented(ui, tr("Topic"), &mut form.topic, &topics));
    // What the view shows are settings of its own topic.
    if form.topic != own && form.source == WorksheetSource::Shown {
        form.source = WorksheetSource::Drawn;
    }
    ui.add_space(space::S);
    let mut sources =
        vec![(WorksheetSource::Shown, tr("As shown")), (WorksheetSource::Drawn, tr("Drawn by the seed"))];
    if state.lesson.is_some() {
        sources.push((WorksheetSource::Lesson, tr("The lesson’s questions")));
    }
    segmented(ui, tr("Settings of the sheets"), &mut form.source, &sources);
    let words = match form.source {
        WorksheetSource::Shown => in_words(&form.shown),
        WorksheetSource::Drawn => tr("Each sheet has other settings, too.").to_owned(),
        WorksheetSource::Lesson => tr("One sheet, the same for everyone.").to_owned(),
    };
    ui.add(Label::new(RichText::new(words).size(size::SMALL).color(t.second)).wrap());
    ui.add_space(space::S);
    ui.add_enabled_ui(form.source != WorksheetSource::Lesson, |ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new(tr("Sheets")).color(t.second));
            typed_number_ui(ui, typed_number(&mut form.count).range(1..=MAX_COUNT))
                .accessible_name(tr("Number of sheets"));
            ui.add_space(space::M);
            ui.label(RichText::new(tr("Seed")).color(t.second));
            typed_number_ui(ui, typed_number(&mut form.seed).range(0..=u64::from(u32::MAX)))
                .accessible_name(tr("Seed of the sheets"));
        });
        ui.add_space(space::XS);
        ui.add_enabled_ui(form.topic != Topic::Sizes, |ui| {
            let name = tr("With the current image");
            if switch(ui, name, name, form.has_digit && form.topic != Topic::Sizes).clicked() {
                form.has_digit = !form.has_digit;
            }
        });
    });
    form.has_digit &= form.topic != Topic::Sizes;
    let name = tr("Pages as PNG, too");
    if switch(ui, name, name, form.is_png).clicked() {
        form.is_png = !form.is_png;
    }
}

/// The settings that the sheets take over.
fn in_words(shown: &Chosen) -> String {
    let mut parts = Vec::new();
    let mut add = |value: Option<usize>, sentence: &'static str| {
        if let Some(value) = value {
            parts.push(fill(sentence, &[("value", &value.to_string())]));
        }
    };
    add(shown.size, tr("input {value}×{value}"));
    add(shown.kernel_size, tr("kernel {value}×{value}"));
    add(shown.stride, tr("stride {value}"));
    add(shown.padding, tr("padding {value}"));
    add(shown.dilation.filter(|dilation| *dilation > 1), tr("dilation {value}"));
    add(shown.channels.filter(|channels| *channels > 1), tr("channels: {value}"));
    add(shown.filters.filter(|filters| *filters > 1), tr("filters: {value}"));
    let rest = tr("Numbers, and what is not named here, are drawn by the seed.");
    fill(tr("As shown: {settings}. {rest}"), &[("settings", &parts.join(tr(", "))), ("rest", rest)])
}

/// Why there are no sheets, how far they are, or where they are.
fn said_ui(ui: &mut Ui, dialog: &WorksheetDialog) {
    let t = Tokens::of(ui);
    let (text, ink) = if let Some(progress) = &dialog.progress {
        let done = progress.done.load(Ordering::Relaxed);
        let count = dialog.form.count.max(1);
        ui.add(ProgressBar::new(done as f32 / count as f32).desired_height(6.0));
        ui.ctx().request_repaint_after(REFRESH);
        let values = [("done", &*done.to_string()), ("count", &*count.to_string())];
        (fill(tr("Writing: {done} of {count}"), &values), t.second)
    } else if let Some(problem) = &dialog.problem {
        (format!("{}.", problem.capitalised()), t.bad)
    } else if let Some(folder) = &dialog.written {
        let count = if dialog.form.source == WorksheetSource::Lesson { 1 } else { dialog.form.count };
        let sheets = plural(count, "one sheet", "{count} sheets");
        let path = harmless(&folder.display().to_string());
        let text = tr("Wrote {sheets} and the answers to {path}.");
        (fill(text, &[("sheets", &sheets), ("path", &path)]), t.good)
    } else {
        return;
    };
    ui.add(Label::new(RichText::new(text).size(size::SMALL).color(ink)).wrap());
}

fn buttons_ui(ui: &mut Ui, dialog: &WorksheetDialog, actions: &mut Actions) {
    ui.horizontal(|ui| {
        if dialog.progress.is_some() {
            if tool_button(ui, icons::X, tr("Stop writing"), "").clicked() {
                actions.send(Action::Worksheet(WorksheetAct::Stop));
            }
        } else if primary_button(ui, icons::FOLDER_OPEN, tr("Write to a folder…")).clicked() {
            actions.send(Action::Worksheet(WorksheetAct::Write));
        }
        if tool_button(ui, icons::X, tr("Close"), "Esc").clicked() {
            actions.send(Action::Worksheet(WorksheetAct::Close));
        }
    });
}
