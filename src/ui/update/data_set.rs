//! The data set: its preview, and taking it.

use super::{
    kept_runs, network,
    run::{build, build_or_load, pause},
};
use crate::{
    data::{
        DataSet,
        formats::{self, Choices, Opened},
    },
    text::{Say as _, Sentence},
    train::evaluate::check_fit,
    ui::{
        core::Core,
        model::{
            data::DataState,
            data_preview::{DataPreview, PreviewAct, PreviewClass},
        },
        work::tasks::Done,
    },
};
use std::path::{Path, PathBuf};

/// Carries out one act.
pub(super) fn apply(core: &mut Core, act: PreviewAct) {
    match act {
        PreviewAct::Choose(choices) => choose(core, choices),
        PreviewAct::Cancel => {
            core.state.preview = None;
            let number = core.choices.data.begin();
            core.choices.data.cancel(number);
        }
        PreviewAct::Open | PreviewAct::OpenFitted => open(core, act == PreviewAct::OpenFitted),
    }
}

/// Reads the set again with other choices.
fn choose(core: &mut Core, choices: Choices) {
    let Some(preview) = &mut core.state.preview else { return };
    (preview.choices, preview.is_reading) = (choices, true);
    let path = preview.path.clone();
    let number = core.choices.data.begin();
    core.tasks.run("read data set", move || {
        let opened = formats::open(&path, &choices).map(Box::new).map_err(|e| e.say());
        Done::Preview(number, path, choices, opened)
    });
}

/// A data set was read to be shown.
pub(super) fn show(core: &mut Core, path: PathBuf, choices: Choices, opened: Opened) {
    let network = &core.state.network.network;
    let data = &opened.data;
    let misfit = check_fit(network, &data.name, &data.train)
        .and_then(|()| check_fit(network, &data.name, &data.test))
        .err();
    // A network may have outputs to spare, but need not.
    let is_other = misfit.is_some() || network.classes() != data.class_count();
    let can_fit = is_other && fitted(core, data).is_some();
    let revision = core.state.preview.as_ref().map_or(0, |preview| preview.revision) + 1;
    core.state.preview = Some(DataPreview {
        path,
        classes: PreviewClass::of(&opened),
        opened,
        choices,
        is_reading: false,
        problem: None,
        misfit: misfit.map(|e| e.say()),
        can_fit,
        revision,
    });
}

/// It could not be read with the choices of the preview. Returns whether a preview says so.
pub(super) fn show_problem(core: &mut Core, path: &Path, sentence: &Sentence) -> bool {
    let Some(preview) = core.state.preview.as_mut().filter(|preview| preview.path == path) else {
        return false;
    };
    (preview.problem, preview.is_reading) = (Some(sentence.clone()), false);
    true
}

fn fitted(core: &Core, data: &DataSet) -> Option<crate::nn::NetworkSpec> {
    let size = (data.train.height(), data.train.width());
    core.state.network.network.spec().fitted_to(data.train.channels(), size, data.class_count())
}

/// Opens the set that is shown.
fn open(core: &mut Core, fits_network: bool) {
    if core.state.preview.as_ref().is_none_or(|preview| preview.is_reading) {
        return;
    }
    let Some(DataPreview { path, opened, choices, .. }) = core.state.preview.take() else { return };
    core.choices.data.now();
    core.state.settings.data_choices = choices;
    let spec = fitted(core, &opened.data).filter(|_| fits_network);
    take(core, opened.data, Some(path));
    if let Some(spec) = spec {
        network::use_spec(core, spec);
    }
}

/// Makes a data set the current one: a new run on it is loaded.
pub(super) fn take(core: &mut Core, data: DataSet, folder: Option<PathBuf>) {
    // The settings file can hold text only.
    core.state.settings.data = folder.filter(|folder| folder.to_str().is_some());
    let is_first = matches!(core.state.data, DataState::Loading) && core.run_network.is_none();
    core.state.settings.next_sample = if is_first { core.state.settings.next_sample } else { 0 };
    pause(core);
    core.state.data = DataState::Ready(data);
    if let Some(id) = core.awaits_data.take() {
        kept_runs::open(core, id);
    } else if core.run_network.is_some() {
        build_or_load(core);
    } else {
        build(core);
    }
}
