//! What convinced the network, asked in the background whenever the answer is another, but not too often.

use super::{
    latest::Latest,
    settings::{SaliencyChoice, SaliencyKind},
    state::AppState,
    tasks::{Threading, Wake},
    views::ViewId,
};
use crate::{
    explain::{
        Saliency, WhatIf,
        saliency::{Method, SaliencyError, background, usual_layer},
    },
    nn::{Network, Trace, loss::argmax},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// While a network learns, the next question waits for this many times what the last one took: so the explanations cost
/// training no more than a twentieth of two cores.
const PAUSE: u32 = 10;

/// And no less than this.
const LEAST_PAUSE: Duration = Duration::from_millis(150);

/// A question with the network, and the trace of the image, that it is about.
struct Question {
    network: Arc<Network>,
    what_if: WhatIf,
    trace: Arc<Trace>,
    class: usize,
    method: Method,
    number: u64,
}

/// What came of a question.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The network's input, (C, H, W), as the first image of a trace.
    pub trace: Arc<Trace>,
    /// The network that was asked, without what is switched off.
    pub network: Arc<Network>,
    /// A value a pixel, or why there is none.
    pub result: Result<Saliency, SaliencyError>,
    /// Another number for every answer.
    pub number: u64,
    took: Duration,
}

impl Shown {
    /// The input as ink, 0 the background to 1, row by row: of several channels, the first.
    pub fn ink(&self) -> Vec<f32> {
        let (_, height, width) = self.network.input().as_maps();
        let (std, ground) = (self.network.spec().preprocess.std, background(&self.network));
        let map = self.trace.input.values().iter().take(height * width);
        map.map(|x| ((x - ground) * std).clamp(0.0, 1.0)).collect()
    }
}

/// What is asked, with what was chosen for it.
type Asked = (Arc<Trace>, usize, SaliencyChoice);

/// Asks, and takes the answers.
pub struct Saliencies {
    latest: Latest<Question, Shown>,
    asked: Option<Asked>,
    last: Option<(Instant, Duration)>,
    number: u64,
}

impl Saliencies {
    /// Nothing is asked yet.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        let latest = Latest::new("saliency", threading, wake, |question: Question, desk| {
            let Question { network, what_if, trace, class, method, number } = question;
            let begun = Instant::now();
            let x = &trace.input.values()[..network.input().len()];
            let asked = Saliency::of(&network, &what_if, x, class, method, &|| desk.is_wanted());
            let result = match asked {
                Ok(Some(saliency)) => Ok(saliency),
                Ok(None) => return,
                Err(e) => Err(e),
            };
            desk.tell(Shown { trace, network, result, number, took: begun.elapsed() });
        });
        Self { latest, asked: None, last: None, number: 0 }
    }

    /// Takes an answer into the state, and asks anew if what is shown is another now.
    pub fn keep_up(&mut self, state: &mut AppState) {
        self.take(state);
        if state.settings.view != ViewId::Network {
            return;
        }
        let Some((question, choice)) = self.question(state) else {
            state.saliency = None;
            self.asked = None;
            return;
        };
        let of = |(trace, class, asked): &Asked| {
            Arc::ptr_eq(trace, &question.trace) && *class == question.class && *asked == choice
        };
        if self.asked.as_ref().is_some_and(of) {
            return;
        }
        let is_other = self.asked.as_ref().is_none_or(|(.., asked)| *asked != choice);
        if is_other {
            // Nobody waits for what was chosen before; another image, though, does not keep a slow answer away.
            self.latest.call_off();
        } else if state.is_training() && self.last.is_some_and(|(at, pause)| at.elapsed() < pause) {
            // Each snapshot comes by here.
            return;
        }
        self.asked = Some((question.trace.clone(), question.class, choice));
        self.latest.ask(question);
        self.take(state);
    }

    fn take(&mut self, state: &mut AppState) {
        if let Some(shown) = self.latest.take() {
            self.last = Some((Instant::now(), (shown.took * PAUSE).max(LEAST_PAUSE)));
            state.saliency = Some(shown);
        }
    }

    /// What to ask now, and what was chosen for it; `None` without an image or an answer.
    fn question(&mut self, state: &AppState) -> Option<(Question, SaliencyChoice)> {
        let switched = state.current_answer().filter(|_| !state.image.is_blank())?;
        // How it is painted is nothing to ask.
        let choice = SaliencyChoice { opacity: 0.0, ..state.settings.saliency };
        let class = choice.class.unwrap_or_else(|| argmax(switched.trace.first_probabilities()));
        let method = choice.method(&switched.network)?;
        self.number += 1;
        let (network, trace) = (switched.network.clone(), switched.trace.clone());
        let what_if = switched.what_if.clone();
        Some((Question { network, what_if, trace, class, method, number: self.number }, choice))
    }
}

impl SaliencyChoice {
    /// The question as the core puts it; `None` if the network has no maps for Grad-CAM.
    pub fn method(&self, network: &Network) -> Option<Method> {
        Some(match self.kind {
            SaliencyKind::Gradient => Method::Gradient,
            SaliencyKind::GradientTimesInput => Method::GradientTimesInput,
            SaliencyKind::GradCam => Method::GradCam { layer: self.layer.or_else(|| usual_layer(network))? },
            SaliencyKind::Occlusion => Method::Occlusion { patch: self.patch, stride: self.stride },
        })
    }
}
