//! What ruined a run: the setting to change.

use crate::text::Sentence;

/// The setting that ruined a run, with its value for a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The learning rate: the highest one that was in force since the run was well.
    Rate(String),
    /// The momentum.
    Momentum(String),
    /// The weight decay: it pulls the weights to 0 faster than they learn, or more than removes them at every step.
    WeightDecay(String),
}

impl Cause {
    /// The setting and its value.
    pub(super) fn say(&self) -> Sentence {
        let (key, value) = match self {
            Self::Rate(value) => ("learning rate {value}", value),
            Self::Momentum(value) => ("momentum {value}", value),
            Self::WeightDecay(value) => ("weight decay {value}", value),
        };
        Sentence::new(key).with("value", value)
    }

    /// What to change.
    pub fn remedy(&self) -> Sentence {
        Sentence::new(match self {
            Self::Rate(_) => "use a lower learning rate",
            Self::Momentum(_) => "use a momentum below 0.99",
            Self::WeightDecay(_) => "use a smaller weight decay",
        })
    }
}
