//! Unpacks the network of a kept moment in the background.

use super::{
    latest::Latest,
    tasks::{Threading, Wake},
};
use crate::{
    nn::Network,
    train::Moment,
    ui::model::timeline::{ChosenMoment, MomentAnswer},
};
use std::sync::Arc;

/// A moment whose network is wanted.
pub struct MomentQuestion {
    /// Which moment it is.
    pub of: ChosenMoment,
    /// The moment.
    pub moment: Arc<Moment>,
    /// The run's network at any step.
    pub like: Arc<Network>,
}

/// The worker. Dropping it ends its thread.
pub struct Moments(Latest<MomentQuestion, MomentAnswer>);

impl Moments {
    /// Starts the worker.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        Self(Latest::new("moments", threading, wake, |question: MomentQuestion, desk| {
            let MomentQuestion { of, moment, like } = question;
            desk.tell(MomentAnswer { of, network: Arc::new(moment.network(&like)) });
        }))
    }

    /// Asks for a network. The question replaces one that is waiting.
    pub fn ask(&self, question: MomentQuestion) {
        self.0.ask(question);
    }

    /// Takes the newest answer.
    pub fn take(&self) -> Option<MomentAnswer> {
        self.0.take()
    }
}
