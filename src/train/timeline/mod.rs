//! The moments of a run that are kept while it trains, so that views can go back to them and a run can branch there.
//!
//! Step 0 is kept, then every step, then ever more widely spaced ones: about 25 for each factor of ten. Memory is bounded.

mod moment;
mod stored;

pub use moment::Moment;

use self::moment::{Precision, value_count};
use super::{hand::FilterEvent, live::LiveChange, session::Session, state::SessionState};
use crate::nn::{Network, filters::FilterId, optim::Optimizer};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most bytes of all moments of a run together.
pub const MAX_BYTES: usize = 128 << 20;

/// The most moments of a run.
pub const MAX_MOMENTS: usize = 160;

/// If fewer exact moments than this fit, moments are kept in half precision.
const FEW: usize = 64;

/// A moment is kept when 1 + step has grown by this factor since the last one.
const SPACING: f64 = 1.1;

/// The most changes of settings that are marked.
const MAX_CHANGES: usize = 256;

/// The kept moments of a run, in the order of their steps, and the changes of its settings.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    moments: Vec<Arc<Moment>>,
    changes: Vec<SettingChange>,
    marks: Vec<FilterMark>,
    /// Counts what happened to it.
    revision: u64,
}

/// A setting that was changed during the run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingChange {
    /// The last step with the value before.
    pub step: u64,
    /// The setting and its value.
    pub change: LiveChange,
}

/// A filter that a person has painted, frozen or released during the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterMark {
    /// The last step before.
    pub step: u64,
    /// The filter.
    pub id: FilterId,
    /// What happened to it.
    pub event: FilterEvent,
}

impl Timeline {
    /// The moments in the order of their steps. The first is where the run started.
    pub fn moments(&self) -> &[Arc<Moment>] {
        &self.moments
    }

    /// The changes of settings, in order.
    pub fn changes(&self) -> &[SettingChange] {
        &self.changes
    }

    /// The filters that were painted, frozen or released, in order.
    pub fn marks(&self) -> &[FilterMark] {
        &self.marks
    }

    /// The moment of a step.
    pub fn at(&self, step: u64) -> Option<&Arc<Moment>> {
        let found = self.moments.binary_search_by_key(&step, |moment| moment.step).ok()?;
        self.moments.get(found)
    }

    /// The last moment at or before a step.
    pub fn before(&self, step: u64) -> Option<&Arc<Moment>> {
        self.moments.iter().rev().find(|moment| moment.step <= step)
    }

    /// The memory of all moments, in bytes.
    pub fn bytes(&self) -> usize {
        self.moments.iter().map(|moment| moment.bytes()).sum()
    }

    /// A number that changes with the timeline of one run.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether the moment after this step is to be kept.
    pub(super) fn is_due(&self, step: u64) -> bool {
        let next = |last: u64| ((1 + last) as f64 * SPACING - 1.0).ceil().max(last as f64 + 1.0);
        self.moments.last().is_none_or(|last| step as f64 >= next(last.step))
    }

    /// Keeps the present moment of a session, if it is not there yet, and thins out the others.
    pub(super) fn keep(&mut self, session: &Session) {
        if self.moments.last().is_some_and(|last| last.step >= session.steps()) {
            return;
        }
        let precision = precision(session.network(), session.optimizer());
        self.moments.push(Arc::new(Moment::of(session, precision)));
        self.revision += 1;
        self.thin(MAX_BYTES, MAX_MOMENTS);
    }

    /// Keeps the moment of an earlier state of the run, if it is not there.
    pub(super) fn keep_earlier(&mut self, state: &SessionState) {
        let Err(place) = self.moments.binary_search_by_key(&state.step, |moment| moment.step) else { return };
        let of = (&state.network, &state.optimizer);
        let moment = Moment::at(state.step, &state.config, of, &state.hand, precision(of.0, of.1));
        self.moments.insert(place, Arc::new(moment));
        self.revision += 1;
        self.thin(MAX_BYTES, MAX_MOMENTS);
    }

    /// Removes moments until they fit: each time the one whose neighbours are closest, on the logarithmic axis. The first,
    /// the last and the flagged ones stay.
    fn thin(&mut self, max_bytes: usize, max_moments: usize) {
        let place = |moment: &Moment| ((1 + moment.step) as f64).ln();
        while self.bytes() > max_bytes || self.moments.len() > max_moments {
            let gap = |i: usize| place(&self.moments[i + 1]) - place(&self.moments[i - 1]);
            let inner = 1..self.moments.len().saturating_sub(1);
            let free = inner.filter(|&i| self.moments[i].flag.is_none());
            let Some(closest) = free.min_by(|&a, &b| gap(a).total_cmp(&gap(b))) else { return };
            self.moments.remove(closest);
        }
    }

    /// Removes what comes after a step: the run goes on from there in another way.
    pub(super) fn cut(&mut self, step: u64) {
        self.moments.retain(|moment| moment.step <= step);
        self.revision += 1;
        self.changes.retain(|change| change.step <= step);
        self.marks.retain(|mark| mark.step <= step);
    }

    /// Marks what a person did to a filter. Of several strokes on one after the same step, there is one mark.
    pub(super) fn mark(&mut self, mark: FilterMark) {
        self.marks.retain(|other| (other.step, other.id) != (mark.step, mark.id));
        self.revision += 1;
        if self.marks.len() < MAX_CHANGES {
            self.marks.push(mark);
        }
    }

    /// Keeps the present moment of a session anew if it is the last one: filters were changed after its step.
    pub(super) fn renew(&mut self, session: &Session) {
        let Some(last) = self.moments.last().filter(|last| last.step == session.steps()) else { return };
        let precision = if last.is_exact() { Precision::Exact } else { Precision::Half };
        let renewed = Moment { flag: last.flag.clone(), ..Moment::of(session, precision) };
        if let Some(last) = self.moments.last_mut() {
            *last = Arc::new(renewed);
        }
        self.revision += 1;
    }

    /// Names a moment, or takes its name away. Returns whether there is such a moment.
    pub(super) fn flag(&mut self, step: u64, name: Option<String>) -> bool {
        let Ok(found) = self.moments.binary_search_by_key(&step, |moment| moment.step) else { return false };
        Arc::make_mut(&mut self.moments[found]).flag = name;
        self.revision += 1;
        true
    }

    /// Marks a change of a setting. Values on the way to the last one, such as those of a slider, leave no mark.
    pub(super) fn changed(&mut self, step: u64, change: LiveChange) {
        let is_same = |other: &SettingChange| {
            other.step == step && std::mem::discriminant(&other.change) == std::mem::discriminant(&change)
        };
        self.changes.retain(|other| !is_same(other));
        self.revision += 1;
        if self.changes.len() < MAX_CHANGES {
            self.changes.push(SettingChange { step, change });
        }
    }
}

/// How precisely the moments of a run are kept, so that enough of them fit.
fn precision(network: &Network, optimizer: &Optimizer) -> Precision {
    let bytes = value_count(network, optimizer) * size_of::<f32>();
    if bytes * FEW <= MAX_BYTES { Precision::Exact } else { Precision::Half }
}

#[cfg(test)]
mod tests;
