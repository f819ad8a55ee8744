//! Marking hand-ins: every claim is made again, in a window that no one sees.
//!
//! Answers are judged by the lesson's rules, states are put back and their numbers read as the window reads them, runs are
//! trained again. Nothing is written, and nothing is taken on trust that can be computed.

mod claim;
mod stage;

use self::{claim::Found, stage::Stage};
use crate::{
    data::DataSet,
    lesson::{Lesson, LessonAnswer, MarkedTask, Marking, Step, Task, TaskKind, Texts, Verdict, task::Answer},
    text::{Sentence, fill, shown_name, tr},
    ui::model::lesson::{
        hand_in::{HandIn, HandInTask},
        record::TaskRecord,
        stand::Evidence,
        written::{typed, written},
    },
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Marks a hand-in, given as the bytes of its file. `data` is what runs are trained on that were not trained on the embedded
/// MNIST. What is wrong with the file is one sentence.
pub fn mark(bytes: &[u8], lessons: &[Lesson], data: Option<&DataSet>) -> Result<Marking, Sentence> {
    catch_unwind(AssertUnwindSafe(|| marked(bytes, lessons, data)))
        .unwrap_or_else(|_| Err(Sentence::new("it could not be marked: please report it")))
}

fn marked(bytes: &[u8], lessons: &[Lesson], data: Option<&DataSet>) -> Result<Marking, Sentence> {
    let hand_in = HandIn::read(bytes)?;
    let wanted = &hand_in.lesson;
    let mut of_id = lessons.iter().filter(|lesson| lesson.id == wanted.id).peekable();
    if of_id.peek().is_none() {
        let sentence = Sentence::new("it is of the lesson “{id}”, which is not among the lessons here");
        return Err(sentence.with("id", &wanted.id));
    }
    let Some(lesson) = of_id.find(|lesson| lesson.checksum == wanted.checksum) else {
        let sentence = Sentence::new(
            "it is of another version of the lesson “{id}” than the one here (checksum {was}, not {is})",
        );
        let is = lessons.iter().find(|lesson| lesson.id == wanted.id).map(|lesson| lesson.checksum.as_str());
        return Err(sentence
            .with("id", &wanted.id)
            .with("was", &wanted.checksum)
            .with("is", is.unwrap_or_default()));
    };
    let mut stage = Stage::new(data);
    let asking = lesson.steps.iter().enumerate().filter_map(|(i, step)| Some((i, step, step.task.as_ref()?)));
    let tasks = asking.map(|(i, step, task)| {
        let claim = hand_in.tasks.iter().find(|claim| claim.step == i + 1);
        mark_task(&mut stage, lesson, (i, step, task), claim)
    });
    let tasks = tasks.collect();
    let (lesson, title) = (lesson.id.clone(), lesson.title.shown().to_owned());
    Ok(Marking { name: hand_in.name, lesson, title, tasks })
}

fn mark_task(
    stage: &mut Stage<'_>,
    lesson: &Lesson,
    (i, step, task): (usize, &Step, &Task),
    claim: Option<&HandInTask>,
) -> MarkedTask {
    let nothing = TaskRecord::default();
    let work = claim.map_or(&nothing, |claim| &claim.work);
    let mut marked = MarkedTask {
        step: i + 1,
        title: step.shown().0.to_owned(),
        verdict: Verdict::NotSolved,
        claimed: String::new(),
        computed: String::new(),
        note: None,
        tries: work.count,
        hints: work.hints,
    };
    let Some(claim) = claim else { return marked };
    if !claim.is_solved {
        marked.verdict = match (claim.is_revealed, claim.is_shown) {
            (true, _) => Verdict::Revealed,
            (false, true) => Verdict::Shown,
            (false, false) => Verdict::NotSolved,
        };
        return marked;
    }
    let Some(evidence) = work.evidence.as_ref().map(|evidence| &*evidence.0) else {
        marked.verdict = Verdict::NotChecked;
        marked.note = Some(Sentence::new("no answer and no state is kept of it"));
        return marked;
    };
    let found = match &task.kind {
        TaskKind::Reach { when, .. } => claim::of_state(stage, when, evidence),
        _ => of_answer(stage, lesson, (i, task), evidence, &mut marked),
    };
    match found {
        Ok(Found::AsClaimed { is_exact }) => {
            marked.verdict = Verdict::Solved;
            if !is_exact {
                marked.note = Some(Sentence::new("trained again, within the tolerance between machines"));
            }
        }
        Ok(Found::Other { claimed, computed }) => {
            (marked.verdict, marked.claimed, marked.computed) = (Verdict::DoesNotComeOut, claimed, computed);
        }
        Err(reason) => (marked.verdict, marked.note) = (Verdict::NotChecked, Some(reason)),
    }
    marked
}

/// Judges an answer by the rules of the lesson.
fn of_answer(
    stage: &mut Stage<'_>,
    lesson: &Lesson,
    (i, task): (usize, &Task),
    evidence: &Evidence,
    marked: &mut MarkedTask,
) -> Result<Found, Sentence> {
    let Some(given) = &evidence.answer else {
        return Err(Sentence::new("no answer is kept of it"));
    };
    marked.claimed = said(task, given);
    let right = match &task.kind {
        TaskKind::Number { answer: Answer::Fixed(value), .. } => Some(*value),
        TaskKind::Number { answer: Answer::Window(_), .. } => {
            Some(stage.asked(lesson, i, evidence.stand.as_ref())?)
        }
        _ => None,
    };
    if task.kind.takes(given, right) == Some(true) {
        return Ok(Found::AsClaimed { is_exact: true });
    }
    let computed = match (&task.kind, right) {
        (TaskKind::Number { answer: Answer::Window(quantity), .. }, Some(right)) => written(*quantity, right),
        (_, Some(right)) => typed(right),
        (TaskKind::Choice { options, answer }, _) => {
            options.get(*answer).map(|option| option.shown().to_owned()).unwrap_or_default()
        }
        (TaskKind::Click { cells }, _) => cells.first().map(|cell| shown_name(cell)).unwrap_or_default(),
        (TaskKind::Order { items }, _) => items.iter().map(Texts::shown).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    };
    Ok(Found::Other { claimed: said(task, given), computed })
}

/// The most characters of a claimed answer that are repeated.
const MAX_CHARS: usize = 200;

/// An answer in words.
fn said(task: &Task, given: &LessonAnswer) -> String {
    let text = match (given, &task.kind) {
        (LessonAnswer::Number(number), _) => typed(*number),
        (LessonAnswer::NoNumber(text), _) => text.clone(),
        (LessonAnswer::Choice(option), TaskKind::Choice { options, .. }) => match options.get(*option) {
            Some(option) => option.shown().to_owned(),
            None => said_option(*option),
        },
        (LessonAnswer::Choice(option), _) => said_option(*option),
        (LessonAnswer::Click(name), _) => shown_name(name),
        (LessonAnswer::Order(order), kind) => {
            let items: &[_] = if let TaskKind::Order { items } = kind { items } else { &[] };
            let name = |item: &usize| items.get(*item).map_or("?", |item| item.shown());
            order.iter().take(MAX_CHARS).map(name).collect::<Vec<_>>().join(", ")
        }
    };
    text.chars().take(MAX_CHARS).collect()
}

fn said_option(option: usize) -> String {
    fill(tr("option {number}"), &[("number", &option.saturating_add(1).to_string())])
}
