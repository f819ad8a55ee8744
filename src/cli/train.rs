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
    data::{Augment, DataSet},
    model_file,
    nn::{
        Init, Network,
        optim::{OptimizerSpec, Schedule},
        presets::Recipe,
    },
    train::{
        Checkpoint, Evaluation, Featurewise, Pool, Session, TrainConfig, checkpoint, evaluate,
        session::images_to_learn_from,
    },
};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

/// The most threads that may be asked for.
const MAX_THREADS: i64 = 256;

/// The options of `convlens train`.
#[derive(Debug, Args)]
pub struct Train {
    /// A preset's name (see `convlens nets`) or a spec file.
    #[arg(long, value_name = "NAME|SPEC.json")]
    #[arg(required_unless_present = "resume", conflicts_with = "resume")]
    net: Option<String>,
    /// A folder of IDX files, plain or gzip, named as MNIST's are; left out: the embedded MNIST.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Go on with the run that saved this model, as if it had never stopped; --epochs, --lr and --momentum may be new.
    #[arg(long, value_name = "M.safetensors")]
    resume: Option<PathBuf>,
    /// Settings of the run; what is left out is the preset's.
    #[command(flatten)]
    settings: Settings,
    /// Threads that compute; they change the speed of a run, but no bit of its result [default: one a core].
    #[arg(long, value_name = "N", value_parser = threads_parser())]
    threads: Option<u16>,
    /// Write the curves to this file: step,epoch,loss,accuracy,set,images.
    #[arg(long, value_name = "FILE.csv")]
    log: Option<PathBuf>,
    /// Save the model to this file after each epoch, and beside it what --resume needs.
    #[arg(long, value_name = "M.safetensors")]
    save: Option<PathBuf>,
}

/// What a run can be told.
#[derive(Debug, Args)]
struct Settings {
    /// Passes over the training set; with --resume, all of them from the start.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    epochs: Option<usize>,
    /// Images a batch.
    #[arg(long, value_name = "N", allow_negative_numbers = true, conflicts_with = "resume")]
    batch: Option<usize>,
    /// sgd, momentum, nesterov, adam, adamw, rmsprop or adagrad.
    #[arg(long, value_name = "NAME", value_parser = str::parse::<OptimizerSpec>, conflicts_with = "resume")]
    optimizer: Option<OptimizerSpec>,
    /// The learning rate.
    #[arg(long, value_name = "F", allow_negative_numbers = true)]
    lr: Option<f32>,
    /// How the learning rate goes on: constant, time:DECAY, step:EPOCHS,GAMMA, cosine, one-cycle (--lr is its peak) or
    /// one-cycle:START,PEAK,RISE (times --lr, times --lr, share of the steps).
    #[arg(long, value_name = "SCHEDULE", value_parser = str::parse::<Schedule>, conflicts_with = "resume")]
    schedule: Option<Schedule>,
    /// Let the learning rate rise evenly during the first N steps.
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "resume")]
    warmup: u64,
    /// Shorten gradients that are longer than this, all parameters together (L2 norm); 0 is never.
    #[arg(
        long,
        value_name = "F",
        default_value_t = 0.0,
        allow_negative_numbers = true,
        conflicts_with = "resume"
    )]
    clip_norm: f32,
    /// The momentum, of sgd, momentum and nesterov.
    #[arg(long, value_name = "F", allow_negative_numbers = true)]
    momentum: Option<f32>,
    /// Adds this times the weight to each gradient.
    #[arg(long, value_name = "F", allow_negative_numbers = true, conflicts_with = "resume")]
    weight_decay: Option<f32>,
    /// Keep this share of the training set, its end, to judge each epoch by instead of the test set.
    #[arg(long, value_name = "F", allow_negative_numbers = true, conflicts_with = "resume")]
    validation: Option<f32>,
    /// Stop when the validation loss has not fallen for N epochs, and go back to the best epoch's weights; 0 is never.
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "resume")]
    early_stop: usize,
    /// Change every image a little each time it is learnt from: digits (what is meant without a value), keras, or
    /// settings such as rotation:10,shift:0.1,scale:0.1,shear:10,elastic:16,flip.
    #[arg(long, value_name = "CHANGES", value_parser = str::parse::<Augment>, conflicts_with = "resume")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "digits")]
    augment: Option<Augment>,
    /// Subtract the mean of the training set's pixels from every image; it becomes part of the model.
    #[arg(long, conflicts_with = "resume")]
    featurewise_center: bool,
    /// Divide every image by the standard deviation of the training set's pixels; it becomes part of the model.
    #[arg(long, conflicts_with = "resume")]
    featurewise_std: bool,
    /// How initial weights are drawn: he, xavier, or a standard deviation such as 0.01.
    #[arg(long, value_name = "INIT", value_parser = str::parse::<Init>, conflicts_with = "resume")]
    init: Option<Init>,
    /// Draws the initial weights and the order of the images.
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "resume")]
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
            config.lr = optimizer.default_lr();
        }
        if let Some(weight_decay) = self.weight_decay {
            *config.optimizer.weight_decay_mut() = weight_decay;
        }
        self.change(&mut config)?;
        config.schedule = self.schedule.unwrap_or(config.schedule);
        config.warmup = self.warmup;
        config.clip_norm = self.clip_norm;
        config.batch = self.batch.unwrap_or(config.batch);
        config.init = self.init.unwrap_or(config.init);
        config.validation = self.validation.unwrap_or(config.validation);
        config.early_stop = self.early_stop;
        config.augment = self.augment.unwrap_or(config.augment);
        config.featurewise = Featurewise { center: self.featurewise_center, std: self.featurewise_std };
        config.check()?;
        Ok(config)
    }

    /// What may be said otherwise of a run that goes on, too.
    fn change(&self, config: &mut TrainConfig) -> Result<()> {
        if let Some(momentum) = self.momentum {
            let name = config.optimizer.name();
            let setting = config.optimizer.momentum_mut();
            *setting.ok_or_else(|| Usage(format!("--momentum {momentum}: {name} has no momentum")))? =
                momentum;
        }
        config.lr = self.lr.unwrap_or(config.lr);
        config.epochs = self.epochs.unwrap_or(config.epochs);
        Ok(config.check()?)
    }
}

impl Train {
    pub(super) fn run(&self) -> Result<()> {
        if let Some(path) = &self.save {
            file::check_writable("--save", path)?;
            file::check_writable("--save", &model_file::training_path(path))?;
        }
        let (mut session, data) = match &self.resume {
            Some(path) => self.resume(path)?,
            None => self.start()?,
        };
        let config = *session.config();
        let pool = pool(self.threads)?;
        let log =
            self.log.as_deref().map(|path| Log::open(path, Totals::of(session.history()))).transpose()?;
        // Whether anybody reads it is asked after an epoch, when there is something to keep.
        let _ = output::line(describe(&session, &data.name));

        let begun = Instant::now();
        let mut watch = Watcher {
            log,
            save: self.save.clone(),
            data: data.clone(),
            bar: EpochBar::new(&session, config.epochs),
            before: Totals::of(session.history()),
        };
        let left = config.epochs.saturating_sub(session.epoch());
        let trained = epochs::run(&mut session, left, &pool, &mut watch);
        watch.bar.clear();
        trained?;
        let seconds = begun.elapsed().as_secs_f64();

        if let (true, Some(best)) = (session.has_stopped_early(), session.best()) {
            output::line(format_args!(
                "stopped early: the validation loss has not fallen for {}; back to the weights of epoch {}",
                plural(config.early_stop, "epoch"),
                best.epoch,
            ))?;
        }
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

impl Train {
    /// A new run.
    fn start(&self) -> Result<(Session, DataSet)> {
        let net = Net::find(self.net.as_deref().unwrap_or_default())?;
        let config = self.settings.config(&net.recipe)?;
        // Before the data, which takes longer: a spec that cannot be is said at once.
        net.spec.build()?;
        let data = source::open(self.data.as_deref())?;
        let images = images_to_learn_from(&config, &data.train);
        let spec = config.featurewise.apply(net.spec, &data.train, images);
        let network = Network::new(spec, config.init, config.seed)?;
        Ok((Session::new(config, network, &data)?, data))
    }

    /// The run that saved the model at `path`.
    fn resume(&self, path: &Path) -> Result<(Session, DataSet)> {
        let mut checkpoint = Checkpoint::load(path)?;
        self.settings.change(&mut checkpoint.config)?;
        let data = source::open(self.data.as_deref())?;
        let session = checkpoint.resume(&data).with_context(|| format!("--resume {}", path.display()))?;
        let (done, wanted) = (session.epoch(), session.config().epochs);
        if done >= wanted {
            let done = plural(done, "epoch");
            return Err(Usage(format!(
                "--resume {}: has been trained for {done} already: say --epochs with more",
                path.display()
            ))
            .into());
        }
        Ok((session, data))
    }
}

/// What is about to be trained, in a line.
fn describe(session: &Session, data: &str) -> String {
    let TrainConfig { optimizer, lr, schedule, batch, seed, init, augment, .. } = *session.config();
    let augmented =
        if augment == Augment::default() { String::new() } else { format!("; augmented by {augment}") };
    let after = match session.epoch() {
        0 => String::new(),
        done => format!("; goes on after {}", plural(done, "epoch")),
    };
    format!(
        "{}: {} parameters, on {} images of {data}; {} with learning rate {lr} ({schedule}), batch {batch}, init {init}, seed {seed}{augmented}{after}",
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
    data: DataSet,
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
        if let Some(log) = &mut self.log {
            log.evaluation(session, set, evaluation)?;
        }
        if let Some(path) = &self.save {
            checkpoint::save(path, session, &self.data)?;
        }
        let said = output::line(format_args!(
            "epoch {}/{}: training loss {:.4}, accuracy {:.2} %; {set} loss {:.4}, accuracy {:.2} %; {per_second:.0} images/s",
            session.epoch(),
            session.config().epochs,
            training.mean_loss(),
            training.accuracy() * 100.0,
            evaluation.loss,
            evaluation.accuracy() * 100.0,
        ));
        let (done, wanted) = (session.epoch(), session.config().epochs);
        if said.is_err() && done < wanted {
            bail!("nobody reads what is printed: training has stopped after {done} of {wanted} epochs");
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
            warmup: 0,
            clip_norm: 0.0,
            momentum,
            weight_decay,
            validation: None,
            early_stop: 0,
            augment: None,
            featurewise_center: false,
            featurewise_std: false,
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
