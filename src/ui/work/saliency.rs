//! Computes saliency maps in the background.

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

/// A question about a network and the trace of an image.
pub struct SaliencyQuestion {
    /// The network, with maps and kernels disabled.
    pub network: Arc<Network>,
    /// The disabled maps and kernels.
    pub what_if: WhatIf,
    /// The trace of the image.
    pub trace: Arc<Trace>,
    /// The class whose score is explained.
    pub class: usize,
    /// The method.
    pub method: Method,
    /// The number of the answer.
    pub number: u64,
}

/// The subject of a question: a trace, which is replaced by every change, and a class.
#[derive(Clone)]
pub struct SaliencySubject {
    /// The trace of the image.
    pub trace: Arc<Trace>,
    /// The class whose score is explained.
    pub class: usize,
}

impl PartialEq for SaliencySubject {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.trace, &other.trace) && self.class == other.class
    }
}

/// The worker and its questions.
pub struct Saliencies {
    /// The worker. Answers have the time that they took.
    pub worker: Throttled<SaliencyChoice, SaliencySubject, SaliencyQuestion, (SaliencyAnswer, Duration)>,
    /// The number of questions so far.
    pub number: u64,
}

impl Saliencies {
    /// Starts the worker.
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
