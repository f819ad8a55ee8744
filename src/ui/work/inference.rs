//! Runs the current network on the current image, on a thread of its own. Only the newest question is answered.

use super::{
    latest::Latest,
    tasks::{Threading, Wake},
};
use crate::{
    explain::{Breakdown, WhatIf, what_if::LayerMap},
    nn::{Network, loss::argmax},
    ui::model::answer::{About, Gradients, LossOf, NetworkAnswer, Wanted},
};
use std::{borrow::Cow, sync::Arc};

/// An image and a network to run on it.
#[derive(Clone, Debug)]
pub struct InferenceQuestion {
    /// The network.
    pub network: Arc<Network>,
    /// Its disabled maps and kernels.
    pub what_if: WhatIf,
    /// Its input, (C, H, W), preprocessed.
    pub input: Vec<f32>,
    /// The image's number.
    pub image_revision: u64,
    /// What else is known about the image.
    pub about: About,
    /// What to compute besides the activations.
    pub wanted: Wanted,
}

/// The worker. Dropping it ends its thread.
pub struct Inference(Latest<InferenceQuestion, NetworkAnswer>);

impl Inference {
    /// Starts the thread, or answers in the caller's thread.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        Self(Latest::new("inference", threading, wake, |question, desk| desk.tell(answer(question))))
    }

    /// Asks a question. It replaces one that is still waiting.
    pub fn ask(&self, question: InferenceQuestion) {
        self.0.ask(question);
    }

    /// Takes the newest answer.
    pub fn take(&self) -> Option<NetworkAnswer> {
        self.0.take()
    }
}

fn answer(question: InferenceQuestion) -> NetworkAnswer {
    let InferenceQuestion { network: asked, what_if, input, image_revision, about, wanted } = question;
    let whole = Arc::new(asked.trace(&input));
    let network = match what_if.network(&asked) {
        Cow::Borrowed(_) => asked.clone(),
        Cow::Owned(without) => Arc::new(without),
    };
    let trace = if what_if.is_empty() { whole.clone() } else { Arc::new(what_if.trace(&network, &input)) };
    let is_on = |(layer, map): &(usize, usize)| what_if.has_map(LayerMap { layer: *layer, map: *map });
    let breakdown = wanted.breakdown.filter(is_on);
    let breakdown =
        breakdown.and_then(|(layer, map)| Breakdown::of(&network, &trace, layer, map)).map(Arc::new);
    let gradients = wanted.gradients.and_then(|loss| {
        let class = match loss {
            LossOf::Class(class) => class,
            LossOf::Answer => argmax(trace.first_probabilities()),
        };
        Some(Gradients { class, by: Arc::new(what_if.loss_gradients(&network, &trace, class)?) })
    });
    NetworkAnswer { network, trace, whole, what_if, image_revision, about, breakdown, gradients }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        explain::Cell,
        nn::{Init, presets},
    };
    use std::sync::{Mutex, mpsc::channel};

    fn question(image_revision: u64) -> InferenceQuestion {
        let network = Network::new(presets::lenet5_relu().spec, Init::He, 1).unwrap();
        let input = vec![0.5; network.input().len()];
        let (network, what_if, wanted) = (Arc::new(network), WhatIf::default(), Wanted::default());
        InferenceQuestion { network, what_if, input, image_revision, about: About::default(), wanted }
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
        what_if.switch_map(LayerMap { layer: 1, map: 2 }, false);
        let wanted = Wanted { breakdown: Some((1, 2)), gradients: Some(LossOf::Class(3)) };
        let answer = answer(InferenceQuestion { what_if, wanted, ..question(1) });
        assert_eq!(answer.whole, whole.trace);
        let size = 28 * 28;
        let places = 2 * size..3 * size;
        assert!(answer.trace.activation(1)[places.clone()].iter().all(|v| *v == 0.0));
        assert!(answer.explain(1, 2 * size + 5).is_none() && answer.explain(1, 3 * size + 5).is_some());
        assert!(answer.breakdown.is_none(), "nothing that came in made it");
        let changes = answer.changes().unwrap();
        assert_eq!(changes[4].before, whole.trace.first_probabilities()[4]);
        assert_eq!(changes[4].after, answer.trace.first_probabilities()[4]);
        // No gradient passes through what is switched off.
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
