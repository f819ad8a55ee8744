//! The curves and the network of a run, as files.

use crate::{
    export::{Format, export},
    files, model_file,
    nn::Network,
    text::{Say as _, Sentence},
    ui::{core::Core, model::runs::RunRef, work::tasks::Done},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Writes the curves of the run that was asked for.
pub(super) fn save_curves(core: &mut Core, path: PathBuf) {
    let rows = core.state.run_rows();
    let row = rows.into_iter().find(|row| Some(row.run) == core.state.run_table.saved);
    core.tasks.run("save curves", move || {
        let Some(row) = row else { return gone(path) };
        let text = row.history.to_csv(row.config.validation > 0.0);
        let written = files::write(&path, text.as_bytes()).map_err(|reason| {
            Sentence::new("{file} cannot be written: {reason}")
                .with("file", path.display())
                .with("reason", reason)
        });
        Done::Saved(path, written)
    });
}

/// Writes the network of the run that was asked for.
pub(super) fn save_model(core: &mut Core, path: PathBuf) {
    let kept = core.kept.clone();
    let current = core.state.snapshot.as_ref().map(|snapshot| snapshot.network.clone());
    let saved = core.state.run_table.saved;
    core.tasks.run("save model", move || {
        let network: Result<Arc<Network>, Sentence> = match (saved, current, kept) {
            (Some(RunRef::Current), Some(network), _) => Ok(network),
            (Some(RunRef::Kept(id)), _, Some(kept)) => {
                kept.load(id).map(|run| Arc::new(run.state.network)).map_err(|e| e.say())
            }
            _ => return gone(path),
        };
        let written = network.and_then(|network| write(&path, &network));
        Done::Saved(path, written)
    });
}

/// Writes a network as a model, or as the export that the path's ending names.
pub(super) fn write(path: &Path, network: &Network) -> Result<(), Sentence> {
    if Format::of(path).is_none() {
        return model_file::save(path, network).map_err(|e| e.say());
    }
    let exported = export(network, path, env!("CARGO_PKG_VERSION")).map_err(|e| e.say())?;
    exported.write(None).map_err(|e| e.say())
}

fn gone(path: PathBuf) -> Done {
    Done::Saved(path, Err(Sentence::new("the run is no longer there")))
}
