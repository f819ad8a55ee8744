//! `--data`: a data set of any format, or the embedded MNIST.

use super::{
    error::Usage,
    number::{real, whole},
    output,
};
use crate::{
    data::{
        DataSet, Split,
        formats::{self, Choices, LabelColumn, Opened, Report},
        mnist,
    },
    text::{ClassNames, Sentence},
};
use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// `--data` and what is chosen where its format leaves that open.
#[derive(Clone, Debug, Default, Args)]
pub struct DataOptions {
    /// A data set: a folder of IDX files, CIFAR's binary files or class folders of pictures, or a CSV, .npz or .npy file
    /// [default: the embedded MNIST].
    #[arg(long, value_name = "PATH")]
    pub(super) data: Option<PathBuf>,
    /// The column of a CSV file that has the labels [default: told by the values].
    #[arg(long, value_name = "COLUMN", value_enum, requires = "data")]
    label_column: Option<Column>,
    /// Scale the pictures of class folders to squares of N pixels [default: the commonest size, if it is small].
    #[arg(long, value_name = "N", value_parser = whole(Choices::SIDES[0]..=Choices::SIDES[1]), requires = "data")]
    side: Option<usize>,
    /// Open the pictures of class folders in grey or in colour [default: grey if all are grey].
    #[arg(long, value_name = "TONES", value_enum, requires = "data")]
    tones: Option<Tones>,
    /// The share of test images of a data set that has none of its own [default: 0.2].
    #[arg(long, value_name = "F", value_parser = real::<f32>(), requires = "data")]
    test_share: Option<f32>,
    /// The seed by which those test images are drawn [default: 1].
    #[arg(long, value_name = "N", value_parser = whole(0..=u64::MAX), requires = "data")]
    split_seed: Option<u64>,
}

/// [`LabelColumn`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Column {
    /// The first.
    First,
    /// The last.
    Last,
}

/// The tones of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Tones {
    /// Grey; ink as it is in the picture.
    Grey,
    /// Grey; dark ink on bright paper becomes white ink on black.
    Ink,
    /// Red, green and blue.
    Colour,
}

impl DataOptions {
    fn choices(&self) -> Result<Choices> {
        let usual = Choices::default();
        let test_share = self.test_share.unwrap_or(usual.test_share);
        let [least, most] = Choices::SHARES;
        if !(least..=most).contains(&test_share) {
            let sentence = Sentence::new("--test-share {value}: must be from {least} to {most}");
            let sentence = sentence.with("value", test_share).with("least", least).with("most", most);
            return Err(Usage::from(sentence).into());
        }
        Ok(Choices {
            side: self.side,
            is_color: self.tones.map(|tones| tones == Tones::Colour),
            is_inverted: self.tones.map(|tones| tones == Tones::Ink),
            test_share,
            seed: self.split_seed.unwrap_or(usual.seed),
            labels: self.label_column.map(|column| match column {
                Column::First => LabelColumn::First,
                Column::Last => LabelColumn::Last,
            }),
        })
    }

    /// The same options as they are written, after `--data`.
    pub(super) fn written(&self) -> String {
        let number = |name: &str, value: Option<String>| {
            value.map(|value| format!(" --{name} {value}")).unwrap_or_default()
        };
        let name =
            |value: Option<clap::builder::PossibleValue>| value.map(|value| value.get_name().to_owned());
        [
            number("label-column", name(self.label_column.and_then(|column| column.to_possible_value()))),
            number("side", self.side.map(|side| side.to_string())),
            number("tones", name(self.tones.and_then(|tones| tones.to_possible_value()))),
            number("test-share", self.test_share.map(|share| share.to_string())),
            number("split-seed", self.split_seed.map(|seed| seed.to_string())),
        ]
        .concat()
    }

    /// Reads the whole data set. With `is_told`, a line or two say what was understood of it.
    pub(super) fn open(&self, is_told: bool) -> Result<DataSet> {
        Ok(self.read(is_told)?.0)
    }

    /// The same, with what was understood as data; `None` if there is nothing to say, as of the embedded MNIST.
    pub(super) fn read(&self, is_told: bool) -> Result<(DataSet, Option<Summary>)> {
        let Some(path) = &self.data else { return Ok((mnist::load()?, None)) };
        let opened = formats::open(path, &self.choices()?)?;
        // Of four IDX files there is nothing to say that the commands do not say.
        let is_plain = opened.report.is_plain() && opened.data.classes.is_empty();
        if is_told && !is_plain {
            tell(&opened)?;
        }
        let summary = (!is_plain).then(|| Summary::of(&opened));
        Ok((opened.data, summary))
    }

    /// Reads the test images.
    pub(super) fn open_test(&self, is_told: bool) -> Result<Test> {
        if self.data.is_none() {
            let split = Arc::new(mnist::load_test()?);
            let classes = ClassNames::default();
            return Ok(Test { name: mnist::NAME.into(), split, classes, summary: None });
        }
        let (set, summary) = self.read(is_told)?;
        Ok(Test { name: set.name, split: set.test, classes: set.classes, summary })
    }
}

/// The test images of a data set.
pub(super) struct Test {
    pub name: String,
    pub split: Arc<Split>,
    pub classes: ClassNames,
    pub summary: Option<Summary>,
}

/// What was understood of a data set, for JSON.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    format: String,
    training: usize,
    test: usize,
    /// (channels, height, width)
    image: (usize, usize, usize),
    /// The names of the classes; numbers if they have none.
    classes: Vec<String>,
    split: String,
    notes: Vec<String>,
    /// Files that were not used.
    skipped: usize,
}

impl Summary {
    fn of(opened: &Opened) -> Self {
        let Opened { data, report } = opened;
        Self {
            format: report.format.to_string(),
            training: data.train.len(),
            test: data.test.len(),
            image: (data.train.channels(), data.train.height(), data.train.width()),
            classes: (0..data.class_count()).map(|class| data.classes.of(class).into_owned()).collect(),
            split: report.split_in_words().to_string(),
            notes: report.notes.iter().map(Sentence::to_string).collect(),
            skipped: report.skipped_count,
        }
    }
}

/// Says what was understood of a data set.
fn tell(Opened { data, report }: &Opened) -> Result<()> {
    let (channels, height, width) = (data.train.channels(), data.train.height(), data.train.width());
    let size =
        if channels == 1 { format!("{height}×{width}") } else { format!("{channels}×{height}×{width}") };
    output::line(
        Sentence::new("{data} ({format}): {classes} classes, {training} training and {test} test images of {size}; {split}")
            .with("data", &data.name)
            .part("format", report.format.clone())
            .with("classes", data.class_count())
            .with("training", data.train.len())
            .with("test", data.test.len())
            .with("size", size)
            .part("split", report.split_in_words()),
    )?;
    if !data.classes.is_empty() {
        output::line(Sentence::new("  classes: {names}").with("names", names(&data.classes)))?;
    }
    let Report { notes, .. } = report;
    for note in notes {
        output::line(format_args!("  {note}"))?;
    }
    if let Some(skipped) = report.skipped_in_words() {
        output::line(format_args!("  {skipped}"))?;
    }
    Ok(())
}

/// The names of the classes in a line.
fn names(classes: &ClassNames) -> String {
    const MOST: usize = 30;
    let names = classes.list();
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", names[..names.len().min(MOST)].join(", "))
}

/// Reads the whole data set in `path`, or the embedded MNIST.
pub(super) fn open(path: Option<&Path>) -> Result<DataSet> {
    DataOptions { data: path.map(Path::to_owned), ..DataOptions::default() }.open(false)
}
