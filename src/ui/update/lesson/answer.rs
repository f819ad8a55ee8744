//! Answers: whether they are right, and what a wrong one forgot.

use super::{enter, progress::keep_progress};
use crate::{
    explain::convolution::{Mistake, diagnose},
    lesson::{
        Language, Quantity, Task, TaskKind,
        task::{Answer, is_right},
    },
    text::{fill, tr},
    ui::{
        core::Core,
        model::lesson::{
            LessonAnswer, Reply,
            written::{number, typed, written},
        },
    },
};

/// Takes an answer.
pub(super) fn give(core: &mut Core, given: LessonAnswer) {
    let Some(task) = task(core) else { return };
    let chosen = match &given {
        LessonAnswer::Choice(option) => Some(*option),
        _ => None,
    };
    let Some(reply) = judge(core, &task, given) else { return };
    let Some(work) = work(core) else { return };
    if work.is_done() {
        return;
    }
    work.tries += 1;
    work.is_solved = reply.is_right;
    work.chosen = chosen;
    work.reply = Some(reply);
    work.hints_at_reply = work.hints;
    keep_progress(core);
}

/// Shows one more hint.
pub(super) fn hint(core: &mut Core) {
    let most = task(core).map_or(0, |task| task.hints.len());
    if let Some(work) = work(core) {
        work.hints = (work.hints + 1).min(most);
    }
}

/// Shows the solution.
pub(super) fn solve(core: &mut Core) {
    let Some(task) = task(core) else { return };
    let text = match &task.kind {
        TaskKind::Number { answer, .. } => {
            right_number(core, answer).map(|value| {
                let text = match answer {
                    Answer::Window(quantity) => written(*quantity, value),
                    Answer::Fixed(_) => typed(value),
                };
                said(tr("It is {answer}."), &text)
            })
        }
        TaskKind::Choice { options, answer } => {
            options.get(*answer).map(|option| said(tr("It is: {answer}"), option.get(Language::English)))
        }
        TaskKind::Click { cells } => {
            cells.first().map(|cell| said(tr("It is “{answer}”, which is outlined."), cell))
        }
        TaskKind::Order { items } => {
            let items: Vec<&str> = items.iter().map(|item| item.get(Language::English)).collect();
            Some(said(tr("The order is: {answer}"), &items.join(", ")))
        }
        TaskKind::Reach { solution, .. } => {
            enter::show(core, solution, true);
            Some(tr("The window shows one solution. There may be others.").to_owned())
        }
    };
    let places = match &task.kind {
        TaskKind::Click { cells } => cells.iter().take(1).cloned().collect(),
        _ => Vec::new(),
    };
    let chosen = match task.kind {
        TaskKind::Choice { answer, .. } => Some(answer),
        _ => None,
    };
    let Some(work) = work(core) else { return };
    if work.is_done() {
        return;
    }
    work.is_shown = true;
    work.chosen = chosen.or(work.chosen);
    let text = with_reason(text.unwrap_or_default(), &task);
    work.reply = Some(Reply { is_right: true, text, places });
    keep_progress(core);
}

/// The state that a task asks for is reached.
pub(super) fn reached(core: &mut Core) {
    let Some(task) = task(core) else { return };
    if let Some(work) = work(core) {
        work.is_solved = true;
        let text = with_reason(tr("Done.").to_owned(), &task);
        work.reply = Some(Reply { is_right: true, text, places: Vec::new() });
    }
}

fn task(core: &Core) -> Option<Task> {
    core.state.lesson.as_ref()?.step()?.task.clone()
}

fn work(core: &mut Core) -> Option<&mut crate::ui::model::lesson::Work> {
    let open = core.state.lesson.as_mut()?;
    let at = open.at;
    open.work.get_mut(at)
}

/// What is to be said about an answer; `None` if it is not one to this task.
fn judge(core: &Core, task: &Task, given: LessonAnswer) -> Option<Reply> {
    let right =
        || Reply { is_right: true, text: with_reason(tr("Right.").to_owned(), task), places: Vec::new() };
    let wrong = |text: String| Reply { is_right: false, text, places: Vec::new() };
    Some(match (&task.kind, given) {
        (TaskKind::Number { answer, tolerance }, LessonAnswer::Number(given)) => {
            let value = right_number(core, answer)?;
            if is_right(given, value, *tolerance) {
                return Some(right());
            }
            number_reply(core, task, answer, given)
        }
        (TaskKind::Number { .. }, LessonAnswer::NoNumber(typed)) => {
            wrong(said(tr("“{answer}” is not a number: type one such as 12 or −0.5."), &typed))
        }
        (TaskKind::Choice { answer, options }, LessonAnswer::Choice(option)) => {
            if option == *answer {
                return Some(right());
            }
            options.get(option)?;
            let says = foreseen(task, (option + 1) as f64);
            wrong(says.unwrap_or_else(|| tr("Not this one.").to_owned()))
        }
        (TaskKind::Click { cells }, LessonAnswer::Click(name)) => {
            if cells.contains(&name) {
                return Some(right());
            }
            let says = task.about_place(&name).map(|says| says.get(Language::English).to_owned());
            wrong(says.unwrap_or_else(|| said(tr("Not “{answer}”."), &name)))
        }
        (TaskKind::Order { items }, LessonAnswer::Order(order)) => {
            if order.len() != items.len() {
                return None;
            }
            if order.iter().enumerate().all(|(place, item)| place == *item) {
                return Some(right());
            }
            let places = order.iter().enumerate().filter(|(place, item)| place == *item).count();
            wrong(said(tr("Not yet: {answer} are in their places."), &places.to_string()))
        }
        _ => return None,
    })
}

/// What a wrong number forgot: what the lesson foresees, or what the core finds.
fn number_reply(core: &Core, task: &Task, answer: &Answer, given: f64) -> Reply {
    let given_text = typed(given);
    let mut places = Vec::new();
    let text = match foreseen(task, given) {
        Some(says) => format!("{number}: {says}"),
        None => match answer {
            Answer::Window(Quantity::ConvOutput) => {
                let lab = &core.state.convolution;
                let position = core.state.lesson.as_ref().and_then(|open| open.home.position);
                let position = position.unwrap_or_else(|| lab.position());
                let step = lab.shown.as_ref().and_then(|shown| shown.step(position));
                let mistake = step.as_ref().and_then(|step| diagnose(step, given as f32));
                places = mistake.as_ref().map(|mistake| places_of(core, mistake)).unwrap_or_default();
                let reason = mistake.as_ref().map_or_else(String::new, forgotten);
                format!("{number}: {reason}")
            }
            _ => said(tr("{answer}: not yet."), &number),
        },
    };
    Reply { is_right: false, text, places }
}

/// What was forgotten, without the result.
fn forgotten(mistake: &Mistake) -> String {
    let products = |sentence: &str, term: &crate::explain::cell::Term| {
        let (x, w) = (exact(term.seen.x), exact(term.weight));
        fill(sentence, &[("x", &x), ("weight", &w)])
    };
    match mistake {
        Mistake::LeftOut(_, term) => products(tr("you left out {x} · {weight}; both are outlined."), term),
        Mistake::Twice(_, term) => products(tr("you counted {x} · {weight} twice; both are outlined."), term),
        Mistake::Sign(_, term) => products(tr("check the sign of {x} · {weight}; both are outlined."), term),
        Mistake::Added(_, term) => {
            products(tr("you added {x} and {weight} instead of multiplying; both are outlined."), term)
        }
        Mistake::Bias => tr("you left out the bias.").to_owned(),
        Mistake::Undivided(_) => tr("the sum is still to be divided by the number of products.").to_owned(),
        Mistake::Flipped => tr("you turned the kernel by half a turn; a network does not.").to_owned(),
        Mistake::Other => {
            tr("multiply each cell by the kernel’s number on it, then add all products.").to_owned()
        }
    }
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

fn foreseen(task: &Task, given: f64) -> Option<String> {
    task.about_number(given).map(|says| says.get(Language::English).to_owned())
}

fn right_number(core: &Core, answer: &Answer) -> Option<f64> {
    match answer {
        Answer::Fixed(value) => Some(*value),
        // That of the step, whatever is looked at meanwhile.
        Answer::Window(quantity) => {
            let home = core.state.lesson.as_ref().and_then(|open| open.home.value);
            home.or_else(|| core.state.quantity(*quantity))
        }
    }
}

fn with_reason(text: String, task: &Task) -> String {
    match &task.because {
        Some(because) => format!("{text} {}", because.get(Language::English)),
        None => text,
    }
}

fn said(sentence: &str, answer: &str) -> String {
    fill(sentence, &[("answer", answer)])
}
