//! Makes and writes worksheets in the background.

use crate::{
    nn::Pair,
    text::{Say, Sentence, fill, harmless, language, tr},
    ui::{
        core::Core,
        model::{
            convolution::ConvolutionSource,
            pooling::PoolingSource,
            worksheet::{WorksheetAct, WorksheetDialog, WorksheetForm, WorksheetProgress, WorksheetSource},
        },
        widgets::Tone,
        work::tasks::Done,
    },
    worksheet::{Chosen, Digit, Order, Sheet, Topic, WriteError, lesson_sheet, limits, sheets, write},
};
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

/// Carries out one act.
pub(super) fn apply(core: &mut Core, act: WorksheetAct) {
    match act {
        WorksheetAct::Open(topic) => {
            let shown = shown(core, topic);
            core.state.worksheet = Some(WorksheetDialog::new(topic, shown));
        }
        WorksheetAct::Set(form) => {
            if let Some(dialog) = &mut core.state.worksheet {
                (dialog.form, dialog.problem, dialog.written) = (form, None, None);
            }
        }
        // The question for the folder comes first.
        WorksheetAct::Write => {}
        WorksheetAct::Stop => stop(core),
        WorksheetAct::Close => {
            stop(core);
            core.state.worksheet = None;
        }
    }
}

fn stop(core: &Core) {
    if let Some(progress) = core.state.worksheet.as_ref().and_then(|dialog| dialog.progress.as_ref()) {
        progress.is_stopped.store(true, Ordering::Relaxed);
    }
}

/// The settings of the view. An input that is too large for paper is left to the seed.
fn shown(core: &Core, topic: Topic) -> Chosen {
    let square = |pair: Pair| (pair.h == pair.w).then_some(pair.h);
    let on_paper = |side: Option<usize>| side.filter(|side| limits::SIZE.contains(side));
    if topic == Topic::Pooling {
        let setup = &core.state.settings.pooling;
        let numbers = &setup.numbers;
        let size = square(Pair { h: numbers.rows, w: numbers.columns });
        return Chosen {
            size: on_paper(size.filter(|_| setup.source == PoolingSource::Numbers)),
            kernel_size: square(setup.kernel_size),
            stride: square(setup.stride()),
            padding: square(setup.padding),
            dilation: square(setup.dilation),
            ..Chosen::default()
        };
    }
    let setup = &core.state.convolution.setup;
    let (channels, height, width) = setup.size;
    let has_numbers = setup.source == ConvolutionSource::Numbers;
    Chosen {
        size: on_paper(square(Pair { h: height, w: width }).filter(|_| has_numbers)),
        kernel_size: square(setup.kernel),
        stride: square(setup.stride),
        padding: setup.zeros().ok().and_then(square),
        dilation: square(setup.dilation),
        channels: has_numbers.then_some(channels),
        filters: has_numbers.then_some(setup.filters),
    }
}

/// The sheets of the dialog; with `is_trial` one of them alone, which tells whether the settings fit.
fn made(core: &Core, form: &WorksheetForm, is_trial: bool) -> Result<Vec<Sheet>, Sentence> {
    let lesson = core.state.lesson.as_ref().filter(|_| form.source == WorksheetSource::Lesson);
    if let Some(open) = lesson {
        return lesson_sheet(&open.lesson, language()).map(|sheet| vec![sheet]).map_err(|e| e.say());
    }
    let digit = if form.has_digit {
        let digit = Digit::of_ink(tr("the current image").to_owned(), &core.state.image.ink);
        Some(Arc::new(digit.map_err(|e| e.say())?))
    } else {
        None
    };
    let chosen = if form.source == WorksheetSource::Shown { form.shown } else { Chosen::default() };
    let count = if is_trial { 1 } else { form.count };
    sheets(&Order { topic: form.topic, chosen, count, seed: form.seed, digit }).map_err(|e| e.say())
}

/// Whether sheets can be made; why not is said in the dialog.
pub(super) fn can_be_made(core: &mut Core) -> bool {
    let Some(form) = core.state.worksheet.as_ref().map(|dialog| dialog.form) else { return false };
    let trial = made(core, &form, true);
    let Some(dialog) = &mut core.state.worksheet else { return false };
    dialog.written = None;
    dialog.problem = trial.err();
    dialog.problem.is_none()
}

/// Writes the sheets to a folder, in the background.
pub(super) fn save(core: &mut Core, folder: PathBuf) {
    core.state.question = None;
    let Some(form) = core.state.worksheet.as_ref().map(|dialog| dialog.form) else { return };
    let order = made(core, &form, false);
    let progress = Arc::new(WorksheetProgress::default());
    if let Some(dialog) = &mut core.state.worksheet {
        dialog.progress = Some(progress.clone());
    }
    core.tasks.run("write worksheets", move || {
        let go_on = |done: usize| {
            progress.done.store(done, Ordering::Relaxed);
            !progress.is_stopped.load(Ordering::Relaxed)
        };
        let written = order.and_then(|sheets| match write(&folder, &sheets, form.is_png, go_on) {
            Ok(_) => Ok(Some(sheets.len())),
            Err(WriteError::Stopped) => Ok(None),
            Err(error) => Err(error.say()),
        });
        Done::Worksheets(folder, written)
    });
}

/// The sheets were written, or could not be. `None`: the writing was called off.
pub(super) fn written(core: &mut Core, folder: PathBuf, result: Result<Option<usize>, Sentence>) {
    let path = harmless(&folder.display().to_string());
    match result {
        Ok(Some(count)) => {
            let text = tr("Wrote worksheets ({count}) and their answers to {path}.");
            let text = fill(text, &[("count", &count.to_string()), ("path", &path)]);
            match &mut core.state.worksheet {
                Some(dialog) => (dialog.progress, dialog.written) = (None, Some(folder)),
                None => core.state.toasts.push(Tone::Good, text),
            }
        }
        Ok(None) => {
            if let Some(dialog) = &mut core.state.worksheet {
                dialog.progress = None;
            }
        }
        Err(sentence) => match &mut core.state.worksheet {
            Some(dialog) => (dialog.progress, dialog.problem) = (None, Some(sentence)),
            None => core.state.toasts.push(Tone::Bad, sentence.capitalised()),
        },
    }
}
