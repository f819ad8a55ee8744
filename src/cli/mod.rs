//! The command line: one file a subcommand.
//!
//! Without a subcommand the program is its window, which `main` opens: nothing here knows of it.

mod bench;
mod calibrate;
mod demo;
mod epochs;
mod error;
mod eval;
mod file;
mod input;
mod log;
mod net;
mod nets;
pub mod output;
mod pictures;
mod predict;
mod progress;
mod source;
mod terminal;
mod trace;
mod train;

pub use demo::Demo;
pub use error::{Usage, exit_code};

use anyhow::Result;
use clap::{Parser, Subcommand};

/// See how a convolutional neural network works by running one: draw a digit, train on MNIST, look inside.
///
/// Without a command the window opens; without a display, `convlens demo` runs instead.
#[derive(Debug, Parser)]
#[command(name = "convlens", version)]
pub struct Cli {
    /// What to do in the terminal instead of opening the window.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of them, and it lives as long as the program")]
pub enum Command {
    /// Train on the embedded MNIST, read digits, and write filters and curves as pictures.
    Demo(Demo),
    /// Train a network from scratch and save it.
    ///
    /// The log is a CSV file with the columns step, epoch (from 1), loss (mean cross-entropy in nats), accuracy (0 to
    /// 1), set and images. A row of the set `train` is the batch of that step; `validation` or `test` is the whole set
    /// after an epoch. The same seed gives the same log, whatever the number of threads is.
    Train(train::Train),
    /// Make a model as sure as it is right: divide its last layer by the temperature that suits a validation set.
    Calibrate(calibrate::Calibrate),
    /// Measure a model on a data set's test images.
    Eval(eval::Eval),
    /// Say which digits are on pictures: dark on light or light on dark, of any size.
    ///
    /// A blank picture, one that shows two digits or a tangle of lines, or one of which no digit has a probability of
    /// 0.65, gets no label but a reason. With --json: one object a picture with `file`,
    /// `label` (null where there is none), `probabilities`, and `reason` where there is no label.
    Predict(predict::Predict),
    /// Write every activation of a forward pass, and with a label every gradient, to a file.
    ///
    /// The file holds `input`, `activation.0`, ... (one a layer) and `probabilities`; with a label also `loss` (the mean
    /// cross-entropy) and `grad.<parameter>`, such as `grad.0.weight`. All are those of the network in use: nothing is
    /// dropped, and batch normalisation takes its running statistics.
    Trace(trace::Trace),
    /// List the preset networks with shapes, parameters, multiply-adds and receptive fields.
    Nets(nets::Nets),
    /// Measure the speed of training and of a single forward pass.
    ///
    /// Inputs are random and the batch is the same all the time: only the speed of the network and of its optimiser is
    /// measured, not the reading of data.
    Bench(bench::Bench),
}

impl Command {
    /// Does what the subcommand says.
    pub fn run(&self) -> Result<()> {
        match self {
            Self::Demo(demo) => demo.run(),
            Self::Train(train) => train.run(),
            Self::Calibrate(calibrate) => calibrate.run(),
            Self::Eval(eval) => eval.run(),
            Self::Predict(predict) => predict.run(),
            Self::Trace(trace) => trace.run(),
            Self::Nets(nets) => nets.run(),
            Self::Bench(bench) => bench.run(),
        }
    }
}

/// Wrong usage in one line, with clap's hint when it has one.
pub fn explain_usage(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let mut parts = text.split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    let first = parts.next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(&first).to_owned();
    let tip = parts.find(|part| part.starts_with("tip: ")).map(|tip| format!("; {tip}"));
    format!("{message}{} (see --help)", tip.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_options_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_subcommand_is_the_window() {
        assert!(Cli::try_parse_from(["convlens"]).unwrap().command.is_none());
    }

    #[test]
    fn wrong_usage_is_one_line() {
        for arguments in
            [&["convlens", "train", "--nett", "x"][..], &["convlens", "trace"], &["convlens", "x"]]
        {
            let line = explain_usage(&Cli::try_parse_from(arguments).unwrap_err());
            assert!(!line.contains('\n') && !line.contains("Usage:") && !line.starts_with("error"), "{line}");
        }
        let line = explain_usage(&Cli::try_parse_from(["convlens", "train", "--nett", "x"]).unwrap_err());
        assert!(line.contains("--nett") && line.contains("tip: ") && line.contains("'--net'"), "{line}");
    }
}
