//! The runs in Train's table: names, hidden curves, export, deletion and its undo.

use super::files;
use crate::{
    text::{Sentence, fill, harmless, tr},
    train::Survey,
    ui::{
        core::Core,
        model::{
            file_kind::FileKind,
            runs::{RunLook, RunRef, RunsAct, tidy_name},
        },
        widgets::{Offer, Tone, Topic},
        work::tasks::Done,
    },
};

/// Carries out what a person does with a run.
pub(super) fn apply(core: &mut Core, act: RunsAct) {
    match act {
        RunsAct::Name(run, name) => {
            if let Some(look) = look(core, run) {
                look.name = tidy_name(&name);
            }
        }
        RunsAct::Show(run, is_shown) => {
            if let Some(look) = look(core, run) {
                look.is_shown = Some(is_shown);
            }
        }
        RunsAct::SaveCurves(run) => ask(core, run, FileKind::SaveCurves),
        RunsAct::SaveModel(run) => ask(core, run, FileKind::SaveRun),
        RunsAct::Report(run) => ask(core, run, FileKind::SaveReport),
        RunsAct::Undelete => undelete(core),
    }
}

/// The look of a run, which may be its first one; `None` if there is no such run.
fn look(core: &mut Core, run: RunRef) -> Option<&mut RunLook> {
    let kept = match run {
        RunRef::Current => core.state.snapshot.as_ref()?.kept,
        RunRef::Kept(id) => Some(core.state.runs.iter().find(|run| run.id == id)?.id),
    };
    Some(match kept {
        Some(id) => core.state.settings.run_looks.entry(id).or_default(),
        None => &mut core.state.run_table.unkept,
    })
}

fn ask(core: &mut Core, run: RunRef, kind: FileKind) {
    core.state.run_table.saved = Some(run);
    files::ask(core, kind);
}

/// The folder of kept runs was read, by the question of this number. An older answer does not replace a newer one. What was
/// set for runs that are gone is forgotten, unless the folder is being read again.
pub(super) fn take(core: &mut Core, number: u64, survey: Survey) {
    if !core.choices.runs.take(number) {
        return;
    }
    let Survey { runs, damaged } = survey;
    let current = core.state.snapshot.as_ref().and_then(|snapshot| snapshot.kept);
    let is_there = |id: &u64| {
        runs.iter().any(|run| run.id == *id)
            || damaged.iter().any(|run| run.id == *id)
            || current == Some(*id)
    };
    if core.choices.runs.is_newest(number) {
        core.state.settings.run_looks.retain(|id, _| is_there(id));
    }
    core.state.runs = runs;
    core.state.run_table.damaged = damaged;
}

/// Deletes a kept run in the background, until it is undone. The present one stays.
pub(super) fn delete(core: &mut Core, id: u64) {
    let Some(runs) = core.kept.clone() else { return };
    if core.state.is_present_run(id) {
        core.state
            .toasts
            .push(Tone::Info, tr("This is the current run: open another one before you delete it."));
        return;
    }
    let network = core.state.runs.iter().find(|run| run.id == id).map(|run| run.summary.network.clone());
    let is_damaged = core.state.run_table.damaged.iter().any(|run| run.id == id);
    if network.is_none() && !is_damaged {
        return;
    }
    let look = core.state.settings.run_looks.remove(&id).unwrap_or_default();
    // At once, so that a second click finds no row.
    core.state.runs.retain(|run| run.id != id);
    core.state.run_table.damaged.retain(|run| run.id != id);
    let number = core.choices.runs.begin();
    let name =
        if look.name.is_empty() { network.unwrap_or_else(|| id.to_string()) } else { look.name.clone() };
    core.state.run_table.deleted = Some((id, look));
    let text = fill(tr("Deleted the run {name}."), &[("name", &harmless(&name))]);
    core.state.toasts.offer(Tone::Info, text, Offer::UndeleteRun);
    core.tasks.run_quietly("delete run", move || {
        // Only the last one can come back.
        runs.sweep();
        let failed = runs.discard(id).err().map(|reason| {
            Sentence::new("the run {number} cannot be deleted: {reason}")
                .with("number", id)
                .with("reason", reason)
        });
        Done::Runs(number, runs.survey(), failed)
    });
}

fn undelete(core: &mut Core) {
    core.state.toasts.withdraw(Offer::UndeleteRun);
    let (Some(runs), Some((id, look))) = (core.kept.clone(), core.state.run_table.deleted.take()) else {
        return;
    };
    if look != RunLook::default() {
        core.state.settings.run_looks.insert(id, look);
    }
    let number = core.choices.runs.begin();
    core.tasks.run_quietly("bring back run", move || {
        let failed = runs.restore(id).err().map(|reason| {
            Sentence::new("the run {number} cannot be brought back: {reason}")
                .with("number", id)
                .with("reason", reason)
        });
        Done::Runs(number, runs.survey(), failed)
    });
}

/// Says what could not be done with the files of the runs.
pub(super) fn failed(core: &mut Core, sentence: &Sentence) {
    core.state.toasts.withdraw(Offer::UndeleteRun);
    if let Some((id, look)) =
        core.state.run_table.deleted.take().filter(|(_, look)| *look != RunLook::default())
    {
        // The run is still there, and so is its name.
        core.state.settings.run_looks.insert(id, look);
    }
    super::message::problem(core, Topic::Save, sentence);
}
