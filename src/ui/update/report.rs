//! Measures a run's network and writes the report, in the background.

use crate::{
    files,
    nn::Network,
    report::{Facts, Run, page},
    text::{Say, Sentence},
    train::Pool,
    ui::{
        core::Core,
        model::runs::{ReportProgress, RunRef},
        work::tasks::Done,
    },
};
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

/// Writes the report of the run that was asked for.
pub(super) fn save(core: &mut Core, path: PathBuf) {
    let current = core.state.snapshot.as_ref().map(|snapshot| {
        let run = Run {
            config: snapshot.config,
            step: snapshot.step,
            history: (*snapshot.history).clone(),
            seconds: snapshot.seconds,
            log: Some((*snapshot.log).clone()),
            data: core.state.data.ready().map_or_else(String::new, |data| data.name.clone()),
            has_edited_filters: !snapshot.hand.is_empty(),
        };
        (snapshot.network.clone(), run)
    });
    let (kept, wanted, data) =
        (core.kept.clone(), core.state.run_table.saved, core.state.data.ready().cloned());
    let progress = Arc::new(ReportProgress::default());
    core.state.run_table.report = Some(progress.clone());
    core.tasks.run("write report", move || {
        let written = || -> Result<bool, Sentence> {
            let (network, run): (Arc<Network>, Run) = match (wanted, current, kept) {
                (Some(RunRef::Current), Some(current), _) => current,
                (Some(RunRef::Kept(id)), _, Some(kept)) => {
                    let checkpoint = kept.load(id).map_err(|e| e.say())?;
                    let run = Run::of(&checkpoint);
                    (Arc::new(checkpoint.state.network), run)
                }
                _ => return Err(Sentence::new("the run is no longer there")),
            };
            let data = data.ok_or_else(|| Sentence::new("the data set is still loading: try again"))?;
            let no_threads = |e| Sentence::new("threads could not be started: {reason}").with("reason", e);
            let pool = Pool::new(Pool::default_threads()).map_err(no_threads)?;
            let goes_on = |share: f32| {
                progress.done.store((share * 1000.0) as u32, Ordering::Relaxed);
                !progress.is_stopped.load(Ordering::Relaxed)
            };
            let (images, version) = ((data.name.as_str(), &*data.test), env!("CARGO_PKG_VERSION"));
            let facts =
                Facts::measure(&network, Some(&run), images, version, &pool, goes_on).map_err(|e| e.say())?;
            let Some(facts) = facts else { return Ok(false) };
            files::write(&path, page(&facts).as_bytes()).map_err(|reason| {
                let sentence = Sentence::new("{file} cannot be written: {reason}");
                sentence.with("file", path.display()).with("reason", reason)
            })?;
            Ok(true)
        };
        let result = written();
        Done::Report(path, result)
    });
}

/// Calls the report off that is being written.
pub(super) fn stop(core: &mut Core) {
    if let Some(progress) = core.state.run_table.report.take() {
        progress.is_stopped.store(true, Ordering::Relaxed);
    }
}
