//! Answers: whether they are right, and what a wrong one forgot.

use super::{
    enter, evidence,
    progress::keep_progress,
    slip::{self, foreseen, sentence},
};
use crate::{
    lesson::{LessonAnswer, Quantity, Task, TaskKind, Texts, task::Answer},
    text::{fill, shown_name, tr},
    ui::{
        core::Core,
        model::lesson::{
            Reply,
            written::{typed, written},
        },
    },
};

/// Takes an answer.
pub(super) fn give(core: &mut Core, given: &LessonAnswer) {
    let Some(task) = task(core) else { return };
    let chosen = match given {
        LessonAnswer::Choice(option) => Some(*option),
        _ => None,
    };
    let Some(reply) = judge(core, &task, given) else { return };
    let proof = reply.is_right.then(|| evidence::of_answer(core, &task, given));
    let Some(work) = work(core) else { return };
    if work.is_done() {
        return;
    }
    work.tries += 1;
    work.record.add(&task.kind.in_words_of_lesson(given), reply.is_right);
    if let Some(proof) = proof {
        work.record.prove(proof);
    }
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
        work.record.hints = work.record.hints.max(work.hints);
    }
    keep_progress(core);
}

/// Shows the solution.
pub(super) fn solve(core: &mut Core) {
    let Some(task) = task(core) else { return };
    let text = match &task.kind {
        TaskKind::Number { answer, .. } => right_number(core, answer).map(|value| {
            let text = match answer {
                Answer::Window(quantity) => written(*quantity, value),
                Answer::Fixed(_) => typed(value),
            };
            said(tr("It is {answer}."), &text)
        }),
        TaskKind::Choice { options, answer } => {
            options.get(*answer).map(|option| said(tr("It is: {answer}"), option.shown()))
        }
        TaskKind::Click { cells } => {
            let one = if cells.len() > 1 {
                tr("One such place is outlined: “{answer}”.")
            } else {
                tr("It is “{answer}”, which is outlined.")
            };
            cells.first().map(|cell| said(one, &shown_name(cell)))
        }
        TaskKind::Order { items } => {
            let items: Vec<&str> = items.iter().map(Texts::shown).collect();
            Some(said(tr("The order is: {answer}"), &items.join(", ")))
        }
        TaskKind::Reach { solution, .. } => {
            enter::show(core, solution, true);
            Some(tr("The window shows one solution. There may be others.").to_owned())
        }
    };
    let places = answer_places(core, &task);
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
    let proof = evidence::of_state(core, &task);
    if let Some(work) = work(core) {
        // What the solution has brought about is no one's own.
        work.is_solved = !work.is_shown;
        if work.is_solved {
            work.record.prove(proof);
        }
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
fn judge(core: &Core, task: &Task, given: &LessonAnswer) -> Option<Reply> {
    let asked = match &task.kind {
        TaskKind::Number { answer, .. } => right_number(core, answer),
        _ => None,
    };
    let is_right = task.kind.takes(given, asked)?;
    let right = || Reply {
        is_right: true,
        text: with_reason(tr("Right.").to_owned(), task),
        places: match given {
            // Of several right places, the one that was clicked.
            LessonAnswer::Click(name) => vec![name.clone()],
            _ => answer_places(core, task),
        },
    };
    let wrong = |text: String| Reply { is_right: false, text, places: Vec::new() };
    if is_right {
        return Some(right());
    }
    Some(match (&task.kind, given) {
        (TaskKind::Number { answer, .. }, LessonAnswer::Number(given)) => {
            slip::reply(core, task, answer, *given)
        }
        (TaskKind::Number { .. }, LessonAnswer::NoNumber(text)) => {
            wrong(said(tr("“{answer}” is not a number: type one such as 12 or −0.5."), text))
        }
        (TaskKind::Choice { .. }, LessonAnswer::Choice(option)) => {
            let says = foreseen(task, (option + 1) as f64);
            wrong(says.map_or_else(|| tr("Not this one.").to_owned(), |says| sentence(&says)))
        }
        (TaskKind::Click { .. }, LessonAnswer::Click(name)) => {
            let says =
                task.about_place(|place| shown_name(place) == *name).map(|says| sentence(says.shown()));
            wrong(says.unwrap_or_else(|| said(tr("That is {answer}. Look again."), name)))
        }
        (TaskKind::Order { items }, LessonAnswer::Order(order)) => {
            let places = order.iter().enumerate().filter(|(place, item)| place == *item).count();
            let [places, of] = [places, items.len()].map(|count| count.to_string());
            let sentence = tr("Not yet: {places} of {of} are in their places.");
            wrong(fill(sentence, &[("places", &places), ("of", &of)]))
        }
        _ => return None,
    })
}

/// The accessible names of where the answer is: it is lit. A grid has a number in its name where there are several.
fn answer_places(core: &Core, task: &Task) -> Vec<String> {
    let home = core.state.lesson.as_ref().and_then(|open| open.home.position);
    let quantity = match &task.kind {
        TaskKind::Click { cells } => return cells.iter().take(1).cloned().collect(),
        TaskKind::Number { answer: Answer::Window(quantity), .. } => *quantity,
        _ => return Vec::new(),
    };
    match quantity {
        Quantity::ConvOutput => {
            let place = core.state.convolution.shown.as_ref().zip(home).map(|(shown, at)| shown.place(at));
            place.map_or_else(Vec::new, |place| {
                let (filter, row, column) = (place.channel, place.row, place.column);
                vec![format!("output {row}, {column}"), format!("output {filter} {row}, {column}")]
            })
        }
        Quantity::PoolOutput => {
            let study = core.state.pooling.study.as_ref().zip(home);
            study.map_or_else(Vec::new, |(study, at)| {
                let columns = study.max.output_size().1.max(1);
                vec![format!("{} {}, {}", tr("Max"), at / columns, at % columns)]
            })
        }
        _ => vec!["output".to_owned(), "output 0".to_owned()],
    }
}

pub(super) fn right_number(core: &Core, answer: &Answer) -> Option<f64> {
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
        Some(because) if text.is_empty() => because.shown().to_owned(),
        Some(because) => format!("{} {}", sentence(&text), because.shown()),
        None => text,
    }
}

fn said(sentence: &str, answer: &str) -> String {
    fill(sentence, &[("answer", answer)])
}
