//! The speed of training and of a forward pass, on random images.

use crate::{
    nn::{
        Executor, Network, Serial, Workspace,
        optim::{Optimizer, OptimizerSpec, Sgd},
        presets::Preset,
    },
    train::Pool,
};
use anyhow::Result;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// Steps before the measurement.
const WARM_UP: usize = 5;

/// Forward passes for the median.
const PASSES: usize = 300;

/// Forward passes before the measurement.
const PASSES_NOT_COUNTED: usize = 20;

/// A learning rate at which no preset diverges on random labels. Subnormal numbers would slow the measurement down.
const LR: f32 = 1e-5;

/// Images per second in training steps of `batch` images.
pub(super) fn training_rate(
    network: &mut Network,
    batch: usize,
    spec: OptimizerSpec,
    threads: usize,
    time: Duration,
) -> Result<f64> {
    let pool = Pool::new(threads)?;
    let mut optimizer = Optimizer::new(spec, network.parameters());
    let mut workspace = random_batch(network, batch, true);
    let mut step = || {
        let result = workspace.forward_backward(network, &pool);
        optimizer.step_on(&pool, network.parameters_mut(), workspace.gradients(), LR, None);
        black_box(result.loss);
    };
    let (mut begun, mut steps) = (Instant::now(), 0);
    pool.install(&mut || {
        (0..WARM_UP).for_each(|_| step());
        begun = Instant::now();
        while steps == 0 || begun.elapsed() < time {
            step();
            steps += 1;
        }
    });
    Ok((steps * batch) as f64 / begun.elapsed().as_secs_f64())
}

/// The median time of a forward pass of one image on the caller's thread.
pub(super) fn median_pass(network: &Network) -> Duration {
    let mut workspace = random_batch(network, 1, false);
    let pass = |_| {
        let begun = Instant::now();
        black_box(workspace.forward(network, &Serial));
        begun.elapsed()
    };
    let mut times: Vec<Duration> =
        (0..PASSES_NOT_COUNTED + PASSES).map(pass).skip(PASSES_NOT_COUNTED).collect();
    times.sort_unstable();
    times[times.len() / 2]
}

/// A workspace with a batch of random images and labels.
pub(super) fn random_batch(network: &Network, batch: usize, train: bool) -> Workspace {
    let mut workspace = Workspace::new(network, batch, train);
    let classes = network.classes() as u32;
    workspace.load(batch, &Serial, |first, inputs, labels| {
        let mut random = ChaCha8Rng::seed_from_u64(first as u64);
        inputs.fill_with(|| random.random());
        labels.fill_with(|| random.random_range(0..classes) as u8);
    });
    workspace
}

/// The batch size and the optimiser for comparing a preset with other programs.
pub(super) fn setting(preset: &Preset) -> (usize, OptimizerSpec) {
    let momentum = OptimizerSpec::Sgd(Sgd { momentum: 0.9, ..Sgd::default() });
    let nesterov = OptimizerSpec::Sgd(Sgd { momentum: 0.9, nesterov: true, ..Sgd::default() });
    match preset.spec.name.as_str() {
        "simple-conv-net" => (100, preset.recipe.optimizer),
        "mlp-5" | "cnn-5" | "alexnet-mini" => (100, momentum),
        "two-conv-cnn" | "lenet5" | "lenet5-relu" => (64, momentum),
        "three-conv" => (4, momentum),
        "keras-tanh-cnn" => (100, nesterov),
        _ => (preset.recipe.batch, preset.recipe.optimizer),
    }
}
