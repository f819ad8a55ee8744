//! The current image through the current network, on a thread of its own; only the newest question is answered.

use super::tasks::{Threading, Wake, spawn};
use crate::{
    explain::{Cell, Making},
    nn::{ActivationGradients, Network, Trace, loss::argmax},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
};

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

/// An image and the network that is to look at it.
#[derive(Clone, Debug)]
pub struct Question {
    /// The network.
    pub network: Arc<Network>,
    /// Its input, (C, H, W), preprocessed.
    pub input: Vec<f32>,
    /// Tells this image from others.
    pub image_revision: u64,
    /// What is wanted beside the activations.
    pub wanted: Wanted,
}

/// Every activation of one image in one network.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The network that was asked.
    pub network: Arc<Network>,
    /// All that it computed.
    pub trace: Arc<Trace>,
    /// The image's [`Question::image_revision`].
    pub image_revision: u64,
    /// How the map came about that was wanted; `None` if it has no making.
    pub making: Option<Arc<Making>>,
    /// The gradients, if they were wanted.
    pub gradients: Option<Gradients>,
}

impl Answer {
    /// How element `at` of the output of `layer` came about: by the weights that computed it, not by those of a network
    /// that has learnt on since.
    pub fn explain(&self, layer: usize, at: usize) -> Option<Cell> {
        Cell::of(&self.network, &self.trace, layer, at)
    }
}

#[derive(Default)]
struct Slots {
    question: Option<Question>,
    answer: Option<Answer>,
    is_closed: bool,
}

#[derive(Default)]
struct Shared {
    slots: Mutex<Slots>,
    asked: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one that answers; dropping it ends its thread.
pub struct Inference {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Inference {
    /// Starts the thread, or answers in the caller's thread.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        let shared = Arc::new(Shared::default());
        let thread = match threading {
            Threading::Inline => None,
            Threading::Threads => {
                let shared = shared.clone();
                // Without a thread, questions are answered in the caller's: slower, never wrong.
                spawn("inference", move || answer_all(&shared, &wake)).ok()
            }
        };
        Self { shared, thread }
    }

    /// Asks; a question that was not taken up yet is replaced.
    pub fn ask(&self, question: Question) {
        if self.thread.is_some() {
            self.shared.lock().question = Some(question);
            self.shared.asked.notify_one();
        } else {
            let answer = answer(question);
            self.shared.lock().answer = answer;
        }
    }

    /// The newest answer, once.
    pub fn take(&self) -> Option<Answer> {
        self.shared.lock().answer.take()
    }
}

impl Drop for Inference {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.asked.notify_one();
        if let Some(thread) = self.thread.take() {
            // It catches its own panics.
            let _ = thread.join();
        }
    }
}

fn answer_all(shared: &Shared, wake: &Wake) {
    let mut slots = shared.lock();
    while !slots.is_closed {
        if let Some(question) = slots.question.take() {
            drop(slots);
            let answer = answer(question);
            slots = shared.lock();
            slots.answer = answer.or(slots.answer.take());
            wake();
        } else {
            slots = shared.asked.wait(slots).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn answer(question: Question) -> Option<Answer> {
    let Question { network, input, image_revision, wanted } = question;
    let computed = || {
        let trace = Arc::new(network.trace(&input));
        let making = wanted.making.and_then(|(layer, map)| Making::of(&network, &trace, layer, map));
        let gradients = wanted.gradients.and_then(|loss| {
            let class = match loss {
                LossOf::Class(class) => class,
                LossOf::Answer => argmax(trace.first_probabilities()),
            };
            Some(Gradients { class, by: Arc::new(network.loss_gradients(&trace, class)?) })
        });
        (trace, making.map(Arc::new), gradients)
    };
    let (trace, making, gradients) = catch_unwind(AssertUnwindSafe(computed)).ok()?;
    Some(Answer { network, trace, image_revision, making, gradients })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Init, presets};
    use std::sync::mpsc::channel;

    fn question(image_revision: u64) -> Question {
        let network = Network::new(presets::lenet5_relu().spec, Init::He, 1).unwrap();
        let input = vec![0.5; network.input().len()];
        Question { network: Arc::new(network), input, image_revision, wanted: Wanted::default() }
    }

    #[test]
    fn an_answer_is_explained_by_the_weights_that_gave_it() {
        let question = question(1);
        let trace = Arc::new(question.network.trace(&question.input));
        let answer = Answer {
            network: question.network.clone(),
            trace,
            image_revision: 1,
            making: None,
            gradients: None,
        };
        let learnt = Network::new(presets::lenet5_relu().spec, Init::He, 2).unwrap();
        let value = answer.trace.activation(0)[100];
        let off = |cell: Option<Cell>| (cell.unwrap().total().unwrap() - value).abs();
        assert!(off(answer.explain(0, 100)) < 1e-5);
        assert!(off(Cell::of(&learnt, &answer.trace, 0, 100)) > 1e-3);
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
