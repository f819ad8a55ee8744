//! The training thread, as a window drives it. Nothing sleeps: every wait is for the thread's own `wake`.

mod ends;
mod orders;
mod saving;
mod timeline;

use crate::support::{config, corners, data, network};
use convlens::{
    data::DataSet,
    nn::Network,
    train::{Command, Event, LiveChange, RunSetup, Snapshot, TrainConfig, TrainerHandle},
};
use std::{
    cell::RefCell,
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::{Duration, Instant},
};

/// Far longer than any wait here takes: only a thread that is stuck reaches it.
const PATIENCE: Duration = Duration::from_mins(1);

struct Trainer {
    handle: TrainerHandle,
    woken: Receiver<()>,
    heard: RefCell<Vec<Event>>,
}

impl Trainer {
    fn spawn(threads: usize) -> Self {
        let (wake, woken) = channel();
        let wake = move || {
            // Nobody listens any more when the test is over.
            let _ = wake.send(());
        };
        let handle = TrainerHandle::spawn(threads, wake).unwrap();
        Self { handle, woken, heard: RefCell::default() }
    }

    /// With a run of these layers and images, at step 0.
    fn loaded(config: TrainConfig, layers: &str, data: &DataSet) -> Self {
        let trainer = Self::spawn(2);
        trainer.load(config, network(layers), data);
        trainer.wait("the first moment", |s| s.run == 1);
        trainer
    }

    fn send(&self, command: Command) {
        assert!(self.handle.send(command), "the order was not taken");
    }

    fn load(&self, config: TrainConfig, network: Network, data: &DataSet) {
        let setup = RunSetup { config, network: Arc::new(network), data: data.clone() };
        self.send(Command::Load(Box::new(setup)));
    }

    /// Waits until `look` finds something, looking whenever the thread wakes.
    fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            let left = PATIENCE.saturating_sub(begun.elapsed());
            assert!(self.woken.recv_timeout(left).is_ok(), "{what} never came; heard {:?}", self.heard);
        }
    }

    /// Waits for such a moment.
    fn wait(&self, what: &str, is_it: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        self.until(what, || self.handle.latest().filter(|snapshot| is_it(snapshot)))
    }

    /// Waits for such an event and takes it and those before it off the list.
    fn event<T>(&self, what: &str, pick: impl Fn(&Event) -> Option<T>) -> T {
        self.until(what, || {
            let mut heard = self.heard.borrow_mut();
            heard.extend(self.handle.poll());
            let (at, found) = heard.iter().enumerate().find_map(|(i, event)| Some((i, pick(event)?)))?;
            heard.drain(..=at);
            Some(found)
        })
    }

    fn problem(&self) -> String {
        let message = self.event("a problem", |event| match event {
            Event::Problem(sentence) | Event::SaveFailed(_, sentence) => Some(sentence.to_string()),
            _ => None,
        });
        assert!(!message.is_empty() && !message.contains('\n'), "{message}");
        message
    }

    fn finished(&self) -> (usize, f64) {
        self.event("the end", |event| match event {
            Event::Finished { epochs, accuracy } => Some((*epochs, *accuracy)),
            _ => None,
        })
    }

    /// The moment after all orders so far were carried out: an order of no consequence comes back after them.
    fn settled(&self) -> Arc<Snapshot> {
        let lr = self.handle.latest().map_or(0.5, |snapshot| snapshot.config.lr + 0.5);
        self.send(Command::Change(LiveChange::LearningRate(lr)));
        self.wait("the next moment", |snapshot| snapshot.config.lr == lr)
    }
}

/// Every bit of weights and buffers.
fn bits(network: &Network) -> Vec<u32> {
    let tensors = network.parameters().iter().chain(network.buffers()).flatten();
    tensors.flat_map(|t| t.values().iter().map(|v| v.to_bits())).collect()
}

/// A run that does not end by itself.
fn endless() -> TrainConfig {
    TrainConfig { epochs: 10_000, ..config() }
}

/// A network that takes long for each image, and a set that takes it far longer than any wait here to evaluate.
fn slow_to_evaluate() -> (String, DataSet) {
    let layers = r#"{"type":"conv2d","out_channels":64,"kernel_size":3,"padding":1}, {"type":"relu"},
        {"type":"conv2d","out_channels":64,"kernel_size":3,"padding":1}, {"type":"flatten"},
        {"type":"linear","out_features":4}"#;
    let test = Arc::new(corners(0, 300_000));
    (layers.to_owned(), DataSet { test, ..data(16, 4) })
}
