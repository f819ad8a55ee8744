//! A training session, stepped without thread or clock.

mod evaluation;
mod limits;
mod steps;

use crate::support::network;
use convlens::{
    data::DataSet,
    nn::{Executor, Network, Serial},
    train::{Evaluation, Session, TrainConfig, session::Due},
};

fn session(config: TrainConfig, layers: &str, data: &DataSet) -> Session {
    Session::new(config, network(layers), data).unwrap()
}

/// Makes `steps` steps with the evaluations that are due.
fn train(session: &mut Session, steps: u64, executor: &dyn Executor) {
    let end = session.steps() + steps;
    while session.steps() < end {
        let due = session.step(executor).unwrap();
        if due != Due::Step {
            finish(session, due, executor);
        }
    }
}

fn finish(session: &mut Session, due: Due, executor: &dyn Executor) -> Evaluation {
    let mut evaluator = session.evaluator(due);
    loop {
        if let Some(result) = session.evaluate(due, &mut evaluator, executor) {
            return result;
        }
    }
}

fn epochs(session: &mut Session, epochs: usize) {
    train(session, (epochs * session.batches_per_epoch()) as u64, &Serial);
}

/// Every bit of weights and buffers.
fn bits(network: &Network) -> Vec<u32> {
    let tensors = network.parameters().iter().chain(network.buffers()).flatten();
    tensors.flat_map(|t| t.values().iter().map(|v| v.to_bits())).collect()
}

fn refusal(config: TrainConfig, network: Network, data: &DataSet) -> String {
    let message = Session::new(config, network, data).unwrap_err().to_string();
    assert!(!message.contains('\n') && !message.is_empty(), "{message}");
    message
}
