//! What a wrong number forgot, without the right one.

use crate::{
    explain::{
        Convolution,
        cell::Term,
        convolution::{ConvOutputSize, Mistake, possible_mistakes},
    },
    lesson::{Quantity, Task, task::Answer},
    text::{fill, tr},
    ui::{
        core::Core,
        model::lesson::{
            Reply,
            written::{number, typed},
        },
    },
};

/// What a wrong number forgot: what the lesson foresees, or what the core finds.
pub(super) fn reply(core: &Core, task: &Task, answer: &Answer, given: f64) -> Reply {
    let mut places = Vec::new();
    let given_hints = core.state.lesson.as_ref().and_then(|open| open.work()).map_or(0, |work| work.hints);
    let has_hint = given_hints < task.hints.len();
    let says = match (foreseen(task, given), answer) {
        (Some(says), _) => says,
        (None, Answer::Window(Quantity::ConvOutput)) => {
            let mistakes = mistakes(core, given);
            places = mistakes.iter().flat_map(|mistake| places_of(core, mistake)).collect();
            forgotten(&mistakes)
        }
        (None, Answer::Window(Quantity::ConvOutputHeight)) => of_size(core, 0, given),
        (None, Answer::Window(Quantity::ConvOutputWidth)) => of_size(core, 1, given),
        (None, _) if task.hints.is_empty() => tr("not yet.").to_owned(),
        (None, _) if has_hint => tr("not yet. A hint may help.").to_owned(),
        (None, _) => tr("not yet. Read the hints again, or show the solution.").to_owned(),
    };
    Reply { is_right: false, text: format!("{}: {}", typed(given), sentence(&says)), places }
}

/// The text as a sentence: with a capital letter and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if text.ends_with(['.', '!', '?', '…', '。', '！', '？']) { "" } else { tr(".") };
    format!("{first}{}{stop}", chars.as_str())
}

/// What the lesson says about a wrong number, or the number of an option.
pub(super) fn foreseen(task: &Task, given: f64) -> Option<String> {
    task.about_number(given).map(|says| says.shown().to_owned())
}

/// The slips that lead to this number, of the output that the step is about.
fn mistakes(core: &Core, given: f64) -> Vec<Mistake> {
    let lab = &core.state.convolution;
    let position = core.state.lesson.as_ref().and_then(|open| open.home.position);
    let step = lab.shown.as_ref().and_then(|shown| shown.step(position.unwrap_or_else(|| lab.position())));
    step.map(|step| possible_mistakes(&step, given as f32)).unwrap_or_default()
}

/// What was forgotten, without the result. Several mistakes are of the same kind.
fn forgotten(mistakes: &[Mistake]) -> String {
    let one = |sentence: &str, term: &Term| {
        let [x, weight] = [term.seen.x, term.weight].map(|value| number(f64::from(value)));
        fill(sentence, &[("x", &x), ("weight", &weight)])
    };
    let many = |sentence: &str| fill(sentence, &[("count", &counted(mistakes.len()))]);
    let is_one = mistakes.len() == 1;
    match mistakes.first() {
        Some(Mistake::LeftOut(_, term)) if is_one => {
            one(tr("you left out {x} · {weight}; both are outlined."), term)
        }
        Some(Mistake::LeftOut(..)) => {
            many(tr("you left out one of these {count} products; they are outlined."))
        }
        Some(Mistake::Twice(_, term)) if is_one => {
            one(tr("you counted {x} · {weight} twice; both are outlined."), term)
        }
        Some(Mistake::Twice(..)) => {
            many(tr("you counted one of these {count} products twice; they are outlined."))
        }
        Some(Mistake::Sign(_, term)) if is_one => {
            one(tr("check the sign of {x} · {weight}; both are outlined."), term)
        }
        Some(Mistake::Sign(..)) => {
            many(tr("check the sign of each of these {count} products; they are outlined."))
        }
        Some(Mistake::Added(_, term)) if is_one => {
            one(tr("you added {x} and {weight} instead of multiplying; both are outlined."), term)
        }
        Some(Mistake::Added(..)) => {
            many(tr("in one of these {count} pairs you added instead of multiplying; they are outlined."))
        }
        Some(Mistake::Bias) => tr("you left out the bias.").to_owned(),
        Some(Mistake::Undivided(_)) => {
            tr("the sum is still to be divided by the number of products.").to_owned()
        }
        Some(Mistake::Flipped) => tr("you turned the kernel by half a turn; a network does not.").to_owned(),
        Some(Mistake::Other) | None => {
            tr("multiply each cell by the kernel’s number on it, then add all products.").to_owned()
        }
    }
}

/// A small number as a word.
fn counted(count: usize) -> String {
    let words =
        [tr("two"), tr("three"), tr("four"), tr("five"), tr("six"), tr("seven"), tr("eight"), tr("nine")];
    let word = count.checked_sub(2).and_then(|i| words.get(i));
    word.map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// The accessible names of the two cells of the product that was forgotten.
fn places_of(core: &Core, mistake: &Mistake) -> Vec<String> {
    let (Mistake::LeftOut(channel, term)
    | Mistake::Twice(channel, term)
    | Mistake::Sign(channel, term)
    | Mistake::Added(channel, term)) = mistake
    else {
        return Vec::new();
    };
    let Some(shown) = &core.state.convolution.shown else { return Vec::new() };
    let is_many = shown.input().as_maps().0 > 1 || shown.output().as_maps().0 > 1;
    let name = |grid: &str, row: isize, column: isize| {
        let channel = if is_many { format!(" {channel}") } else { String::new() };
        format!("{grid}{channel} {row}, {column}")
    };
    let (row, column) = (term.seen.row, term.seen.column);
    let weight = term.kernel;
    vec![name("input", row, column), name("kernel", weight.0 as isize, weight.1 as isize)]
}

/// What a wrong number of rows (side 0) or columns forgot.
fn of_size(core: &Core, side: usize, given: f64) -> String {
    let found = core.state.convolution.shown.as_ref().and_then(|shown| slip_of_size(shown, side, given));
    found.unwrap_or_else(|| tr("not yet. Count the places where the window fits.")).to_owned()
}

fn slip_of_size(shown: &Convolution, side: usize, given: f64) -> Option<&'static str> {
    let size = shown.output_sizes().into_iter().nth(side)?;
    let ConvOutputSize { input, kernel, stride, padding, output, .. } = size;
    let is = |number: usize| (given - number as f64).abs() < 1e-6;
    let places =
        |room: usize, stride: usize| room.checked_sub(size.span()).map(|moves| moves / stride.max(1) + 1);
    let slips = [
        (padding > 0 && places(input, stride).is_some_and(is), tr("you left out the padding.")),
        (
            padding > 0 && places(input + padding, stride).is_some_and(is),
            tr("the padding is added at both ends."),
        ),
        (stride > 1 && places(input + 2 * padding, 1).is_some_and(is), tr("you left out the stride.")),
        (is(output.saturating_sub(1)), tr("you counted the moves; the first place counts, too.")),
        (size.remainder() > 0 && is(output + 1), tr("the last window would stick out.")),
        (is(shown.len()), tr("that is the number of all outputs.")),
        (is(input), tr("that is the size of the input; the window may not stick out.")),
        (is(input + 2 * padding), tr("that is the input with its padding; the window may not stick out.")),
        (is(kernel), tr("that is the size of the kernel.")),
    ];
    slips.into_iter().find(|(is_it, _)| *is_it && !is(output)).map(|(_, says)| says)
}
