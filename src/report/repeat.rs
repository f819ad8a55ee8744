//! How to train the network again.

use super::{
    Facts, Run,
    html::{paragraph, section, text},
};
use crate::{
    data::Augment,
    nn::{Network, NetworkSpec, optim::OptimizerSpec, presets},
    text::{Sentence, tr},
    train::TrainConfig,
};
use std::fmt::Write as _;

/// The command line with its conditions, or why there is none; and the spec.
pub(super) fn repeat(facts: &Facts<'_>) -> String {
    let spec = facts.network.spec();
    let mut content = match facts.run {
        None => paragraph(tr(
            "No command can train this network again: it was fine-tuned, or comes from elsewhere.",
        )),
        Some(run) => match obstacle(run) {
            Some(reason) => paragraph(&reason.translated()),
            None => command_with_notes(facts.network, run),
        },
    };
    let _ = writeln!(
        content,
        "<details><summary>{}</summary><pre>{}</pre></details>",
        text(tr("The network's spec")),
        spec.to_json_lines().lines().map(text).collect::<Vec<_>>().join("\n")
    );
    section(tr("How to repeat it"), &content)
}

/// Why no command can repeat a run.
fn obstacle(run: &Run) -> Option<Sentence> {
    match &run.log {
        Some(log) if !log.is_whole => Some(Sentence::new(
            "No command can train this network again: the run branched off from another one, or went on from a file.",
        )),
        Some(log) if !log.notes.is_empty() => {
            let sentence = Sentence::new(
                "No command can train this network again: it was changed by hand on the way, first after step {step}.",
            );
            Some(sentence.with("step", log.notes.first().map_or(0, |note| note.step)))
        }
        _ if run.has_edited_filters => Some(Sentence::new(
            "No command can train this network again: some of its filters were painted or frozen by hand.",
        )),
        _ => None,
    }
}

fn command_with_notes(network: &Network, run: &Run) -> String {
    let (line, needs_spec) = command(network.spec(), run);
    let mut content = paragraph(tr(
        "With the same version of ConvLens, this command trains the same network again, bit by bit on the same machine:",
    ));
    let _ = writeln!(content, "<pre class=\"command\">{}</pre>", options_together(&text(line)));
    if needs_spec {
        content.push_str(&paragraph(tr("Save the network's spec below as spec.json first.")));
    }
    if run.data != "MNIST" {
        let sentence = Sentence::new("DIR is the folder of the data set {data}.").with("data", &run.data);
        content.push_str(&paragraph(&sentence.translated()));
    }
    let done = run.history.full.len();
    if run.log.is_none() {
        content.push_str(&paragraph(tr("This holds if the run was not resumed with other settings.")));
    }
    if done < run.config.epochs && run.config.early_stop == 0 {
        let sentence = Sentence::new(
            "The run ended at step {step}, after {done} of {epochs} epochs: the command goes on to the end.",
        );
        let sentence = sentence.with("step", run.step).with("done", done).with("epochs", run.config.epochs);
        content.push_str(&paragraph(&sentence.translated()));
    }
    content
}

/// The command line of a run, and whether it needs the spec as a file.
fn command(spec: &NetworkSpec, run: &Run) -> (String, bool) {
    let config = &run.config;
    // The statistics of the training set become part of the spec.
    let is_preset = |preset: &presets::Preset| {
        let own = preset.spec.preprocess;
        let preprocess =
            if config.featurewise == crate::train::Featurewise::default() { spec.preprocess } else { own };
        preset.spec == NetworkSpec { preprocess, ..spec.clone() }
    };
    let preset = presets::by_name(&spec.name).filter(is_preset);
    let net = if preset.is_some() { spec.name.as_str() } else { "spec.json" };
    let mut line = format!("convlens train --net {net}");
    let mut option = |name: &str, value: String| line.extend([" --", name, " ", &value]);
    if run.data != "MNIST" {
        option("data", "DIR".into());
    }
    for (name, value) in options(config) {
        option(name, value);
    }
    if config.augment != Augment::default() {
        let _ = write!(line, " --augment={}", config.augment);
    }
    for (name, is_on) in [("center", config.featurewise.center), ("std", config.featurewise.std)] {
        if is_on {
            let _ = write!(line, " --featurewise-{name}");
        }
    }
    line.push_str(" --save again.safetensors");
    (line, preset.is_none())
}

/// Every setting is written out, so that the command does not depend on a preset's defaults.
fn options(config: &TrainConfig) -> Vec<(&'static str, String)> {
    let mut optimizer: OptimizerSpec = config.optimizer;
    let mut options = vec![("optimizer", optimizer.name().to_owned()), ("lr", config.lr.to_string())];
    if let Some(momentum) = optimizer.momentum() {
        options.push(("momentum", momentum.to_string()));
    }
    options.push(("weight-decay", optimizer.weight_decay_mut().to_string()));
    options.push(("schedule", config.schedule.to_string()));
    options.push(("batch", config.batch.to_string()));
    options.push(("epochs", config.epochs.to_string()));
    options.push(("init", config.init.to_string()));
    options.push(("validation", config.validation.to_string()));
    let optional = [
        ("warmup", config.warmup > 0, config.warmup.to_string()),
        ("clip-norm", config.clip_norm > 0.0, config.clip_norm.to_string()),
        ("label-smoothing", config.label_smoothing > 0.0, config.label_smoothing.to_string()),
        ("early-stop", config.early_stop > 0, config.early_stop.to_string()),
    ];
    options
        .extend(optional.into_iter().filter(|(_, is_set, _)| *is_set).map(|(name, _, value)| (name, value)));
    options.extend(config.train_images.map(|images| ("train-images", images.to_string())));
    options.push(("seed", config.seed.to_string()));
    options
}

/// The options of an escaped line, each of which stays on one line.
fn options_together(line: &str) -> String {
    let mut options = line.split(" --");
    let first = options.next().unwrap_or_default().to_owned();
    options.fold(first, |line, option| format!("{line} <span>--{option}</span>"))
}
