//! The settings that are chosen from a list.

use super::{controls::row_ui, terms};
use crate::{
    nn::{
        Init,
        optim::{OptimizerSpec, Schedule},
    },
    text::tr,
    train::TrainConfig,
};
use egui::{ComboBox, Rect, Ui};

/// The width of a list, in points.
const WIDTH: f32 = 132.0;

/// A row with a list. `add` shows the items.
pub fn choice_ui(ui: &mut Ui, label: &str, shown: &str, add: impl FnOnce(&mut Ui)) -> Rect {
    row_ui(ui, label, |ui| {
        ComboBox::from_id_salt(label)
            .selected_text(shown)
            .width(WIDTH)
            .show_ui(ui, add)
            .response
            .accessible_name(label);
    })
}

/// The optimiser. Another one comes with its usual learning rate.
pub fn optimizer_ui(ui: &mut Ui, config: &mut TrainConfig) {
    let name = config.optimizer.name();
    choice_ui(ui, tr("optimiser"), name, |ui| {
        for other in OptimizerSpec::names() {
            let mut item = ui.selectable_label(other == name, other);
            if let Some(meaning) = terms::optimizer(other) {
                item = item.on_hover_text(meaning);
            }
            if item.clicked()
                && let Ok(optimizer) = other.parse::<OptimizerSpec>()
            {
                config.optimizer = optimizer;
                config.lr = optimizer.default_lr();
            }
        }
    });
}

/// The learning rate schedule.
pub fn schedule_ui(ui: &mut Ui, config: &mut TrainConfig) {
    choice_ui(ui, tr("schedule"), &schedule_name(config.schedule), |ui| {
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
        Schedule::OneCycle { peak: 1.0, .. } => "one cycle".to_owned(),
        Schedule::OneCycle { peak, .. } => format!("one cycle to ×{peak}"),
        other => other.to_string(),
    }
}

/// The distribution of the initial weights.
pub fn init_ui(ui: &mut Ui, config: &mut TrainConfig) -> Rect {
    let named = |init: Init| match init {
        Init::He => "He (ReLU)".to_owned(),
        Init::Xavier => "Xavier (sigmoid)".to_owned(),
        Init::Normal(std) => format!("N(0, {std}²)"),
    };
    choice_ui(ui, tr("initial weights"), &named(config.init), |ui| {
        for init in [Init::He, Init::Xavier, Init::Normal(0.01)] {
            ui.selectable_value(&mut config.init, init, named(init));
        }
    })
}
