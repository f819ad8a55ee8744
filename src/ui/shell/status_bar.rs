//! The state of training: epoch, loss, accuracy and speed, and which weights are shown.

use crate::{
    text::{fill, tr},
    train::{Snapshot, Status, written_loss},
    ui::{
        model::network::Origin,
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::{Tone, badge, numbers},
    },
};
use egui::{Align, Layout, RichText, Sense, Ui, vec2};

/// The status. With the timeline in the same row, only what has room beside it.
pub fn status_bar_ui(ui: &mut Ui, state: &AppState, is_narrow: bool, has_timeline: bool) {
    if has_timeline {
        // As wide as the widest word, so that nothing moves when the state changes.
        let room = vec2(BADGE, ui.available_height());
        ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(BADGE);
            badge_ui(ui, state, true);
        });
        painted_ui(ui, state);
        brief_ui(ui, state);
        return;
    }
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        badge_ui(ui, state, false);
        painted_ui(ui, state);
        match &state.snapshot {
            Some(snapshot)
                if snapshot.step > 0 || matches!(state.network.origin, Origin::Live | Origin::Moment(_)) =>
            {
                run_ui(ui, snapshot, is_narrow, state.is_busy);
            }
            _ => {
                let t = Tokens::of(ui);
                let text = match &state.network.origin {
                    Origin::Opened(name) => {
                        fill(tr("The network of {name}. Train starts a new run from random weights."), &[("name", name)])
                    }
                    Origin::LastRun(step) => fill(
                        tr("The last run as it was after step {step}. Train starts a new run from random weights."),
                        &[("step", &numbers::count(*step))],
                    ),
                    Origin::FineTuned(count) => fill(
                        tr("The network with {count} of your drawings learnt. Train starts a new run from random weights."),
                        &[("count", &count.to_string())],
                    ),
                    _ => tr("The trained network that ships with ConvLens. Train starts a new run from random weights.").into(),
                };
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if state.is_busy {
                        busy_ui(ui);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let text = RichText::new(text).size(size::SMALL).color(t.second);
                        ui.add(egui::Label::new(text).truncate());
                    });
                });
            }
        }
    });
}

/// The width of the badge where the timeline is beside it, in points.
const BADGE: f32 = 78.0;

/// The step that is shown, and the accuracy of the run.
fn brief_ui(ui: &mut Ui, state: &AppState) {
    let t = Tokens::of(ui);
    let Some(snapshot) = &state.snapshot else { return };
    let shown = state.timeline.chosen.map_or(snapshot.step, |chosen| chosen.step);
    let color = if state.timeline.chosen.is_some() { t.highlight_text } else { t.text };
    let width = 176.0;
    ui.allocate_ui_with_layout(
        vec2(width, ui.available_height()),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.set_min_width(width);
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.label(tr("step"));
            ui.label(RichText::new(numbers::count(shown)).font(fonts::mono_bold(size::MONO)).color(color));
            if let Some(point) = snapshot.history.evaluation_at(shown) {
                let text = fill(
                    tr("accuracy, as it was measured at step {step}"),
                    &[("step", &numbers::count(point.step))],
                );
                ui.label(numbers::percent(point.accuracy as f32)).on_hover_text(text);
            }
        },
    );
}

/// What is shown, or, where the timeline says that, what the training thread does.
fn badge_ui(ui: &mut Ui, state: &AppState, says_moment: bool) {
    let status = state.snapshot.as_ref().map(|s| s.status);
    let is_stuck = state.snapshot.as_ref().is_some_and(|s| s.is_stuck());
    let origin = match &state.network.origin {
        Origin::Moment(_) if !says_moment => &Origin::Live,
        origin => origin,
    };
    let (tone, text) = match (origin, status) {
        (Origin::Shipped, _) => (Tone::Info, tr("TRAINED")),
        (Origin::Opened(_), _) => (Tone::Info, tr("OPENED")),
        (Origin::FineTuned(_), _) => (Tone::Info, tr("TAUGHT")),
        (Origin::LastRun(_), _) => (Tone::Info, tr("LAST RUN")),
        (Origin::Moment(_), _) => (Tone::Warn, tr("HISTORY")),
        (Origin::Live, Some(Status::Diverged)) if is_stuck => (Tone::Bad, tr("STUCK")),
        (Origin::Live, Some(Status::Diverged)) => (Tone::Bad, tr("DIVERGED")),
        (Origin::Live, Some(Status::Running)) => (Tone::Good, tr("LIVE")),
        (Origin::Live, Some(Status::Evaluating)) => (Tone::Good, tr("TESTING")),
        (Origin::Live, Some(Status::Finished)) => (Tone::Good, tr("FINISHED")),
        (Origin::Live, Some(Status::Paused) | None) => (Tone::Warn, tr("PAUSED")),
    };
    badge(ui, tone, text);
}

/// That the answers come from filters that a person painted.
fn painted_ui(ui: &mut Ui, state: &AppState) {
    let text = match state.filters.hand.painted().count() {
        0 => return,
        1 => tr("1 PAINTED FILTER").to_owned(),
        count => fill(tr("{count} PAINTED FILTERS"), &[("count", &count.to_string())]),
    };
    badge(ui, Tone::Warn, &text).on_hover_text(tr(
        "All views and answers use them. Filters (Ctrl+3) gives them their learned numbers back.",
    ));
}

fn run_ui(ui: &mut Ui, snapshot: &Snapshot, is_narrow: bool, is_busy: bool) {
    let t = Tokens::of(ui);
    let mono = |text: String| RichText::new(text).font(fonts::mono_bold(size::MONO)).color(t.text);
    let pair = |ui: &mut Ui, label: &str, value: String| {
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.label(label);
            ui.label(mono(value));
        });
    };
    let is_over = snapshot.batch == 0 && snapshot.epoch > 0;
    let epoch = if is_over { snapshot.epoch } else { snapshot.epoch + 1 };
    pair(ui, tr("epoch"), format!("{epoch} / {}", snapshot.epochs.max(epoch)));
    bar_ui(ui, snapshot.progress(), if is_narrow { 90.0 } else { 180.0 });
    if !is_narrow {
        pair(ui, tr("step"), numbers::count(snapshot.step));
    }
    if let Some(point) = snapshot.history.last() {
        pair(ui, tr("loss"), written_loss(point.loss));
    }
    if let Some(point) = snapshot.history.evaluation_at(snapshot.step) {
        let sentence = match (
            is_narrow,
            snapshot.history.full.last().is_some_and(|full| full.step == point.step),
            snapshot.validation,
        ) {
            (true, ..) => tr("accuracy"),
            (_, true, true) => tr("validation accuracy"),
            (_, true, false) => tr("test accuracy"),
            // A quick evaluation between epochs, of the first images of the set.
            (_, false, true) => tr("validation accuracy, first {images}"),
            (_, false, false) => tr("test accuracy, first {images}"),
        };
        let label = fill(sentence, &[("images", &point.images.to_string())]);
        pair(ui, &label, numbers::percent(point.accuracy as f32));
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if snapshot.images_per_second > 0.0 {
            let rate = numbers::count(snapshot.images_per_second.round() as u64);
            let text = fill(tr("{rate} images/s"), &[("rate", &rate)]);
            ui.label(RichText::new(text).font(fonts::mono(size::MONO)).color(t.second));
        }
        if let Some(seconds) = snapshot.seconds_left.filter(|s| *s > 0.0) {
            let text = fill(tr("{time} left"), &[("time", &clock(seconds))]);
            ui.label(RichText::new(text).font(fonts::mono(size::MONO)).color(t.second));
        }
        // Only if there is room, so that nothing else moves.
        if is_busy && ui.available_width() > BUSY_WIDTH {
            busy_ui(ui);
        }
    });
}

/// The width of [`busy_ui`], in points.
const BUSY_WIDTH: f32 = 150.0;

/// Says that a file is being read or written. Laid out from right to left.
fn busy_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.x = space::S;
    ui.label(RichText::new(tr("reading or writing…")).size(size::SMALL).color(t.second));
    ui.add(egui::Spinner::new().size(14.0).color(t.second));
}

/// Minutes and seconds, with hours from one hour on.
fn clock(seconds: f64) -> String {
    let s = seconds.ceil() as u64;
    if s >= 3600 {
        format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    } else {
        format!("{}:{:02}", s / 60, s % 60)
    }
}

fn bar_ui(ui: &mut Ui, share: f32, width: f32) {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 6.0), Sense::hover());
    let mut done = rect;
    done.set_width(rect.width() * share);
    ui.painter().rect_filled(rect, 3, t.track);
    ui.painter().rect_filled(done, 3, t.accent);
    response.widget_info(|| {
        let mut info =
            egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, tr("Training progress"));
        info.current_text_value = Some(numbers::percent(share));
        info
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{
        core::{Core, Options},
        style::theme,
        work::{dialog::Picked, tasks::Threading},
    };
    use egui::vec2;
    use egui_kittest::{Harness, kittest::Queryable as _};
    use std::sync::Arc;

    #[test]
    fn time_left_reads_as_a_clock() {
        assert_eq!(clock(13.2), "0:14");
        assert_eq!(clock(3661.0), "1:01:01");
    }

    #[test]
    fn what_is_waited_for_is_said() {
        for (is_busy, width) in [(false, 900.0), (true, 900.0), (true, 1600.0)] {
            let mut core = None;
            let mut harness = Harness::builder()
                .with_size(vec2(width, 40.0))
                .with_context_setup(|ctx| {
                    fonts::install(ctx);
                    theme::apply(ctx);
                })
                .build_ui(|ui| {
                    let options = Options {
                        language: None,
                        system_language: crate::text::Language::ENGLISH,
                        settings_path: None,
                        threading: Threading::Inline,
                        train_threads: 1,
                        reads_mnist: false,
                        dialog: |_| Picked::Cancelled,
                        runs_folder: None,
                    };
                    let core = core.get_or_insert_with(|| Core::new(options, Arc::new(|| ())));
                    core.state.is_busy = is_busy;
                    status_bar_ui(ui, &core.state, width < 1000.0, false);
                });
            harness.run_steps(2);
            let said = harness.query_by_label("reading or writing…").map(|node| node.rect());
            assert_eq!(said.is_some(), is_busy);
            assert!(said.is_none_or(|rect| rect.right() <= width), "{said:?}");
        }
    }
}
