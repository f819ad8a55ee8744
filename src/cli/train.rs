//! `convlens train`

use super::{
    epochs::{self, Watch},
    error::Usage,
    file,
    log::{Log, Totals},
    net::Net,
    output,
    progress::EpochBar,
    source,
};
use crate::{
    model_file,
    nn::{
        Init, Network,
        optim::{OptimizerSpec, Schedule},
        presets::Recipe,
    },
    train::{Evaluation, Pool, Session, TrainConfig, evaluate},
};
use anyhow::Result;
use clap::Args;
use std::{path::PathBuf, time::Instant};

/// The most threads that may be asked for.
const MAX_THREADS: i64 = 256;

/// The options of `convlens train`.
#[derive(Debug, Args)]
pub struct Train {
    /// A preset's name (see `convlens nets`) or a spec file.
    #[arg(long, value_name = "NAME|SPEC.json")]
    net: String,
    /// A folder of IDX files, plain or gzip, named as MNIST's are; left out: the embedded MNIST.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Settings of the run; what is left out is the preset's.
    #[command(flatten)]
    settings: Settings,
    /// Threads that compute; they change the speed of a run, but no bit of its result [default: one a core].
    #[arg(long, value_name = "N", value_parser = threads_parser())]
    threads: Option<u16>,
    /// Write the curves to this file: step,epoch,loss,accuracy,set,images.
    #[arg(long, value_name = "FILE.csv")]
    log: Option<PathBuf>,
    /// Save the model to this file after each epoch.
    #[arg(long, value_name = "M.safetensors")]
    save: Option<PathBuf>,
}

/// What a run can be told.
#[derive(Debug, Args)]
struct Settings {
    /// Passes over the training set.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    epochs: Option<usize>,
    /// Images a batch.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    batch: Option<usize>,
    /// sgd, momentum, nesterov, adam, adamw, rmsprop or adagrad.
    #[arg(long, value_name = "NAME", value_parser = str::parse::<OptimizerSpec>)]
    optimizer: Option<OptimizerSpec>,
    /// The learning rate.
    #[arg(long, value_name = "F", allow_negative_numbers = true)]
    lr: Option<f32>,
    /// How the learning rate goes on: constant, time:DECAY, step:EPOCHS,GAMMA or cosine.
    #[arg(long, value_name = "SCHEDULE", value_parser = str::parse::<Schedule>)]
    schedule: Option<Schedule>,
    /// The momentum, of sgd, momentum and nesterov.
    #[arg(long, value_name = "F", allow_negative_numbers = true)]
    momentum: Option<f32>,
    /// Adds this times the weight to each gradient.
    #[arg(long, value_name = "F", allow_negative_numbers = true)]
    weight_decay: Option<f32>,
    /// Keep this share of the training set, its end, to judge each epoch by instead of the test set.
    #[arg(long, value_name = "F", allow_negative_numbers = true)]
    validation: Option<f32>,
    /// How initial weights are drawn: he, xavier, or a standard deviation such as 0.01.
    #[arg(long, value_name = "INIT", value_parser = str::parse::<Init>)]
    init: Option<Init>,
    /// Draws the initial weights and the order of the images.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// Reads `--threads`.
pub(super) fn threads_parser() -> clap::builder::RangedI64ValueParser<u16> {
    clap::value_parser!(u16).range(1..=MAX_THREADS)
}

/// The threads that `--threads` asks for.
pub(super) fn pool(threads: Option<u16>) -> Result<Pool> {
    Ok(Pool::new(threads.map_or_else(Pool::default_threads, usize::from))?)
}

impl Settings {
    /// The recipe with everything that was said otherwise.
    fn config(&self, recipe: &Recipe) -> Result<TrainConfig> {
        let mut config = TrainConfig::from_recipe(recipe, self.seed);
        if let Some(optimizer) = self.optimizer
            && optimizer.name() != recipe.optimizer.name()
        {
            config.optimizer = optimizer;
            config.lr = optimizer.usual_lr();
        }
        if let Some(momentum) = self.momentum {
            let name = config.optimizer.name();
            let setting = config.optimizer.momentum_mut();
            *setting.ok_or_else(|| Usage(format!("--momentum {momentum}: {name} has no momentum")))? =
                momentum;
        }
        if let Some(weight_decay) = self.weight_decay {
            *config.optimizer.weight_decay_mut() = weight_decay;
        }
        config.lr = self.lr.unwrap_or(config.lr);
        config.schedule = self.schedule.unwrap_or(config.schedule);
        config.batch = self.batch.unwrap_or(config.batch);
        config.epochs = self.epochs.unwrap_or(config.epochs);
        config.init = self.init.unwrap_or(config.init);
        config.validation = self.validation.unwrap_or(config.validation);
        config.check()?;
        Ok(config)
    }
}

impl Train {
    pub(super) fn run(&self) -> Result<()> {
        let net = Net::find(&self.net)?;
        let config = self.settings.config(&net.recipe)?;
        if let Some(path) = &self.save {
            file::check_writable("--save", path)?;
        }
        let network = Network::new(net.spec, config.init, config.seed)?;
        let data = source::open(self.data.as_deref())?;
        let pool = pool(self.threads)?;
        let mut session = Session::new(config, network, &data)?;
        let log = self.log.as_deref().map(Log::create).transpose()?;
        output::line(describe(&session, &data.name))?;

        let begun = Instant::now();
        let mut watch = Watcher {
            log,
            save: self.save.clone(),
            bar: EpochBar::new(&session, config.epochs),
            before: Totals::default(),
        };
        let trained = epochs::run(&mut session, config.epochs, &pool, &mut watch);
        watch.bar.clear();
        trained?;
        let seconds = begun.elapsed().as_secs_f64();

        let test = evaluate::evaluate(session.network(), &data.name, &data.test, &pool, |_| {})?;
        if let Some(log) = &mut watch.log
            && session.has_validation()
        {
            log.evaluation(&session, "test", &test)?;
        }
        output::line(format_args!(
            "test: loss {:.4}, accuracy {:.2} % of {} images ({} in {seconds:.1} s, seed {})",
            test.loss,
            test.accuracy() * 100.0,
            test.images,
            plural(session.epoch(), "epoch"),
            config.seed,
        ))?;
        if let Some(path) = &self.save {
            output::line(format_args!("saved {}", path.display()))?;
        }
        Ok(())
    }
}

/// What is about to be trained, in a line.
fn describe(session: &Session, data: &str) -> String {
    let TrainConfig { optimizer, lr, schedule, batch, seed, init, .. } = *session.config();
    format!(
        "{}: {} parameters, on {} images of {data}; {} with learning rate {lr} ({schedule}), batch {batch}, init {init}, seed {seed}",
        session.network().spec().name,
        session.network().parameter_count(),
        session.images_per_epoch(),
        optimizer.name(),
    )
}

/// `1 epoch`, `2 epochs`.
pub(super) fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// Shows the progress, logs it, and saves.
struct Watcher {
    log: Option<Log>,
    save: Option<PathBuf>,
    bar: EpochBar,
    /// All steps before the epoch under way.
    before: Totals,
}

impl Watch for Watcher {
    fn step(&mut self, session: &Session) -> Result<()> {
        self.bar.step(session);
        self.log.as_mut().map_or(Ok(()), |log| log.step(session))
    }

    fn epoch(&mut self, session: &Session, evaluation: &Evaluation) -> Result<()> {
        let set = if session.has_validation() { "validation" } else { "test" };
        let per_second = self.bar.images_per_second();
        self.bar.clear();
        let totals = Totals::of(session.history());
        let training = totals.since(self.before);
        self.before = totals;
        output::line(format_args!(
            "epoch {}/{}: training loss {:.4}, accuracy {:.2} %; {set} loss {:.4}, accuracy {:.2} %; {per_second:.0} images/s",
            session.epoch(),
            session.config().epochs,
            training.mean_loss(),
            training.accuracy() * 100.0,
            evaluation.loss,
            evaluation.accuracy() * 100.0,
        ))?;
        if let Some(log) = &mut self.log {
            log.evaluation(session, set, evaluation)?;
        }
        if let Some(path) = &self.save {
            model_file::save(path, session.network())?;
        }
        self.bar.restart(session);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::presets;

    fn settings(optimizer: Option<&str>, momentum: Option<f32>) -> Settings {
        let optimizer = optimizer.map(|name| name.parse().unwrap());
        let none = (None, None, None, None);
        let (epochs, batch, lr, weight_decay) = none;
        Settings {
            epochs,
            batch,
            optimizer,
            lr,
            schedule: None,
            momentum,
            weight_decay,
            validation: None,
            init: None,
            seed: 3,
        }
    }

    #[test]
    fn what_is_not_said_is_the_recipes() {
        let recipe = presets::lenet5_relu().recipe;
        assert_eq!(settings(None, None).config(&recipe).unwrap(), TrainConfig::from_recipe(&recipe, 3));
        assert_eq!(settings(Some("momentum"), None).config(&recipe).unwrap().lr, recipe.lr);
    }

    #[test]
    fn another_optimiser_has_its_own_rate() {
        let recipe = presets::lenet5_relu().recipe;
        assert_eq!(settings(Some("adam"), None).config(&recipe).unwrap().lr, 0.001);
        let error = settings(Some("adam"), Some(0.5)).config(&recipe).unwrap_err();
        assert!(error.is::<Usage>() && error.to_string().contains("adam has no momentum"), "{error}");
    }
}
