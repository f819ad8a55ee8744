//! Answers to tasks, and whether they are right.

use super::{TaskKind, task::is_right};
use crate::text::shown_name;
use serde::{Deserialize, Serialize};

/// An answer to a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LessonAnswer {
    /// A number.
    Number(f64),
    /// What was typed instead of a number.
    NoNumber(String),
    /// An option, by its index.
    Choice(usize),
    /// The place of this accessible name was clicked.
    Click(String),
    /// The items, each by its index in the right order.
    Order(Vec<usize>),
}

impl TaskKind {
    /// Whether an answer is right; `None` if it is not one to this task. `right` is the number that is asked for.
    pub fn takes(&self, given: &LessonAnswer, right: Option<f64>) -> Option<bool> {
        match (self, given) {
            (Self::Number { tolerance, .. }, LessonAnswer::Number(given)) => {
                Some(is_right(*given, right?, *tolerance))
            }
            (Self::Number { .. }, LessonAnswer::NoNumber(_)) => Some(false),
            (Self::Choice { options, answer }, LessonAnswer::Choice(option)) => {
                (*option < options.len()).then_some(option == answer)
            }
            (Self::Click { cells }, LessonAnswer::Click(name)) => Some(place_of(cells, name).is_some()),
            (Self::Order { items }, LessonAnswer::Order(order)) => (order.len() == items.len())
                .then(|| order.iter().enumerate().all(|(place, item)| place == *item)),
            _ => None,
        }
    }

    /// The answer without the language of the window: a right place has the name that the lesson gives it.
    #[must_use]
    pub fn in_words_of_lesson(&self, given: &LessonAnswer) -> LessonAnswer {
        match (self, given) {
            (Self::Click { cells }, LessonAnswer::Click(name)) => {
                LessonAnswer::Click(place_of(cells, name).unwrap_or(name).to_owned())
            }
            (_, given) => given.clone(),
        }
    }
}

/// The right place of this name, be it in English or in the language of the window.
fn place_of<'a>(cells: &'a [String], name: &str) -> Option<&'a str> {
    cells.iter().find(|cell| *cell == name || shown_name(cell) == name).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::{Texts, task::Answer};

    #[test]
    fn answers_are_judged_by_the_kind_of_task() {
        let number = TaskKind::Number { answer: Answer::Fixed(12.0), tolerance: None };
        assert_eq!(number.takes(&LessonAnswer::Number(12.0), Some(12.0)), Some(true));
        assert_eq!(number.takes(&LessonAnswer::Number(11.0), Some(12.0)), Some(false));
        assert_eq!(number.takes(&LessonAnswer::Number(12.0), None), None);
        assert_eq!(number.takes(&LessonAnswer::NoNumber("x".into()), None), Some(false));
        assert_eq!(number.takes(&LessonAnswer::Choice(0), Some(12.0)), None);
        let options = vec![Texts::english("a"), Texts::english("b")];
        let choice = TaskKind::Choice { options: options.clone(), answer: 1 };
        assert_eq!(choice.takes(&LessonAnswer::Choice(1), None), Some(true));
        assert_eq!(choice.takes(&LessonAnswer::Choice(2), None), None);
        let click = TaskKind::Click { cells: vec!["input 0, 4".into()] };
        assert_eq!(click.takes(&LessonAnswer::Click("input 0, 4".into()), None), Some(true));
        assert_eq!(click.takes(&LessonAnswer::Click("input 0, 3".into()), None), Some(false));
        let order = TaskKind::Order { items: options };
        assert_eq!(order.takes(&LessonAnswer::Order(vec![0, 1]), None), Some(true));
        assert_eq!(order.takes(&LessonAnswer::Order(vec![1, 0]), None), Some(false));
        assert_eq!(order.takes(&LessonAnswer::Order(vec![0]), None), None);
    }
}
