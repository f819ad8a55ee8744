//! The current image through the current network, on a thread of its own; only the newest question is answered.

use super::{
    latest::Latest,
    tasks::{Threading, Wake},
};
use crate::{
    data::digit::Objection,
    explain::{
        Cell, Making, WhatIf,
        what_if::{Change, MapOf},
    },
    nn::{ActivationGradients, Network, Trace, loss::argmax},
};
use std::{borrow::Cow, sync::Arc};

/// What is wanted of a network beside its activations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The (layer, map) whose making is shown.
    pub making: Option<(usize, usize)>,
    /// The loss by which gradients are shown.
    pub gradients: Option<LossOf>,
}

/// Whose loss it is: the cross-entropy with a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossOf {
    /// This class.
    Class(usize),
    /// The most likely one.
    Answer,
}

/// The gradients of the loss.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// The class of the loss.
    pub class: usize,
    /// By every activation.
    pub by: Arc<ActivationGradients>,
}

/// What is known of an image beside its pixels; an answer carries it, since the current image may be another by then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Whether there is nothing to see.
    pub is_blank: bool,
    /// What speaks against its being one digit.
    pub objection: Option<Objection>,
}

/// An image and the network that is to look at it.
#[derive(Clone, Debug)]
pub struct Question {
    /// The network.
    pub network: Arc<Network>,
    /// What of it is switched off.
    pub what_if: WhatIf,
    /// Its input, (C, H, W), preprocessed.
    pub input: Vec<f32>,
    /// Tells this image from others.
    pub image_revision: u64,
    /// What is known of the image beside its pixels.
    pub about: About,
    /// What is wanted beside the activations.
    pub wanted: Wanted,
}

/// Every activation of one image in one network.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The network that was asked, with the weights of what is switched off at 0.
    pub network: Arc<Network>,
    /// All that it computed without what is switched off.
    pub trace: Arc<Trace>,
    /// All that the whole network computed; the same trace if nothing is off.
    pub whole: Arc<Trace>,
    /// What is switched off.
    pub what_if: WhatIf,
    /// The image's [`Question::image_revision`].
    pub image_revision: u64,
    /// What is known of that image.
    pub about: About,
    /// How the map came about that was wanted; `None` if it has no making.
    pub making: Option<Arc<Making>>,
    /// The gradients, if they were wanted.
    pub gradients: Option<Gradients>,
}

impl Answer {
    /// How element `at` of the output of `layer` came about: by the weights that computed it, not by those of a network
    /// that has learnt on since. `None` in a map that is off: it is 0 whatever came in.
    pub fn explain(&self, layer: usize, at: usize) -> Option<Cell> {
        let (_, height, width) = self.network.layers().get(layer)?.output().as_maps();
        let is_on = self.what_if.has_map(MapOf { layer, map: at / (height * width) });
        if is_on { Cell::of(&self.network, &self.trace, layer, at) } else { None }
    }

    /// What the switches change in the probabilities; `None` if nothing is off.
    pub fn changes(&self) -> Option<Vec<Change>> {
        (!self.what_if.is_empty()).then(|| Change::of(&self.whole, &self.trace))
    }
}

/// The one that answers; dropping it ends its thread.
pub struct Inference(Latest<Question, Answer>);

impl Inference {
    /// Starts the thread, or answers in the caller's thread.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        Self(Latest::new("inference", threading, wake, |question, desk| desk.tell(answer(question))))
    }

    /// Asks; a question that was not taken up yet is replaced.
    pub fn ask(&self, question: Question) {
        self.0.ask(question);
    }

    /// The newest answer, once.
    pub fn take(&self) -> Option<Answer> {
        self.0.take()
    }
}

fn answer(question: Question) -> Answer {
    let Question { network: asked, what_if, input, image_revision, about, wanted } = question;
    let whole = Arc::new(asked.trace(&input));
    let network = match what_if.network(&asked) {
        Cow::Borrowed(_) => asked.clone(),
        Cow::Owned(without) => Arc::new(without),
    };
    let trace = if what_if.is_empty() { whole.clone() } else { Arc::new(what_if.trace(&network, &input)) };
    let is_on = |(layer, map): &(usize, usize)| what_if.has_map(MapOf { layer: *layer, map: *map });
    let making = wanted.making.filter(is_on);
    let making = making.and_then(|(layer, map)| Making::of(&network, &trace, layer, map)).map(Arc::new);
    let gradients = wanted.gradients.and_then(|loss| {
        let class = match loss {
            LossOf::Class(class) => class,
            LossOf::Answer => argmax(trace.first_probabilities()),
        };
        Some(Gradients { class, by: Arc::new(what_if.loss_gradients(&network, &trace, class)?) })
    });
    Answer { network, trace, whole, what_if, image_revision, about, making, gradients }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Init, presets};
    use std::sync::{Mutex, mpsc::channel};

    fn question(image_revision: u64) -> Question {
        let network = Network::new(presets::lenet5_relu().spec, Init::He, 1).unwrap();
        let input = vec![0.5; network.input().len()];
        let (network, what_if, wanted) = (Arc::new(network), WhatIf::default(), Wanted::default());
        Question { network, what_if, input, image_revision, about: About::default(), wanted }
    }

    #[test]
    fn an_answer_is_explained_by_the_weights_that_gave_it() {
        let question = question(1);
        let answer = answer(question);
        let learnt = Network::new(presets::lenet5_relu().spec, Init::He, 2).unwrap();
        let value = answer.trace.activation(0)[100];
        let off = |cell: Option<Cell>| (cell.unwrap().total().unwrap() - value).abs();
        assert!(off(answer.explain(0, 100)) < 1e-5);
        assert!(off(Cell::of(&learnt, &answer.trace, 0, 100)) > 1e-3);
    }

    #[test]
    fn what_is_off_stands_beside_the_whole() {
        let whole = answer(question(1));
        assert!(Arc::ptr_eq(&whole.trace, &whole.whole) && whole.changes().is_none());
        let mut what_if = WhatIf::default();
        what_if.switch_map(MapOf { layer: 1, map: 2 }, false);
        let wanted = Wanted { making: Some((1, 2)), gradients: Some(LossOf::Class(3)) };
        let answer = answer(Question { what_if, wanted, ..question(1) });
        assert_eq!(answer.whole, whole.trace);
        let size = 28 * 28;
        let places = 2 * size..3 * size;
        assert!(answer.trace.activation(1)[places.clone()].iter().all(|v| *v == 0.0));
        assert!(answer.explain(1, 2 * size + 5).is_none() && answer.explain(1, 3 * size + 5).is_some());
        assert!(answer.making.is_none(), "nothing that came in made it");
        let changes = answer.changes().unwrap();
        assert_eq!(changes[4].before, whole.trace.first_probabilities()[4]);
        assert_eq!(changes[4].after, answer.trace.first_probabilities()[4]);
        // Nothing goes back through what is off.
        let gradients = answer.gradients.unwrap().by;
        assert!(gradients.activation(0)[places].iter().all(|g| *g == 0.0));
        assert!(gradients.activation(0).iter().any(|g| *g != 0.0));
    }

    #[test]
    fn the_thread_answers_the_newest_question_as_the_core_does() {
        let (woken, wakes) = channel();
        let woken = Mutex::new(woken);
        let wake: Wake = Arc::new(move || {
            let _ = woken.lock().unwrap().send(());
        });
        let inference = Inference::new(Threading::Threads, wake);
        for revision in 0..20 {
            inference.ask(question(revision));
        }
        let newest = loop {
            wakes.recv().unwrap();
            match inference.take() {
                Some(answer) if answer.image_revision == 19 => break answer,
                _ => {}
            }
        };
        assert_eq!(*newest.trace, newest.network.trace(&vec![0.5; 1024]));
    }
}
