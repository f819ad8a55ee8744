//! Choices that have to be read: a slow one does not replace a later one.

use crate::ui::model::file_question::FileOrder;

/// The choices of one kind of thing, in the order in which they were made.
#[derive(Debug, Default)]
pub struct Choices {
    made: u64,
    taken: u64,
    cancelled: u64,
}

impl Choices {
    /// Numbers a choice that has to be read first. Until it was read, the choice before counts.
    pub fn begin(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Makes a choice that counts at once.
    pub fn now(&mut self) {
        self.taken = self.begin();
    }

    /// Whether no later choice was made.
    pub fn is_newest(&self, number: u64) -> bool {
        number == self.made
    }

    /// Accepts the choice of this number, unless a later one was accepted before. Returns whether it was accepted.
    pub fn take(&mut self, number: u64) -> bool {
        let counts = number >= self.taken;
        if counts {
            self.taken = number;
        }
        counts
    }
}

impl Choices {
    /// Cancels the choice of this number.
    pub fn cancel(&mut self, number: u64) {
        self.cancelled = number;
    }

    /// Whether the choice of this number was cancelled.
    pub fn is_cancelled(&self, number: u64) -> bool {
        number == self.cancelled
    }
}

/// The choices of everything that is read in the background.
#[derive(Debug, Default)]
pub struct AllChoices {
    /// Images.
    pub images: Choices,
    /// Data sets.
    pub data: Choices,
    /// Networks.
    pub networks: Choices,
    /// Photographs.
    pub photographs: Choices,
    /// Lists of the kept runs.
    pub runs: Choices,
}

impl AllChoices {
    /// Numbers the choice of a file whose content is not known yet.
    pub fn begin_file(&mut self) -> FileOrder {
        FileOrder {
            images: self.images.begin(),
            photographs: self.photographs.begin(),
            data: self.data.begin(),
            networks: self.networks.begin(),
        }
    }

    /// Cancels the choice of a file.
    pub fn cancel_file(&mut self, order: FileOrder) {
        self.images.cancel(order.images);
        self.photographs.cancel(order.photographs);
        self.data.cancel(order.data);
        self.networks.cancel(order.networks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_last_of_all_that_is_there_counts() {
        let mut choices = Choices::default();
        let (slow, fast, failing) = (choices.begin(), choices.begin(), choices.begin());
        assert!(choices.take(fast));
        assert!(!choices.take(slow), "it was chosen before");
        // The last choice failed, so the one before it still counts.
        assert!(choices.take(fast) && failing > fast);
        let late = choices.begin();
        choices.now();
        assert!(!choices.take(late));
        let next = choices.begin();
        assert!(choices.take(next));
    }
}
