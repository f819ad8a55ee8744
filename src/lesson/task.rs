//! Tasks: what is asked, which answers are right, and what a wrong one forgot.

use super::{
    Condition, Quantity, Show, Texts,
    blocks::{BlockError, parse},
};
use crate::text::Sentence;
use serde::Deserialize;

/// A task of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The question.
    pub ask: Texts,
    /// Hints, shown one by one.
    pub hints: Vec<Texts>,
    /// Why the right answer is right.
    pub because: Option<Texts>,
    /// What foreseen wrong answers forgot.
    pub wrong: Vec<Wrong>,
    /// The kind of task, with its right answers.
    pub kind: TaskKind,
}

/// A foreseen wrong answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrong {
    /// The answer.
    pub answer: WrongAnswer,
    /// What it forgot.
    pub says: Texts,
}

/// A foreseen wrong answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged, expecting = "a number, the number of an option, or the name of a place")]
pub enum WrongAnswer {
    /// A number, or the number of an option, from 1.
    Number(f64),
    /// The accessible name of a place.
    Place(String),
}

impl Task {
    /// What a foreseen wrong number, or number of an option, forgot.
    pub fn about_number(&self, given: f64) -> Option<&Texts> {
        let is_it = |wrong: &&Wrong| matches!(wrong.answer, WrongAnswer::Number(number) if is_right(given, number, None));
        self.wrong.iter().find(is_it).map(|wrong| &wrong.says)
    }

    /// What a foreseen wrong place forgot.
    pub fn about_place(&self, is_it: impl Fn(&str) -> bool) -> Option<&Texts> {
        let is_wrong = |wrong: &&Wrong| matches!(&wrong.answer, WrongAnswer::Place(place) if is_it(place));
        self.wrong.iter().find(is_wrong).map(|wrong| &wrong.says)
    }
}

/// The kinds of tasks.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskKind {
    /// A number is typed.
    Number {
        /// The right number.
        answer: Answer,
        /// How far from it an answer may be; `None`: half of a per cent, and nothing for whole numbers.
        tolerance: Option<f64>,
    },
    /// An option is chosen.
    Choice {
        /// The options.
        options: Vec<Texts>,
        /// The index of the right one.
        answer: usize,
    },
    /// A place of the window is clicked.
    Click {
        /// The accessible names of the right places.
        cells: Vec<String>,
    },
    /// Items are put in order.
    Order {
        /// The items in the right order.
        items: Vec<Texts>,
    },
    /// The window is brought to a state.
    Reach {
        /// What has to hold there.
        when: Vec<Condition>,
        /// A state where it does.
        solution: Box<Show>,
    },
}

/// A right number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// One that the lesson says.
    Fixed(f64),
    /// One that the window shows, and hides until it is answered.
    Window(Quantity),
}

/// The block of a task of any kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskBlock {
    ask: Texts,
    #[serde(default)]
    hints: Vec<Texts>,
    because: Option<Texts>,
    #[serde(default)]
    wrong: Vec<Wrong>,
    of: Option<Quantity>,
    answer: Option<f64>,
    tolerance: Option<f64>,
    options: Option<Vec<Texts>>,
    cells: Option<Vec<String>>,
    items: Option<Vec<Texts>>,
    when: Option<Vec<Condition>>,
    solution: Option<Box<Show>>,
}

impl TaskBlock {
    /// The fields that are there and that a task of this kind does not have.
    fn foreign(&self, kind: &str) -> Option<&'static str> {
        let fields = [
            ("of", self.of.is_some(), &["number"][..]),
            ("answer", self.answer.is_some(), &["number", "choice"]),
            ("tolerance", self.tolerance.is_some(), &["number"]),
            ("options", self.options.is_some(), &["choice"]),
            ("cells", self.cells.is_some(), &["click"]),
            ("items", self.items.is_some(), &["order"]),
            ("when", self.when.is_some(), &["reach"]),
            ("solution", self.solution.is_some(), &["reach"]),
        ];
        fields.iter().find(|(_, is_there, kinds)| *is_there && !kinds.contains(&kind)).map(|(name, ..)| *name)
    }

    fn kind(&mut self, kind: &str) -> Result<TaskKind, Sentence> {
        if let Some(field) = self.foreign(kind) {
            return Err(Sentence::new("a task of the kind {kind} has no `{field}`")
                .with("kind", kind)
                .with("field", field));
        }
        match kind {
            "number" => self.number(),
            "choice" => self.choice(),
            "click" => match self.cells.take() {
                Some(cells) if !cells.is_empty() => Ok(TaskKind::Click { cells }),
                _ => Err(Sentence::new("`cells` must name at least one place")),
            },
            "order" => match self.items.take() {
                Some(items) if items.len() > 1 => Ok(TaskKind::Order { items }),
                _ => Err(Sentence::new("`items` must have at least two")),
            },
            _ => match (self.when.take(), self.solution.take()) {
                (Some(when), Some(solution)) if !when.is_empty() => Ok(TaskKind::Reach { when, solution }),
                (_, None) => Err(Sentence::new("a task to reach a state has a `solution`")),
                _ => Err(Sentence::new("`when` must have at least one condition")),
            },
        }
    }

    fn number(&self) -> Result<TaskKind, Sentence> {
        let answer = match (self.of, self.answer) {
            (Some(of), None) if of.can_be_hidden() => Answer::Window(of),
            (Some(of), None) => {
                let sentence =
                    Sentence::new("the window cannot hide {quantity}: write its value as `answer`");
                return Err(sentence.with("quantity", of.name()));
            }
            (None, Some(answer)) if answer.is_finite() => Answer::Fixed(answer),
            _ => return Err(Sentence::new("a number has either `of`, a number of the window, or `answer`")),
        };
        Ok(TaskKind::Number { answer, tolerance: self.tolerance.map(f64::abs) })
    }

    fn choice(&mut self) -> Result<TaskKind, Sentence> {
        let options = self.options.take().unwrap_or_default();
        let number = self.answer.unwrap_or(0.0);
        let index = (0..options.len()).find(|index| (*index + 1) as f64 == number);
        match index {
            Some(answer) if options.len() > 1 => Ok(TaskKind::Choice { options, answer }),
            _ => {
                let sentence = Sentence::new(
                    "`answer` is {number}, but must be the number of one of at least two options, from 1 to {last}",
                );
                Err(sentence.with("number", number).with("last", options.len()))
            }
        }
    }
}

/// The names of the blocks that hold tasks.
pub const KINDS: [&str; 5] = ["number", "choice", "click", "order", "reach"];

/// Reads the block of a task of this kind.
pub(super) fn read(kind: &str, toml: &str) -> Result<Task, BlockError> {
    let mut block: TaskBlock = parse(toml)?;
    let kind = block.kind(kind).map_err(|sentence| BlockError::sentence(sentence.to_string()))?;
    let TaskBlock { ask, hints, because, wrong, .. } = block;
    Ok(Task { ask, hints, because, wrong, kind })
}

/// Whether `given` is the right number.
pub fn is_right(given: f64, right: f64, tolerance: Option<f64>) -> bool {
    let is_whole = right == right.round();
    let tolerance = tolerance.unwrap_or(if is_whole { 1e-6 } else { (0.005 * right.abs()).max(0.005) });
    (given - right).abs() <= tolerance * (1.0 + 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_exact_as_they_are_written() {
        assert!(is_right(12.0, 12.0, None) && !is_right(12.1, 12.0, None));
        assert!(is_right(2.3, 2.297, None) && !is_right(2.2, 2.297, None));
        assert!(is_right(0.56, 0.555_6, None) && !is_right(0.57, 0.555_6, None));
        assert!(is_right(9.0, 10.0, Some(1.0)) && !is_right(8.9, 10.0, Some(1.0)));
    }

    #[test]
    fn tasks_that_make_no_sense_are_refused() {
        for (kind, toml) in [
            ("number", "ask = \"?\""),
            ("number", "ask = \"?\"\nof = \"conv.stride\""),
            ("number", "ask = \"?\"\nof = \"conv.output\"\nanswer = 3"),
            ("number", "ask = \"?\"\nanswer = nan"),
            ("choice", "ask = \"?\"\noptions = [\"a\", \"b\"]\nanswer = 0"),
            ("choice", "ask = \"?\"\noptions = [\"a\", \"b\"]\nanswer = 3"),
            ("choice", "ask = \"?\"\noptions = [\"a\"]\nanswer = 1"),
            ("click", "ask = \"?\"\ncells = []"),
            ("order", "ask = \"?\"\nitems = [\"a\"]"),
            ("reach", "ask = \"?\"\nwhen = []\nsolution = {}"),
            ("reach", "ask = \"?\"\nwhen = [\"conv.stride = 2\"]"),
            ("number", "ask = \"?\"\nanswer = 3\ncells = [\"a\"]"),
            ("number", "ask = \"?\"\nanswer = 3\nhint = \"h\""),
        ] {
            assert!(read(kind, toml).is_err(), "{kind}: {toml}");
        }
    }
}
