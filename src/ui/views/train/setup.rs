//! The settings of a run. Each says what is wrong with it beside itself.

use super::{
    augmentation::{Preview, augmentation_ui},
    controls::{huge, number_ui, real, row_ui, switch_ui, wrong_ui},
};
use crate::{
    nn::{
        Init,
        optim::{OptimizerSpec, Schedule},
    },
    text::tr,
    train::{TrainConfig, written_loss},
    ui::{
        action::{Action, Actions, Transport},
        state::AppState,
        style::{
            icons,
            tokens::{Tokens, size, space},
        },
        widgets::{key_value, numbers, section, tool_button},
    },
};
use egui::{ComboBox, DragValue, RichText, Ui};

/// All settings, and what they mean for the run under way.
pub fn setup_ui(ui: &mut Ui, state: &AppState, preview: &mut Preview, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let mut config = state.setup;
    section(ui, tr("Training"));
    ui.add_space(space::XS);
    let small = |text: &str| RichText::new(text).size(size::SMALL).color(t.second);
    ui.label(small(tr("Learning rate, momentum and epochs change at once, the rest at the next reset.")));
    ui.add_space(space::S);
    let checked = config.check();
    optimizer_ui(ui, &mut config);
    let speed = config.lr.abs().max(1e-5) * 0.02;
    number_ui(ui, tr("learning rate"), real(&mut config.lr).speed(speed).max_decimals(6), &checked);
    schedule_ui(ui, &mut config);
    let unit = if config.warmup > 0 { tr(" steps") } else { "" };
    let warmup = DragValue::new(&mut config.warmup).speed(1.0).suffix(unit);
    number_ui(ui, tr("warm-up"), warmup.custom_formatter(or_off), &checked);
    if let Some(momentum) = config.optimizer.momentum_mut() {
        number_ui(ui, tr("momentum"), real(momentum).speed(0.005).max_decimals(4), &checked);
    }
    let decay = config.optimizer.weight_decay_mut();
    number_ui(ui, tr("weight decay"), real(decay).speed(1e-5).max_decimals(6), &checked);
    let clip = real(&mut config.clip_norm).speed(0.01).max_decimals(4);
    number_ui(ui, tr("gradient clipping"), clip.custom_formatter(or_off), &checked);
    number_ui(ui, tr("batch"), DragValue::new(&mut config.batch).speed(1.0), &checked);
    number_ui(ui, tr("epochs"), DragValue::new(&mut config.epochs).speed(0.1), &checked);
    init_ui(ui, &mut config);
    wrong_ui(ui, tr("initial deviation"), &checked);
    number_ui(ui, tr("seed"), DragValue::new(&mut config.seed).speed(0.2), &checked);
    ui.add_space(space::M);
    section(ui, tr("Images"));
    ui.add_space(space::XS);
    let mut percent = config.validation * 100.0;
    let validation = real(&mut percent).speed(0.5).max_decimals(1).suffix(" %");
    number_ui(ui, tr("validation"), validation, &checked);
    if (percent / 100.0 - config.validation).abs() > 1e-6 {
        config.validation = percent / 100.0;
    }
    let unit = if config.early_stop > 0 { tr(" epochs") } else { "" };
    let patience = DragValue::new(&mut config.early_stop).speed(0.05).suffix(unit);
    number_ui(ui, tr("early stop"), patience.custom_formatter(or_off), &checked);
    switch_ui(ui, tr("centre by the set's mean"), &mut config.featurewise.center);
    switch_ui(ui, tr("divide by its deviation"), &mut config.featurewise.std);
    augmentation_ui(ui, state, preview, &mut config, &checked);
    if config != state.setup {
        actions.send(Action::EditSetup(config));
    }
    ui.add_space(space::S);
    if state.needs_reset() {
        ui.label(
            RichText::new(format!("{}  {}", icons::INFO, tr("The run under way has other settings.")))
                .color(t.warn),
        );
        if tool_button(ui, icons::ROTATE_CCW, tr("Reset and apply"), "").clicked() {
            actions.send(Action::Train(Transport::Reset));
        }
    }
    ui.add_space(space::M);
    run_ui(ui, state);
}

/// The run's numbers.
fn run_ui(ui: &mut Ui, state: &AppState) {
    section(ui, tr("This run"));
    ui.add_space(space::XS);
    let network = &state.network.network;
    key_value(ui, tr("network"), &network.spec().name);
    key_value(ui, tr("parameters"), &numbers::count(network.parameter_count() as u64));
    let Some(s) = &state.snapshot else { return };
    key_value(ui, tr("steps an epoch"), &numbers::count(s.batches_per_epoch as u64));
    key_value(ui, tr("steps made"), &numbers::count(s.step));
    if s.images_per_second > 0.0 {
        key_value(ui, tr("images/s"), &numbers::count(s.images_per_second.round() as u64));
    }
    if let Some(last) = s.history.last() {
        key_value(ui, tr("training loss"), &written_loss(last.loss));
        key_value(ui, tr("training accuracy"), &numbers::percent(last.accuracy as f32));
    }
    if let Some(full) = s.history.full.last() {
        let (loss, accuracy) = if s.validation {
            (tr("validation loss"), tr("validation accuracy"))
        } else {
            (tr("test loss"), tr("test accuracy"))
        };
        key_value(ui, loss, &written_loss(full.loss));
        key_value(ui, accuracy, &numbers::percent_to(full.accuracy, 2));
    }
}

fn optimizer_ui(ui: &mut Ui, config: &mut TrainConfig) {
    row_ui(ui, tr("optimiser"), |ui| {
        let name = config.optimizer.name();
        ComboBox::from_id_salt("optimizer")
            .selected_text(name)
            .width(132.0)
            .show_ui(ui, |ui| {
                for other in OptimizerSpec::names() {
                    if ui.selectable_label(other == name, other).clicked()
                        && let Ok(optimizer) = other.parse::<OptimizerSpec>()
                    {
                        config.optimizer = optimizer;
                        config.lr = optimizer.default_lr();
                    }
                }
            })
            .response
            .accessible_name(tr("optimiser"));
    });
}

fn schedule_ui(ui: &mut Ui, config: &mut TrainConfig) {
    row_ui(ui, tr("schedule"), |ui| {
        let choices = [
            Schedule::Constant,
            Schedule::Cosine,
            Schedule::ONE_CYCLE,
            Schedule::Step { epochs: 3, gamma: 0.3 },
            Schedule::Time { decay: 1e-4 },
        ];
        ComboBox::from_id_salt("schedule")
            .selected_text(schedule_name(config.schedule))
            .width(132.0)
            .show_ui(ui, |ui| {
                for choice in choices {
                    ui.selectable_value(&mut config.schedule, choice, schedule_name(choice));
                }
            })
            .response
            .accessible_name(tr("schedule"));
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

/// A number of which 0 means that there is no such thing.
fn or_off(value: f64, _: std::ops::RangeInclusive<usize>) -> String {
    if value == 0.0 {
        return tr("off").to_owned();
    }
    huge(value).unwrap_or_else(|| ((value * 1e4).round() / 1e4).to_string())
}

fn init_ui(ui: &mut Ui, config: &mut TrainConfig) {
    row_ui(ui, tr("initial weights"), |ui| {
        let named = |init: Init| match init {
            Init::He => "He (ReLU)".to_owned(),
            Init::Xavier => "Xavier (sigmoid)".to_owned(),
            Init::Normal(std) => format!("N(0, {std}²)"),
        };
        ComboBox::from_id_salt("init")
            .selected_text(named(config.init))
            .width(132.0)
            .show_ui(ui, |ui| {
                for init in [Init::He, Init::Xavier, Init::Normal(0.01)] {
                    ui.selectable_value(&mut config.init, init, named(init));
                }
            })
            .response
            .accessible_name(tr("initial weights"));
    });
}
