//! Which pixels decide the answer of a network, computed in the background.

use super::{
    tasks::{Threading, Wake},
    throttled::Throttled,
};
use crate::{
    explain::{Saliency, WhatIf, saliency::Method},
    nn::{Network, Trace},
    ui::model::saliency::{SaliencyAnswer, SaliencyChoice},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// A question with the network, and the trace of the image, that it is about.
pub struct SaliencyQuestion {
    /// The network, without what is switched off.
    pub network: Arc<Network>,
    /// What is switched off.
    pub what_if: WhatIf,
    /// What the network computed from the image.
    pub trace: Arc<Trace>,
    /// The class whose score is explained.
    pub class: usize,
    /// How.
    pub method: Method,
    /// Tells the answer from others.
    pub number: u64,
}

/// What a question is about: a trace, which is another one after every change, and a class.
#[derive(Clone)]
pub struct SaliencySubject {
    /// What the network computed from the image.
    pub trace: Arc<Trace>,
    /// The class whose score is explained.
    pub class: usize,
}

impl PartialEq for SaliencySubject {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.trace, &other.trace) && self.class == other.class
    }
}

/// The worker, and how many questions it was asked.
pub struct Saliencies {
    /// The worker; an answer comes with the time that it took.
    pub worker: Throttled<SaliencyChoice, SaliencySubject, SaliencyQuestion, (SaliencyAnswer, Duration)>,
    /// How many questions were asked.
    pub number: u64,
}

impl Saliencies {
    /// Nothing is asked yet.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        let worker = Throttled::new("saliency", threading, wake, |question: SaliencyQuestion, desk| {
            let SaliencyQuestion { network, what_if, trace, class, method, number } = question;
            let begun = Instant::now();
            let x = &trace.input.values()[..network.input().len()];
            let asked = Saliency::of(&network, &what_if, x, class, method, &|| desk.is_wanted());
            let result = match asked {
                Ok(Some(saliency)) => Ok(saliency),
                Ok(None) => return,
                Err(e) => Err(e),
            };
            desk.tell((SaliencyAnswer { trace, network, result, number }, begun.elapsed()));
        });
        Self { worker, number: 0 }
    }
}
