//! `convlens compare`

use super::{
    columns::left,
    net::Net,
    number::whole,
    output,
    source::DataOptions,
    train::{epochs_in_words, pool},
};
use crate::{
    text::{Sentence, written},
    train::{
        TrainConfig,
        compare::{ComparedRun, Comparison, Conditions, Contestant, Did, Standing},
        config::{MAX_EPOCHS, MAX_IMAGES},
        session::Due,
    },
};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use std::time::Instant;

/// The options of `convlens compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// The first network: a preset (see `convlens nets`) or a spec file.
    #[arg(value_name = "A")]
    a: String,
    /// The second network.
    #[arg(value_name = "B")]
    b: String,
    /// Passes over the training set.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole(1..=MAX_EPOCHS))]
    epochs: usize,
    /// The seed of both runs: initial weights, the order of the images, augmentation and dropout.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole(0..=u64::MAX))]
    seed: u64,
    /// Learn from N images only, the same for both networks.
    #[arg(long, value_name = "N", value_parser = whole(1..=MAX_IMAGES))]
    train_images: Option<usize>,
    /// The data set.
    #[command(flatten)]
    data: DataOptions,
    /// Print a JSON object per network and nothing else.
    #[arg(long)]
    json: bool,
}

/// A network's result.
#[derive(Debug, Serialize)]
struct Row {
    net: String,
    parameters: usize,
    /// The time of its training steps.
    seconds: f64,
    accuracy: f64,
    loss: f64,
}

impl Compare {
    pub(super) fn run(&self) -> Result<()> {
        let nets = [Net::find(&self.a)?, Net::find(&self.b)?];
        for net in &nets {
            // The data take longer to read: a wrong spec is reported first.
            net.spec.build()?;
        }
        let data = self.data.open(!self.json)?;
        let contestants = nets.map(|Net { spec, recipe }| Contestant {
            spec,
            config: TrainConfig::from_recipe(&recipe, self.seed),
        });
        let Self { epochs, seed, train_images, .. } = *self;
        let mut comparison =
            Comparison::new(contestants, Conditions { epochs, seed, train_images }, &data, false)?;
        let pool = pool(None)?;
        if !self.json {
            let sentence = Sentence::new(
                "{images} images of {data} in the same order for both networks, {epochs}, seed {seed}; seconds are those of training steps",
            );
            output::line(
                sentence
                    .with("images", comparison.runs()[0].session().images_per_epoch())
                    .with("data", &data.name)
                    .with("epochs", epochs_in_words(epochs))
                    .with("seed", seed),
            )?;
        }
        let mut begun = Instant::now();
        while let Some((run, did)) = comparison.advance(&pool) {
            let seconds = begun.elapsed().as_secs_f64();
            match did {
                Did::Step => comparison.took(run, seconds),
                Did::Evaluated(Due::FullEvaluation) if !self.json => self.epoch(&comparison, run)?,
                Did::Evaluation | Did::Evaluated(_) | Did::Failed => {}
            }
            begun = Instant::now();
        }
        if let Some(failure) = comparison.failure() {
            return Err(failure.into());
        }
        if self.json {
            for standing in comparison.runs().iter().filter_map(ComparedRun::standing) {
                output::json(&Row::of(standing))?;
            }
        }
        Ok(())
    }

    /// A line about a run at the end of an epoch.
    fn epoch(&self, comparison: &Comparison, run: usize) -> Result<()> {
        let run = &comparison.runs()[run];
        let Some(standing) = run.standing() else { return Ok(()) };
        let Row { net, parameters, seconds, accuracy, loss } = Row::of(standing);
        let (epoch, epochs) = (run.session().epoch(), self.epochs);
        let sentence = Sentence::new(
            "epoch {epoch}/{epochs}  {network} {parameters} parameters  {seconds} s  accuracy {accuracy}  loss {loss}",
        );
        output::line(
            sentence
                .with("epoch", epoch)
                .with("epochs", epochs)
                .with("network", left(&net, 18))
                .with("parameters", format_args!("{parameters:>9}"))
                .with("seconds", format_args!("{seconds:>8.1}"))
                .with("accuracy", format_args!("{:>8}", written::percent_to(accuracy, 2)))
                .with("loss", format_args!("{loss:.4}")),
        )?;
        Ok(())
    }
}

impl Row {
    fn of(standing: Standing) -> Self {
        let Standing { net, parameters, seconds, accuracy, loss } = standing;
        Self { net, parameters, seconds, accuracy, loss }
    }
}
