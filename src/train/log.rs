//! What a run was told, in order: with it, the run can be trained again, bit by bit.

use super::{config::TrainConfig, hand::FilterEdit, live::LiveChange};
use serde::{Deserialize, Serialize};

/// The most notes of a run.
const MAX_NOTES: usize = 512;

/// The most painted numbers in them.
const MAX_VALUES: usize = 1 << 15;

/// What a run began with, and what it was told on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunLog {
    /// The settings that it began with.
    pub config: TrainConfig,
    /// What it was told, in order.
    pub notes: Vec<RunNote>,
    /// Whether nothing is missing: the run began at step 0, and no note is left out.
    pub is_whole: bool,
}

/// Something that a run was told, or that happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunNote {
    /// The last step before it.
    pub step: u64,
    /// What it was.
    pub event: RunEvent,
}

/// What a run can be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunEvent {
    /// Another setting.
    Change(LiveChange),
    /// Filters were painted, frozen or released.
    Filters(Vec<FilterEdit>),
    /// The next step could not be made.
    Failed,
    /// It went back to its last good step.
    Rewound,
}

impl RunLog {
    /// Of a run that begins with these settings.
    pub fn new(config: TrainConfig) -> Self {
        Self { config, notes: Vec::new(), is_whole: true }
    }

    /// Of a run whose beginning is not known.
    pub fn lost(config: TrainConfig) -> Self {
        Self { config, notes: Vec::new(), is_whole: false }
    }

    /// Notes what happened after a step. A setting that is changed again before the next step is one change.
    pub(super) fn note(&mut self, step: u64, event: RunEvent) {
        if !self.is_whole {
            return;
        }
        if let Some(last) = self.notes.last_mut().filter(|last| last.step == step) {
            match (&mut last.event, &event) {
                (RunEvent::Change(old), RunEvent::Change(new)) if is_same_setting(*old, *new) => {
                    *old = *new;
                    return;
                }
                (RunEvent::Filters(old), RunEvent::Filters(new)) => {
                    add_edits(old, new);
                    self.bound();
                    return;
                }
                (RunEvent::Failed, RunEvent::Failed) => return,
                _ => {}
            }
        }
        self.notes.push(RunNote { step, event });
        self.bound();
    }

    fn bound(&mut self) {
        let values = self.notes.iter().map(|note| match &note.event {
            RunEvent::Filters(edits) => {
                edits.iter().map(|edit| 1 + edit.values.as_ref().map_or(0, Vec::len)).sum()
            }
            _ => 0,
        });
        if self.notes.len() > MAX_NOTES || values.sum::<usize>() > MAX_VALUES {
            self.is_whole = false;
            self.notes = Vec::new();
        }
    }
}

fn is_same_setting(a: LiveChange, b: LiveChange) -> bool {
    std::mem::discriminant(&a) == std::mem::discriminant(&b)
}

/// A filter that is painted again before the next step is painted once.
fn add_edits(old: &mut Vec<FilterEdit>, new: &[FilterEdit]) {
    for edit in new {
        let is_again = |before: &&mut FilterEdit| {
            before.id == edit.id && before.is_painted && edit.is_painted && edit.values.is_some()
        };
        match old.iter_mut().rev().find(|before| before.id == edit.id).filter(is_again) {
            Some(before) => *before = edit.clone(),
            None => old.push(edit.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{filters::FilterId, presets};

    #[test]
    fn notes_are_bounded_and_settings_that_change_again_are_one() {
        let config = TrainConfig::from_recipe(&presets::lenet5_relu().recipe, 1);
        let mut log = RunLog::new(config);
        for rate in [0.1, 0.2, 0.3] {
            log.note(5, RunEvent::Change(LiveChange::LearningRate(rate)));
        }
        log.note(5, RunEvent::Change(LiveChange::Momentum(0.5)));
        assert_eq!(log.notes.len(), 2);
        let id = FilterId { layer: 0, filter: 1 };
        for value in [1.0, 2.0] {
            let edit = FilterEdit { id, values: Some(vec![value; 26]), is_frozen: false, is_painted: true };
            log.note(6, RunEvent::Filters(vec![edit]));
        }
        assert!(matches!(&log.notes[2].event, RunEvent::Filters(edits) if edits.len() == 1));
        let json = serde_json::to_string(&log).unwrap();
        assert_eq!(serde_json::from_str::<RunLog>(&json).unwrap(), log);
        for step in 0..600 {
            log.note(step, RunEvent::Rewound);
        }
        assert!(!log.is_whole && log.notes.is_empty());
    }
}
