//! A training step does not allocate.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use convlens::{
    nn::{Executor, Network, Serial, Workspace, optim::Optimizer, presets},
    train::Pool,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The allocations of all threads during this many training steps after a first one.
fn allocations(network: &mut Network, executor: &dyn Executor, steps: usize) -> usize {
    let mut optimizer = Optimizer::new("adam".parse().unwrap(), network.parameters());
    let mut before = network.parameters().clone();
    let mut workspace = Workspace::new(network, 10, true);
    let mut step = || {
        workspace.load(10, &Serial, |first, inputs, labels| {
            inputs.iter_mut().enumerate().for_each(|(i, x)| *x = ((first + i) % 7) as f32 / 7.0);
            labels.iter_mut().enumerate().for_each(|(i, label)| *label = ((first + i) % 10) as u8);
        });
        workspace.forward_backward(network, executor);
        workspace.update_buffers(network);
        let parameters = network.parameters_mut();
        assert!(optimizer.step_on(executor, parameters, workspace.gradients(), 1e-4, Some(&mut before)));
    };
    step();
    let region = Region::new(ALLOCATOR);
    (0..steps).for_each(|_| step());
    region.change().allocations
}

/// The only test of its program: the allocations of other tests would be counted, too.
#[test]
fn a_steady_step_allocates_nothing() {
    let networks = || {
        let presets = presets::all().into_iter().filter(|preset| preset.spec.name != "three-conv");
        presets.map(|preset| Network::new(preset.spec, preset.recipe.init, 1).unwrap())
    };
    for mut network in networks() {
        assert_eq!(allocations(&mut network, &Serial, 3), 0, "{}", network.spec().name);
    }
    // One pool for all networks, since ending threads would be counted.
    let (pool, steps) = (Pool::new(2).unwrap(), 20);
    for mut network in networks() {
        // The queue of the pool allocates a block every few dozen calls.
        let count = allocations(&mut network, &pool, steps);
        assert!(count <= steps, "{}: {count} in {steps} steps", network.spec().name);
    }
}
