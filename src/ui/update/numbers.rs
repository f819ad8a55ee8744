//! The numbers of the view that is shown, and saving them.

use crate::{
    files,
    text::{Sentence, key},
    train::confusion::{precision, recall},
    ui::{
        core::Core,
        model::{
            file_kind::FileKind,
            numbers::{NamedArray, NumbersAct, NumbersDialog, NumbersFormat, encoded},
            view::ViewId,
        },
        state::AppState,
        work::tasks::Done,
    },
};
use std::{path::PathBuf, sync::Arc};

/// Carries out one act.
pub(super) fn apply(core: &mut Core, act: NumbersAct) {
    match (act, &mut core.state.numbers) {
        (NumbersAct::Open, _) => {
            let arrays = Arc::new(arrays(&core.state));
            core.state.numbers = Some(NumbersDialog { arrays, chosen: 0, format: NumbersFormat::Csv });
        }
        (NumbersAct::Choose(chosen), Some(dialog)) => {
            dialog.chosen = chosen.min(dialog.arrays.len().saturating_sub(1));
        }
        (NumbersAct::Set(format), Some(dialog)) => dialog.format = format,
        (NumbersAct::Close, _) => core.state.numbers = None,
        // The question for the file comes first.
        (NumbersAct::Choose(_) | NumbersAct::Set(_) | NumbersAct::Save, _) => {}
    }
}

/// The file that is asked for, if there are numbers.
pub(super) fn kind(core: &Core) -> Option<FileKind> {
    let dialog = core.state.numbers.as_ref().filter(|dialog| !dialog.arrays.is_empty())?;
    Some(FileKind::SaveNumbers(dialog.format))
}

/// Writes them in the background. Without a dialog they are those that the view shows now.
pub(super) fn save(core: &mut Core, path: PathBuf, format: NumbersFormat) {
    let (arrays, chosen) = match &core.state.numbers {
        Some(dialog) => (dialog.arrays.clone(), dialog.chosen),
        None => (Arc::new(arrays(&core.state)), 0),
    };
    core.state.numbers = None;
    core.tasks.run("save numbers", move || {
        let written = match encoded(&arrays, chosen, format) {
            Some(bytes) => files::write(&path, &bytes).map_err(|e| {
                let sentence = Sentence::new("{file} cannot be written: {reason}");
                sentence.with("file", path.display()).with("reason", e)
            }),
            None => Err(Sentence::new("this view has no numbers to save")),
        };
        Done::Saved(path, written)
    });
}

/// The arrays of the view.
fn arrays(state: &AppState) -> Vec<NamedArray> {
    match state.settings.view {
        ViewId::Convolution => of_convolution(state).unwrap_or_default(),
        ViewId::Pooling => of_pooling(state).unwrap_or_default(),
        ViewId::Network | ViewId::Draw => of_network(state).unwrap_or_default(),
        ViewId::Evaluate => of_evaluation(state).unwrap_or_default(),
        ViewId::Train | ViewId::Filters | ViewId::Architecture | ViewId::Compare | ViewId::Lessons => {
            Vec::new()
        }
    }
}

fn array(key: &'static str, name: &'static str, shape: Vec<usize>, values: &[f32]) -> NamedArray {
    NamedArray { key, name, shape, values: values.to_vec() }
}

fn of_convolution(state: &AppState) -> Option<Vec<NamedArray>> {
    let conv = state.convolution.shown.as_ref()?;
    let weight = conv.weight();
    let mut arrays = vec![
        array("input", key("Input"), conv.input().dims(), conv.x()),
        array("kernel", key("Kernels"), weight.shape().to_vec(), weight.values()),
        array("output", key("Output"), conv.output().dims(), conv.y()),
    ];
    arrays.extend(conv.bias().map(|bias| array("bias", key("Bias"), vec![bias.len()], bias)));
    Some(arrays)
}

fn of_pooling(state: &AppState) -> Option<Vec<NamedArray>> {
    let study = state.pooling.study.as_ref()?;
    let pair = |(h, w): (usize, usize)| vec![h, w];
    let max = &study.max;
    let mut arrays = vec![
        array("input", key("Input"), pair(max.input_size()), max.input()),
        array("max", key("Maximum"), pair(max.output_size()), max.output()),
    ];
    let average = study.average.as_ref();
    arrays.extend(average.map(|mean| array("mean", key("Mean"), pair(mean.output_size()), mean.output())));
    Some(arrays)
}

/// The selected map, all maps of its layer, the input and the probabilities.
fn of_network(state: &AppState) -> Option<Vec<NamedArray>> {
    let answer = state.current_answer()?;
    let (trace, spec) = (&answer.whole, answer.network.spec());
    let mut arrays = Vec::new();
    let selected = state.selection.map.filter(|_| state.settings.view == ViewId::Network);
    if let Some(map) = selected {
        let input: Vec<usize> = trace.input.shape().iter().skip(1).copied().collect();
        let (shape, values) = match map.column.checked_sub(1).and_then(|layer| trace.activations.get(layer)) {
            Some(layer) => {
                (layer.shape().iter().skip(1).copied().collect(), trace.activation(map.column - 1))
            }
            None => (input, trace.input.values()),
        };
        if let [maps, h, w] = shape[..]
            && let Some(one) = values.chunks(h * w).nth(map.map.min(maps.saturating_sub(1)))
        {
            arrays.push(array("map", key("Selected map"), vec![h, w], one));
        }
        arrays.push(array("layer", key("All maps of its layer"), shape, values));
    }
    arrays.push(array("input", key("Input"), spec.input.dims(), trace.input.values()));
    let probabilities = trace.first_probabilities();
    arrays.push(array("probabilities", key("Probabilities"), vec![probabilities.len()], probabilities));
    Some(arrays)
}

fn of_evaluation(state: &AppState) -> Option<Vec<NamedArray>> {
    let confusion = &state.evaluate.measured.as_ref()?.result.confusion;
    let classes = confusion.len();
    let counts: Vec<f32> = confusion.iter().flatten().map(|count| *count as f32).collect();
    let (precision, recall) = (precision(confusion), recall(confusion));
    // A class without images, or that was never said, has no number.
    let number = |value: Option<f64>| value.map_or(f32::NAN, |value| value as f32);
    let per_class: Vec<f32> =
        precision.into_iter().zip(recall).flat_map(|(p, r)| [number(p), number(r)]).collect();
    Some(vec![
        array("confusion", key("Confusion matrix"), vec![classes, classes], &counts),
        array("per_class", key("Precision and recall of each class"), vec![classes, 2], &per_class),
    ])
}
