//! The draft of the Architecture view: its changes, and training it as a new run.

use super::{
    kept_runs::say_kept,
    message::{cured, problem},
    network,
};
use crate::{
    explain::Sheet,
    nn::{Init, LayerSpec, NetworkSpec, presets},
    text::{Say, Sentence, fill, harmless, tr},
    train::TrainConfig,
    ui::{
        core::Core,
        model::{
            architecture::{ArchitectureAct, ArchitectureLab, DraftStart},
            network::Origin,
        },
        widgets::{Tone, Topic},
        work::open_file::file_name,
    },
};
use std::path::Path;

/// The longest spec that can be pasted, in bytes.
const MAX_PASTED: usize = 1 << 20;

/// The current network; without the preprocessing that a run takes from its training set.
fn current(core: &Core) -> &NetworkSpec {
    let spec = core.state.network.network.spec();
    let is_run = core.state.network.origin == Origin::Live && core.run_spec.layers == spec.layers;
    if is_run { &core.run_spec } else { spec }
}

/// A draft that no one has begun is the current network.
pub(super) fn follow(core: &mut Core) {
    if !core.state.architecture.is_begun && core.state.architecture.base != *current(core) {
        core.state.architecture = ArchitectureLab::of(current(core));
    }
}

/// Takes over the draft of the settings, which are another state's.
pub(super) fn put_back(core: &mut Core) {
    core.state.architecture = core.state.settings.architecture.lab(current(core));
}

/// Carries out an action of the view.
pub(super) fn apply(core: &mut Core, act: ArchitectureAct) {
    let lab = &mut core.state.architecture;
    match act {
        ArchitectureAct::Select(place) => lab.select(place),
        ArchitectureAct::Edit(edits) => {
            lab.change(|draft| {
                for edit in &edits {
                    draft.edit(edit);
                }
            });
        }
        ArchitectureAct::Adjust(edit) => lab.adjust(|draft| {
            draft.edit(&edit);
        }),
        ArchitectureAct::Settle => lab.settle(),
        ArchitectureAct::Repair(edits) => {
            lab.change(|draft| {
                draft.repair(&edits);
            });
        }
        ArchitectureAct::Switch(place, is_on) => lab.change(|draft| {
            if let Some(layer) = draft.layers.get_mut(place) {
                layer.is_on = is_on;
            }
        }),
        ArchitectureAct::SetClasses(classes) => lab.change(|draft| draft.set_classes(classes)),
        ArchitectureAct::Rename(name) => lab.rename(&name),
        ArchitectureAct::Undo => lab.undo(),
        ArchitectureAct::Redo => lab.redo(),
        ArchitectureAct::Begin(DraftStart::Current) => {
            let spec = current(core).clone();
            core.state.architecture.begin(&spec);
        }
        ArchitectureAct::Begin(DraftStart::Preset(name)) => {
            if let Some(preset) = presets::by_name(&name) {
                lab.begin(&preset.spec);
            }
        }
        ArchitectureAct::Train => train(core),
    }
}

/// Whether a text might be a spec.
pub(super) fn is_spec(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// A pasted spec becomes the draft.
pub(super) fn paste(core: &mut Core, text: &str) {
    let read = if text.len() > MAX_PASTED {
        let sentence = Sentence::new("the text is longer than {bytes} bytes, the limit for a spec");
        Err(sentence.with("bytes", MAX_PASTED))
    } else {
        NetworkSpec::read_json(text).map_err(|e| e.say())
    };
    match read {
        Ok(spec) => {
            cured(core, Topic::Network);
            begin(core, tr("Pasted {name}."), &spec.name.clone(), &spec);
        }
        Err(sentence) => problem(core, Topic::Network, &sentence),
    }
}

/// A spec that was opened becomes the draft.
pub(super) fn open(core: &mut Core, path: &Path, spec: &NetworkSpec) {
    begin(core, tr("Opened {name} as a draft."), &file_name(path), spec);
}

fn begin(core: &mut Core, text: &'static str, name: &str, spec: &NetworkSpec) {
    core.state.architecture.begin(spec);
    core.state.toasts.push(Tone::Good, fill(text, &[("name", &harmless(name))]));
}

/// Makes the draft the current network and trains it. The run before stays among the kept runs.
fn train(core: &mut Core) {
    let lab = &core.state.architecture;
    let spec = lab.draft.named_spec();
    if !Sheet::of(&spec, lab.draft.classes, None).is_valid() {
        let sentence = Sentence::new("the draft cannot be trained: a layer does not fit yet");
        problem(core, Topic::Network, &sentence);
        return;
    }
    let training = training(core, &spec);
    // Whatever is still being read must not replace it.
    core.choices.networks.now();
    say_kept(core);
    cured(core, Topic::Network);
    core.state.architecture.settle_as(&spec);
    network::train(core, spec, training);
}

/// The settings of the run before where the draft is a change of its network, so that the two can be compared.
fn training(core: &Core, spec: &NetworkSpec) -> TrainConfig {
    let base = &core.state.architecture.base;
    if base == current(core) {
        return core.state.setup;
    }
    let Some(preset) = presets::by_name(&base.name) else { return core.state.setup };
    let recipe = TrainConfig::from_recipe(&preset.recipe, core.state.setup.seed);
    let is_bounded = |layer: &LayerSpec| matches!(layer, LayerSpec::Sigmoid(_) | LayerSpec::Tanh(_));
    let init = if spec.layers.iter().any(is_bounded) { Init::Xavier } else { recipe.init };
    TrainConfig { init, ..recipe }
}
