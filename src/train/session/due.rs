//! When an evaluation is due.

/// Quick evaluations per epoch.
const QUICK_EVALUATIONS: usize = 10;

/// What is due after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The next step.
    Step,
    /// An evaluation on the first images of the evaluation set.
    QuickEvaluation,
    /// The epoch is over: an evaluation on the whole evaluation set.
    FullEvaluation,
}

impl Due {
    /// What is due after `batch` of the `per_epoch` batches of an epoch; 0 is the end of the epoch before.
    pub(super) fn after(batch: usize, per_epoch: usize) -> Self {
        if batch == 0 {
            return Self::FullEvaluation;
        }
        let evaluations = |batches: usize| batches * QUICK_EVALUATIONS / per_epoch;
        if evaluations(batch) > evaluations(batch - 1) { Self::QuickEvaluation } else { Self::Step }
    }
}
