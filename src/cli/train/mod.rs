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
    source,
};
use crate::{
    data::{Augment, DataSet},
    model_file::{self, ModelError},
    nn::Network,
    text::written,
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
    /// A folder of IDX files, plain or gzip, with the names of MNIST's [default: the embedded MNIST].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
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
            output::line(format_args!(
                "stopped early: the validation loss has not fallen for {}; the weights are those of epoch {}",
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
            "test: loss {:.4}, accuracy {} of {} images ({} in {seconds:.1} s, seed {})",
            test.loss,
            written::percent_to(test.accuracy(), 2),
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
    /// Saves the run that a signal ended, and says how to go on.
    fn interrupted(&self, signal: i32, session: &Session, watch: &mut Watcher) -> Interrupted {
        let epochs = session.config().epochs;
        let stopped = format!(
            "stopped by a signal at step {} in epoch {} of {epochs}",
            session.steps(),
            session.epoch() + 1
        );
        let message = match &self.save {
            None => format!("{stopped}; nothing is saved without --save"),
            Some(path) => match checkpoint::save(path, session, &watch.data) {
                Err(error) => format!("{stopped}; it is not saved: {error}"),
                Ok(()) => format!(
                    "{stopped}; saved {}; to go on: {}",
                    path.display(),
                    self.resume_line(path, epochs)
                ),
            },
        };
        let logged =
            watch.log_error.take().map_or_else(|| watch.log.as_mut().map_or(Ok(()), Log::write), Err);
        let message = match logged {
            Ok(()) => message,
            Err(error) => format!("{message}; {error}"),
        };
        Interrupted { signal, message }
    }

    /// The command that resumes the run saved at `path`.
    fn resume_line(&self, path: &Path, epochs: usize) -> String {
        let start = format!("convlens train --resume {} --epochs {epochs}", quoted(path));
        let options = [("--data", &self.data), ("--log", &self.log), ("--save", &self.save)];
        let options = options
            .into_iter()
            .filter_map(|(option, path)| path.as_deref().map(|path| format!(" {option} {}", quoted(path))));
        start + &options.collect::<String>()
    }

    /// Starts a new run.
    fn start(&self) -> Result<(Session, DataSet)> {
        let net = Net::find(self.net.as_deref().unwrap_or_default())?;
        let config = self.settings.config(&net.recipe)?;
        // The data take longer to read: a wrong spec is reported first.
        net.spec.build()?;
        let data = source::open(self.data.as_deref())?;
        let learnt = part_to_learn_from(&config, &data.train);
        let images = images_to_learn_from(&config, &data.train);
        let spec = config.featurewise.apply(net.spec, &learnt, images);
        let network = Network::new(spec, config.init, config.seed)?;
        Ok((Session::new(config, network, &data)?, data))
    }

    /// Resumes the run that saved the model at `path`.
    fn resume(&self, path: &Path) -> Result<(Session, DataSet)> {
        let data = source::open(self.data.as_deref())?;
        let mut checkpoint = match Checkpoint::load(path) {
            Err(ModelError::OtherModel { .. }) => Checkpoint::recover(path, &data, &pool(self.threads)?)?,
            checkpoint => checkpoint?,
        };
        if let Some(recovered) = checkpoint.recovered {
            output::complain(&format!(
                "{}: saving was interrupted; the run goes on from {} at step {}",
                path.display(),
                match recovered {
                    Recovered::FromState => "its training state",
                    Recovered::FromModel => "the older model, without the optimiser's moments,",
                },
                checkpoint.state.step
            ));
        }
        let config = &mut checkpoint.state.config;
        for change in self.settings.live_changes(config)? {
            config.apply(change);
        }
        config.check()?;
        let session = checkpoint.resume(&data).with_context(|| format!("--resume {}", path.display()))?;
        let (done, wanted) = (session.epoch(), session.config().epochs);
        if done >= wanted {
            let done = plural(done, "epoch");
            return Err(Usage(format!(
                "--resume {}: has been trained for {done} already; give a larger --epochs",
                path.display()
            ))
            .into());
        }
        Ok((session, data))
    }
}

/// A line about the run that starts.
fn describe(session: &Session, data: &str) -> String {
    let TrainConfig { optimizer, lr, schedule, batch, seed, init, augment, .. } = *session.config();
    let augmented =
        if augment == Augment::default() { String::new() } else { format!("; augmentation {augment}") };
    let after = match session.epoch() {
        0 => String::new(),
        done => format!("; resumed after {}", plural(done, "epoch")),
    };
    format!(
        "{}: {} parameters, {} images of {data}; {}, learning rate {lr} ({schedule}), batch {batch}, init {init}, seed {seed}{augmented}{after}",
        session.network().spec().name,
        session.network().parameter_count(),
        session.images_per_epoch(),
        optimizer.name(),
    )
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
        Some(Cause::Rate(_)) => "a lower learning rate (--lr) or gradient clipping (--clip-norm)",
        Some(Cause::Momentum(_)) => "a momentum below 0.99 (--momentum) or a lower learning rate (--lr)",
        Some(Cause::WeightDecay(_)) => "a smaller weight decay (--weight-decay)",
        None => return error,
    };
    anyhow::anyhow!("{error}; train again with {remedy}")
}

/// `1 epoch`, `2 epochs`.
pub(super) fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
