//! `convlens train`

mod settings;
mod watcher;

use super::{
    epochs,
    error::Usage,
    file,
    interrupt::{Interrupt, Interrupted},
    log::{Log, Totals},
    net::Net,
    number::whole,
    output,
    progress::EpochBar,
    source::DataOptions,
};
use crate::{
    data::{Augment, DataSet},
    model_file::{self, ModelError},
    nn::{Network, NetworkSpec},
    text::{Sentence, key, plural, tr, written},
    train::{
        Cause, Checkpoint, Pool, Recovered, Session, TrainConfig, TrainError, checkpoint, evaluate,
        images_to_learn_from, part_to_learn_from,
    },
};
use anyhow::{Context, Result};
use clap::{Args, builder::ValueParser};
use settings::Settings;
use std::{
    path::{Path, PathBuf},
    time::Instant,
};
use watcher::Watcher;

/// The most threads.
const MAX_THREADS: u16 = 256;

/// The options of `convlens train`.
#[derive(Debug, Args)]
pub struct Train {
    /// The network: a preset (see `convlens nets`) or a spec file.
    #[arg(long, value_name = "NAME|SPEC.json")]
    #[arg(required_unless_present = "resume", conflicts_with = "resume")]
    net: Option<String>,
    /// The data set.
    #[command(flatten)]
    data: DataOptions,
    /// Give the network the input and the outputs that the data set needs.
    #[arg(long, conflicts_with = "resume")]
    fit: bool,
    /// Resume the run that saved this model, as if it had never stopped. Only --epochs, --lr and --momentum can change.
    #[arg(long, value_name = "M.safetensors")]
    resume: Option<PathBuf>,
    /// The settings of the run. The default is the preset's setting.
    #[command(flatten)]
    settings: Settings,
    /// Threads. They change the speed of a run, but not a bit of its result [default: one per core].
    #[arg(long, value_name = "N", value_parser = threads_parser())]
    threads: Option<u16>,
    /// Write the curves to this file, with the columns step,epoch,loss,accuracy,set,images.
    #[arg(long, value_name = "FILE.csv")]
    log: Option<PathBuf>,
    /// Save the model to this file after each epoch, and its training state for --resume beside it.
    #[arg(long, value_name = "M.safetensors")]
    save: Option<PathBuf>,
}

/// The parser of `--threads`.
pub(super) fn threads_parser() -> ValueParser {
    whole(1..=MAX_THREADS)
}

/// A pool of the threads of `--threads`, or of one per core.
pub(super) fn pool(threads: Option<u16>) -> Result<Pool> {
    Ok(Pool::new(threads.map_or_else(Pool::default_threads, usize::from))?)
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
        let log = self
            .log
            .as_deref()
            .map(|path| Log::open(path, Totals::of(session.history()), session.steps()))
            .transpose()?;
        // A closed stdout stops the run after its first epoch, when there is a model to keep.
        let _ = output::line(describe(&session, &data.name));

        let begun = Instant::now();
        let mut watch = Watcher {
            log,
            save: self.save.clone(),
            data: data.clone(),
            bar: EpochBar::new(&session, config.epochs),
            before: Totals::of(session.history()),
            interrupt: Interrupt::register()?,
            log_error: None,
        };
        let left = config.epochs.saturating_sub(session.epoch());
        let trained = epochs::run(&mut session, left, &pool, &mut watch);
        watch.bar.clear();
        trained.map_err(advise)?;
        if let Some(signal) = watch.interrupt.received()
            && session.epoch() < config.epochs
            && !session.has_stopped_early()
        {
            return Err(self.interrupted(signal, &session, &mut watch).into());
        }
        let seconds = begun.elapsed().as_secs_f64();

        if let (true, Some(best)) = (session.has_stopped_early(), session.best()) {
            let sentence = Sentence::new(
                "stopped early: the validation loss has not fallen for {epochs}; the weights are those of epoch {best}",
            );
            output::line(
                sentence.with("epochs", epochs_in_words(config.early_stop)).with("best", best.epoch),
            )?;
        }
        let test = evaluate::evaluate(session.network(), &data.name, &data.test, &pool, |_| {})?;
        if let Some(log) = &mut watch.log
            && session.has_validation()
        {
            log.evaluation(&session, "test", &test)?;
        }
        let sentence = Sentence::new(
            "test: loss {loss}, accuracy {accuracy} of {images} images ({epochs} in {seconds} s, seed {seed})",
        );
        output::line(
            sentence
                .with("loss", format_args!("{:.4}", test.loss))
                .with("accuracy", written::percent_to(test.accuracy(), 2))
                .with("images", test.images)
                .with("epochs", epochs_in_words(session.epoch()))
                .with("seconds", format_args!("{seconds:.1}"))
                .with("seed", config.seed),
        )?;
        if let Some(path) = &self.save {
            output::line(Sentence::new("saved {file}").with("file", path.display()))?;
        }
        Ok(())
    }
}

impl Train {
    /// Saves the run that a signal ended, and says how to go on.
    fn interrupted(&self, signal: i32, session: &Session, watch: &mut Watcher) -> Interrupted {
        let epochs = session.config().epochs;
        let stopped = Sentence::new("stopped by a signal at step {step} in epoch {epoch} of {epochs}")
            .with("step", session.steps())
            .with("epoch", session.epoch() + 1)
            .with("epochs", epochs);
        let message = match &self.save {
            None => Sentence::new("{stopped}; nothing is saved without --save"),
            Some(path) => match checkpoint::save(path, session, &watch.data) {
                Err(error) => Sentence::new("{stopped}; it is not saved: {reason}").with("reason", error),
                Ok(()) => Sentence::new("{stopped}; saved {file}; to go on: {command}")
                    .with("file", path.display())
                    .with("command", self.resume_line(path, epochs)),
            },
        };
        let message = message.part("stopped", stopped);
        let logged =
            watch.log_error.take().map_or_else(|| watch.log.as_mut().map_or(Ok(()), Log::write), Err);
        let message = match logged {
            Ok(()) => message,
            Err(error) => Sentence::new("{message}; {reason}").part("message", message).with("reason", error),
        };
        let message = message.to_string();
        Interrupted { signal, message }
    }

    /// The command that resumes the run saved at `path`.
    fn resume_line(&self, path: &Path, epochs: usize) -> String {
        let start = format!("convlens train --resume {} --epochs {epochs}", quoted(path));
        let options = [("--data", &self.data.data), ("--log", &self.log), ("--save", &self.save)];
        let options = options
            .into_iter()
            .filter_map(|(option, path)| path.as_deref().map(|path| format!(" {option} {}", quoted(path))));
        start + &options.collect::<String>() + &self.data.written()
    }

    /// Starts a new run.
    fn start(&self) -> Result<(Session, DataSet)> {
        let net = Net::find(self.net.as_deref().unwrap_or_default())?;
        let config = self.settings.config(&net.recipe)?;
        // The data take longer to read: a wrong spec is reported first.
        net.spec.build()?;
        let data = self.data.open(true)?;
        let spec = if self.fit { fitted(&net.spec, &data)? } else { net.spec };
        let learnt = part_to_learn_from(&config, &data.train);
        let images = images_to_learn_from(&config, &data.train);
        let spec = config.featurewise.apply(spec, &learnt, images);
        let network = Network::new(spec, config.init, config.seed)?;
        Ok((Session::new(config, network, &data)?, data))
    }

    /// Resumes the run that saved the model at `path`.
    fn resume(&self, path: &Path) -> Result<(Session, DataSet)> {
        let data = self.data.open(true)?;
        let mut checkpoint = match Checkpoint::load(path) {
            Err(ModelError::OtherModel { .. }) => Checkpoint::recover(path, &data, &pool(self.threads)?)?,
            checkpoint => checkpoint?,
        };
        if let Some(recovered) = checkpoint.recovered {
            let sentence = match recovered {
                Recovered::FromState => Sentence::new(
                    "{file}: saving was interrupted; the run goes on from its training state at step {step}",
                ),
                Recovered::FromModel => Sentence::new(
                    "{file}: saving was interrupted; the run goes on from the older model, without the optimiser's moments, at step {step}",
                ),
            };
            let sentence = sentence.with("file", path.display()).with("step", checkpoint.state.step);
            output::complain(&sentence.to_string());
        }
        let config = &mut checkpoint.state.config;
        for change in self.settings.live_changes(config)? {
            config.apply(change);
        }
        config.check()?;
        let session = checkpoint.resume(&data).with_context(|| format!("--resume {}", path.display()))?;
        let (done, wanted) = (session.epoch(), session.config().epochs);
        if done >= wanted {
            let sentence = Sentence::new(
                "--resume {file}: has been trained for {epochs} already; give a larger --epochs",
            );
            let sentence = sentence.with("file", path.display()).with("epochs", epochs_in_words(done));
            return Err(Usage::from(sentence).into());
        }
        Ok((session, data))
    }
}

/// The network for the data set's images and classes.
fn fitted(spec: &NetworkSpec, data: &DataSet) -> Result<NetworkSpec> {
    let (size, classes) = ((data.train.height(), data.train.width()), data.class_count());
    spec.fitted_to(data.train.channels(), size, classes).ok_or_else(|| {
        let sentence = Sentence::new(
            "--fit: the layers of {network} do not allow images of {channels}×{height}×{width} and {classes} classes; change them in a spec for --net",
        );
        let sentence = sentence.with("network", &spec.name).with("channels", data.train.channels());
        let sentence = sentence.with("height", size.0).with("width", size.1).with("classes", classes);
        Usage::from(sentence).into()
    })
}

/// A line about the run that starts.
fn describe(session: &Session, data: &str) -> Sentence {
    let TrainConfig { optimizer, lr, schedule, batch, seed, init, augment, .. } = *session.config();
    let augmented = if augment == Augment::default() {
        Sentence::new("")
    } else {
        Sentence::new("; augmentation {changes}").with("changes", augment)
    };
    let after = match session.epoch() {
        0 => Sentence::new(""),
        done => Sentence::new("; resumed after {epochs}").with("epochs", epochs_in_words(done)),
    };
    let sentence = Sentence::new(
        "{network}: {parameters} parameters, {images} images of {data}; {optimizer}, learning rate {rate} ({schedule}), batch {batch}, init {init}, seed {seed}{augmented}{after}",
    );
    sentence
        .with("network", &session.network().spec().name)
        .with("parameters", session.network().parameter_count())
        .with("images", session.images_per_epoch())
        .with("data", data)
        .with("optimizer", optimizer.name())
        .with("rate", lr)
        .with("schedule", schedule)
        .with("batch", batch)
        .with("init", init)
        .with("seed", seed)
        .part("augmented", augmented)
        .part("after", after)
}

/// A path for a shell, in quotes if it needs them.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,:@%~".contains(c);
    if path.chars().all(is_plain) { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// Adds what to do to the error of a run that diverged.
fn advise(error: anyhow::Error) -> anyhow::Error {
    let remedy = match error.downcast_ref().and_then(TrainError::cause) {
        Some(Cause::Rate(_)) => key("a lower learning rate (--lr) or gradient clipping (--clip-norm)"),
        Some(Cause::Momentum(_)) => key("a momentum below 0.99 (--momentum) or a lower learning rate (--lr)"),
        Some(Cause::WeightDecay(_)) => key("a smaller weight decay (--weight-decay)"),
        None => return error,
    };
    let sentence = Sentence::new("{error}; train again with {remedy}").with("error", error);
    anyhow::anyhow!(sentence.with("remedy", tr(remedy)))
}

/// `1 epoch`, `2 epochs`.
pub(super) fn epochs_in_words(count: usize) -> String {
    plural(count, "{count} epoch", "{count} epochs")
}
