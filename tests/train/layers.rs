//! What a step does to the layers, against the weights before and after it.

use crate::support::{COUPLED, PLAIN, config, data, network};
use convlens::{
    nn::Serial,
    train::{
        Command, RunSetup, Session, Status, TrainerHandle,
        layers::{Histogram, images_for, look_at_layers},
    },
};
use std::sync::Arc;

#[test]
fn a_step_is_looked_at_as_it_was_made() {
    let set = data(200, 20);
    let mut session = Session::new(config(), network(COUPLED), &set).unwrap();
    for step in 1..=3 {
        let before = session.network().parameters().clone();
        session.step(&Serial).unwrap();
        let found = session.look_at_last_step();
        assert_eq!(found.step, step);
        // Layers with parameters: convolution, batch norm, linear.
        assert_eq!(found.layers.iter().map(|layer| layer.layer).collect::<Vec<_>>(), [0, 1, 6]);
        for layer in &found.layers {
            let [old, new] =
                [&before, session.network().parameters()].map(|all| all[layer.layer][0].values());
            let moved: f64 = old.iter().zip(new).map(|(a, b)| f64::from(b - a).powi(2)).sum();
            let weights: f64 = old.iter().map(|w| f64::from(*w).powi(2)).sum();
            let expected = (moved / weights).sqrt();
            let ratio = layer.ratio().unwrap();
            assert!((ratio - expected).abs() <= 1e-5 * expected && ratio > 0.0, "{ratio} {expected}");
            assert_eq!(layer.gradients.count, old.len() as u64);
            assert!(layer.gradients.rms > 0.0);
        }
    }
}

#[test]
fn the_thread_looks_at_steps_only_while_it_is_asked_to() {
    let set = data(200, 20);
    let trainer = TrainerHandle::spawn(1, || ()).unwrap();
    let setup = RunSetup { config: config(), network: Arc::new(network(PLAIN)), data: set };
    trainer.send(Command::Load(Box::new(setup)));
    let one = |wanted: u64| loop {
        let snapshot = trainer.latest().filter(|s| s.step == wanted && s.status == Status::Paused);
        if let Some(snapshot) = snapshot {
            return snapshot.look.as_ref().map(|look| look.step);
        }
        std::thread::yield_now();
    };
    trainer.send(Command::OneBatch);
    assert_eq!(one(1), None);
    trainer.send(Command::Watch(true));
    for step in 2..=4 {
        trainer.send(Command::OneBatch);
        assert_eq!(one(step), Some(step), "the last step before a pause");
    }
    trainer.send(Command::Watch(false));
    trainer.send(Command::OneBatch);
    assert_eq!(one(5), Some(4), "what is known stays");
}

#[test]
fn weights_and_activations_are_of_the_network_and_the_first_images() {
    let (set, network) = (data(200, 20), network(PLAIN));
    let images = images_for(&network, &set.train);
    assert_eq!(images.len(), 64 * 64);
    let trace = network.trace(&images);
    let found = look_at_layers(&network, &trace);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].weights, Histogram::of(network.parameters()[0][0].values()));
    assert_eq!(found[0].activations, Histogram::of(trace.activations[1].values()), "after the ReLU");
    assert_eq!(found[1].activations, Histogram::of(trace.activations[4].values()));
}
