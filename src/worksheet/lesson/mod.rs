//! The sheet of a lesson: what it asks, as far as it can be answered on paper.

pub(super) mod asked;
mod convolution;
mod figure;
mod pooling;

pub use asked::{LessonExercise, PaperAnswer};
pub use figure::{LessonFigure, Map, MapKind};

use super::{
    error::WorksheetError,
    sheet::{Exercise, Sheet, Title},
    shown::number,
};
use crate::{
    lesson::{Block, Lesson, Quantity, Show, SpanKind, Step, Task, TaskKind, show::ShowView, task::Answer},
    text::Language,
};
use figure::Paper;

/// The sheet of a lesson. Fails if nothing that it asks can be answered on paper.
pub fn lesson_sheet(lesson: &Lesson, language: Language) -> Result<Sheet, WorksheetError> {
    let mut shown: Option<&Show> = None;
    let mut exercises = Vec::new();
    for (at, step) in lesson.steps.iter().enumerate() {
        shown = step.show.as_ref().or(shown);
        let paper = shown.and_then(on_paper);
        let asked = step.task.as_ref().and_then(|task| question(at, step, task, paper.as_ref(), language));
        exercises.extend(asked.map(|one| Exercise::Lesson(Box::new(one))));
    }
    let title = lesson.title.get(language).to_owned();
    if exercises.is_empty() {
        return Err(WorksheetError::NothingAsked(title));
    }
    let title = Title::Lesson { number: lesson.number, title };
    Ok(Sheet { title, number: 1, count: 1, seed: None, exercises })
}

fn on_paper(show: &Show) -> Option<Paper> {
    match show.view? {
        ShowView::Convolution => convolution::of(show.convolution.as_ref()),
        ShowView::Pooling => pooling::of(show.pooling.as_ref()?),
        _ => None,
    }
}

fn question(
    at: usize,
    step: &Step,
    task: &Task,
    paper: Option<&Paper>,
    language: Language,
) -> Option<LessonExercise> {
    let value = |quantity: Quantity| paper.and_then(|paper| paper.value(quantity));
    let (answer, asked) = match &task.kind {
        TaskKind::Number { answer: Answer::Fixed(right), .. } => {
            (PaperAnswer::Number(number(*right as f32)), None)
        }
        TaskKind::Number { answer: Answer::Window(quantity), .. } => {
            (PaperAnswer::Number(value(*quantity)?), Some(*quantity))
        }
        TaskKind::Choice { options, answer } => {
            let options = options.iter().map(|option| option.get(language).to_owned()).collect();
            (PaperAnswer::Choice { options, right: *answer }, None)
        }
        TaskKind::Click { .. } | TaskKind::Order { .. } | TaskKind::Reach { .. } => return None,
    };
    let (title, prose) = step.in_language(language);
    let text = prose.blocks.iter().filter_map(|block| words(block, value)).collect();
    let figure = paper.and_then(|paper| paper.figure(asked));
    let ask = task.ask.get(language).to_owned();
    Some(LessonExercise { step: at + 1, title: title.to_owned(), text, ask, figure, answer })
}

/// A paragraph as plain text; `None` if it has a number that only the window knows.
fn words(block: &Block, value: impl Fn(Quantity) -> Option<String>) -> Option<String> {
    let mut text = if block.is_item { "• ".to_owned() } else { String::new() };
    for span in &block.spans {
        match span.kind {
            SpanKind::Number(quantity) => text.push_str(&value(quantity)?),
            _ => text.push_str(&span.text),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::shipped;

    fn of(number: u32) -> Vec<LessonExercise> {
        let lesson = shipped().iter().find(|lesson| lesson.number == number).unwrap();
        let sheet = lesson_sheet(lesson, Language::ENGLISH).unwrap();
        let own = |exercise| match exercise {
            Exercise::Lesson(one) => *one,
            other => panic!("{other:?}"),
        };
        sheet.exercises.into_iter().map(own).collect()
    }

    #[test]
    fn every_lesson_has_a_sheet() {
        for lesson in shipped() {
            let sheet = lesson_sheet(lesson, Language::ENGLISH).unwrap();
            assert!(!sheet.exercises.is_empty(), "{}", lesson.id);
        }
    }

    #[test]
    fn numbers_of_the_window_are_those_of_the_core() {
        let asked = of(3);
        let answer = |part: &str| {
            let one = asked.iter().find(|one| one.ask.contains(part)).unwrap_or_else(|| panic!("{part}"));
            one.answer.clone()
        };
        assert_eq!(answer("rows does the output have now"), PaperAnswer::Number("5".into()));
        assert_eq!(answer("output in the corner"), PaperAnswer::Number("3".into()));
        assert_eq!(answer("How many rows come out now"), PaperAnswer::Number("14".into()));
        assert!(asked.iter().any(|one| one.text.iter().any(|text| text.contains("The padding is 1 now"))));
        // The output that is asked for is not on the page.
        let corner = asked.iter().find(|one| one.ask.contains("in the corner")).unwrap();
        let output = corner.figure.as_ref().unwrap().maps.last().unwrap();
        assert_eq!(output.cells[4], None);
    }

    #[test]
    fn pooling_lessons_have_their_grids() {
        assert!(of(7).iter().any(|one| one.figure.is_some()));
    }
}
