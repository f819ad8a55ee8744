//! A file of weights whose network a person completes.

use super::{architecture, message::cured};
use crate::{
    foreign::Foreign,
    nn::NetworkSpec,
    text::Say,
    ui::{
        core::Core,
        model::{
            import::{ImportAct, ImportLab},
            view::ViewId,
        },
        widgets::Topic,
        work::tasks::Done,
    },
};
use std::{path::PathBuf, sync::Arc};

/// A file was opened that asks for its network: Architecture shows what is proposed.
pub(super) fn open(core: &mut Core, path: PathBuf, foreign: Arc<Foreign>, proposed: &NetworkSpec) {
    architecture::open(core, &path, proposed);
    core.state.settings.view = ViewId::Architecture;
    core.state.import = Some(ImportLab::new(path, foreign));
}

/// Carries out an act.
pub(super) fn apply(core: &mut Core, act: ImportAct) {
    let Some(lab) = &mut core.state.import else { return };
    match act {
        ImportAct::Table(is_shown) => lab.shows_table = is_shown,
        ImportAct::Choose(key, found) => _ = lab.map.chosen.insert(key, found),
        ImportAct::LeaveOut(name, is_out) => {
            lab.map.left_out.retain(|other| *other != name);
            if is_out {
                lab.map.left_out.push(name);
            }
        }
        ImportAct::Again => lab.map = crate::foreign::Map::default(),
        ImportAct::Close => core.state.import = None,
        ImportAct::Use => {
            let spec = core.state.architecture.draft.named_spec();
            let (path, foreign, map) = (lab.path.clone(), lab.foreign.clone(), lab.map.clone());
            core.state.import = None;
            cured(core, Topic::Network);
            let number = core.choices.networks.begin();
            core.tasks.run("fill in weights", move || {
                let network = foreign.network(spec, &map).map(|network| (path, network));
                Done::Model(number, network.map_err(|e| e.say()))
            });
        }
    }
}
