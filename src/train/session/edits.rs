//! Filters that are painted, frozen and released.

use super::Session;
use crate::train::{
    early_stop::EarlyStop,
    hand::{FilterEdit, HandMade, clear_slots},
};

impl Session {
    /// Paints, freezes and releases filters. Returns how many of the edits could be made.
    ///
    /// The best epoch, for early stopping, was of other filters: patience begins anew.
    pub fn edit_filters(&mut self, edits: &[FilterEdit]) -> usize {
        let made = edits.iter().filter(|edit| self.hand.apply(&mut self.network, edit)).count();
        if made == 0 {
            return 0;
        }
        // A filter that is released begins without momentum.
        clear_slots(&mut self.optimizer, &self.frozen);
        self.frozen = self.hand.places(&self.network);
        clear_slots(&mut self.optimizer, &self.frozen);
        self.early_stop = EarlyStop::default();
        self.health.clear();
        if self.good_step() == self.step {
            let state = self.state();
            self.health.set_good(state);
        } else {
            self.health.edit_good(edits);
        }
        made
    }

    /// The painted and the frozen filters.
    pub fn hand(&self) -> &HandMade {
        &self.hand
    }
}
