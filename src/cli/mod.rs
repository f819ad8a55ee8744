//! The command line: one file per subcommand.
//!
//! Without a subcommand, `main` opens the window.

mod bench;
mod calibrate;
mod change;
mod columns;
mod compare;
mod demo;
mod epochs;
mod error;
mod eval;
mod export;
mod file;
mod gradcheck;
mod help;
mod import;
mod input;
mod interrupt;
pub mod language;
mod lesson;
mod licences;
mod log;
mod manual;
mod mark;
mod net;
mod nets;
mod number;
pub mod output;
mod pictures;
mod predict;
mod progress;
mod render;
mod report;
mod similar;
mod source;
mod terminal;
mod trace;
mod train;
mod usage;
mod version;
mod window;
mod worksheet;

pub use demo::Demo;
pub use error::{Usage, exit_code, explain};
pub use mark::Marker;
pub use render::{NotRendered, Render, RenderFormat, RenderGround, RenderTheme, Renderer};
pub use usage::explain_usage;
pub use version::version;
pub use window::WindowOptions;

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;

/// See how a convolutional neural network works by running one: draw a digit, train on MNIST, look inside.
///
/// Without a command, ConvLens opens its window. Without a display, it runs `convlens demo`.
#[derive(Debug, Parser)]
#[command(name = "convlens", version = version(), args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// A command to run in the terminal instead of opening the window.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How the window opens.
    #[command(flatten)]
    pub window: WindowOptions,
}

/// The English texts of `--help`: they are keys of the tables of languages.
pub fn help_texts() -> std::collections::BTreeSet<String> {
    help::texts(Cli::command().arg(language::argument()))
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train on the embedded MNIST, classify digits, and save filters and curves as pictures.
    Demo(Demo),
    /// Train a network from scratch and save it.
    ///
    /// The log is a CSV file with the columns step, epoch (from 1), loss (mean cross-entropy in nats), accuracy (0 to
    /// 1), set and images. A row of the set `train` is the batch of that step; `validation` or `test` is the whole set
    /// after an epoch. The same seed gives the same log with any number of threads.
    Train(train::Train),
    /// Calibrate a model: divide its last layer by the temperature with the smallest loss on a validation set.
    Calibrate(calibrate::Calibrate),
    /// Evaluate a model on the test images of a data set, as they are or changed.
    ///
    /// With --json, the object has `accuracy`, `loss`, `images` and `per_class`, the fraction of each class's images that
    /// is read correctly; with --confusion also `confusion`, a list of rows, true class by predicted class.
    Eval(eval::Eval),
    /// Write a model for other programs: ONNX, PyTorch, Keras, its spec as JSON, or C.
    ///
    /// The ending of --out is the format. `net.onnx` is the network from pixels to probabilities, with its preprocessing.
    /// `net.py` is a PyTorch module to read, with its weights in `net.safetensors` beside it; `net.keras.py` is a Keras model,
    /// with its weights in `net.keras.safetensors`. `net.h` has the weights as constants of C. A layer that a format cannot
    /// express is named.
    Export(export::Export),
    /// Classify pictures of digits of any size, dark on light or light on dark.
    ///
    /// If a picture is blank, shows two digits or a tangle of lines, or if no digit has a probability of 0.65, the answer
    /// is a reason instead of a label. With --json, each picture gets an object with `file`, `label` (or null),
    /// `probabilities`, and `reason` if there is no label.
    Predict(predict::Predict),
    /// Find the training images of a data set that are most similar to a picture, by a layer's activations or by pixels.
    ///
    /// With --json, the object has `file`, `layer` (null for pixels) and `neighbours`, the nearest first, each with `index`
    /// in the training set, `label` and `distance`.
    Similar(similar::Similar),
    /// Save all activations of a forward pass, and with a label all gradients, to a file.
    ///
    /// The file contains `input`, `activation.0`, ... (one per layer) and `probabilities`; with a label also `loss` (the
    /// mean cross-entropy) and `grad.<parameter>`, such as `grad.0.weight`. The network is in evaluation mode: without
    /// dropout, and with the running statistics of batch normalisation.
    Trace(trace::Trace),
    /// Compare the gradients of backpropagation with numerical ones, for a network with random weights.
    ///
    /// With --json, each parameter tensor gets an object with `parameter`, `values`, `checked` and
    /// `max_relative_difference`: the largest difference as a fraction of the tensor's largest gradient.
    Gradcheck(gradcheck::Gradcheck),
    /// Read a network of another program, show which tensor belongs to which layer, and save it as a model.
    ///
    /// Files of PyTorch (.pt, .pth, .safetensors), ONNX and Keras (.keras, .h5) are read; no code in them is run. A file that
    /// does not say what its layers are needs --net; a network is proposed from the shapes of its tensors. All commands with
    /// --model read these files, too.
    Import(import::Import),
    /// Train two networks in turns, with the same seed and the same order of images, and compare them.
    ///
    /// Each has its own recipe (optimiser, learning rate, batch size), and is measured on the test images after each
    /// epoch. With --json, each network gets an object with `net`, `parameters`, `seconds` (of its training steps),
    /// `accuracy` and `loss` at the end.
    Compare(compare::Compare),
    /// Write a report on a model: one HTML file that opens in any browser and prints well.
    ///
    /// It has the network's layers, the settings and curves of its run, accuracy, precision and recall of each class, the
    /// confusion matrix, calibration, the worst mistakes as pictures, the first layer's filters, and the command that trains the
    /// network again.
    Report(report::Report),
    /// Check lesson files, and list the lessons that ship.
    Lesson(lesson::LessonCommand),
    /// Write worksheets to print: pages with an input, a kernel and blanks, and a file with all answers.
    ///
    /// Settings that are not given are drawn by the seed, for each sheet anew, and no two sheets are alike. The same options
    /// give the same files, byte by byte: `sheet-01.pdf`, `sheet-02.pdf`, … and `answers.pdf`.
    Worksheet(worksheet::Worksheet),
    /// Make a picture of the window, or of a view's content alone: for books and slides. No display is needed.
    ///
    /// What is shown is a state that the window saved, a step of a lesson, or what --set says. The same options give the same
    /// file, byte by byte, unless a network is trained for it.
    Render(Render),
    /// Mark the hand-ins of a lesson: each is run again, training included, and what does not come out is said.
    ///
    /// Answers are judged by the lesson's own rules, states are made again, and runs are trained again: the same bit by bit on
    /// one machine; for hand-ins from another machine, accuracies may differ by 2 points and losses by 10 %. With --json, the
    /// object has `file`, `name`, `lesson`, `solved`, `tasks` (each with `step`, `title`, `verdict`, `claimed`, `computed`,
    /// `note`, `tries`, `hints`), and `error` for a file that could not be marked. A verdict is `solved`, `not-solved`,
    /// `shown`, `revealed`, `does-not-come-out` or `not-checked`. Nothing is sent anywhere.
    Mark(mark::Mark),
    /// List the preset networks with shapes, parameters, multiply-adds and receptive fields.
    Nets(nets::Nets),
    /// Measure the speed of training and of a forward pass.
    ///
    /// The inputs are random and the batch is the same in every step, so this measures the network and its optimiser
    /// without the loading of data.
    Bench(bench::Bench),
    /// Print the licences of everything in the program that others made.
    #[command(alias = "licenses")]
    Licences(licences::Licences),
    /// Print the completions of a shell for this program.
    #[command(hide = true)]
    Completions(manual::Completions),
    /// Print or write the manual pages of this program.
    #[command(hide = true)]
    Man(manual::Man),
}

impl Cli {
    /// Reads the command line. A value that begins with a minus sign is read as a value, so that the message about it is
    /// the option's own. `views` are the names of the window's views.
    pub fn read(
        arguments: impl IntoIterator<Item = OsString>,
        views: &[&'static str],
    ) -> Result<Self, clap::Error> {
        let mut command = whole(views);
        let mut matches = command.try_get_matches_from_mut(arguments)?;
        Self::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    }
}

/// All commands and options, in the language of the thread.
fn whole(views: &[&'static str]) -> clap::Command {
    let with_value = |argument: clap::Arg| {
        let takes_value = argument.get_action().takes_values() && !argument.is_positional();
        if takes_value { argument.allow_negative_numbers(true) } else { argument }
    };
    let with_views = |command| window::with_views(command, views.to_vec());
    let command = with_views(Cli::command()).arg(language::argument()).mut_subcommand("render", with_views);
    help::translated(command.mut_subcommands(|subcommand| subcommand.mut_args(with_value)))
}

impl Command {
    /// Runs the subcommand. `mark` marks a hand-in, `render` makes a picture, and `views` are the names of the window's
    /// views.
    pub fn run(&self, mark: Marker, render: Renderer, views: &[&'static str]) -> Result<()> {
        match self {
            Self::Demo(demo) => demo.run(),
            Self::Train(train) => train.run(),
            Self::Calibrate(calibrate) => calibrate.run(),
            Self::Eval(eval) => eval.run(),
            Self::Export(export) => export.run(),
            Self::Predict(predict) => predict.run(),
            Self::Similar(similar) => similar.run(),
            Self::Trace(trace) => trace.run(),
            Self::Gradcheck(gradcheck) => gradcheck.run(),
            Self::Compare(compare) => compare.run(),
            Self::Import(import) => import.run(),
            Self::Report(report) => report.run(),
            Self::Lesson(lesson) => lesson.run(),
            Self::Worksheet(worksheet) => worksheet.run(),
            Self::Render(picture) => picture.run(render),
            Self::Mark(folder) => folder.run(mark),
            Self::Nets(nets) => nets.run(),
            Self::Bench(bench) => bench.run(),
            Self::Licences(licences) => licences.run(),
            Self::Completions(completions) => completions.run(whole(views)),
            Self::Man(man) => man.run(whole(views)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Cli, clap::Error> {
        Cli::read(arguments.iter().map(OsString::from), &["Draw", "Train"])
    }

    #[test]
    fn the_options_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_subcommand_is_the_window() {
        assert!(read(&["convlens"]).unwrap().command.is_none());
    }

    #[test]
    fn the_window_has_options() {
        let cli =
            read(&["convlens", "--view", "train", "--present", "--fresh", "--state", "a.convlens"]).unwrap();
        let WindowOptions { view, present, fresh, state, lesson, open } = cli.window;
        assert_eq!((view.as_deref(), present, fresh), (Some("train"), true, true));
        assert!(lesson.is_none() && open.is_none());
        assert_eq!(state.unwrap().to_str(), Some("a.convlens"));
        let wrong = explain_usage(&read(&["convlens", "--view", "moon"]).unwrap_err());
        assert!(wrong.contains("'moon' for '--view <NAME>'") && wrong.contains("Draw, Train"), "{wrong}");
        assert!(!wrong.contains('\n'), "{wrong}");
        assert!(read(&["convlens", "--present", "nets"]).is_err(), "it is about the window");
    }

    /// An option that takes a number names itself and what is allowed, for a negative number too.
    #[test]
    fn every_option_says_what_is_wrong_with_its_value() {
        let mut numbers = 0;
        for subcommand in Cli::command().get_subcommands() {
            for option in subcommand.get_opts().filter(|option| option.get_action().takes_values()) {
                let name = option.get_long().unwrap();
                for value in ["-1", "-1.5", "x"] {
                    let given = if option.is_require_equals_set() {
                        vec![format!("--{name}={value}")]
                    } else {
                        vec![format!("--{name}"), value.to_owned()]
                    };
                    let mut line = vec!["convlens", subcommand.get_name()];
                    line.extend(given.iter().map(String::as_str));
                    let Err(error) = read(&line) else { continue };
                    if error.kind() == clap::error::ErrorKind::MissingRequiredArgument {
                        continue;
                    }
                    let said = explain_usage(&error);
                    assert!(said.contains(&format!("--{name}")), "{line:?}: {said}");
                    assert!(
                        !said.contains("unexpected argument") && !said.contains("invalid digit"),
                        "{line:?}: {said}"
                    );
                    numbers += usize::from(said.contains("must be a whole number from"));
                }
            }
        }
        assert!(numbers > 20, "{numbers}");
    }

    #[test]
    fn wrong_usage_is_one_line() {
        for arguments in
            [&["convlens", "train", "--nett", "x"][..], &["convlens", "trace"], &["convlens", "x"]]
        {
            let line = explain_usage(&read(arguments).unwrap_err());
            assert!(!line.contains('\n') && !line.contains("Usage:") && !line.starts_with("error"), "{line}");
        }
        let line = explain_usage(&read(&["convlens", "train", "--nett", "x"]).unwrap_err());
        assert!(line.contains("--nett") && line.contains("tip: ") && line.contains("'--net'"), "{line}");
    }
}
