//! `convlens bench`

mod growth;
mod speed;

use super::{columns::left, error::Usage, number::real, output, pictures, train::threads_parser};
use crate::{
    nn::{
        Init, Network, NetworkSpec,
        presets::{self, Preset},
    },
    text::Sentence,
    train::Pool,
};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use speed::{median_pass, random_batch, setting, training_rate};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// Images in the product that measures the machine's peak, and the number of measurements.
const PRODUCTS: usize = 8;

/// The options of `convlens bench`.
#[derive(Debug, Args)]
pub struct Bench {
    /// Presets [default: all].
    #[arg(long, value_name = "NAME", num_args = 1..)]
    net: Vec<String>,
    /// Threads for training [default: one per core]. A forward pass of one image uses one thread.
    #[arg(long, value_name = "N", value_parser = threads_parser())]
    threads: Option<u16>,
    /// Seconds of training per preset, or per point of the picture.
    #[arg(long, value_name = "F", default_value_t = 3.0, value_parser = real::<f64>())]
    seconds: f64,
    /// Print a JSON object per preset and nothing else.
    #[arg(long)]
    json: bool,
    /// Measure instead how the training speed depends on batch size, image size and threads, and save a chart.
    #[arg(long, value_name = "FILE.png", conflicts_with_all = ["json", "net", "threads"])]
    growth: Option<PathBuf>,
}

/// The speed of a preset.
#[derive(Debug, Serialize)]
struct Speed {
    net: String,
    batch: usize,
    threads: usize,
    train_images_per_s: f64,
    forward1_us: f64,
    /// Operations per second in training, as a fraction of the machine's peak.
    #[serde(skip)]
    peak_share: f64,
}

impl Speed {
    fn in_words(&self) -> Sentence {
        let sentence = Sentence::new(
            "{network} batch {batch}  threads {threads}  training {rate} images/s  {share} % of peak  one image {time} µs",
        );
        sentence
            .with("network", left(&self.net, 16))
            .with("batch", format_args!("{:>4}", self.batch))
            .with("threads", format_args!("{:>2}", self.threads))
            .with("rate", format_args!("{:>9.0}", self.train_images_per_s))
            .with("share", format_args!("{:>3.0}", 100.0 * self.peak_share))
            .with("time", format_args!("{:>8.1}", self.forward1_us))
    }
}

impl Bench {
    pub(super) fn run(&self) -> Result<()> {
        let seconds = Duration::try_from_secs_f64(self.seconds).map_err(|_| {
            let sentence = Sentence::new("--seconds {value}: must be a number of at least 0");
            Usage::from(sentence.with("value", self.seconds))
        })?;
        if let Some(path) = &self.growth {
            let growth = growth::measure(seconds)?;
            return pictures::save(path, &pictures::growth(&growth)?);
        }
        let presets = self.presets()?;
        let peak = self.peak()?;
        if !self.json {
            let sentence = Sentence::new("large matrix product: {rate} GFLOP/s");
            output::line(sentence.with("rate", format_args!("{:.1}", peak / 1e9)))?;
        }
        for preset in presets {
            let speed = self.measure(preset, seconds, peak)?;
            if self.json {
                output::json(&speed)?;
            } else {
                output::line(speed.in_words())?;
            }
        }
        Ok(())
    }

    fn presets(&self) -> Result<Vec<Preset>> {
        if self.net.is_empty() {
            return Ok(presets::all());
        }
        let find = |name: &String| {
            let known = || {
                let sentence = Sentence::new("--net {name}: is not a preset ({presets})");
                Usage::from(sentence.with("name", name).with("presets", presets::names().join(", ")))
            };
            Ok(presets::by_name(name).ok_or_else(known)?)
        };
        self.net.iter().map(find).collect()
    }

    fn threads(&self) -> usize {
        self.threads.map_or_else(Pool::default_threads, usize::from)
    }

    fn measure(&self, preset: Preset, seconds: Duration, peak: f64) -> Result<Speed> {
        let (batch, optimizer) = setting(&preset);
        let net = preset.spec.name.clone();
        let mut network = Network::new(preset.spec, preset.recipe.init, 1)?;
        let threads = self.threads();
        let train_images_per_s = training_rate(&mut network, batch, optimizer, threads, seconds)?;
        let forward1_us = median_pass(&network).as_secs_f64() * 1e6;
        let rounded = |value: f64| (value * 10.0).round() / 10.0;
        Ok(Speed {
            net,
            batch,
            threads,
            train_images_per_s: rounded(train_images_per_s),
            forward1_us: rounded(forward1_us),
            peak_share: rounded(1000.0 * train_images_per_s * flops(&network) / peak) / 1000.0,
        })
    }

    /// The machine's peak: floating-point operations per second of a large product, on the threads of training.
    fn peak(&self) -> Result<f64> {
        let pool = Pool::new(self.threads())?;
        let json = r#"{"name": "product", "input": [256, 48, 48], "layers":
            [{"type": "conv2d", "out_channels": 256, "kernel_size": 1}, {"type": "global_avg_pool2d"}]}"#;
        let network = Network::new(NetworkSpec::from_json(json)?, Init::He, 1)?;
        let mut workspace = random_batch(&network, PRODUCTS, false);
        let pass = |_| {
            let begun = Instant::now();
            std::hint::black_box(workspace.forward(&network, &pool));
            begun.elapsed()
        };
        let fastest = (0..PRODUCTS).map(pass).min().unwrap_or_default();
        Ok((PRODUCTS as u64 * 2 * network.multiply_adds()) as f64 / fastest.as_secs_f64())
    }
}

/// Floating-point operations per image in training: for each multiply-add two operations, in the forward pass and for each
/// of the two gradients. The first layer with weights needs only one gradient.
fn flops(network: &Network) -> f64 {
    let costs = network.layers().iter().map(|layer| layer.multiply_adds());
    let first = costs.clone().find(|&cost| cost > 0).unwrap_or(0);
    (6 * costs.sum::<u64>() - 2 * first) as f64
}
