//! When a step is looked at, so that looking costs training little.

use std::time::{Duration, Instant};

/// The time between two looks.
const LEAST_PAUSE: Duration = Duration::from_millis(500);

/// The pause after a look is at least so many times as long as the look.
const PAUSE: u32 = 60;

/// Decides which steps are looked at.
#[derive(Debug, Default)]
pub(super) struct Watch {
    is_on: bool,
    /// When the look that is being taken began.
    begun: Option<Instant>,
    /// When the next one is due.
    next: Option<Instant>,
}

impl Watch {
    pub(super) fn set(&mut self, is_on: bool) {
        *self = Self { is_on, ..Self::default() };
    }

    /// Whether to look at this step. `is_last`: none follows it for now.
    pub(super) fn is_due(&mut self, is_last: bool) -> bool {
        if !self.is_on {
            return false;
        }
        let now = Instant::now();
        let is_due = is_last || self.next.is_none_or(|next| now >= next);
        self.begun = is_due.then_some(now);
        is_due
    }

    /// The look was taken.
    pub(super) fn looked(&mut self) {
        if let Some(begun) = self.begun.take() {
            let now = Instant::now();
            self.next = Some(now + ((now - begun) * PAUSE).max(LEAST_PAUSE));
        }
    }
}
