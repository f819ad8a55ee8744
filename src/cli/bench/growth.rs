//! How the training speed depends on the batch size, the image size and the threads.

use super::speed::{setting, training_rate};
use crate::{
    cli::{columns::left, output, pictures::Growth},
    nn::{
        Init, Network, NetworkSpec,
        optim::{OptimizerSpec, Sgd},
        presets,
    },
    text::Sentence,
    train::Pool,
};
use anyhow::Result;
use std::time::Duration;

/// Measurements per point. The fastest counts, because other work on the machine only slows them down.
const ROUNDS: u32 = 3;
const BATCHES: u32 = 11;
const SIDES: [usize; 4] = [28, 56, 112, 224];
/// The batch size of the other two charts.
const BATCH: usize = 64;
const NETWORKS: [&str; 3] = ["lenet5-relu", "simple-conv-net", "cnn-5"];

/// Measures every point for `time` and prints it on a line.
pub(super) fn measure(time: Duration) -> Result<Growth> {
    let all = Pool::default_threads();
    let rate = |mut network: Network, batch: usize, threads: usize| {
        let (name, input) = (network.spec().name.clone(), network.input());
        let momentum = OptimizerSpec::Sgd(Sgd { momentum: 0.9, ..Sgd::default() });
        let spec = presets::by_name(&network.spec().name).map_or(momentum, |preset| setting(&preset).1);
        let mut images: f64 = 0.0;
        for _ in 0..ROUNDS {
            images = images.max(training_rate(&mut network, batch, spec, threads, time / ROUNDS)?);
        }
        let sentence = Sentence::new(
            "{network} on {input}  batch {batch}  threads {threads}  {rate} images/s in training",
        );
        output::line(
            sentence
                .with("network", left(&name, 16))
                .with("input", input)
                .with("batch", format_args!("{batch:>4}"))
                .with("threads", format_args!("{threads:>2}"))
                .with("rate", format_args!("{images:>9.0}")),
        )?;
        anyhow::Ok(images)
    };
    let mut growth = Growth { network: NETWORKS[0].to_owned(), threads: all, ..Growth::default() };
    for batch in (0..BATCHES).map(|i| 1 << i) {
        for (threads, points) in [(1, &mut growth.batches_on_one), (all, &mut growth.batches)] {
            let images = rate(preset(NETWORKS[0])?, batch, threads)?;
            points.push((batch as f64, images));
        }
    }
    for side in SIDES {
        let images = rate(of_side(side)?, BATCH, all)?;
        growth.sides.push((side as f64, images * (side * side) as f64));
    }
    for name in NETWORKS {
        let mut points = Vec::new();
        for threads in 1..=all {
            let images = rate(preset(name)?, BATCH, threads)?;
            points.push((threads as f64, images));
        }
        growth.by_threads.push((name.to_owned(), points));
    }
    Ok(growth)
}

fn preset(name: &str) -> Result<Network> {
    let preset = presets::by_name(name)
        .ok_or_else(|| anyhow::anyhow!(Sentence::new("{name}: is not a preset").with("name", name)))?;
    Ok(Network::new(preset.spec, preset.recipe.init, 1)?)
}

/// Three convolutions, for images of any size. The cost is proportional to the number of pixels.
fn of_side(side: usize) -> Result<Network> {
    let conv = |filters: usize| {
        format!(
            r#"{{"type": "conv2d", "out_channels": {filters}, "kernel_size": 3, "padding": 1}}, {{"type": "relu"}}"#
        )
    };
    let pool = r#"{"type": "max_pool2d", "kernel_size": 2}"#;
    let json = format!(
        r#"{{"name": "convolutions", "input": [1, {side}, {side}], "layers":
            [{}, {pool}, {}, {pool}, {}, {{"type": "global_avg_pool2d"}}, {{"type": "flatten"}}, {{"type": "linear", "out_features": 10}}]}}"#,
        conv(16),
        conv(32),
        conv(64)
    );
    Ok(Network::new(NetworkSpec::from_json(&json)?, Init::He, 1)?)
}
