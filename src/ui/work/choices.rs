//! Which of several choices counts when some of them take time to be read.

/// The choices of one kind of thing, in the order in which they were made.
#[derive(Debug, Default)]
pub struct Choices {
    made: u64,
    taken: u64,
}

impl Choices {
    /// Chosen, and to be read: the number of the choice. Until it is there, what was chosen before counts.
    pub fn begin(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Chosen, and there at once.
    pub fn now(&mut self) {
        self.taken = self.begin();
    }

    /// What was chosen then is there: says whether it counts, or something that was chosen after it is there already.
    pub fn take(&mut self, number: u64) -> bool {
        let counts = number >= self.taken;
        if counts {
            self.taken = number;
        }
        counts
    }
}

/// Everything that is chosen and read in the background.
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
        // Nothing came of the last one: that is no reason to do without the one before.
        assert!(choices.take(fast) && failing > fast);
        let late = choices.begin();
        choices.now();
        assert!(!choices.take(late));
        let next = choices.begin();
        assert!(choices.take(next));
    }
}
