//! *Teach it my digit*: labels for drawings, and fine-tuning the network on them.

use crate::{
    text::{Say, fill, tr},
    ui::{
        action::{Action, Actions, FineTuneAct},
        model::{file_kind::FileKind, fine_tune::FineTuneState},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{icon_button, key_value, numbers, section_with_detail, tool_button},
    },
};
use egui::{Align, Button, Layout, ProgressBar, RichText, Ui, vec2};
use std::{sync::atomic::Ordering, time::Duration};

/// The time between repaints of the progress bar.
const REFRESH: Duration = Duration::from_millis(100);

/// The height of the instruction above the buttons, in points: two lines.
const LINES: f32 = 34.0;

/// Ten buttons that label the drawing, and fine-tuning.
pub(super) fn fine_tune_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let kept = state.collection.len();
    section_with_detail(ui, tr("Teach it my digit"), &kept.to_string());
    let send = |actions: &mut Actions, act| actions.send(Action::FineTune(act));
    let small = |text: &str| RichText::new(text).size(size::SMALL).color(t.second);
    // The warning replaces the instruction, so that the buttons stay where they are.
    ui.allocate_ui_with_layout(vec2(ui.available_width(), LINES), Layout::top_down(Align::Min), |ui| {
        ui.set_min_height(LINES);
        match state.image.objection() {
            Some(objection) => {
                let warning = format!("{}.", objection.say().capitalised());
                ui.label(RichText::new(warning).size(size::SMALL).color(t.warn))
            }
            None => ui.label(small(tr("Draw a digit, then click what it is:"))),
        }
    });
    let counts = state.collection.counts();
    let is_drawn = !state.image.is_blank() && state.image.seen.dimensions() == (28, 28);
    ui.add_enabled_ui(is_drawn, |ui| {
        let gap = space::XS;
        let width = ((ui.available_width() - 4.0 * gap) / 5.0).floor();
        ui.spacing_mut().item_spacing = vec2(gap, gap);
        for row in [0..5_u8, 5..10] {
            ui.horizontal(|ui| {
                for digit in row {
                    let text = RichText::new(digit.to_string()).font(fonts::mono_bold(size::MONO));
                    let button = ui.add(Button::new(text).min_size(vec2(width, 26.0)));
                    let digit_text = digit.to_string();
                    let name = fill(tr("This is a {digit}"), &[("digit", &digit_text)]);
                    let button = button.accessible_name(&name);
                    let count = counts[usize::from(digit)].to_string();
                    let hint = fill(
                        tr("{name}: keep the drawing ({count} kept)"),
                        &[("name", &name), ("count", &count)],
                    );
                    if button.on_hover_text(hint).clicked() {
                        send(actions, FineTuneAct::Keep(digit));
                    }
                }
            });
        }
    });
    ui.add_space(space::XS);
    if let FineTuneState::Running { progress, .. } = &state.fine_tune {
        let done = progress.done.load(Ordering::Relaxed) as f32 / 1000.0;
        ui.add(ProgressBar::new(done).desired_height(6.0));
        ui.horizontal(|ui| {
            ui.label(small(&fill(
                tr("learning, {percent}"),
                &[("percent", &numbers::percent_to(done.into(), 0))],
            )));
            // Away from the buttons that come back when it is over.
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if tool_button(ui, icons::X, tr("Stop learning"), "").clicked() {
                    send(actions, FineTuneAct::Cancel);
                }
            });
        });
        ui.ctx().request_repaint_after(REFRESH);
        return;
    }
    ui.horizontal(|ui| {
        let may_learn = kept > 0 && !state.is_training() && state.data.ready().is_some();
        let learn = ui
            .add_enabled_ui(may_learn, |ui| tool_button(ui, icons::GRADUATION_CAP, tr("Learn them"), ""))
            .inner;
        let learn = learn.on_hover_text(tr(
            "Fine-tunes the current network on your drawings, mixed with images of the data set.",
        ));
        if learn.on_disabled_hover_text(tr("Keep a drawing first, and pause training.")).clicked() {
            send(actions, FineTuneAct::Learn);
        }
        ui.add_enabled_ui(kept > 0, |ui| {
            if icon_button(ui, icons::UNDO_2, tr("Forget the drawing kept last")).clicked() {
                send(actions, FineTuneAct::Forget);
            }
            if icon_button(ui, icons::DOWNLOAD, tr("Export your drawings as an IDX set")).clicked() {
                actions.send(Action::AskForFile(FileKind::Drawings));
            }
        });
    });
    if let FineTuneState::Done { accuracy, read, drawings, .. } = &state.fine_tune {
        let of = |count: usize| format!("{count}/{drawings}");
        key_value(ui, tr("Your drawings"), &format!("{} → {}", of(read[0]), of(read[1])));
        let set = state.data.ready().map_or("", |data| data.name.as_str());
        let [before, after] = accuracy.map(|share| numbers::percent_to(share, 2));
        key_value(ui, &fill(tr("{set} test images"), &[("set", set)]), &format!("{before} → {after}"));
        if tool_button(ui, icons::ROTATE_CCW, tr("Undo teaching"), "").clicked() {
            send(actions, FineTuneAct::Undo);
        }
    }
}
