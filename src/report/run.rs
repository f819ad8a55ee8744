//! The run: its settings and curves.

use super::{
    Facts, Run,
    chart::{Axis, Line, chart},
    html::{grouped, pairs, paragraph, section},
};
use crate::{
    data::Augment,
    text::{Sentence, Term, tr},
    train::{Point, TrainConfig, smoothed},
};

/// A training curve is smoothed over this fraction of its steps.
const SMOOTHING: u64 = 50;

/// Settings and curves, or that they are not known.
pub(super) fn run(facts: &Facts<'_>) -> String {
    let Some(run) = facts.run else {
        let words =
            tr("How the network was trained is not known: there is no training state with the model.");
        return section(tr("Training run"), &paragraph(words));
    };
    let mut content = pairs(&settings(&run.config));
    content.push_str(&paragraph(&done(run).translated()));
    if run.step > 0 {
        content.push_str("<div class=\"charts\">\n");
        content.push_str(&curves(run));
        content.push_str("</div>\n");
    }
    section(tr("Training run"), &content)
}

/// How long it trained.
fn done(run: &Run) -> Sentence {
    let sentence = match run.seconds {
        Some(_) => {
            Sentence::new("It was trained on {data} for {epochs} full epochs, {steps} steps, in {seconds} s.")
        }
        None => Sentence::new("It was trained on {data} for {epochs} full epochs, {steps} steps."),
    };
    let sentence = sentence
        .with("data", &run.data)
        .with("epochs", run.history.full.len())
        .with("steps", grouped(run.step));
    match run.seconds {
        Some(seconds) => sentence.with("seconds", format_args!("{seconds:.1}")),
        None => sentence,
    }
}

/// All settings by their names.
fn settings(config: &TrainConfig) -> Vec<(String, String)> {
    let mut optimizer = config.optimizer;
    let or_off = |is_off: bool, value: String| if is_off { tr("off").to_owned() } else { value };
    let momentum =
        optimizer.momentum().map_or_else(|| tr("none").to_owned(), |momentum| momentum.to_string());
    let rows = [
        (Term::Optimizer, optimizer.name().to_owned()),
        (Term::LearningRate, config.lr.to_string()),
        (Term::Momentum, momentum),
        (Term::WeightDecay, optimizer.weight_decay_mut().to_string()),
        (Term::Schedule, config.schedule.to_string()),
        (Term::WarmUp, or_off(config.warmup == 0, config.warmup.to_string())),
        (Term::Clipping, or_off(config.clip_norm == 0.0, config.clip_norm.to_string())),
        (Term::BatchSize, config.batch.to_string()),
        (Term::Epochs, config.epochs.to_string()),
        (Term::Init, config.init.to_string()),
        (Term::LabelSmoothing, or_off(config.label_smoothing == 0.0, config.label_smoothing.to_string())),
        (Term::EarlyStop, or_off(config.early_stop == 0, config.early_stop.to_string())),
        (Term::Validation, or_off(config.validation == 0.0, config.validation.to_string())),
        (Term::Augmentation, or_off(config.augment == Augment::default(), config.augment.to_string())),
        (Term::Seed, config.seed.to_string()),
    ];
    rows.into_iter().map(|(term, value)| (term.label().to_owned(), value)).collect()
}

/// Loss and accuracy by steps.
fn curves(run: &Run) -> String {
    let has_validation = run.config.validation > 0.0;
    let smooth = smoothed(&run.history, run.step / SMOOTHING).points;
    let raw: Vec<Point> = run.history.training().collect();
    let line = |class, term: Option<Term>, points: &[Point], of: fn(&Point) -> f64, has_dots| Line {
        class,
        name: term.map_or_else(String::new, |term| term.label().to_owned()),
        points: points.iter().map(|point| (point.step as f64, of(point))).collect(),
        has_dots,
    };
    let x = || Axis { name: tr("Step").to_owned(), range: (0.0, run.step.max(1) as f64), is_share: false };
    let evaluated = &run.history.full;
    let loss: fn(&Point) -> f64 = |point| point.loss;
    let accuracy: fn(&Point) -> f64 = |point| point.accuracy;
    let both = smooth.iter().chain(evaluated);
    let highest = both.clone().map(loss).fold(0.0, f64::max);
    let lowest = both.map(accuracy).fold(1.0, f64::min);
    // Most of a run is near its end: what is below is cut off.
    let settled = evaluated.iter().map(accuracy).fold(1.0, f64::min);
    let from = if evaluated.is_empty() { lowest } else { settled - 0.5 * (1.0 - settled) };
    let [loss_term, accuracy_term] = if has_validation {
        [Term::ValidationLoss, Term::ValidationAccuracy]
    } else {
        [Term::TestLoss, Term::TestAccuracy]
    };
    let losses = [
        line("raw", None, &raw, loss, false),
        line("training", Some(Term::TrainingLoss), &smooth, loss, false),
        line("evaluated", Some(loss_term), evaluated, loss, true),
    ];
    let accuracies = [
        line("raw", None, &raw, accuracy, false),
        line("training", Some(Term::TrainingAccuracy), &smooth, accuracy, false),
        line("evaluated", Some(accuracy_term), evaluated, accuracy, true),
    ];
    let y = |name: Term, range, is_share| Axis { name: name.label().to_owned(), range, is_share };
    let low = (from.clamp(0.0, 0.99) * 100.0).floor() / 100.0;
    chart(0, Term::Loss.label(), &x(), &y(Term::Loss, (0.0, highest.max(1e-6) * 1.05), false), &losses)
        + &chart(1, Term::Accuracy.label(), &x(), &y(Term::Accuracy, (low, 1.0), true), &accuracies)
}
