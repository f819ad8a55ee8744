//! The values of the curves at one step.

use super::names::{full_name, quick_name};
use crate::{
    text::{Term, fill, tr},
    train::{History, Point, SettingChange, Snapshot, smoothed, written_loss},
    ui::{
        model::runs::{RunRef, RunRow},
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::numbers,
    },
};
use egui::{Color32, Grid, Id, PopupAnchor, RichText, Tooltip, Ui, vec2};

/// The values of a run at one of its steps.
pub(super) struct Readout {
    /// The point of the training curve.
    pub(super) training: Point,
    /// The last quick evaluation up to this step.
    pub(super) quick: Option<Point>,
    /// The last full evaluation up to this step.
    pub(super) full: Option<Point>,
}

impl Readout {
    /// The values at the point of the training curve that is nearest to `step`; `None` before the first step.
    pub(super) fn near(history: &History, step: f64) -> Option<Self> {
        let distance = |point: &Point| (point.step as f64 - step).abs();
        let training = history.training().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        let until = |points: &[Point]| points.iter().rev().find(|point| point.step <= training.step).copied();
        Some(Self { training, quick: until(&history.quick), full: until(&history.full) })
    }

    /// The last evaluation of either kind.
    pub(super) fn evaluation(&self) -> Option<Point> {
        self.quick.into_iter().chain(self.full).max_by_key(|point| point.step)
    }

    /// Shows step, epoch, and every loss with its accuracy, next to the pointer: of the current run, and the evaluations
    /// of the other runs whose curves are shown, which may be longer; and what was changed at this step.
    pub(super) fn ui(
        &self,
        ui: &Ui,
        snapshot: &Snapshot,
        (pointed, smoothing, changes, rows): (f64, u64, &[SettingChange], &[RunRow]),
        id: Id,
    ) {
        let t = Tokens::of(ui);
        let tooltip = Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, PopupAnchor::Pointer);
        tooltip.gap(space::L).width(360.0).show(|ui| {
            ui.label(RichText::new(self.title(snapshot)).font(fonts::semibold(size::BODY)).color(t.text));
            Grid::new("readout").num_columns(4).spacing(vec2(space::L, space::XS)).show(ui, |ui| {
                let small = |text: &str| RichText::new(text).size(size::SMALL).color(t.second);
                ui.label("");
                ui.label(small(Term::Loss.label()));
                ui.label(small(Term::Accuracy.label()));
                ui.end_row();
                let per_point = snapshot.history.steps_per_point();
                let note = match per_point {
                    1 => String::new(),
                    _ => fill(tr("mean of {steps} steps"), &[("steps", &per_point.to_string())]),
                };
                row_ui(ui, tr("training batches"), self.training, &note);
                let smooth = smoothed(&snapshot.history, smoothing);
                let at = smooth.points.iter().find(|point| point.step == self.training.step);
                if let Some(point) = at.filter(|_| smooth.steps > per_point) {
                    let note = fill(tr("mean of {steps} steps"), &[("steps", &smooth.steps.to_string())]);
                    row_ui(ui, tr("training, smoothed"), *point, &note);
                }
                for (name, point) in [
                    (quick_name(snapshot.validation), self.quick),
                    (full_name(snapshot.validation), self.full),
                ] {
                    let Some(point) = point else { continue };
                    let is_earlier = point.step != self.training.step;
                    let step = numbers::count(point.step);
                    let note = if is_earlier {
                        fill(tr("at step {step}"), &[("step", &step)])
                    } else {
                        String::new()
                    };
                    row_ui(ui, name, point, &note);
                }
                for row in rows.iter().filter(|row| row.is_shown && row.run != RunRef::Current) {
                    let step = (pointed.max(0.0).round() as u64).max(self.training.step);
                    if let Some(point) = row.history.evaluation_at(step) {
                        let note = fill(tr("at step {step}"), &[("step", &numbers::count(point.step))]);
                        colored_row_ui(ui, (&row.name, t.runs[row.color]), point, &note);
                    }
                }
            });
            for change in changes {
                let text = fill(
                    tr("After step {step}: {change}"),
                    &[("step", &numbers::count(change.step)), ("change", &change.change.to_string())],
                );
                ui.label(RichText::new(text).color(t.warn));
            }
        });
    }

    fn title(&self, snapshot: &Snapshot) -> String {
        let step = self.training.step;
        let epoch = step.div_ceil(snapshot.batches_per_epoch.max(1) as u64).max(1);
        fill(
            tr("step {step}, epoch {epoch} of {epochs}"),
            &[
                ("step", &numbers::count(step)),
                ("epoch", &epoch.to_string()),
                ("epochs", &(snapshot.epochs as u64).max(epoch).to_string()),
            ],
        )
    }
}

fn row_ui(ui: &mut Ui, name: &str, point: Point, note: &str) {
    let ink = Tokens::of(ui).second;
    colored_row_ui(ui, (name, ink), point, note);
}

fn colored_row_ui(ui: &mut Ui, (name, ink): (&str, Color32), point: Point, note: &str) {
    let t = Tokens::of(ui);
    let mono = |text: String| RichText::new(text).font(fonts::mono(size::MONO)).color(t.text);
    ui.label(RichText::new(name).color(ink));
    ui.label(mono(written_loss(point.loss)));
    ui.label(mono(numbers::percent_to(point.accuracy, 2)));
    if !note.is_empty() {
        ui.label(RichText::new(note).size(size::SMALL).color(t.second));
    }
    ui.end_row();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_step_answers_with_the_last_evaluations_before_it() {
        let point = |step, loss| Point { step, loss, accuracy: 0.5, images: 10 };
        let mut history = History::default();
        assert!(Readout::near(&history, 3.0).is_none());
        (1..=100).for_each(|step| history.push(point(step, 1.0 / step as f64)));
        history.quick = vec![point(10, 0.3), point(20, 0.2)];
        history.full = vec![point(50, 0.1)];
        for (pointed, step, quick, full) in [
            (-40.0, 1, None, None),
            (10.4, 10, Some(10), None),
            (49.4, 49, Some(20), None),
            (1e9, 100, Some(20), Some(50)),
        ] {
            let found = Readout::near(&history, pointed).unwrap();
            assert_eq!((found.training.step, found.training.loss), (step, 1.0 / step as f64));
            assert_eq!((found.quick.map(|p| p.step), found.full.map(|p| p.step)), (quick, full));
            assert_eq!(found.evaluation().map(|p| p.step), full.or(quick));
        }
    }
}
