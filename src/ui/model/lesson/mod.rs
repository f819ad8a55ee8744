//! The lesson that is open, what was answered, and what is kept of it.

pub mod hand_in;
pub mod record;
pub mod stand;
pub mod written;

use self::{record::TaskRecord, stand::Stand};
use super::{convolution::ConvolutionSetup, pooling::PoolingSetup, tolerant::or_default};
pub use crate::lesson::LessonAnswer;
use crate::lesson::{Lesson, Quantity, Show, Step, TaskKind, show::ShowView, task::Answer};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What is done in a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LessonAct {
    /// Opens a shipped lesson, by its id, where it was left.
    Open(String),
    /// Shows a step, by its index.
    GoTo(usize),
    /// The next step, if the task of this one is solved.
    Next,
    /// The step before.
    Back,
    /// Answers the task.
    Answer(LessonAnswer),
    /// Shows the next hint.
    Hint,
    /// Shows the solution.
    Solve,
    /// Dims the window around the places that are spoken of, or does not.
    Spotlight(bool),
    /// Shows the state of the step again.
    Restore,
    /// Closes the lesson: what was there before comes back.
    Leave,
    /// Forgets the progress of a lesson, by its id.
    StartOver(String),
    /// After leaving: shows the state of the lesson instead.
    Keep,
    /// Asks where to save the work on a lesson, by its id.
    HandIn(String),
    /// Remembers the name that a hand-in is signed with.
    Sign(String),
}

/// What came of the last answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// Whether it was right.
    pub is_right: bool,
    /// What is said about it.
    pub text: String,
    /// The accessible names of the places where something was forgotten.
    pub places: Vec<String>,
}

/// A task as far as it was worked on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Work {
    /// How often an answer was given.
    pub tries: u32,
    /// How many hints are shown.
    pub hints: usize,
    /// What came of the last answer.
    pub reply: Option<Reply>,
    /// How many hints were shown when it was given.
    pub hints_at_reply: usize,
    /// Whether the right answer was given.
    pub is_solved: bool,
    /// Whether the solution was shown.
    pub is_shown: bool,
    /// Whether it was a teacher who revealed it, while presenting.
    pub is_revealed: bool,
    /// The option that was chosen last.
    pub chosen: Option<usize>,
    /// All answers, and what shows that it is solved.
    pub record: TaskRecord,
}

impl Work {
    /// Whether the next step is open.
    pub fn is_done(&self) -> bool {
        self.is_solved || self.is_shown
    }
}

/// The lesson that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenLesson {
    /// The lesson.
    pub lesson: Arc<Lesson>,
    /// The index of the step.
    pub at: usize,
    /// The work on each step.
    pub work: Vec<Work>,
    /// Whether the window is dimmed around the places that are spoken of.
    pub has_spotlight: bool,
    /// Another number whenever a step is entered.
    pub entered: u64,
    /// Whether it is a preview of one that is being recorded, of which nothing is kept.
    pub is_preview: bool,
    /// What the step showed when it was entered.
    pub home: Home,
}

/// What a step showed when it was entered. Its question is about this, whatever a person looks at meanwhile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Home {
    /// The position of the animation; `None` until there is one.
    pub position: Option<usize>,
    /// The number that is asked for; `None` until it is computed.
    pub value: Option<f64>,
    /// The settings of Convolution.
    pub convolution: Option<Box<ConvolutionSetup>>,
    /// The settings of Pooling.
    pub pooling: Option<Box<PoolingSetup>>,
    /// The image and the network that the number depends on.
    pub stand: Option<Box<Stand>>,
}

/// A number of the window that is hidden, since a lesson asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenNumber {
    /// The number.
    pub quantity: Quantity,
    /// The position that it belongs to; `None` is wherever the animation stands.
    pub position: Option<usize>,
    /// Whether it is asked for now; else a later step on the same state asks for it.
    pub is_asked: bool,
}

impl OpenLesson {
    /// A lesson where it was left.
    pub fn new(lesson: Arc<Lesson>, progress: Option<&LessonProgress>) -> Self {
        let mut work = vec![Work::default(); lesson.steps.len()];
        for (i, work) in work.iter_mut().enumerate() {
            let Some(progress) = progress else { continue };
            work.is_solved = progress.solved.contains(&i);
            work.is_revealed = progress.revealed.contains(&i);
            work.is_shown = work.is_revealed || progress.shown.contains(&i);
            work.record = progress.records.get(&i).cloned().unwrap_or_default();
        }
        let last = lesson.steps.len().saturating_sub(1);
        let at = progress.map_or(0, |progress| progress.at.min(last));
        Self { lesson, at, work, has_spotlight: true, entered: 0, home: Home::default(), is_preview: false }
    }

    /// The step that is shown.
    pub fn step(&self) -> Option<&Step> {
        self.lesson.steps.get(self.at)
    }

    /// The work on it.
    pub fn work(&self) -> Option<&Work> {
        self.work.get(self.at)
    }

    /// Whether the next step is open.
    pub fn is_open(&self, step: usize) -> bool {
        self.lesson
            .steps
            .iter()
            .zip(&self.work)
            .take(step)
            .all(|(step, work)| step.task.is_none() || work.is_done())
    }

    /// Whether its last step is shown and all tasks are done.
    pub fn is_done(&self) -> bool {
        let count = self.lesson.steps.len();
        self.at + 1 >= count && self.is_open(count)
    }

    /// The state that a step shows, which may be that of a step before it.
    pub fn shown(&self, step: usize) -> Option<&Show> {
        let steps = self.lesson.steps.get(..=step).unwrap_or_default();
        steps.iter().rev().find_map(|step| step.show.as_ref())
    }

    /// The view of the step that is shown.
    pub fn view(&self) -> Option<ShowView> {
        let steps = self.lesson.steps.get(..=self.at).unwrap_or_default();
        steps.iter().rev().find_map(|step| step.show.as_ref()?.view)
    }

    /// Whether the step has to do with training: its state or its solution has some, or its view is *Train* or *Network*.
    pub fn has_training(&self) -> bool {
        let solution = self.step().and_then(|step| match &step.task.as_ref()?.kind {
            TaskKind::Reach { solution, .. } => Some(&**solution),
            _ => None,
        });
        matches!(self.view(), Some(ShowView::Train | ShowView::Network))
            || self.shown(self.at).into_iter().chain(solution).any(|shown| shown.train.is_some())
    }

    /// The number that the window hides, since it is asked for.
    pub fn asked(&self) -> Option<Quantity> {
        self.asked_in(self.at)
    }

    fn asked_in(&self, step: usize) -> Option<Quantity> {
        let task = self.lesson.steps.get(step)?.task.as_ref()?;
        match task.kind {
            TaskKind::Number { answer: Answer::Window(quantity), .. } if !self.work.get(step)?.is_done() => {
                Some(quantity)
            }
            _ => None,
        }
    }

    /// Whether the step asks for a click in the view.
    pub fn asks_click(&self) -> bool {
        let task = self.step().and_then(|step| step.task.as_ref());
        task.is_some_and(|task| matches!(task.kind, TaskKind::Click { .. }))
            && self.work().is_some_and(|work| !work.is_done())
    }

    /// Whether the task of the step is a list to be put in order.
    pub fn asks_order(&self) -> bool {
        let task = self.step().and_then(|step| step.task.as_ref());
        task.is_some_and(|task| matches!(task.kind, TaskKind::Order { .. }))
    }

    /// The numbers that the window hides: what is asked for, and what later steps on the same state ask for.
    pub fn hidden(&self) -> Vec<HiddenNumber> {
        let mut hidden = Vec::new();
        if let Some(quantity) = self.asked() {
            hidden.push(HiddenNumber { quantity, position: self.home.position, is_asked: true });
        }
        let here = self.shown(self.at).map(without_position);
        for step in self.at + 1..self.lesson.steps.len() {
            let (Some(quantity), Some(shown)) = (self.asked_in(step), self.shown(step)) else { continue };
            if here.as_ref() == Some(&without_position(shown)) {
                hidden.push(HiddenNumber { quantity, position: position_of(shown), is_asked: false });
            }
        }
        hidden
    }

    /// Whether the numbers of the step, or the place where they are looked at, are others than when it was entered, while
    /// its question is about what it showed then.
    pub fn has_moved(&self, position: usize, convolution: &ConvolutionSetup, pooling: &PoolingSetup) -> bool {
        let task = self.step().and_then(|step| step.task.as_ref()).map(|task| &task.kind);
        let is_about_it =
            matches!(task, Some(TaskKind::Number { answer: Answer::Window(_), .. } | TaskKind::Click { .. }));
        if !is_about_it || self.work().is_none_or(Work::is_done) {
            return false;
        }
        let Home { position: home, convolution: numbers, pooling: windows, .. } = &self.home;
        home.is_some_and(|home| home != position)
            || numbers.as_deref().is_some_and(|numbers| numbers != convolution)
            || windows.as_deref().is_some_and(|windows| windows != pooling)
    }

    /// The work on its tasks; states that are too large all together are left out.
    fn records(&self) -> BTreeMap<usize, TaskRecord> {
        let all = self.work.iter().enumerate().filter(|(_, work)| !work.record.is_empty());
        let mut left = MAX_BYTES;
        all.map(|(i, work)| {
            let mut record = work.record.clone();
            match left.checked_sub(record.bytes()) {
                Some(rest) => left = rest,
                None => record.cut(),
            }
            (i, record)
        })
        .collect()
    }

    /// What is kept of it.
    pub fn progress(&self) -> LessonProgress {
        let all = |is_it: fn(&Work) -> bool| -> BTreeSet<usize> {
            self.work.iter().enumerate().filter(|(_, work)| is_it(work)).map(|(i, _)| i).collect()
        };
        LessonProgress {
            at: self.at,
            solved: all(|work| work.is_solved),
            shown: all(|work| work.is_shown && !work.is_revealed),
            revealed: all(|work| work.is_revealed),
            records: self.records(),
            checksum: self.lesson.checksum.clone(),
        }
    }
}

/// The most bytes of all that shows that the tasks of a lesson are solved, as JSON.
const MAX_BYTES: usize = 1 << 20;

/// The position that a state names.
pub fn position_of(shown: &Show) -> Option<usize> {
    match shown.view {
        Some(ShowView::Convolution) => shown.convolution.as_ref()?.output,
        Some(ShowView::Pooling) => shown.pooling.as_ref()?.window,
        _ => None,
    }
}

/// A state without what only chooses where it is looked at.
fn without_position(shown: &Show) -> Show {
    let mut shown = shown.clone();
    shown.also.clear();
    if let Some(convolution) = &mut shown.convolution {
        (convolution.output, convolution.whole, convolution.channel) = (None, None, None);
    }
    if let Some(pooling) = &mut shown.pooling {
        pooling.window = None;
    }
    shown
}

/// What is kept of a lesson between two starts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LessonProgress {
    /// The step that was shown last, by its index.
    pub at: usize,
    /// The steps whose tasks are solved.
    pub solved: BTreeSet<usize>,
    /// Those whose solution was shown.
    pub shown: BTreeSet<usize>,
    /// Those that a teacher revealed while presenting.
    pub revealed: BTreeSet<usize>,
    /// The work on each task, by its step.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub records: BTreeMap<usize, TaskRecord>,
    /// The checksum of the lesson that it is of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub checksum: String,
}

impl LessonProgress {
    /// Whether the task of a step is done, in any way.
    pub fn is_done(&self, step: usize) -> bool {
        [&self.solved, &self.shown, &self.revealed].iter().any(|steps| steps.contains(&step))
    }
}
