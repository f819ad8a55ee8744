//! The settings that are chosen from a list.

use super::controls::{Form, row_ui};
use crate::{
    nn::{
        Init,
        optim::{OptimizerSpec, Schedule},
    },
    text::{Term, fill, tr},
    train::TrainConfig,
    ui::widgets::explain,
};
use egui::{ComboBox, Rect, Ui};

/// The width of a list, in points.
const WIDTH: f32 = 132.0;

/// A row with a list. `add` shows the items.
pub fn choice_ui(ui: &mut Ui, term: Term, shown: &str, add: impl FnOnce(&mut Ui)) -> Rect {
    row_ui(ui, term, |ui| {
        ComboBox::from_id_salt(term)
            .selected_text(shown)
            .width(WIDTH)
            .show_ui(ui, add)
            .response
            .accessible_name(term.label());
    })
}

/// The optimiser. Another one comes with its usual learning rate.
pub fn optimizer_ui(ui: &mut Ui, form: &mut Form, config: &mut TrainConfig) {
    let name = form.optimizer_name(config.optimizer);
    let label = |name| optimizer(name).map_or(name, Term::label);
    choice_ui(ui, Term::Optimizer, label(name), |ui| {
        for other in OptimizerSpec::names() {
            let mut item = ui.selectable_label(other == name, label(other));
            if let Some(term) = optimizer(other) {
                item = explain(item, term);
            }
            if item.clicked()
                && let Ok(optimizer) = other.parse::<OptimizerSpec>()
            {
                form.choose_optimizer(other, optimizer);
                config.optimizer = optimizer;
                config.lr = optimizer.default_lr();
            }
        }
    });
}

/// The term for an optimiser, by its name on the command line.
fn optimizer(name: &str) -> Option<Term> {
    match name {
        "momentum" => Some(Term::SgdMomentum),
        "nesterov" => Some(Term::Nesterov),
        _ => Term::named(name),
    }
}

/// The learning rate schedule.
pub fn schedule_ui(ui: &mut Ui, config: &mut TrainConfig) {
    choice_ui(ui, Term::Schedule, &schedule_name(config.schedule), |ui| {
        let choices = [
            Schedule::Constant,
            Schedule::Cosine,
            Schedule::ONE_CYCLE,
            Schedule::Step { epochs: 3, gamma: 0.3 },
            Schedule::Time { decay: 1e-4 },
        ];
        for choice in choices {
            ui.selectable_value(&mut config.schedule, choice, schedule_name(choice));
        }
    });
}

/// The kind and the settings that tell it from others of its kind.
fn schedule_name(schedule: Schedule) -> String {
    match schedule {
        Schedule::OneCycle { peak: 1.0, .. } => tr("one cycle").to_owned(),
        Schedule::OneCycle { peak, .. } => fill(tr("one cycle to ×{peak}"), &[("peak", &peak.to_string())]),
        Schedule::Time { decay } => fill(tr("÷ (1 + {decay} × step)"), &[("decay", &decay_text(decay))]),
        Schedule::Step { epochs: 1, gamma } => {
            fill(tr("×{gamma} each epoch"), &[("gamma", &gamma.to_string())])
        }
        Schedule::Step { epochs, gamma } => fill(
            tr("×{gamma} each {epochs} epochs"),
            &[("gamma", &gamma.to_string()), ("epochs", &epochs.to_string())],
        ),
        Schedule::Constant => tr("constant").to_owned(),
        Schedule::Cosine => tr("cosine").to_owned(),
    }
}

/// The decay per step, as a power of ten where its zeros would have to be counted.
fn decay_text(decay: f32) -> String {
    if decay < 1e-3 { format!("{decay:e}") } else { decay.to_string() }
}

/// The distribution of the initial weights.
pub fn init_ui(ui: &mut Ui, config: &mut TrainConfig) -> Rect {
    let named = |init: Init| match init {
        Init::He => "He (ReLU)".to_owned(),
        Init::Xavier => "Xavier (tanh)".to_owned(),
        Init::Normal(std) => format!("N(0, {std}²)"),
    };
    choice_ui(ui, Term::Init, &named(config.init), |ui| {
        for init in [Init::He, Init::Xavier, Init::Normal(0.01)] {
            ui.selectable_value(&mut config.init, init, named(init));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_optimiser_is_a_term() {
        for name in OptimizerSpec::names() {
            assert!(optimizer(name).is_some(), "{name}");
        }
    }
}
