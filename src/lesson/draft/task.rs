//! A task as it is being written: what is typed stays as it is, right or wrong.

use super::part::Part;
use crate::lesson::{
    Quantity, Show, Texts,
    written::{inline, lines, plain},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// The kind of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftKind {
    /// A number is typed.
    #[default]
    Number,
    /// An option is chosen.
    Choice,
    /// A place is clicked.
    Click,
    /// Items are put in order.
    Order,
    /// The window is brought to a state.
    Reach,
}

impl DraftKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Number, Self::Choice, Self::Click, Self::Order, Self::Reach];

    /// The name of its block.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Choice => "choice",
            Self::Click => "click",
            Self::Order => "order",
            Self::Reach => "reach",
        }
    }
}

/// A foreseen wrong answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DraftWrong {
    /// The answer: a number, the number of an option, or a name.
    pub answer: String,
    /// What it forgot.
    pub says: Texts,
}

/// A task that is being written. Fields of other kinds stay while the kind changes, and are not written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DraftTask {
    /// The kind.
    pub kind: DraftKind,
    /// The question.
    pub ask: Texts,
    /// The hints, shown one by one.
    pub hints: Vec<Texts>,
    /// Why the right answer is right.
    pub because: Option<Texts>,
    /// Foreseen wrong answers.
    pub wrong: Vec<DraftWrong>,
    /// The number of the window that is asked for; `None`: [`DraftTask::answer`].
    pub of: Option<Quantity>,
    /// The right number.
    pub answer: String,
    /// How far from it an answer may be.
    pub tolerance: String,
    /// The options.
    pub options: Vec<Texts>,
    /// The right one, by its index.
    pub right: usize,
    /// The right places.
    pub cells: Vec<String>,
    /// The items in the right order.
    pub items: Vec<Texts>,
    /// What has to hold.
    pub when: Vec<String>,
    /// A state where it does.
    pub solution: Option<Show>,
}

/// Reads the block of a task; one that cannot be shown in fields stays as it is written.
pub(super) fn read(kind: &str, toml: String) -> Part<DraftTask> {
    let table = toml::from_str::<Value>(&toml).ok();
    let kind_of = || DraftKind::ALL.into_iter().find(|known| known.name() == kind);
    match table.and_then(|table| task(kind_of()?, table)) {
        Some(task) => Part::Read(task),
        None => Part::Raw(kind.to_owned(), toml),
    }
}

fn task(kind: DraftKind, table: Value) -> Option<DraftTask> {
    let Value::Object(mut fields) = table else { return None };
    let mut task = DraftTask { kind, ..DraftTask::default() };
    task.ask = take(&mut fields, "ask")?.unwrap_or_default();
    task.hints = take(&mut fields, "hints")?.unwrap_or_default();
    task.because = take(&mut fields, "because")?;
    let wrong: Vec<Value> = take(&mut fields, "wrong")?.unwrap_or_default();
    task.wrong = wrong.into_iter().map(wrong_of).collect::<Option<_>>()?;
    match kind {
        DraftKind::Number => {
            task.of = take(&mut fields, "of")?;
            task.answer = take_typed(&mut fields, "answer")?;
            task.tolerance = take_typed(&mut fields, "tolerance")?;
            if task.of.is_some() && !task.answer.is_empty() {
                return None;
            }
        }
        DraftKind::Choice => {
            task.options = take(&mut fields, "options")?.unwrap_or_default();
            let number: usize = take(&mut fields, "answer")?.unwrap_or(1);
            task.right = number.checked_sub(1).filter(|at| *at < task.options.len().max(1))?;
        }
        DraftKind::Click => task.cells = take(&mut fields, "cells")?.unwrap_or_default(),
        DraftKind::Order => task.items = take(&mut fields, "items")?.unwrap_or_default(),
        DraftKind::Reach => {
            task.when = take(&mut fields, "when")?.unwrap_or_default();
            task.solution = take(&mut fields, "solution")?;
        }
    }
    fields.is_empty().then_some(task)
}

/// A field; `None` if it is of another type.
#[expect(clippy::option_option, reason = "a missing field and one of another type are two things")]
fn take<T: DeserializeOwned>(fields: &mut Map<String, Value>, name: &str) -> Option<Option<T>> {
    fields
        .remove(name)
        .map(|value| serde_json::from_value(value).ok())
        .map_or(Some(None), |read| read.map(Some))
}

/// A number or a text, as it is typed.
fn take_typed(fields: &mut Map<String, Value>, name: &str) -> Option<String> {
    fields.remove(name).map_or(Some(String::new()), |value| typed(&value))
}

fn typed(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) => Some(inline(value)),
        _ => None,
    }
}

fn wrong_of(value: Value) -> Option<DraftWrong> {
    let Value::Object(mut fields) = value else { return None };
    let answer = typed(&fields.remove("answer")?)?;
    let says = take(&mut fields, "says")?.unwrap_or_default();
    fields.is_empty().then_some(DraftWrong { answer, says })
}

/// A typed number as it is written: a number, or else a text, which the check refuses.
fn number(text: &str) -> Value {
    let plain = text.trim().replace('−', "-").replace(',', ".");
    let number = plain.parse::<f64>().ok().filter(|number| number.is_finite());
    number.map_or_else(|| Value::String(text.to_owned()), Value::from)
}

impl DraftTask {
    /// The lines of its block.
    pub(super) fn lines(&self) -> String {
        let mut text = String::new();
        let mut add = |name: &str, value: &Value| {
            let _ = writeln!(text, "{name} = {}", inline(value));
        };
        add("ask", &plain(&self.ask));
        let is_click = self.kind == DraftKind::Click;
        let mut solution = String::new();
        match self.kind {
            DraftKind::Number => {
                match self.of {
                    Some(of) => add("of", &plain(&of)),
                    None if !self.answer.trim().is_empty() => add("answer", &number(&self.answer)),
                    None => {}
                }
                if !self.tolerance.trim().is_empty() {
                    add("tolerance", &number(&self.tolerance));
                }
            }
            DraftKind::Choice => {
                add("options", &plain(&self.options));
                add("answer", &Value::from(self.right + 1));
            }
            DraftKind::Click => add("cells", &plain(&self.cells)),
            DraftKind::Order => add("items", &plain(&self.items)),
            DraftKind::Reach => {
                add("when", &plain(&self.when));
                if let Some(show) = &self.solution {
                    solution = lines("solution.", show);
                    if solution.is_empty() {
                        add("solution", &Value::Object(Map::new()));
                    }
                }
            }
        }
        if !self.hints.is_empty() {
            add("hints", &plain(&self.hints));
        }
        if let Some(because) = &self.because {
            add("because", &plain(because));
        }
        if !self.wrong.is_empty() {
            let wrong = self.wrong.iter().map(|wrong| {
                let answer =
                    if is_click { Value::String(wrong.answer.clone()) } else { number(&wrong.answer) };
                Value::Object(Map::from_iter([
                    ("answer".to_owned(), answer),
                    ("says".to_owned(), plain(&wrong.says)),
                ]))
            });
            add("wrong", &Value::Array(wrong.collect()));
        }
        text + &solution
    }
}
