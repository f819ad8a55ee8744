//! The settings of a run, and its numbers.

use super::{
    augmentation::{Preview, augmentation_ui},
    choices::{init_ui, optimizer_ui, schedule_ui},
    controls::{Field, Form, row_ui, switch_ui, wrong_ui},
};
use crate::{
    text::{Term, tr},
    train::{TrainConfig, TrainError, check_images, written_loss},
    ui::{
        action::{Action, Actions, Transport},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{explain, key_value, numbers, section, section_with_detail, tool_button},
    },
};
use egui::{Align, DragValue, Layout, RichText, Ui, vec2};

/// All settings: those that a run takes over at once, then those that need a new run; then the run's numbers.
pub fn setup_ui(
    ui: &mut Ui,
    state: &AppState,
    form: &mut Form,
    preview: &mut Preview,
    actions: &mut Actions,
) {
    let mut config = state.setup;
    let checked = config.check().and_then(|()| match state.data.ready() {
        Some(data) => check_images(&config, &data.name, &data.train),
        None => Ok(()),
    });
    form.see_optimizer(config.optimizer);
    section_with_detail(ui, tr("While it runs"), tr("from the next step on"));
    ui.add_space(space::XS);
    live_ui(ui, form, &mut config, &checked);
    ui.add_space(space::M);
    next_run_heading_ui(ui, state, actions);
    next_run_ui(ui, form, &mut config, &checked);
    augmentation_ui(ui, state, form, preview, &mut config, &checked);
    form.left_optimizer(config.optimizer);
    if config != state.setup {
        actions.send(Action::EditSetup(config));
    }
    ui.add_space(space::M);
    run_ui(ui, state);
}

fn live_ui(ui: &mut Ui, form: &mut Form, config: &mut TrainConfig, checked: &Result<(), TrainError>) {
    let speed = config.lr.abs().max(1e-5) * 0.02;
    let rate = Field::real(Term::LearningRate, &mut config.lr, |v| v.speed(speed).max_decimals(6));
    form.number_ui(ui, rate, checked);
    match config.optimizer.momentum_mut() {
        Some(momentum) => {
            let field = Field::real(Term::Momentum, momentum, |v| v.speed(0.005).max_decimals(4));
            form.number_ui(ui, field, checked);
        }
        // The row stays, so that the others do not move when the optimiser changes.
        None => {
            row_ui(ui, Term::Momentum, |ui| {
                let t = Tokens::of(ui);
                let none = RichText::new(tr("none")).font(fonts::mono(size::MONO)).color(t.second);
                ui.add_sized(vec2(96.0, 26.0), egui::Label::new(none));
            });
        }
    }
    let epochs = DragValue::new(&mut config.epochs).speed(0.1);
    form.number_ui(ui, Field::whole(Term::Epochs, epochs), checked);
}

/// The heading with a line below it: when the settings apply, or the button that applies them.
fn next_run_heading_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let t = Tokens::of(ui);
    section(ui, tr("For the next run"));
    // The line is as high with the button as without, so that no setting moves.
    let line = vec2(ui.available_width(), ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(line, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_height(line.y);
        ui.spacing_mut().item_spacing.x = space::S;
        let small = |text: &str| RichText::new(text).size(size::SMALL);
        if state.needs_reset() {
            ui.label(small(&format!("{}  {}", icons::INFO, tr("changed"))).color(t.warn))
                .on_hover_text(tr("The current run has other settings."));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if tool_button(ui, icons::ROTATE_CCW, tr("Reset and apply"), "").clicked() {
                    actions.send(Action::Train(Transport::Reset));
                }
            });
        } else {
            ui.label(small(tr("Reset starts a run with them.")).color(t.second));
        }
    });
}

fn next_run_ui(ui: &mut Ui, form: &mut Form, config: &mut TrainConfig, checked: &Result<(), TrainError>) {
    optimizer_ui(ui, form, config);
    schedule_ui(ui, config);
    let unit = if config.warmup > 0 { tr(" steps") } else { "" };
    let warmup = DragValue::new(&mut config.warmup).speed(1.0).suffix(unit);
    form.number_ui(ui, Field::whole(Term::WarmUp, warmup).or_off(), checked);
    let decay = config.optimizer.weight_decay_mut();
    let decay = Field::real(Term::WeightDecay, decay, |v| v.speed(1e-5).max_decimals(6));
    form.number_ui(ui, decay, checked);
    let clip = Field::real(Term::Clipping, &mut config.clip_norm, |v| v.speed(0.01).max_decimals(4));
    form.number_ui(ui, clip.or_off(), checked);
    let batch = DragValue::new(&mut config.batch).speed(1.0);
    form.number_ui(ui, Field::whole(Term::BatchSize, batch), checked);
    let row = init_ui(ui, config);
    wrong_ui(ui, row, Term::Init, checked);
    let seed = DragValue::new(&mut config.seed).speed(0.2);
    form.number_ui(ui, Field::whole(Term::Seed, seed), checked);
    let mut percent = config.validation * 100.0;
    form.number_ui(ui, Field::percents(Term::Validation, &mut percent), checked);
    if (percent / 100.0 - config.validation).abs() > 1e-6 {
        config.validation = percent / 100.0;
    }
    let mut images = config.train_images.unwrap_or(0);
    let field = Field::whole(Term::TrainImages, DragValue::new(&mut images).speed(10.0)).or_all();
    form.number_ui(ui, field, checked);
    if images != config.train_images.unwrap_or(0) {
        config.train_images = (images > 0).then_some(images);
    }
    let smoothing =
        Field::real(Term::LabelSmoothing, &mut config.label_smoothing, |v| v.speed(0.005).max_decimals(3));
    form.number_ui(ui, smoothing.or_off(), checked);
    let unit = if config.early_stop > 0 { tr(" epochs") } else { "" };
    let patience = DragValue::new(&mut config.early_stop).speed(0.05).suffix(unit);
    form.number_ui(ui, Field::whole(Term::EarlyStop, patience).or_off(), checked);
    switch_ui(ui, Term::SubtractMean, &mut config.featurewise.center);
    switch_ui(ui, Term::DivideByDeviation, &mut config.featurewise.std);
}

/// The run's numbers. Each has its place before it is known.
fn run_ui(ui: &mut Ui, state: &AppState) {
    section(ui, tr("This run"));
    ui.add_space(space::XS);
    let network = &state.network.network;
    let s = state.snapshot.as_deref();
    let mut row = |term: Term, value: Option<String>| {
        explain(key_value(ui, term.label(), value.as_deref().unwrap_or("–")), term);
    };
    row(Term::Network, Some(network.spec().name.clone()));
    row(Term::Parameters, Some(numbers::count(network.parameter_count() as u64)));
    row(Term::StepsPerEpoch, s.map(|s| numbers::count(s.batches_per_epoch as u64)));
    row(Term::StepsMade, s.map(|s| numbers::count(s.step)));
    let speed = s.map(|s| s.images_per_second).filter(|&speed| speed > 0.0);
    row(Term::ImagesPerSecond, speed.map(|speed| numbers::count(speed.round() as u64)));
    let last = s.and_then(|s| s.history.last());
    row(Term::TrainingLoss, last.map(|point| written_loss(point.loss)));
    row(Term::TrainingAccuracy, last.map(|point| numbers::percent(point.accuracy as f32)));
    let (loss, accuracy) = if s.is_some_and(|s| s.validation) {
        (Term::ValidationLoss, Term::ValidationAccuracy)
    } else {
        (Term::TestLoss, Term::TestAccuracy)
    };
    let full = s.and_then(|s| s.history.full.last());
    row(loss, full.map(|point| written_loss(point.loss)));
    row(accuracy, full.map(|point| numbers::percent_to(point.accuracy, 2)));
}
